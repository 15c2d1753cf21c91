import type { Expression } from '../model/expression.ts'
import { parseDateTime } from '../model/timer-expression.ts'
import type { Binding, UserTaskHeaders } from '../model/types.ts'
import type { UserTaskAttributes } from '../protocol/events.ts'
import type { Key } from '../protocol/values.ts'
import { findBound, notBound } from './bindings.ts'
import { evaluateDateText, evaluateText, evaluateTexts } from './expressions.ts'
import { ElementFailure, type Processing } from './processing.ts'

/** Evaluates a due or follow-up date. @throws {ElementFailure} */
export function evaluateDate(
  processing: Processing,
  expression: Expression | undefined,
  scopeKey: Key,
): UserTaskAttributes['dueDate'] {
  const text = evaluateDateText(processing, expression, scopeKey)
  if (text === null || text === '') return null
  const at = parseDateTime(text)
  if (at === undefined)
    throw new ElementFailure(
      'EXTRACT_VALUE_ERROR',
      `Invalid date-time format '${text}' for expression '${expression?.source ?? ''}'.`,
    )
  return { text, at }
}

/** The key of the form that a user task shows, if it names one of the engine. @throws {ElementFailure} FORM_NOT_FOUND */
export function findForm(
  processing: Processing,
  { formId, formBinding }: { readonly formId: Expression | undefined; readonly formBinding: Binding },
  elementInstanceKey: Key,
): Key | null {
  if (formId === undefined) return null
  const id = evaluateText(processing, formId, elementInstanceKey)
  const { processDefinitionKey } = processing.element(elementInstanceKey)
  const form = findBound(processing, processing.state.forms, 'formId', id, formBinding, processDefinitionKey)
  if (form !== undefined) return form.key
  throw new ElementFailure(
    'FORM_NOT_FOUND',
    formBinding === 'latest'
      ? `Expected to find a form with id '${id}', but no form with this id is found, at least a form with this id should be ` +
          'available. To resolve the Incident please deploy a form with the same id'
      : notBound(
          processing,
          { wanted: `use a form with id '${id}'`, kind: 'form', use: 'use' },
          formBinding,
          processDefinitionKey,
        ),
  )
}

/** What a job worker is told of its user task, in headers named as on Camunda. @throws {ElementFailure} */
export function userTaskHeaders(processing: Processing, task: UserTaskHeaders, key: Key): Record<string, string> {
  const list = (expression: Expression | undefined) => {
    const values = evaluateTexts(processing, expression, key)
    return expression === undefined ? null : JSON.stringify(values)
  }
  const formKey = findForm(processing, task, key)
  const headers = {
    assignee: task.assignee === undefined ? null : evaluateText(processing, task.assignee, key),
    candidateGroups: list(task.candidateGroups),
    candidateUsers: list(task.candidateUsers),
    dueDate: evaluateDate(processing, task.dueDate, key)?.text ?? null,
    followUpDate: evaluateDate(processing, task.followUpDate, key)?.text ?? null,
    formKey: task.formKey ?? (formKey === null ? null : String(formKey)),
  }
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === null || value === '' ? [] : [[`io.camunda.zeebe:${name}`, value]],
    ),
  )
}
