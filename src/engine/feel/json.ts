/** Conversion between JSON (process variables) and FEEL values. */
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'
import {
  Decimal,
  FeelContext,
  FeelFunction,
  FeelRange,
  type FeelValue,
  isNumber,
  type JsonObject,
  type JsonValue,
} from './values.ts'

/** FEEL value of a JSON value. Strings stay strings (Camunda does not guess dates); FEEL values pass unchanged. */
export function fromJson(value: JsonValue | FeelValue): FeelValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return new Decimal(value)
  if (Array.isArray(value)) return value.map(fromJson)
  if (isFeelObject(value)) return value
  const entries = new Map<string, FeelValue>()
  for (const [key, entry] of Object.entries(value as JsonObject))
    if (entry !== undefined) entries.set(key, fromJson(entry))
  return new FeelContext(entries)
}

type FeelObject = Exclude<FeelValue, null | boolean | string | FeelValue[]>

function isFeelObject(value: object): value is FeelObject {
  return (
    isNumber(value) ||
    value instanceof FeelContext ||
    value instanceof FeelDate ||
    value instanceof FeelTime ||
    value instanceof FeelDateTime ||
    value instanceof YearsMonthsDuration ||
    value instanceof DaysTimeDuration ||
    value instanceof FeelRange ||
    value instanceof FeelFunction
  )
}

/**
 * JSON of a FEEL value as Camunda stores it: temporal values as ISO-8601 strings, decimals as the nearest JSON number
 * (integers to 2^53 exactly), functions and ranges as null.
 */
export function toJson(value: FeelValue): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (isNumber(value)) return value.toNumber()
  if (Array.isArray(value)) return value.map(toJson)
  if (value instanceof FeelContext) {
    const object: JsonObject = {}
    // defineProperty: a key named __proto__ is data like any other
    for (const [key, entry] of value.entries)
      Object.defineProperty(object, key, { value: toJson(entry), enumerable: true, writable: true, configurable: true })
    return object
  }
  if (value instanceof FeelRange || value instanceof FeelFunction) return null
  return value.toIso()
}
