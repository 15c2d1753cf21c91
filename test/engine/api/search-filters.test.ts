import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Operation, operations, requestSchema } from './client-schemas.ts'
import { fillLibrary } from './search-data.ts'
import { type ServedEngine, startServedEngine } from './served-engine.ts'

// Every search of the client with every filter, operator and sort field that its schema has, against the same question
// asked of all items. A property that the schema knows and a search does not fails here.
let served: ServedEngine

beforeAll(async () => {
  served = await startServedEngine()
  await fillLibrary(served)
})
afterAll(() => served.close())

type Item = Record<string, unknown>
type Value = string | number | boolean

/** The searches, by the path before `/search`, with the property that is the key of an item. */
const KEYS: Record<string, string> = {
  jobs: 'jobKey',
  'user-tasks': 'userTaskKey',
  variables: 'variableKey',
  'process-definitions': 'processDefinitionKey',
  'process-instances': 'processInstanceKey',
  'element-instances': 'elementInstanceKey',
  'decision-definitions': 'decisionDefinitionKey',
  'decision-requirements': 'decisionRequirementsKey',
  'decision-instances': 'decisionEvaluationInstanceKey',
  'correlated-message-subscriptions': 'messageKey',
  'message-subscriptions': 'messageSubscriptionKey',
  incidents: 'incidentKey',
}

/** Filters on what an item does not show, and what they look at. */
const HIDDEN: Record<string, (item: Item) => Value[]> = {
  'user-tasks.candidateGroup': (item) => item.candidateGroups as string[],
  'user-tasks.candidateUser': (item) => item.candidateUsers as string[],
  'variables.isTruncated': (item) => [String(item.value).length > 8_191],
  'element-instances.elementInstanceScopeKey': (item) =>
    column('SELECT flowScopeKey FROM element_instance WHERE key = ?', item.elementInstanceKey),
  'process-instances.errorMessage': (item) =>
    column(
      "SELECT errorMessage FROM incident WHERE state = 'ACTIVE' AND processInstanceKey = ?",
      item.processInstanceKey,
    ),
  'process-instances.hasRetriesLeft': (item) => [
    column(
      "SELECT key FROM job WHERE state = 'FAILED' AND retries > 0 AND processInstanceKey = ?",
      item.processInstanceKey,
    ).length > 0,
  ],
  'process-instances.elementId': (item) =>
    column(
      "SELECT elementId FROM element_instance WHERE type <> 'PROCESS' AND processInstanceKey = ?",
      item.processInstanceKey,
    ),
  'process-instances.elementInstanceState': (item) =>
    column(
      `SELECT CASE WHEN state IN ('COMPLETED', 'TERMINATED') THEN state ELSE 'ACTIVE' END
         FROM element_instance WHERE type <> 'PROCESS' AND processInstanceKey = ?`,
      item.processInstanceKey,
    ),
  'process-instances.hasElementInstanceIncident': (item) =>
    column(
      "SELECT incidentKey IS NOT NULL FROM element_instance WHERE type <> 'PROCESS' AND processInstanceKey = ?",
      item.processInstanceKey,
    ).map((value) => value === '1'),
  'process-instances.incidentErrorHashCode': (item) =>
    column(
      "SELECT errorMessage FROM incident WHERE state = 'ACTIVE' AND processInstanceKey = ?",
      item.processInstanceKey,
    ).map((text) => [...text].reduce((hash, character) => (Math.imul(31, hash) + character.charCodeAt(0)) | 0, 0)),
}
/** Filters with a form of their own; they have tests of their own below. */
const OTHERWISE = new Set(['$or', 'variables', 'tags', 'processInstanceVariables', 'localVariables'])

function column(sql: string, key: unknown): string[] {
  return served.engine.query.all<Record<string, string>>(sql, Number(key)).map((row) => String(Object.values(row)[0]))
}

/** The properties of a schema of an object, all parts of an intersection together. */
function shapeOf(schema: unknown): Record<string, z.ZodType> {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return shapeOf(schema.unwrap())
  if (schema instanceof z.ZodIntersection) return { ...shapeOf(schema.def.left), ...shapeOf(schema.def.right) }
  return schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {}
}

/** The operators that the schema of a filter has; none for one that takes a plain value only. */
function operatorsOf(schema: unknown): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return operatorsOf(schema.unwrap())
  const options = schema instanceof z.ZodUnion ? (schema.options as unknown[]) : [schema]
  return options.flatMap((option) => Object.keys(shapeOf(option))).filter((name) => name.startsWith('$'))
}

