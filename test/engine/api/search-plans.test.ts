import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReadQuery } from '../../../src/engine/api/http/read.ts'
import { READ_ROUTES } from '../../../src/engine/api/read-routes.ts'
import type { SqlValue } from '../../../src/engine/index.ts'
import { SCHEMA } from '../../../src/engine/state/schema.ts'

// How SQLite goes about the searches of a product's lists, whatever the number of rows: by an index, never through a
// whole table, and never sorting all that matches when much does.
let database: DatabaseSync

beforeAll(() => {
  database = new DatabaseSync(':memory:')
  database.exec(SCHEMA)
  database.function('going_on', () => 1)
})
afterAll(() => database.close())

interface Step {
  sql: string
  plan: string[]
}

/** What a search asks the database, when `matching` rows match it and `members` rows belong to those. */
function stepsOf(path: string, body: object, matching: number, members: number): Step[] {
  const steps: Step[] = []
  const all = <Row>(sql: string, ...parameters: SqlValue[]) => {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters)
    steps.push({ sql, plan: plan.map(({ detail }) => String(detail)) })
    return database.prepare(sql).all(...parameters) as Row[]
  }
  const query: ReadQuery = {
    guard: 'going_on()',
    all,
    get<Row>(sql: string, ...parameters: SqlValue[]) {
      all(sql, ...parameters)
      if (sql.includes('AS found')) return { found: members } as Row
      if (sql.includes('AS total')) return { total: matching } as Row
      return undefined
    },
  }
  const route = READ_ROUTES.find((candidate) => candidate.path === `/v2/${path}/search`)
  const request = { params: {}, query: new URLSearchParams(), contentType: 'application/json' }
  route?.read(query, { ...request, body: Buffer.from(JSON.stringify(body)) })
  expect(steps.length).toBeGreaterThan(0)
  return steps
}

const BIG_TABLES = new Set(['t', 'p', 'e', 'v', 'j', 'i', 'c', 'within', 'called'])

/** Steps that look at every row of a table. Where every row matches, the first so many rows are all that is looked at. */
function scans(steps: readonly Step[]): string[] {
  const filtered = steps.filter(({ sql }) => !/WHERE going_on\(\)\s+LIMIT/.test(sql))
  return filtered.flatMap(({ plan }) =>
    plan.filter((detail) => {
      const [, alias = ''] = /^SCAN (\w+)(?! USING)/.exec(detail) ?? []
      return BIG_TABLES.has(alias) && !detail.includes('USING')
    }),
  )
}

const CREATED = { state: 'CREATED' }
const ACTIVE = { state: 'ACTIVE' }
const CASE = [{ name: 'caseId', value: '"case-1"' }]

describe('when few rows match', () => {
  const few: [what: string, path: string, body: object, index: RegExp][] = [
    [
      'tasks of a person',
      'user-tasks',
      { filter: { ...CREATED, assignee: 'lee' }, sort: [{ field: 'dueDate' }] },
      /t USING (COVERING )?INDEX user_task_assignee/,
    ],
    [
      'tasks of a group',
      'user-tasks',
      { filter: { ...CREATED, candidateGroup: 'judges' } },
      /c USING PRIMARY KEY \(kind=\? AND value=\?\)/,
    ],
    [
      'tasks of several groups',
      'user-tasks',
      { filter: { ...CREATED, candidateGroup: { $in: ['a', 'b'] }, assignee: { $exists: false } } },
      /t USING INTEGER PRIMARY KEY/,
    ],
    [
      'tasks of a case',
      'user-tasks',
      { filter: { ...CREATED, processInstanceVariables: CASE } },
      /v USING (COVERING )?INDEX variable_value/,
    ],
    [
      'tasks of an instance',
      'user-tasks',
      { filter: { ...CREATED, processInstanceKey: '1' } },
      /t USING (COVERING )?INDEX user_task_process_instance/,
    ],
    [
      'an instance by a variable',
      'process-instances',
      { filter: { variables: CASE }, sort: [{ field: 'startDate' }] },
      /v USING (COVERING )?INDEX variable_value/,
    ],
    [
      'what an instance called',
      'process-instances',
      { filter: { parentProcessInstanceKey: '1', ...ACTIVE } },
      /p USING (COVERING )?INDEX process_instance_called/,
    ],
    [
      'instances by their keys',
      'process-instances',
      { filter: { processInstanceKey: { $in: ['1', '2'] }, ...ACTIVE } },
      /p USING INTEGER PRIMARY KEY/,
    ],
    [
      'instances with an incident',
      'process-instances',
      { filter: { ...ACTIVE, hasIncident: true } },
      /i USING (COVERING )?INDEX incident_state/,
    ],
    [
      'incidents of instances',
      'incidents',
      { filter: { ...ACTIVE, processInstanceKey: { $in: ['1', '2'] } } },
      /i USING (COVERING )?INDEX incident_process_instance/,
    ],
    [
      'a variable of instances',
      'variables',
      { filter: { name: 'caseId', processInstanceKey: { $in: ['1', '2'] } } },
      /v USING (COVERING )?INDEX variable_process_instance \(processInstanceKey=\? AND name=\?\)/,
    ],
    [
      'variables by value',
      'variables',
      { filter: { name: 'caseId', value: '"case-1"' } },
      /v USING (COVERING )?INDEX variable_value \(name=\? AND value=\?\)/,
    ],
    [
      'elements of an instance',
      'element-instances',
      { filter: { processInstanceKey: '1' }, sort: [{ field: 'startDate' }] },
      /e USING (COVERING )?INDEX element_instance_process_instance/,
    ],
    [
      'jobs of an instance',
      'jobs',
      { filter: { processInstanceKey: '1' } },
      /j USING (COVERING )?INDEX job_process_instance/,
    ],
  ]
  test.each(few)('%s: found by an index', (_, path, body, index) => {
    const steps = stepsOf(path, body, 3, 3)
    expect(steps.flatMap(({ plan }) => plan).join('\n')).toMatch(index)
    expect(scans(steps)).toEqual([])
  })
})

