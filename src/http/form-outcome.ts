import type { FieldInstance, FormField, HeadlessForm } from './headless-form.ts'
import { removeAt, setAt, type ValuePath, valueAt } from './value-path.ts'

/** The form's own variables: the task's values beside the fields, and the visible fields. */
export function outcome(
  form: HeadlessForm,
  context: Record<string, unknown>,
  instances: FieldInstance[],
): Record<string, unknown> {
  const variables: Record<string, unknown> = {}
  for (const { path } of instances) {
    const root = String(path[0])
    if (!Object.hasOwn(variables, root)) variables[root] = structuredClone(context[root])
  }
  for (const field of form.components) keepRows(form, field, {}, context, variables)
  eachPlace(form, (_field, path) => removeAt(variables, path))
  for (const { path } of instances) setAt(variables, path, structuredClone(valueAt(form.data, path)))
  return variables
}

/** Lists get the rows that the form ended with: a fixed list its rows as they were, a growing one new rows, a hidden one none. */
function keepRows(
  form: HeadlessForm,
  field: FormField,
  indexes: Record<string, number>,
  context: Record<string, unknown>,
  variables: Record<string, unknown>,
): void {
  if (!form.isList(field)) {
    for (const child of field.components ?? []) keepRows(form, child, indexes, context, variables)
    return
  }
  const path = form.pathOf(field, indexes)
  const rows = valueAt(form.data, path)
  if (!form.isVisible(field, indexes)) {
    removeAt(variables, path)
    return
  }
  if (!Array.isArray(rows)) return
  if (field.allowAddRemove || !Array.isArray(valueAt(context, path)))
    setAt(
      variables,
      path,
      rows.map(() => ({})),
    )
  for (const index of rows.keys()) {
    for (const child of field.components ?? []) {
      keepRows(form, child, { ...indexes, [field.id]: index }, context, variables)
    }
  }
}

/** Visits each field that holds a value, once for each row of its surrounding lists, hidden or not. */
function eachPlace(form: HeadlessForm, visit: (field: FormField, path: ValuePath) => void): void {
  const walk = (field: FormField, indexes: Record<string, number>) => {
    const path = form.pathOf(field, indexes)
    if (form.isKeyed(field)) visit(field, path)
    if (!form.isList(field)) {
      for (const child of field.components ?? []) walk(child, indexes)
      return
    }
    const rows = valueAt(form.data, path)
    for (const index of Array.isArray(rows) ? rows.keys() : []) {
      for (const child of field.components ?? []) walk(child, { ...indexes, [field.id]: index })
    }
  }
  for (const field of form.components) walk(field, {})
}