const searches = operations.flatMap(
  (operation): { name: string; operation: Operation; body: Record<string, z.ZodType> }[] => {
    const [, name = ''] = /^\/v2\/([\w-]+)\/search$/.exec(operation.path) ?? []
    return name in KEYS ? [{ name, operation, body: shapeOf(requestSchema(operation)) }] : []
  },
)
const filters = searches.flatMap(({ name, body }) =>
  Object.entries(shapeOf(body.filter))
    .filter(([property]) => !OTHERWISE.has(property))
    .flatMap(([property, schema]) =>
      ['plain', ...operatorsOf(schema)].map((operator) => [name, property, operator] as const),
    ),
)
const sorts = searches.flatMap(({ name, body }) => {
  const element = body.sort instanceof z.ZodOptional ? (body.sort.unwrap() as z.ZodArray).element : undefined
  const { field } = shapeOf(element)
  return field instanceof z.ZodEnum ? field.options.map((option) => [name, String(option)] as const) : []
})

/** Values of variables are not cut. */
const WHOLE = '?truncateValues=false'

async function find(name: string, body: object): Promise<Item[]> {
  const answer = await served.send('POST', `/v2/${name}/search${WHOLE}`, {
    page: { limit: 1_000 },
    ...body,
  })
  expect(answer.body.detail).toBeUndefined()
  expect(answer.body.page.totalItems).toBe(answer.body.items.length)
  return answer.body.items
}

function valuesOf(name: string, property: string, item: Item): Value[] {
  const hidden = HIDDEN[`${name}.${property}`]
  if (hidden) return hidden(item)
  const value = item[property]
  return value === undefined ? [] : [value as Value]
}

/** Numbers and dates by size, texts as they are. */
function sizeOf(value: Value): number {
  return typeof value === 'string' ? Date.parse(value) : Number(value)
}

function pattern(like: string): RegExp {
  const source = like.replaceAll(/\\(.)|([*?])|([^\\*?])/gs, (_, escaped, wild, plain) =>
    wild ? (wild === '*' ? '[^]*' : '[^]') : (escaped ?? plain).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  )
  return new RegExp(`^${source}$`)
}

/** What an operator with an operand says of an item's values. */
const HOLDS: Record<string, (values: Value[], operand: never) => boolean> = {
  plain: (values, operand: Value) => values.includes(operand),
  $eq: (values, operand: Value) => values.includes(operand),
  $neq: (values, operand: Value) => !values.includes(operand),
  $exists: (values, operand: boolean) => values.length > 0 === operand,
  $in: (values, operand: Value[]) => values.some((value) => operand.includes(value)),
  $notIn: (values, operand: Value[]) => !values.some((value) => operand.includes(value)),
  $gt: (values, operand: Value) => values.some((value) => sizeOf(value) > sizeOf(operand)),
  $gte: (values, operand: Value) => values.some((value) => sizeOf(value) >= sizeOf(operand)),
  $lt: (values, operand: Value) => values.some((value) => sizeOf(value) < sizeOf(operand)),
  $lte: (values, operand: Value) => values.some((value) => sizeOf(value) <= sizeOf(operand)),
  $like: (values, operand: string) => values.some((value) => pattern(operand).test(String(value))),
}

/** Operands for an operator, from the values that there are: some match a few items, some none. */
function operandsOf(operator: string, values: readonly Value[]): unknown[] {
  const [first, middle, last] = [values[0], values[Math.floor(values.length / 2)], values.at(-1)]
  const picked = [...new Set([first, middle, last])].filter((value) => value !== undefined)
  if (operator === '$exists') return [true, false]
  if (operator === '$in' || operator === '$notIn') return [[], picked, picked.slice(0, 1)]
  if (operator !== '$like') return picked
  return picked.flatMap((value) => {
    const text = String(value).slice(0, 4_000)
    const escaped = text.replaceAll(/[\\*?]/g, '\\$&')
    return [escaped, `${escaped.slice(0, 2)}*`, `*${text.at(-1)}`, text.replace(/^./s, '?'), '*', '?', 'nothing*']
  })
}