describe('when more rows match than are counted', () => {
  const by = (field: string, order = 'ASC') => ({ sort: [{ field, order }] })
  const many: [what: string, path: string, body: object, index: RegExp][] = [
    ['all tasks', 'user-tasks', {}, /user_task_state \(state=\?/],
    ['tasks by creation', 'user-tasks', { filter: CREATED, ...by('creationDate') }, /user_task_creation \(state=\?/],
    ['tasks by due date', 'user-tasks', { filter: CREATED, ...by('dueDate') }, /user_task_due_date \(state=\?/],
    [
      'tasks by due date, last first',
      'user-tasks',
      { filter: CREATED, ...by('dueDate', 'DESC') },
      /user_task_due_date \(state=\?/,
    ],
    [
      'tasks by priority',
      'user-tasks',
      { filter: CREATED, ...by('priority', 'DESC') },
      /user_task_priority \(state=\?/,
    ],
    [
      'tasks of a person with many',
      'user-tasks',
      { filter: { ...CREATED, assignee: 'lee' } },
      /user_task_assignee \(assignee=\? AND state=\?\)/,
    ],
    [
      'tasks of a large group',
      'user-tasks',
      { filter: { ...CREATED, candidateGroup: 'a' }, ...by('creationDate') },
      /user_task_creation \(state=\?/,
    ],
    [
      'tasks with a common variable',
      'user-tasks',
      { filter: { ...CREATED, processInstanceVariables: CASE }, ...by('dueDate') },
      /user_task_due_date \(state=\?/,
    ],
    ['all instances', 'process-instances', {}, /process_instance_state \(state=\?\)/],
    [
      'instances of a process',
      'process-instances',
      { filter: { processDefinitionId: 'a' } },
      /process_instance_definition \(processDefinitionId=\? AND state=\?\)/,
    ],
    [
      'instances by start',
      'process-instances',
      { filter: ACTIVE, ...by('startDate', 'DESC') },
      /process_instance_start/,
    ],
    [
      'instances with a common variable',
      'process-instances',
      { filter: { ...ACTIVE, variables: CASE }, ...by('startDate') },
      /process_instance_start/,
    ],
    [
      'incidents by creation',
      'incidents',
      { filter: ACTIVE, ...by('creationTime', 'DESC') },
      /incident_creation \(state=\?\)/,
    ],
  ]
  test.each(many)('%s: an index is walked in the order of the sort', (_, path, body, index) => {
    const steps = stepsOf(path, body, 10_001, 100_000)
    const walked = steps.filter(({ sql }) => sql.includes('INDEXED BY'))
    expect(walked.flatMap(({ plan }) => plan).join('\n')).toMatch(index)
    expect(walked.flatMap(({ plan }) => plan.filter((detail) => detail.includes('TEMP B-TREE')))).toEqual([])
    expect(scans(steps)).toEqual([])
  })

  test('a cursor enters the index in the middle', () => {
    const cursor = Buffer.from(JSON.stringify([Date.UTC(2026, 10, 23), 5])).toString('base64')
    const body = { filter: CREATED, sort: [{ field: 'creationDate' }], page: { after: cursor } }
    const walked = stepsOf('user-tasks', body, 10_001, 0).filter(({ sql }) => sql.includes('INDEXED BY'))
    expect(walked.flatMap(({ plan }) => plan)[0]).toMatch(/user_task_creation \(state=\? AND creationDate>\?\)/)
  })
})
