import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { code, dateTime, flag, globOf, integer, key, text } from '../../../src/engine/api/search/filter.ts'
import { defineSearch, type SearchField } from '../../../src/engine/api/search/search.ts'
import type { EngineQuery, SqlValue } from '../../../src/engine/index.ts'

// A table with every kind of column that the engine's searches have.
const fields: Record<string, SearchField> = {
  parcelKey: { type: key, sql: 'p.key' },
  label: { type: text, sql: 'p.label', nullable: true, long: true },
  weight: { type: integer, sql: 'p.weight' },
  sentAt: { type: dateTime, sql: 'p.sentAt', nullable: true },
  state: { type: code(['OPEN', 'DONE']), sql: 'p.state' },
  fragile: { type: flag, sql: 'p.fragile' },
}
const parcels = defineSearch({
  from: 'parcel p',
  columns: 'p.*',
  key: 'p.key',
  filters: {
    ...fields,
    carrier: {
      type: text,
      sql: 'c.name',
      members: { table: 'carrier c', where: { sql: 'TRUE', params: [] }, refersTo: ['c.parcelKey', 'p.key'] },
    },
  },
  sorts: fields,
  alternatives: true,
  item: (row) => Number(row.key),
})

interface Parcel {
  label: string | null
  weight: number
  sentAt: number | null
  state: 'OPEN' | 'DONE'
  fragile: boolean
  carriers: string[]
}

let database: DatabaseSync
let query: EngineQuery

beforeAll(() => {
  database = new DatabaseSync(':memory:')
  database.exec(`
    CREATE TABLE parcel (key INTEGER PRIMARY KEY, label TEXT, weight INTEGER, sentAt INTEGER, state TEXT, fragile INTEGER);
    CREATE TABLE carrier (parcelKey INTEGER, name TEXT)`)
  query = {
    all: <Row>(sql: string, ...parameters: SqlValue[]) => database.prepare(sql).all(...parameters) as Row[],
    get: <Row>(sql: string, ...parameters: SqlValue[]) => database.prepare(sql).get(...parameters) as Row | undefined,
  }
})
afterAll(() => database.close())

function store(rows: readonly Parcel[]): void {
  database.exec('DELETE FROM parcel; DELETE FROM carrier')
  rows.forEach((parcel, index) => {
    database
      .prepare('INSERT INTO parcel VALUES (?, ?, ?, ?, ?, ?)')
      .run(index + 1, parcel.label, parcel.weight, parcel.sentAt, parcel.state, parcel.fragile ? 1 : 0)
    for (const carrier of parcel.carriers) database.prepare('INSERT INTO carrier VALUES (?, ?)').run(index + 1, carrier)
  })
}

const labels: fc.Arbitrary<string> = fc.constantFrom('盒子', 'box', 'box*', '[box]', 'bag', 'Box')
const parcel: fc.Arbitrary<Parcel> = fc.record({
  label: fc.option(labels),
  weight: fc.integer({ min: 0, max: 4 }),
  sentAt: fc.option(fc.integer({ min: 0, max: 3 }).map((day) => Date.UTC(2026, 10, 23 + day))),
  state: fc.constantFrom('OPEN', 'DONE'),
  fragile: fc.boolean(),
  carriers: fc.uniqueArray(fc.constantFrom('north', 'south', 'east'), { maxLength: 2 }),
})
const parcelList = fc.array(parcel, { maxLength: 25 })
const sorting = fc.array(
  fc.record({
    field: fc.constantFrom(...Object.keys(fields)),
    order: fc.constantFrom('ASC', 'DESC', 'asc', undefined),
  }),
  { maxLength: 3 },
)

function find(filter: object): number[] {
  return parcels.run(query, { filter }).items
}

