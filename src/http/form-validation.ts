import { isDeepStrictEqual } from 'node:util'
import { outcome } from './form-outcome.ts'
import { type FieldInstance, type FormField, HeadlessForm } from './headless-form.ts'
import { findUnsafe } from './submission-limits.ts'
import { type FieldError, isBlank, pathName, setAt, type ValuePath, valueAt } from './value-path.ts'

export type { FieldError } from './value-path.ts'

/** A visible field with its accepted value, for checks beyond the form (an upload of this case, a user with a role). */
export interface SubmittedField {
  path: string
  value: unknown
  properties: Readonly<Record<string, string>>
}

export type Submission =
  | { ok: true; variables: Record<string, unknown>; fields: SubmittedField[] }
  | { ok: false; errors: FieldError[] }

const SINGLE_CHOICE = new Set(['select', 'radio'])
const MULTIPLE_CHOICE = new Set(['checklist', 'taglist'])

/** Texts that a person reads beside the field. */
const messages = {
  unknown: '表单没有此项，不能提交。',
  readonly: '此项只读，不能修改。',
  hidden: '此项当前不适用，不能提交。',
  notPermitted: '填写的内容不符合此项的类型或者可选范围。',
  notOffered: '所选内容不在可选范围内。',
  notList: '此项应为多行内容。',
  rowsFixed: '此处的行不能增加或者删除。',
  forgedRow: '此行的只读内容与原记录不一致。',
}

/**
 * Checks a submitted Camunda form as the browser's form would, trusting nothing that came from outside.
 *
 * The submission is laid over the task's own variables: only values of editable, visible fields are taken; a value of a
 * read-only, disabled, hidden or unknown field, a value that the widget could not hold and an option that was not offered
 * are errors. An omitted field keeps what the task's variables have. What lies beside the fields in the form's own variable
 * (a party's id, a finding's severity) stays as it was; rows of a list that allows adding and removing are the submission's.
 *
 * @param schema the deployed form, as JSON
 * @param context variables that the task sees
 * @param submitted variables as submitted
 * @returns the variables that the form binds (no others), or every error with its field; Chinese messages
 * @throws Error where the form itself is faulty
 */
export async function validateSubmission(
  schema: unknown,
  context: Record<string, unknown>,
  submitted: Record<string, unknown>,
): Promise<Submission> {
  const unsafe = findUnsafe(submitted)
  if (unsafe.length > 0) return { ok: false, errors: unsafe }

  const form = new HeadlessForm(schema)
  await form.load(context)
  const initial = structuredClone(form.data)
  const { data, taken, errors } = overlay(form, context, submitted)
  if (errors.length > 0) return { ok: false, errors }

  await form.load(data)
  errors.push(...findSanitised(form, taken))
  if (errors.length > 0) return { ok: false, errors }

  form.settle()
  const instances = form.instances()
  const shown = new Set(instances.map((instance) => pathName(instance.path)))
  for (const { path, value } of taken) {
    const field = pathName(path)
    if (shown.has(field) || isBlank(value) || isDeepStrictEqual(value, valueAt(context, path))) continue
    errors.push({ field, message: messages.hidden })
  }
  errors.push(...findForged(form, instances, initial, submitted))
  const found = form.validate()
  for (const instance of instances) {
    const field = pathName(instance.path)
    for (const message of form.errorsOf(instance, found)) errors.push({ field, message })
    if (!offersValue(form, instance)) errors.push({ field, message: messages.notOffered })
  }
  if (errors.length > 0) return { ok: false, errors: withoutRepeats(errors) }

  return {
    ok: true,
    variables: outcome(form, context, instances),
    fields: instances.map(({ field, path }) => ({
      path: pathName(path),
      value: valueAt(form.data, path),
      properties: field.properties ?? {},
    })),
  }
}

interface TakenValue {
  path: ValuePath
  value: unknown
}

/** The task's variables with the submitted values of the form's fields laid over them. */
function overlay(form: HeadlessForm, context: Record<string, unknown>, submitted: Record<string, unknown>) {
  const data = structuredClone(context)
  const taken: TakenValue[] = []
  const known = new Set<string>()
  const errors: FieldError[] = []

  const take = (field: FormField, indexes: Record<string, number>) => {
    const path = form.pathOf(field, indexes)
    const name = pathName(path)
    if (form.isList(field)) {
      takeRows(field, indexes, path)
      return
    }
    if (form.isKeyed(field)) {
      known.add(name)
      const value = valueAt(submitted, path)
      // The server computes expression fields itself; disabled fields are never submitted.
      if (value === undefined || field.type === 'expression') return
      if (field.disabled === true) {
        if (!isDeepStrictEqual(value, valueAt(context, path))) errors.push({ field: name, message: messages.readonly })
        return
      }
      setAt(data, path, structuredClone(value))
      taken.push({ path, value })
    }
    for (const child of field.components ?? []) take(child, indexes)
  }

  const takeRows = (list: FormField, indexes: Record<string, number>, path: ValuePath) => {
    const name = pathName(path)
    known.add(name)
    const rows = valueAt(submitted, path)
    if (rows === undefined) return
    if (!Array.isArray(rows)) {
      errors.push({ field: name, message: messages.notList })
      return
    }
    const before = valueAt(form.data, path)
    if (list.allowAddRemove)
      setAt(
        data,
        path,
        rows.map(() => ({})),
      )
    else if (rows.length !== (Array.isArray(before) ? before.length : 0)) {
      errors.push({ field: name, message: messages.rowsFixed })
      return
    }
    for (const index of rows.keys()) {
      known.add(`${name}.${index}`)
      for (const child of list.components ?? []) take(child, { ...indexes, [list.id]: index })
    }
  }

  for (const field of form.components) take(field, {})
  errors.push(...findUnknown(submitted, known, context))
  return { data, taken, errors }
}

