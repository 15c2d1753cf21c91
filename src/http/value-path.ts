/** Steps from the root of the data to a value: names, and row numbers within lists. */
export type ValuePath = (string | number)[]

/** What is wrong with one field of a submission; `field` is its path, e.g. `verification.findings.0.decision`. */
export interface FieldError {
  field: string
  message: string
}

/** Names that would reach a prototype instead of a property. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** The value at a path, own properties only; undefined where there is none. */
export function valueAt(data: unknown, path: ValuePath): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    data,
  )
}

/** Nothing entered: what a widget sends when it was left alone. */
export function isBlank(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  )
}

/** `a.b.0.c`, as errors name a field. */
export function pathName(path: ValuePath): string {
  return path.join('.')
}

/** Sets a value, making objects and lists on the way. Throws on a name that would reach a prototype. */
export function setAt(target: Record<string, unknown>, path: ValuePath, value: unknown): void {
  let holder: Record<string | number, unknown> = target
  for (const [position, step] of path.entries()) {
    if (forbiddenKeys.has(String(step))) throw new Error(`The form uses the forbidden key "${step}".`)
    if (position === path.length - 1) {
      holder[step] = value
      return
    }
    const next = Object.hasOwn(holder, step) ? holder[step] : undefined
    const child = typeof next === 'object' && next !== null ? next : typeof path[position + 1] === 'number' ? [] : {}
    holder[step] = child
    holder = child as Record<string | number, unknown>
  }
}

/** Removes the property at a path, if it is there. */
export function removeAt(target: Record<string, unknown>, path: ValuePath): void {
  const holder = valueAt(target, path.slice(0, -1))
  const last = path.at(-1)
  if (typeof holder === 'object' && holder !== null && last !== undefined) Reflect.deleteProperty(holder, last)
}