describe('pages', () => {
  test('walking forward by endCursor gives every hit once, in the order of one large page', () => {
    fc.assert(
      fc.property(parcelList, sorting, fc.integer({ min: 1, max: 7 }), (rows, sort, limit) => {
        store(rows)
        const whole = parcels.run(query, { sort, page: { limit: 100 } })
        const walked: number[] = []
        let page = parcels.run(query, { sort, page: { limit } })
        while (page.items.length > 0) {
          walked.push(...page.items)
          expect(page.page.totalItems).toBe(rows.length)
          page = parcels.run(query, { sort, page: { limit, after: page.page.endCursor } })
        }
        expect(walked).toEqual(whole.items)
        expect(new Set(walked).size).toBe(rows.length)
      }),
    )
  })

  test('walking back by startCursor gives the same hits in the same order', () => {
    fc.assert(
      fc.property(parcelList, sorting, fc.integer({ min: 1, max: 7 }), (rows, sort, limit) => {
        store(rows)
        const whole = parcels.run(query, { sort, page: { limit: 100 } })
        const last = parcels.run(query, { sort, page: { from: Math.max(0, rows.length - 1), limit: 1 } })
        const walked = [...last.items]
        let page = last
        while (page.items.length > 0) {
          page = parcels.run(query, { sort, page: { limit, before: page.page.startCursor } })
          walked.unshift(...page.items)
        }
        expect(walked).toEqual(whole.items)
      }),
    )
  })

  test('rows without a value sort last, in either direction', () => {
    const base = { weight: 1, sentAt: null, state: 'OPEN', fragile: false, carriers: [] } as const
    store([
      { ...base, carriers: [], label: null },
      { ...base, carriers: [], label: 'b' },
      { ...base, carriers: [], label: 'a' },
    ])
    expect(parcels.run(query, { sort: [{ field: 'label', order: 'ASC' }] }).items).toEqual([3, 2, 1])
    expect(parcels.run(query, { sort: [{ field: 'label', order: 'DESC' }] }).items).toEqual([2, 3, 1])
  })

  test('a cursor fits the client schema (base64, at most 300 characters) whatever the length of the values', () => {
    const long = (end: string) => `${'很长的名称'.repeat(40)}${end}`
    const parcel = { weight: 1, sentAt: null, state: 'OPEN' as const, fragile: false, carriers: [] }
    store(['c', 'a', 'b'].map((end) => ({ ...parcel, label: long(end) })))
    const sort = [{ field: 'label' }, { field: 'weight' }]
    const first = parcels.run(query, { sort, page: { limit: 1 } })
    expect(first.page.endCursor).toMatch(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=)?$/)
    expect(first.page.endCursor?.length).toBeLessThanOrEqual(300)
    const second = parcels.run(query, { sort, page: { limit: 5, after: first.page.endCursor } })
    expect([...first.items, ...second.items]).toEqual([2, 3, 1])
    expect(parcels.run(query, { sort, page: { limit: 5, before: second.page.startCursor } }).items).toEqual([2])
    database.exec('DELETE FROM parcel')
    expect(() => parcels.run(query, { sort, page: { after: first.page.endCursor } })).toThrow(
      /is not one of this search/,
    )
  })

  test('hits beyond 10,000 are not counted, but said to exist', () => {
    store([])
    database.exec(
      `INSERT INTO parcel WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
       SELECT i, 'box', 1, NULL, 'OPEN', 0 FROM n`,
    )
    expect(parcels.run(query, { page: { limit: 1 } }).page).toMatchObject({
      totalItems: 10_000,
      hasMoreTotalItems: true,
    })
    database.exec('DELETE FROM parcel WHERE key = 1')
    expect(parcels.run(query, { page: { limit: 1 } }).page).toMatchObject({
      totalItems: 10_000,
      hasMoreTotalItems: false,
    })
  })
})