/** Submitted values that belong to no field of the form, and are not what the task's variables have there anyway. */
function findUnknown(
  submitted: Record<string, unknown>,
  known: ReadonlySet<string>,
  context: Record<string, unknown>,
): FieldError[] {
  const errors: FieldError[] = []
  const leadsToField = (name: string) => [...known].some((path) => path.startsWith(`${name}.`))
  const visit = (value: unknown, path: ValuePath) => {
    const name = pathName(path)
    if (typeof value === 'object' && value !== null && leadsToField(name)) {
      for (const [key, child] of Object.entries(value))
        visit(child, [...path, Array.isArray(value) ? Number(key) : key])
    } else if (!known.has(name) && !isDeepStrictEqual(value, valueAt(context, path))) {
      errors.push({ field: name, message: messages.unknown })
    }
  }
  for (const [key, value] of Object.entries(submitted)) visit(value, [key])
  return errors
}

/** form-js replaces a value that its widget could not hold; then the browser cannot have sent it. */
function findSanitised(form: HeadlessForm, taken: TakenValue[]): FieldError[] {
  return taken
    .filter(({ path, value }) => !isBlank(value) && !isDeepStrictEqual(value, valueAt(form.data, path)))
    .map(({ path }) => ({ field: pathName(path), message: messages.notPermitted }))
}

/** Read-only fields that differ from what the task's variables showed. */
function findForged(
  form: HeadlessForm,
  instances: FieldInstance[],
  initial: Record<string, unknown>,
  submitted: Record<string, unknown>,
): FieldError[] {
  const errors: FieldError[] = []
  const rows = new Map<string, { list: ValuePath; locked: Map<string, unknown>; blank: boolean }>()
  for (const instance of instances) {
    if (instance.field.type === 'expression' || !isLocked(form, instance)) continue
    const value = valueAt(form.data, instance.path)
    const list = firstGrowingList(form, instance)
    if (list === null) {
      if (valueAt(submitted, instance.path) === undefined) continue
      const before = valueAt(initial, instance.path)
      if (isDeepStrictEqual(value, before) || (isBlank(value) && isBlank(before))) continue
      errors.push({ field: pathName(instance.path), message: messages.readonly })
      continue
    }
    // Rows of such a list may have moved, so the row's read-only values together must be those of some row shown.
    const name = pathName(instance.path.slice(0, list.length + 1))
    const row = rows.get(name) ?? { list, locked: new Map<string, unknown>(), blank: true }
    row.locked.set(pathName(instance.path.slice(list.length + 1)), value)
    if (!isBlank(value) && !isDeepStrictEqual(value, instance.field.defaultValue)) row.blank = false
    rows.set(name, row)
  }
  for (const [name, { list, locked, blank }] of rows) {
    const before = valueAt(initial, list)
    const matches = (row: unknown) =>
      [...locked].every(([path, value]) => isDeepStrictEqual(valueAt(row, path.split('.')), value))
    if (blank || (Array.isArray(before) && before.some(matches))) continue
    errors.push({ field: name, message: messages.forgedRow })
  }
  return errors
}

function isLocked(form: HeadlessForm, instance: FieldInstance): boolean {
  const { readonly } = instance.field
  return typeof readonly === 'string' ? form.evaluate(readonly, instance) === true : readonly === true
}

/** Path of the outermost surrounding list that allows adding and removing rows. */
function firstGrowingList(form: HeadlessForm, instance: FieldInstance): ValuePath | null {
  for (const id of Object.keys(instance.indexes)) {
    const list = form.fieldById(id)
    if (list.allowAddRemove) return form.pathOf(list, instance.indexes)
  }
  return null
}

/** form-js checks options only when they stand in the form itself, not when they come from variables or FEEL. */
function offersValue(form: HeadlessForm, instance: FieldInstance): boolean {
  const { field } = instance
  const multiple = MULTIPLE_CHOICE.has(field.type)
  if (!multiple && !SINGLE_CHOICE.has(field.type)) return true
  const value = valueAt(form.data, instance.path)
  if (isBlank(value)) return true
  if (multiple !== Array.isArray(value)) return false
  const source =
    field.valuesExpression !== undefined
      ? form.evaluate(field.valuesExpression, instance)
      : field.valuesKey !== undefined
        ? valueAt(form.data, field.valuesKey.split('.'))
        : field.values
  const offered = (Array.isArray(source) ? source : []).map((option: unknown) =>
    typeof option === 'object' && option !== null && 'value' in option ? option.value : option,
  )
  const chosen: unknown[] = Array.isArray(value) ? value : [value]
  return chosen.every((one) => offered.some((option) => isDeepStrictEqual(option, one)))
}

function withoutRepeats(errors: FieldError[]): FieldError[] {
  const seen = new Set<string>()
  return errors.filter(({ field, message }) => {
    const key = `${field} ${message}`
    const repeated = seen.has(key)
    seen.add(key)
    return !repeated
  })
}
