import type { z } from 'zod'
import { CaseError } from './errors.ts'

/**
 * Checks outside data; the error lists every field by its path (`parties[1].idNumber`).
 * @throws CaseError `invalid`
 */
export function parse<Schema extends z.ZodType>(schema: Schema, data: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map((issue) => ({ field: fieldPath(issue.path), message: issue.message }))
  const first = fields.map(({ field, message }) => `${field || what}：${message}`).join('；')
  throw new CaseError('invalid', `${what}有误：${first}`, fields)
}

function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')
}