describe.each(Object.keys(KEYS))('%s', (name) => {
  test('has items in this library, so that filters tell something', async () => {
    expect((await find(name, {})).length).toBeGreaterThan(
      name.startsWith('decision-') && name !== 'decision-instances' ? 0 : 1,
    )
  })

  test.each(filters.filter(([search]) => search === name))('%s: filter by %s, %s', async (_, property, operator) => {
    const items = await find(name, {})
    const values = [...new Set(items.flatMap((item) => valuesOf(name, property, item)))]
    for (const operand of operandsOf(operator, values)) {
      const filter = { [property]: operator === 'plain' ? operand : { [operator]: operand } }
      // An item that has none of many elements has no match by any operator: the filter is about an element.
      const isElement =
        /^(elementId|elementInstanceState|errorMessage|incidentErrorHashCode)$/.test(property) &&
        name === 'process-instances'
      const expected = items.filter((item) => {
        const own = valuesOf(name, property, item)
        const holds = HOLDS[operator] as (values: Value[], operand: unknown) => boolean
        return isElement ? own.some((value) => holds([value], operand)) : holds(own, operand)
      })
      const key = KEYS[name] ?? ''
      expect((await find(name, { filter })).map((item) => item[key]).toSorted(), JSON.stringify(filter)).toEqual(
        expected.map((item) => item[key]).toSorted(),
      )
    }
  })

  test.each(sorts.filter(([search]) => search === name))('%s: sort by %s, either way', async (_, field) => {
    const up = await find(name, { sort: [{ field, order: 'ASC' }] })
    const down = await find(name, { sort: [{ field, order: 'DESC' }] })
    for (const [items, direction] of [
      [up, 1],
      [down, -1],
    ] as const) {
      const shown = items.map((item) => item[field] as Value | undefined)
      const valued = shown.filter((value) => value !== undefined)
      // What has no value comes last, either way.
      expect(shown.slice(0, valued.length)).toEqual(valued)
      for (const [index, value] of valued.entries()) {
        const next = valued[index + 1]
        if (next !== undefined)
          expect(direction * compare(field, value, next), `${value} before ${next}`).toBeLessThanOrEqual(0)
      }
    }
    const key = KEYS[name] ?? ''
    expect(new Set(down.map((item) => item[key]))).toEqual(new Set(up.map((item) => item[key])))
  })

  test('several sort fields: what is equal in the first is in the order of the second, and so on', async () => {
    const fields = sorts.filter(([search]) => search === name).map(([, field]) => field)
    for (const [index, first] of fields.entries()) {
      const second = fields[(index + 3) % fields.length] ?? first
      const items = await find(name, {
        sort: [
          { field: first, order: 'DESC' },
          { field: second, order: 'ASC' },
        ],
      })
      for (const [at, item] of items.entries()) {
        const next = items[at + 1]
        if (!next || shown(item[first]) !== shown(next[first])) continue
        const [one, other] = [item[second], next[second]] as (Value | undefined)[]
        if (one === undefined) expect(other).toBeUndefined()
        else if (other !== undefined) expect(compare(second, one, other)).toBeLessThanOrEqual(0)
      }
    }
  })

  test('pages: walked by cursor in the order of each field, both ways, they give every item once', async () => {
    const key = KEYS[name] ?? ''
    for (const [, field] of sorts.filter(([search]) => search === name)) {
      const sort = [{ field, order: 'DESC' }]
      const all = (await find(name, { sort })).map((item) => item[key])
      const seen: unknown[] = []
      let page: object = { limit: 3 }
      let cursor = ''
      for (;;) {
        const { body } = await served.send('POST', `/v2/${name}/search`, { sort, page })
        if (body.items.length === 0) break
        seen.push(...body.items.map((item: Item) => item[key]))
        cursor = body.page.startCursor
        page = { limit: 3, after: body.page.endCursor }
      }
      expect(seen, field).toEqual(all)
      const before = await served.send('POST', `/v2/${name}/search`, { sort, page: { limit: 1_000, before: cursor } })
      expect(before.body.items.map((item: Item) => item[key])).toEqual(all.slice(0, before.body.items.length))
    }
  })

  test('what is wrong names the field: 400', async () => {
    const wrong: [object, RegExp][] = [
      [{ filter: { colour: 'red' } }, /\[filter\.colour\]/],
      [{ filter: { tenantId: { $near: 'x' } } }, /\[filter\.tenantId\.\$near\]/],
      [{ filter: { [KEYS[name] ?? '']: 5 } }, new RegExp(`\\[filter\\.${KEYS[name]}\\]`)],
      [{ sort: [{ field: 'colour' }] }, /\[sort\.0\.field\].*must be one of/],
      [{ sort: [{ field: 'tenantId', order: 'UP' }] }, /\[sort\.0\.(order|field)\]/],
      [{ sort: 'tenantId' }, /\[sort\]/],
      [{ page: { limit: 'ten' } }, /\[page\.limit\]/],
      [{ page: { from: -1 } }, /\[page\.from\]/],
      [{ page: { after: 'x', before: 'y' } }, /after and before/],
      [{ page: { after: 'bm8=' } }, /cursor/],
    ]
    for (const [body, detail] of wrong) {
      expect(await served.send('POST', `/v2/${name}/search`, body), JSON.stringify(body)).toMatchObject({
        status: 400,
        contentType: 'application/problem+json',
        body: { title: 'INVALID_ARGUMENT', detail: expect.stringMatching(detail) },
      })
    }
  })
})