describe('filters', () => {
  const predicates: [string, fc.Arbitrary<{ filter: object; matches: (row: Parcel, index: number) => boolean }>][] = [
    ['plain text', labels.map((value) => ({ filter: { label: value }, matches: (row) => row.label === value }))],
    [
      '$neq matches a missing value',
      labels.map((value) => ({ filter: { label: { $neq: value } }, matches: (row) => row.label !== value })),
    ],
    [
      '$in',
      fc.array(labels).map((values) => ({
        filter: { label: { $in: values } },
        matches: (row) => row.label !== null && values.includes(row.label),
      })),
    ],
    [
      '$notIn matches a missing value',
      fc.array(labels).map((values) => ({
        filter: { label: { $notIn: values } },
        matches: (row) => row.label === null || !values.includes(row.label),
      })),
    ],
    [
      '$exists',
      fc.boolean().map((wanted) => ({
        filter: { label: { $exists: wanted } },
        matches: (row) => (row.label !== null) === wanted,
      })),
    ],
    [
      'a range of numbers',
      fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })).map(([low, high]) => ({
        filter: { weight: { $gt: low, $lte: high } },
        matches: (row) => row.weight > low && row.weight <= high,
      })),
    ],
    [
      'a range of dates, with any offset',
      fc.integer({ min: 0, max: 3 }).map((day) => ({
        filter: { sentAt: { $gte: `2026-11-${23 + day}T08:00:00+08:00` } },
        matches: (row) => row.sentAt !== null && row.sentAt >= Date.UTC(2026, 10, 23 + day),
      })),
    ],
    [
      'a flag',
      fc.boolean().map((wanted) => ({ filter: { fragile: wanted }, matches: (row) => row.fragile === wanted })),
    ],
    [
      'a key',
      fc
        .integer({ min: 1, max: 25 })
        .map((value) => ({ filter: { parcelKey: String(value) }, matches: (_, index) => index + 1 === value })),
    ],
    [
      'one of several values',
      fc.constant({
        filter: { carrier: { $in: ['north', 'east'] } },
        matches: (row) => row.carriers.some((carrier) => carrier !== 'south'),
      }),
    ],
    [
      'none of several values',
      fc.constant({ filter: { carrier: { $neq: 'north' } }, matches: (row) => !row.carriers.includes('north') }),
    ],
    [
      'no values at all',
      fc.constant({ filter: { carrier: { $exists: false } }, matches: (row) => row.carriers.length === 0 }),
    ],
    [
      'alternatives',
      fc.constant({
        filter: { weight: { $gte: 1 }, $or: [{ state: 'OPEN' }, { label: { $like: 'b*' } }] },
        matches: (row) => row.weight >= 1 && (row.state === 'OPEN' || (row.label ?? '').startsWith('b')),
      }),
    ],
  ]
  test.each(predicates)('%s', (_, arbitrary) => {
    fc.assert(
      fc.property(parcelList, arbitrary, (rows, { filter, matches }) => {
        store(rows)
        const expected = rows.flatMap((row, index) => (matches(row, index) ? [index + 1] : []))
        expect(find(filter)).toEqual(expected)
      }),
    )
  })

  test('$like knows * and ?, and a backslash takes their meaning away', () => {
    const base = { weight: 1, sentAt: null, state: 'OPEN' as const, fragile: false, carriers: [] }
    store(['box', 'box*', '[box]', 'fox', '盒子'].map((label) => ({ ...base, label })))
    expect(find({ label: { $like: 'bo*' } })).toEqual([1, 2])
    expect(find({ label: { $like: '?ox' } })).toEqual([1, 4])
    expect(find({ label: { $like: 'box\\*' } })).toEqual([2])
    expect(find({ label: { $like: '[box]' } })).toEqual([3])
    expect(find({ label: { $like: '盒?' } })).toEqual([5])
  })

  test('any text, escaped, is a pattern that finds exactly itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (value, other) => {
        fc.pre(!`${value}${other}`.includes('\0'))
        const pattern = globOf(value.replaceAll(/[\\*?]/g, '\\$&'))
        const row = query.get<{ same: number; different: number }>(
          'SELECT ? GLOB ? AS same, ? GLOB ? AS different',
          ...[value, pattern, other, pattern],
        )
        expect(row).toEqual({ same: 1, different: value === other ? 1 : 0 })
      }),
    )
  })
})

describe('a wrong request names the field', () => {
  const wrong: [string, object, RegExp][] = [
    ['an unknown filter', { filter: { colour: 'red' } }, /\[filter\.colour\] is not known/],
    ['an unknown operator', { filter: { weight: { $near: 1 } } }, /\[filter\.weight\.\$near\] is not known/],
    ['an operator that the type does not have', { filter: { weight: { $like: '1' } } }, /\[filter\.weight\.\$like\]/],
    ['a key that is not digits', { filter: { parcelKey: 'abc' } }, /\[filter\.parcelKey\].*string of digits/],
    ['a date without offset', { filter: { sentAt: { $gt: '2026-11-23' } } }, /\[filter\.sentAt\.\$gt\].*ISO 8601/],
    ['a code that does not exist', { filter: { state: 'LOST' } }, /\[filter\.state\].*"OPEN"\|"DONE"/],
    ['an unknown sort field', { sort: [{ field: 'colour' }] }, /\[sort\.0\.field\].*one of parcelKey, label/],
    ['an unknown order', { sort: [{ field: 'label', order: 'UP' }] }, /\[sort\.0\.order\].*"ASC"\|"DESC"/],
    ['a page beyond the largest', { page: { limit: 10_001 } }, /\[page\.limit\].*<=10000/],
    ['two cursors', { page: { after: 'WzFd', before: 'WzFd' } }, /Both after and before/],
    ['a cursor with an offset', { page: { after: 'WzFd', from: 3 } }, /Both from and a cursor/],
    [
      'a cursor of another sort',
      { page: { after: 'WzFd' }, sort: [{ field: 'weight' }] },
      /cursor 'WzFd' is not one of this search/,
    ],
    ['a cursor that is not one', { page: { after: 'x' } }, /cursor 'x' is not one of this search/],
    ['an unknown property', { filters: {} }, /\[filters\] is not known/],
  ]
  test.each(wrong)('%s', (_, body, message) => {
    expect(() => parcels.run(query, body)).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringMatching(message) }),
    )
  })
})
