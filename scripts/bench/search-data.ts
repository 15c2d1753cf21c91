// A large engine directory for measurements of searches: waiting instances with user tasks, written straight by SQL.
import { createHash } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openEngine } from '../../src/engine/index.ts'
import { SCHEMA } from '../../src/engine/state/schema.ts'
import { bpmn, end, flows, serviceTask, start, userTask } from '../../src/engine/testing/bpmn-builder.ts'

/** The process of the instances: it waits at a user task. */
const APPROVAL = bpmn(
  'approval',
  start() + userTask('approve') + serviceTask('notify') + end() + flows('start -> approve -> notify -> end'),
)

/** Keys that an instance takes: itself, its task's element instance, the task, three variables; some stay free. */
const KEYS_AN_INSTANCE = 8
const DAY = 86_400_000

/**
 * Makes a directory with `instances` waiting instances, unless it is there already.
 * Half of the tasks are assigned, one person in 2,000 each; groups hold from 300,000 tasks down to a few.
 */
export async function makeSearchData(directory: string, instances: number): Promise<void> {
  // Data of other tables than today's are made anew.
  const mark = join(directory, `${instances}-${createHash('sha256').update(SCHEMA).digest('hex').slice(0, 16)}`)
  if (existsSync(mark)) return
  rmSync(directory, { recursive: true, force: true })
  const engine = await openEngine({ directory })
  await engine.execute({ type: 'DeployResources', resources: [{ name: 'approval.bpmn', content: APPROVAL }] })
  const { processInstanceKey } = await engine.execute({
    type: 'CreateProcessInstance',
    processDefinitionId: 'approval',
  })
  await engine.close()
  const database = new DatabaseSync(join(directory, 'engine.db'))
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN')
  // Indexes are made in one go afterwards, from what the schema says.
  const later = database
    .prepare(
      `SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL AND (type = 'index' OR type = 'trigger')
        AND tbl_name IN ('process_instance', 'element_instance', 'variable', 'user_task', 'user_task_candidate', 'incident')`,
    )
    .all()
  for (const { name, type } of later) database.exec(`DROP ${String(type)} ${String(name)}`)
  const from = processInstanceKey + 1_000
  const key = (offset: number) => `${from} + n.i * ${KEYS_AN_INSTANCE} + ${offset}`
  database.exec(
    `CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${instances - 1}) SELECT i FROM n`,
  )
  copy(database, 'process_instance', `WHERE t.key = ${processInstanceKey}`, {
    key: key(0),
    rootProcessInstanceKey: key(0),
    startDate: 't.startDate + n.i * 1000',
  })
  copy(database, 'element_instance', `WHERE t.key = ${processInstanceKey}`, {
    key: key(0),
    processInstanceKey: key(0),
    startDate: 't.startDate + n.i * 1000',
  })
  copy(database, 'element_instance', `WHERE t.processInstanceKey = ${processInstanceKey} AND t.elementId = 'approve'`, {
    key: key(1),
    processInstanceKey: key(0),
    flowScopeKey: key(0),
    startDate: 't.startDate + n.i * 1000',
  })
  copy(database, 'user_task', `WHERE t.processInstanceKey = ${processInstanceKey}`, {
    key: key(2),
    elementInstanceKey: key(1),
    processInstanceKey: key(0),
    creationDate: 't.creationDate + n.i * 1000',
    assignee: `CASE WHEN n.i % 2 = 0 THEN 'person-' || (n.i * 7919 % 2000) END`,
    candidateGroups: `CASE WHEN n.i % 10 < 3 THEN '["clerks"]' WHEN n.i % 10 < 5 THEN '["judges", "chamber-' || (n.i / 10 % 20) || '"]'
      WHEN n.i % 20000 = 9 THEN '["presidents"]' ELSE '["team-' || (n.i * 104729 % 5000) || '"]' END`,
    dueDate: `CASE WHEN ${mixed(17)} % 10 < 7 THEN t.creationDate + ${mixed(5)} % 91 * ${DAY} + n.i END`,
    priority: `CASE WHEN ${mixed(3)} % 5 = 0 THEN ${mixed(9)} % 101 ELSE 50 END`,
  })
  for (const [offset, name, value] of [
    [3, 'caseId', `'"case-' || n.i || '"'`],
    [4, 'court', `'"court-' || (n.i % 5) || '"'`],
    [5, 'amount', 'CAST(n.i * 12345 % 1000000 AS TEXT)'],
  ] as const) {
    database.exec(`INSERT INTO variable (key, name, value, scopeKey, processInstanceKey)
      SELECT ${key(offset)}, '${name}', ${value}, ${key(0)}, ${key(0)} FROM n`)
  }
  database.exec(`INSERT INTO incident SELECT ${key(6)}, CASE WHEN n.i % 3 = 0 THEN 'JOB_NO_RETRIES' ELSE 'IO_MAPPING_ERROR' END,
    'No more retries left: ' || n.i, CASE WHEN n.i % 200 = 0 THEN 'ACTIVE' ELSE 'RESOLVED' END, 'approve', ${key(1)}, ${key(0)},
    p.processDefinitionKey, p.processDefinitionId, NULL, p.startDate, NULL FROM n JOIN process_instance p ON p.key = ${key(0)} WHERE n.i % 20 = 0`)
  database.exec(
    `UPDATE process_instance SET incidentCount = 1 WHERE key IN (SELECT processInstanceKey FROM incident WHERE state = 'ACTIVE')`,
  )
  for (const kind of ['Groups', 'Users'])
    database.exec(`INSERT OR IGNORE INTO user_task_candidate
      SELECT '${kind === 'Groups' ? 'GROUP' : 'USER'}', e.value, t.key FROM user_task t, json_each(t.candidate${kind}) e`)
  for (const { sql } of later) database.exec(String(sql))
  database.exec(`UPDATE meta SET value = ${from + (instances + 1) * KEYS_AN_INSTANCE} WHERE name = 'lastKey'; COMMIT`)
  database.close()
  writeFileSync(mark, '')
}

/** A number that looks drawn by chance, the same in every run. */
function mixed(shift: number): string {
  return `(n.i * 2654435761 % 4294967296 >> ${shift})`
}

/** Copies one row of a table for every number in `n`, with some columns changed. */
function copy(database: DatabaseSync, table: string, where: string, changed: Record<string, string>): void {
  const columns = database
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(({ name }) => String(name))
  const values = columns.map((name) => changed[name] ?? `t.${name}`)
  database.exec(`INSERT INTO ${table} SELECT ${values.join(', ')} FROM (SELECT * FROM ${table} t ${where}) t, n`)
}
