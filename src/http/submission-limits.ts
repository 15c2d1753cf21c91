import { type FieldError, forbiddenKeys, pathName, type ValuePath } from './value-path.ts'

const MAX_ROWS = 200
const MAX_TEXT = 20_000
const MAX_DEPTH = 12

const messages = {
  tooManyRows: `至多 ${MAX_ROWS} 行。`,
  tooLong: `内容过长，至多 ${MAX_TEXT} 个字。`,
  tooDeep: '提交的内容层次过深。',
  forbiddenKey: '提交的内容含有不允许的名称。',
}

/** Names that would reach a prototype, and sizes that no form of the court needs. */
export function findUnsafe(submitted: Record<string, unknown>): FieldError[] {
  const errors: FieldError[] = []
  const visit = (value: unknown, path: ValuePath) => {
    const field = pathName(path)
    if (typeof value === 'string' && value.length > MAX_TEXT) errors.push({ field, message: messages.tooLong })
    if (typeof value !== 'object' || value === null) return
    if (path.length > MAX_DEPTH) {
      errors.push({ field, message: messages.tooDeep })
      return
    }
    if (Array.isArray(value) && value.length > MAX_ROWS) {
      errors.push({ field, message: messages.tooManyRows })
      return
    }
    for (const [key, child] of Object.entries(value)) {
      const childPath = [...path, Array.isArray(value) ? Number(key) : key]
      if (forbiddenKeys.has(key)) errors.push({ field: pathName(childPath), message: messages.forbiddenKey })
      else visit(child, childPath)
    }
  }
  visit(submitted, [])
  return errors
}
