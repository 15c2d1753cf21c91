// How long searches take among many waiting instances over REST, while the engine works.

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveEngine } from '../../src/engine/api/index.ts'
import { type Engine, openEngine } from '../../src/engine/index.ts'
import { type Measurement, percentile } from './measurement.ts'
import { makeSearchData } from './search-data.ts'

const CREATED = { state: 'CREATED' }
const ACTIVE = { state: 'ACTIVE' }

/** Searches as the lists of a product make them, selective ones and such that half of all rows match. */
const SEARCHES: Record<string, readonly [path: string, body: object][]> = {
  'user tasks': [
    ['user-tasks', {}],
    ['user-tasks', { filter: CREATED, sort: [{ field: 'creationDate', order: 'ASC' }] }],
    ['user-tasks', { filter: CREATED, sort: [{ field: 'creationDate', order: 'DESC' }], page: { limit: 50 } }],
    ['user-tasks', { filter: CREATED, sort: [{ field: 'dueDate', order: 'ASC' }] }],
    ['user-tasks', { filter: CREATED, sort: [{ field: 'dueDate', order: 'DESC' }] }],
    ['user-tasks', { filter: CREATED, sort: [{ field: 'priority', order: 'DESC' }] }],
    ['user-tasks', { sort: [{ field: 'dueDate', order: 'ASC' }], page: { from: 200, limit: 50 } }],
    ['user-tasks', { filter: { ...CREATED, assignee: 'person-7' }, sort: [{ field: 'dueDate' }] }],
    [
      'user-tasks',
      {
        filter: { ...CREATED, candidateGroup: 'clerks', assignee: { $exists: false } },
        sort: [{ field: 'creationDate' }],
      },
    ],
    [
      'user-tasks',
      {
        filter: { ...CREATED, candidateGroup: { $in: ['judges', 'chamber-3', 'team-77'] } },
        sort: [{ field: 'dueDate' }],
      },
    ],
    [
      'user-tasks',
      { filter: { ...CREATED, candidateGroup: 'chamber-3' }, sort: [{ field: 'priority', order: 'DESC' }] },
    ],
    ['user-tasks', { filter: { ...CREATED, candidateGroup: 'presidents' }, sort: [{ field: 'creationDate' }] }],
    [
      'user-tasks',
      { filter: { ...CREATED, candidateGroup: 'team-77' }, sort: [{ field: 'creationDate' }], page: { limit: 20 } },
    ],
    ['user-tasks', { filter: { ...CREATED, processInstanceVariables: [{ name: 'caseId', value: '"case-4711"' }] } }],
    [
      'user-tasks',
      {
        filter: { ...CREATED, processInstanceVariables: [{ name: 'court', value: '"court-3"' }] },
        sort: [{ field: 'dueDate' }],
      },
    ],
    [
      'user-tasks',
      { filter: { ...CREATED, dueDate: { $lt: '2020-01-01T00:00:00.000Z' } }, sort: [{ field: 'dueDate' }] },
    ],
    ['user-tasks', { filter: { ...CREATED, priority: { $gte: 90 } }, sort: [{ field: 'priority', order: 'DESC' }] }],
    [
      'user-tasks',
      {
        filter: { ...CREATED, elementId: 'approve', processDefinitionId: 'approval' },
        sort: [{ field: 'creationDate' }],
      },
    ],
  ],
  'process instances': [
    ['process-instances', {}],
    ['process-instances', { filter: ACTIVE, sort: [{ field: 'startDate', order: 'DESC' }] }],
    [
      'process-instances',
      { filter: { processDefinitionId: 'approval' }, sort: [{ field: 'startDate', order: 'ASC' }] },
    ],
    ['process-instances', { filter: { ...ACTIVE, processDefinitionId: 'approval' }, page: { limit: 50 } }],
    [
      'process-instances',
      { filter: { variables: [{ name: 'caseId', value: '"case-123456"' }] }, sort: [{ field: 'startDate' }] },
    ],
    [
      'process-instances',
      { filter: { ...ACTIVE, variables: [{ name: 'court', value: '"court-1"' }] }, sort: [{ field: 'startDate' }] },
    ],
    ['process-instances', { filter: { ...ACTIVE, hasIncident: true }, sort: [{ field: 'startDate', order: 'DESC' }] }],
    [
      'process-instances',
      { filter: { ...ACTIVE, elementId: 'approve', elementInstanceState: 'ACTIVE' }, page: { limit: 20 } },
    ],
    ['incidents', { filter: ACTIVE, sort: [{ field: 'creationTime', order: 'DESC' }] }],
    ['incidents', { filter: { ...ACTIVE, errorType: 'JOB_NO_RETRIES' }, sort: [{ field: 'creationTime' }] }],
    ['variables', { filter: { name: 'caseId', value: '"case-99"' } }],
  ],
}

