import type { Expression } from './expression.ts'
import { children, extension, text, type XmlElement } from './moddle.ts'
import { checkExtensions, readHeaders } from './read-common.ts'
import type { Report } from './report.ts'
import { parseDateTime } from './timer-expression.ts'
import { type Binding, type Listener, TASK_LISTENER_EVENTS, type Task, type TaskListenerEvent } from './types.ts'

const COMMON = [
  'zeebe:IoMapping',
  'zeebe:ExecutionListeners',
  'zeebe:AssignmentDefinition',
  'zeebe:TaskSchedule',
  'zeebe:FormDefinition',
  'zeebe:TaskHeaders',
]
const MANAGED = ['zeebe:UserTask', 'zeebe:TaskListeners', 'zeebe:PriorityDefinition']

/** Reads a user task: one that the engine manages, or one of a job worker. */
export function readUserTask(element: XmlElement, report: Report): Task {
  return extension(element, 'zeebe:UserTask') === undefined
    ? readJobUserTask(element, report)
    : readManagedUserTask(element, report)
}

function readManagedUserTask(element: XmlElement, report: Report): Task {
  checkExtensions(element, [...COMMON, ...MANAGED], report)
  const form = extension(element, 'zeebe:FormDefinition')
  const { formId, formBinding, other } = readForm(element, form, 'externalReference', report)
  const priority = report.optional(element, extension(element, 'zeebe:PriorityDefinition'), 'priority')
  if (priority?.kind === 'static' && !/^(\d{1,2}|100)$/.test(priority.source.trim()))
    report.add(element, `priority must be a number between 0 and 100, not '${priority.source}'`)
  return {
    kind: 'user',
    ...readAssignment(element, report),
    priority,
    formId,
    formBinding,
    externalFormReference: other === undefined ? undefined : report.expression(element, other),
    listeners: readTaskListeners(element, report),
  }
}

function readJobUserTask(element: XmlElement, report: Report): Task {
  checkExtensions(element, COMMON, report)
  const form = extension(element, 'zeebe:FormDefinition')
  const { formId, formBinding, other } = readForm(element, form, 'formKey', report)
  return {
    kind: 'job',
    jobType: { kind: 'static', source: 'io.camunda.zeebe:userTask' },
    retries: { kind: 'static', source: '1' },
    userTask: { ...readAssignment(element, report), formId, formBinding, formKey: other },
  }
}

function readAssignment(element: XmlElement, report: Report) {
  const assignment = extension(element, 'zeebe:AssignmentDefinition')
  const schedule = extension(element, 'zeebe:TaskSchedule')
  return {
    assignee: report.optional(element, assignment, 'assignee'),
    candidateGroups: report.optional(element, assignment, 'candidateGroups'),
    candidateUsers: report.optional(element, assignment, 'candidateUsers'),
    dueDate: readDate(element, schedule, 'dueDate', report),
    followUpDate: readDate(element, schedule, 'followUpDate', report),
  }
}

/** A form is named by its id, or by an attribute that depends on who manages the task. */
function readForm(
  element: XmlElement,
  form: XmlElement | undefined,
  otherName: 'externalReference' | 'formKey',
  report: Report,
): { formId: Expression | undefined; formBinding: Binding; other: string | undefined } {
  const formId = report.optional(element, form, 'formId')
  const other = text(form, otherName)
  if (form !== undefined && (formId === undefined) === (other === undefined))
    report.add(element, `exactly one of the attributes formId and ${otherName} of zeebe:formDefinition must be present`)
  return { formId, formBinding: readBinding(element, form, report), other }
}

function readDate(
  element: XmlElement,
  schedule: XmlElement | undefined,
  property: 'dueDate' | 'followUpDate',
  report: Report,
): Expression | undefined {
  const date = report.optional(element, schedule, property)
  if (date?.kind === 'static' && parseDateTime(date.source) === undefined)
    report.add(element, `${property} must be a date-time with offset (2026-11-23T15:00:00+08:00), not '${date.source}'`)
  return date
}

/** Reads which version of a process, decision or form is meant. */
export function readBinding(element: XmlElement, owner: XmlElement | undefined, report: Report): Binding {
  const binding = text(owner, 'bindingType') ?? 'latest'
  const versionTag = text(owner, 'versionTag')
  if (binding === 'versionTag') {
    if (versionTag === undefined)
      report.add(element, "attribute 'versionTag' must be present and not empty if 'bindingType' is 'versionTag'")
    return { versionTag: versionTag ?? '' }
  }
  if (versionTag !== undefined)
    report.add(element, "attribute 'versionTag' may only be used if 'bindingType' is 'versionTag'")
  if (binding === 'latest' || binding === 'deployment') return binding
  report.add(element, `attribute 'bindingType' must be one of: deployment, latest, versionTag, not '${binding}'`)
  return 'latest'
}

/** Names of the events in a diagram; Camunda still takes those of its first versions. */
const EVENT_NAMES: Readonly<Record<string, TaskListenerEvent>> = {
  ...Object.fromEntries(TASK_LISTENER_EVENTS.map((event) => [event.toLowerCase(), event])),
  create: 'CREATING',
  assignment: 'ASSIGNING',
  update: 'UPDATING',
  complete: 'COMPLETING',
  cancel: 'CANCELING',
}

function readTaskListeners(element: XmlElement, report: Report): Record<TaskListenerEvent, Listener[]> {
  const container = extension(element, 'zeebe:TaskListeners')
  const headers = readHeaders(extension(element, 'zeebe:TaskHeaders'))
  const listeners: Record<TaskListenerEvent, Listener[]> = {
    CREATING: [],
    ASSIGNING: [],
    UPDATING: [],
    COMPLETING: [],
    CANCELING: [],
  }
  for (const listener of container === undefined ? [] : children(container, 'listeners')) {
    const given = text(listener, 'eventType') ?? ''
    const event = EVENT_NAMES[given]
    if (event === undefined)
      report.add(
        element,
        `a task listener must have eventType 'creating', 'assigning', 'updating', 'completing' or 'canceling', not '${given}'`,
      )
    else
      listeners[event].push({
        jobType: report.required(element, listener, 'type'),
        retries: report.expression(element, text(listener, 'retries') ?? '3'),
        headers,
      })
  }
  return listeners
}
