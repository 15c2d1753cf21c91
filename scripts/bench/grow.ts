// Fills an engine's directory with many waiting instances: a thousand real ones, copied inside the database with other keys.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openEngine } from '../../src/engine/index.ts'
import { boundary, bpmn, end, flows, start, timer, userTask } from '../../src/engine/testing/bpmn-builder.ts'

/** When the deadlines of grown instances fall due, milliseconds: the end of a day, as a court's deadlines do. */
export const DUE_AT = Date.parse('2027-01-04T23:59:59.999+08:00')

/** A case that waits for a person and for its deadline. */
export const WAITING = bpmn(
  'waiting',
  start() +
    userTask('review', '<zeebe:assignmentDefinition candidateGroups="=[group]"/>') +
    boundary('late', 'review', timer('timeDate', '=due')) +
    end() +
    end('late-end') +
    flows('start -> review -> end', 'late -> late-end'),
)

const TEMPLATES = 1_000

/**
 * Deploys `waiting` (and `others`) into an empty directory and makes it hold `instances` waiting instances.
 * @param spread whether neighbours fall due in different seconds of the minute, so that no two touch the same pages
 */
export async function grow(
  directory: string,
  instances: number,
  others: Record<string, string> = {},
  spread = false,
): Promise<void> {
  const engine = await openEngine({ directory })
  const files = Object.entries({ 'waiting.bpmn': WAITING, ...others })
  await engine.execute({ type: 'DeployResources', resources: files.map(([name, content]) => ({ name, content })) })
  const first = engine.query.get<{ value: number }>("SELECT value FROM meta WHERE name = 'lastKey'")?.value ?? 0
  const templates = Math.min(TEMPLATES, instances)
  await Promise.all(
    Array.from({ length: templates }, (_, index) =>
      engine.execute({
        type: 'CreateProcessInstance',
        processDefinitionId: 'waiting',
        variables: {
          caseId: `case-${index}`,
          group: `team-${index % 7}`,
          due: new Date(DUE_AT - (spread ? (index % 60) * 1_000 : 0)).toISOString(),
        },
      }),
    ),
  )
  const last = engine.query.get<{ value: number }>("SELECT value FROM meta WHERE name = 'lastKey'")?.value ?? 0
  await engine.close()
  const copies = Math.ceil(instances / templates) - 1
  if (copies === 0) return
  const database = new DatabaseSync(join(directory, 'engine.db'))
  database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -400000')
  for (const table of ['process_instance', 'element_instance', 'variable', 'user_task', 'timer', 'sequence_flow'])
    copy(database, table, first, last, copies)
  database.prepare("UPDATE meta SET value = ? WHERE name = 'lastKey'").run(last + copies * (last - first))
  database.exec('PRAGMA journal_mode = WAL')
  database.close()
}

/** Copies the rows whose keys lie in (first, last] `copies` times, each time with keys moved on. */
function copy(database: DatabaseSync, table: string, first: number, last: number, copies: number): void {
  const columns = database.prepare('SELECT name, type FROM pragma_table_info(?)').all(table) as {
    name: string
    type: string
  }[]
  const own = columns.filter(({ name, type }) => type === 'INTEGER' && /^key$|Key$/.test(name))
  const moved = columns.map(({ name }) =>
    own.some((key) => key.name === name)
      ? `CASE WHEN ${name} > ${first} THEN ${name} + n * ${last - first} ELSE ${name} END`
      : name,
  )
  const key = own[0]?.name ?? 'key'
  database.exec(
    `WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < ${copies})
     INSERT INTO ${table} SELECT ${moved.join(', ')} FROM copy CROSS JOIN (SELECT * FROM ${table} WHERE ${key} > ${first} AND ${key} <= ${last})`,
  )
}
