/** Texts of values: what `string()` gives, what warnings show. */
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'
import { FeelContext, FeelFunction, FeelRange, type FeelValue, isNumber } from './values.ts'

/** Name of a value's type. */
export function typeName(value: FeelValue): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') return 'string'
  if (isNumber(value)) return 'number'
  if (Array.isArray(value)) return 'list'
  if (value instanceof FeelContext) return 'context'
  if (value instanceof FeelDate) return 'date'
  if (value instanceof FeelTime) return 'time'
  if (value instanceof FeelDateTime) return 'date and time'
  if (value instanceof YearsMonthsDuration) return 'years and months duration'
  if (value instanceof DaysTimeDuration) return 'days and time duration'
  return value instanceof FeelRange ? 'range' : 'function'
}

const MAX_SHOWN = 1_000

/** Text of a value inside a warning; a very long one is cut. */
export function describe(value: FeelValue): string {
  const text = nestedText(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

/** FEEL text of a value, with null as "null" and texts inside others quoted. */
export function feelText(value: FeelValue): string {
  return typeof value === 'string' ? value : nestedText(value)
}

function nestedText(value: FeelValue): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `"${value}"`
  if (Array.isArray(value)) return `[${value.map(nestedText).join(', ')}]`
  if (value instanceof FeelContext)
    return `{${[...value.entries].map(([key, entry]) => `${key}:${nestedText(entry)}`).join(', ')}}`
  if (value instanceof FeelFunction) return `function(${value.parameters.join(', ')})`
  if (value instanceof FeelRange)
    return `${value.startIncluded ? '[' : '('}${nestedText(value.start)}..${nestedText(value.end)}${value.endIncluded ? ']' : ')'}`
  return String(value)
}