function compare(field: string, one: Value, other: Value): number {
  if (typeof one !== 'string' || typeof other !== 'string') return Number(one) - Number(other)
  if (field.endsWith('Key') && field !== 'correlationKey') return Number(BigInt(one) - BigInt(other))
  // Long texts are sorted by their beginnings.
  const [a, b] = [shown(one), shown(other)]
  return a < b ? -1 : a > b ? 1 : 0
}

function shown(value: unknown): string {
  return String(value).slice(0, 40)
}

describe('filters of their own form', () => {
  const keysOf = async (name: string, filter: object) =>
    (await find(name, { filter })).map((item) => item[KEYS[name] ?? '']).length

  test('variables of an instance, each with operators', async () => {
    expect(await keysOf('process-instances', { variables: [{ name: 'loanId', value: '"L-1"' }] })).toBe(1)
    expect(await keysOf('process-instances', { variables: [{ name: 'loanId', value: { $like: '"L-?"' } }] })).toBe(9)
    expect(
      await keysOf('process-instances', { variables: [{ name: 'branch', value: { $in: ['"east"', '"west"'] } }] }),
    ).toBe(6)
    expect(await keysOf('process-instances', { variables: [{ name: 'note', value: `"${'x'.repeat(9_000)}"` }] })).toBe(
      3,
    )
    const both = [
      { name: 'branch', value: '"east"' },
      { name: 'loanId', value: { $neq: '"L-0"' } },
    ]
    expect(await keysOf('process-instances', { variables: both })).toBe(2)
    expect(await keysOf('process-instances', { variables: [{ name: 'branch', value: { $exists: true } }] })).toBe(9)
  })

  test('variables of a task: of its instance, or its own', async () => {
    expect(await keysOf('user-tasks', { processInstanceVariables: [{ name: 'loanId', value: '"L-1"' }] })).toBe(1)
    expect(await keysOf('user-tasks', { localVariables: [{ name: 'loanId', value: '"L-1"' }] })).toBe(0)
    expect(await keysOf('user-tasks', { localVariables: [{ name: 'hint', value: { $like: '*check*' } }] })).toBe(4)
  })

  test('tags: all of those asked for', async () => {
    expect(await keysOf('process-instances', { tags: ['even'] })).toBe(5)
    expect(await keysOf('process-instances', { tags: ['even', 'n:4'] })).toBe(1)
    expect(await keysOf('process-instances', { tags: ['odd'] })).toBe(0)
  })

  test('alternatives: one of them holds, and what stands beside them', async () => {
    const $or = [{ variables: [{ name: 'loanId', value: '"L-1"' }] }, { processDefinitionId: 'reminder' }]
    expect(await keysOf('process-instances', { $or })).toBe(4)
    expect(await keysOf('process-instances', { $or, processDefinitionId: 'loan' })).toBe(1)
  })

  test('an element that matches all that is said of it', async () => {
    const filter = { elementId: 'fetch', elementInstanceState: 'ACTIVE' }
    const items = await find('element-instances', { filter: { elementId: 'fetch', state: 'ACTIVE' } })
    expect(await keysOf('process-instances', filter)).toBe(items.length)
    expect(await keysOf('process-instances', { ...filter, hasElementInstanceIncident: true })).toBe(0)
  })
})

test('pages stay where they are while new items come', async () => {
  const request = { sort: [{ field: 'startDate', order: 'DESC' }], page: { limit: 4 } }
  const all = (await find('process-instances', { sort: request.sort })).map((item) => item.processInstanceKey)
  const first = (await served.send('POST', '/v2/process-instances/search', request)).body
  await served.client.createProcessInstance({ processDefinitionId: 'fine', variables: { days: 1 } })
  const page = { limit: 4, after: first.page.endCursor }
  const second = (await served.send('POST', '/v2/process-instances/search', { ...request, page })).body
  const seen = [...first.items, ...second.items].map((item: Item) => item.processInstanceKey)
  expect(seen).toEqual(all.slice(0, 8))
})

test('every search of the client is looked at here, or by those who keep no such things', () => {
  const paths = operations
    .map(({ path }) => /^\/v2\/([\w-]+)\/search$/.exec(path)?.[1])
    .filter((name) => name !== undefined)
  const elsewhere = [
    'users',
    'groups',
    'roles',
    'tenants',
    'mapping-rules',
    'authorizations',
    'batch-operations',
    'batch-operation-items',
  ]
  expect(paths.toSorted()).toEqual([...Object.keys(KEYS), ...elsewhere].toSorted())
})
