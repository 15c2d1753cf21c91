/** Conversion between JSON (process variables) and FEEL values. */
import { Decimal } from './decimal.ts'
import { DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration } from './temporal.ts'
import {
  FeelContext,
  FeelFunction,
  FeelRange,
  type FeelValue,
  isNumber,
  type JsonObject,
  type JsonValue,
} from './values.ts'

/** A JSON object as context: an entry is converted when it is asked for. */
class JsonContext extends FeelContext {
  readonly json: JsonObject
  readonly #converted = new Map<string, FeelValue>()
  #all: ReadonlyMap<string, FeelValue> | undefined

  constructor(json: JsonObject) {
    super([])
    this.json = json
  }

  override get entries(): ReadonlyMap<string, FeelValue> {
    if (this.#all === undefined) {
      const all = new Map<string, FeelValue>()
      for (const key of Object.keys(this.json)) {
        const value = this.get(key)
        if (value !== undefined) all.set(key, value)
      }
      this.#all = all
    }
    return this.#all
  }

  override get(name: string): FeelValue | undefined {
    const raw = Object.hasOwn(this.json, name) ? this.json[name] : undefined
    if (raw === undefined) return undefined
    if (raw === null || typeof raw !== 'object') return fromJson(raw)
    let value = this.#converted.get(name)
    if (value === undefined) {
      value = fromJson(raw)
      this.#converted.set(name, value)
    }
    return value
  }
}

/** FEEL value of a JSON value. Strings stay strings (Camunda does not guess dates); FEEL values pass unchanged. */
export function fromJson(value: JsonValue | FeelValue): FeelValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? Decimal.ofNumber(value) : null
  if (Array.isArray(value)) return value.map(fromJson)
  return isFeelObject(value) ? value : new JsonContext(value as JsonObject)
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
  // What came as JSON and was not touched is that JSON.
  if (value instanceof JsonContext) return value.json
  if (value instanceof FeelContext) {
    const object: JsonObject = {}
    for (const [key, entry] of value.entries) {
      // defineProperty: a key named __proto__ is data like any other
      if (key === '__proto__')
        Object.defineProperty(object, key, {
          value: toJson(entry),
          enumerable: true,
          writable: true,
          configurable: true,
        })
      else object[key] = toJson(entry)
    }
    return object
  }
  if (value instanceof FeelRange || value instanceof FeelFunction) return null
  // As Camunda 8.8 writes durations into variables: P1DT12H, not PT36H. It would drop a part of a second; that stays, as in 8.6.
  return value instanceof DaysTimeDuration && value.isWholeSeconds ? value.toString() : value.toIso()
}
