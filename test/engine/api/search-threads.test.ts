import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resourceFiles, type ServedEngine, startServedEngine } from './served-engine.ts'

// Searches of an engine on files run beside the thread of the commands.
let served: ServedEngine
const ROWS = 400_000
/** Looks at every variable, several times a row. */
const HEAVY = { filter: { value: { $like: '*a*b*c*' } }, sort: [{ field: 'value' }], page: { limit: 1 } }

beforeAll(async () => {
  served = await startServedEngine()
  await served.client.createDeployment({ resources: await resourceFiles('reminder.bpmn') })
  fill(served)
})
afterAll(() => served.close())

/** Variables that belong to nothing, put beside the engine's own. */
function fill({ engine }: ServedEngine): void {
  const database = new DatabaseSync(engine.databaseFile ?? '')
  database.exec(
    `INSERT INTO variable (key, name, value, scopeKey, processInstanceKey)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
      SELECT i, 'name' || i, '"aaaaaaaabbbbbbbbcccccccc' || i || '"', i, i FROM n`,
  )
  database.close()
}

function start() {
  return served.send('POST', '/v2/process-instances', { processDefinitionId: 'reminder', variables: { days: 1 } })
}

function heavy(signal?: AbortSignal) {
  return fetch(`${served.server.url}/v2/variables/search`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('engine:口令:with colon').toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(HEAVY),
    ...(signal ? { signal } : {}),
  })
}

describe('searches beside commands', () => {
  test('see what was acknowledged before they were asked', async () => {
    for (let index = 0; index < 20; index++) {
      const { processInstanceKey } = (await start()).body
      const found = await served.send('POST', '/v2/process-instances/search', { filter: { processInstanceKey } })
      expect(found.body.items).toHaveLength(1)
    }
  })

  test('let commands go on', async () => {
    let commands = 0
    let searching = true
    const search = heavy().then(async (response) => {
      searching = false
      expect((await response.json()).page).toMatchObject({ totalItems: 10_000, hasMoreTotalItems: true })
    })
    while (searching) {
      expect((await start()).status).toBe(200)
      if (searching) commands += 1
    }
    await search
    expect(commands).toBeGreaterThanOrEqual(3)
  })

  test('answer what is wrong with them as ever', async () => {
    const answer = await served.send('POST', '/v2/variables/search', { filter: { colour: 'red' } })
    expect(answer).toMatchObject({ status: 400, body: { detail: 'Request property [filter.colour] is not known.' } })
    expect(await served.send('GET', '/v2/process-instances/7/statistics/element-instances')).toMatchObject({
      status: 404,
      body: { title: 'NOT_FOUND' },
    })
  })

  test('whose clients have gone make way for others', async () => {
    const gone = new AbortController()
    const abandoned = Array.from({ length: 40 }, () => heavy(gone.signal).catch(() => 'gone'))
    const last = heavy()
    gone.abort()
    expect(await Promise.all(abandoned)).toEqual(abandoned.map(() => 'gone'))
    expect((await last).status).toBe(200)
  })
})

test('a search that takes too long is answered with 504, and the next one is served', async () => {
  const hurried = await startServedEngine({ searchTimeout: 1 })
  fill(hurried)
  const late = await hurried.send('POST', '/v2/variables/search', HEAVY)
  expect(late).toMatchObject({
    status: 504,
    body: { title: 'DEADLINE_EXCEEDED', detail: expect.stringMatching(/^The search/) },
  })
  await hurried.close()
})

test('a page that is too large for one answer is refused, and a smaller one is served', async () => {
  const large = await startServedEngine()
  const database = new DatabaseSync(large.engine.databaseFile ?? '')
  database.exec(
    `INSERT INTO variable (key, name, value, scopeKey, processInstanceKey)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7)
      SELECT i, 'large', printf('%.*c', 10000000, 'x'), i, i FROM n`,
  )
  database.close()
  const path = '/v2/variables/search?truncateValues=false'
  expect(await large.send('POST', path, {})).toMatchObject({
    status: 400,
    body: { title: 'INVALID_ARGUMENT', detail: expect.stringContaining('[page.limit]') },
  })
  expect((await large.send('POST', path, { page: { limit: 1 } })).body.items).toHaveLength(1)
  expect((await large.send('POST', '/v2/variables/search', {})).body.items).toHaveLength(7)
  await large.close()
})

test('a server that closes answers the searches under way', async () => {
  const closing = await startServedEngine()
  fill(closing)
  const answer = closing.send('POST', '/v2/variables/search', HEAVY)
  // By then the search has arrived; its thread has not even started.
  for (let index = 0; index < 10; index++) expect((await closing.send('GET', '/v2/status')).status).toBe(204)
  await closing.server.close()
  expect((await answer).status).toBe(200)
  await closing.close()
})