/** What to measure with. */
export interface SearchBenchOptions {
  /** Where the data are made, and kept for the next time. */
  readonly directory?: string
  readonly instances?: number
  /** How often each search is made. */
  readonly rounds?: number
  /** Prints each search with its own figures. */
  readonly verbose?: boolean
}

/** Measures searches among a million waiting instances while instances are started. */
export async function benchSearch(options: SearchBenchOptions = {}): Promise<Measurement[]> {
  const instances = options.instances ?? 1_000_000
  const directory = options.directory ?? join(tmpdir(), `engine-search-${instances}`)
  await makeSearchData(directory, instances)
  const engine = await openEngine({ directory })
  const server = await serveEngine(engine, { host: '127.0.0.1', port: 0, searchTimeout: 60_000 })
  const load = startLoad(engine)
  const rows: Measurement[] = []
  try {
    for (const [what, searches] of Object.entries(SEARCHES)) {
      const times: number[] = []
      for (const [path, body] of searches) {
        const own: number[] = []
        for (let round = 0; round < (options.rounds ?? 10) + 1; round++) {
          const milliseconds = await timed(`${server.url}/v2/${path}/search`, body)
          // The first one of its kind reads from disk and prepares statements.
          if (round > 0) own.push(milliseconds)
        }
        times.push(...own)
        if (options.verbose)
          console.log(percentile(own, 0.5).toFixed(1), percentile(own, 0.95).toFixed(1), path, JSON.stringify(body))
      }
      const among = `search of ${what} among ${instances.toLocaleString('en')}, while instances are started`
      rows.push({ what: `${among}: p50`, value: percentile(times, 0.5), unit: 'ms' })
      rows.push({ what: `${among}: p95`, value: percentile(times, 0.95), unit: 'ms', target: { atMost: 50 } })
    }
  } finally {
    const { commands, p99 } = await load.stop()
    rows.push({
      what: `start of an instance beside the searches: p99 of ${commands}`,
      value: p99,
      unit: 'ms',
    })
    await server.close()
    await engine.close()
  }
  return rows
}

async function timed(url: string, body: object): Promise<number> {
  const begin = performance.now()
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} ${JSON.stringify(body)}: ${text}`)
  return performance.now() - begin
}

/** Starts instances, one after the other, with a breath between. */
function startLoad(engine: Engine): { stop(): Promise<{ commands: number; p99: number }> } {
  let running = true
  const times: number[] = []
  const done = (async () => {
    while (running) {
      const begin = performance.now()
      const { processInstanceKey } = await engine.execute({
        type: 'CreateProcessInstance',
        processDefinitionId: 'approval',
        variables: { caseId: `new-${times.length}`, court: 'court-9' },
      })
      times.push(performance.now() - begin)
      await engine.execute({ type: 'CancelProcessInstance', processInstanceKey })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  return {
    async stop() {
      running = false
      await done
      return { commands: times.length, p99: percentile(times, 0.99) }
    },
  }
}
