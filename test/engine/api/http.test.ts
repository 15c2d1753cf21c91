import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveEngine } from '../../../src/engine/api/index.ts'
import { type Engine, openEngine } from '../../../src/engine/index.ts'
import { bpmn, end, flows, start, userTask } from '../../../src/engine/testing/bpmn-builder.ts'
import { CREDENTIALS, type ServedEngine, startServedEngine } from './served-engine.ts'

let served: ServedEngine
const LIMIT = 64 * 1024

beforeAll(async () => {
  served = await startServedEngine({ maxBodySize: LIMIT })
})
afterAll(() => served.close())

function basic(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}

describe('authentication', () => {
  const refused: [string, Record<string, string>][] = [
    ['no credentials', { authorization: '' }],
    ['a wrong password', basic(CREDENTIALS.user, 'wrong')],
    ['a wrong user', basic('somebody', CREDENTIALS.password)],
    ['a password that only begins right', basic(CREDENTIALS.user, CREDENTIALS.password.slice(0, -1))],
    ['empty credentials', basic('', '')],
    ['another scheme', { authorization: 'Bearer token' }],
    ['text that is not base64', { authorization: 'Basic ###' }],
  ]
  test.each(refused)('%s: 401 everywhere', async (_, headers) => {
    for (const [method, path] of [
      ['GET', '/v2/topology'],
      ['POST', '/v2/process-instances'],
      ['GET', '/v2/no-such-thing'],
    ] as const) {
      const answer = await served.send(method, path, method === 'POST' ? {} : undefined, headers)
      expect(answer).toMatchObject({
        status: 401,
        contentType: 'application/problem+json',
        body: { title: 'Unauthorized', status: 401, instance: path },
      })
    }
  })

  test('the right ones are let in, and named by /v2/authentication/me', async () => {
    expect(await served.client.getAuthentication()).toMatchObject({ username: CREDENTIALS.user })
    expect(
      (await served.send('GET', '/v2/topology', undefined, basic(CREDENTIALS.user, CREDENTIALS.password))).status,
    ).toBe(200)
  })

  test('a server without credentials is open', async () => {
    const open = await serveEngine(served.engine, { host: '127.0.0.1', port: 0 })
    const response = await fetch(`${open.url}/v2/topology`)
    expect(response.status).toBe(200)
    await open.close()
  })
})

describe('an engine in memory', () => {
  test('is served as well: searches are answered by the thread of the commands', async () => {
    const engine = await openEngine({ directory: null })
    const server = await serveEngine(engine, { host: '127.0.0.1', port: 0 })
    const post = async (path: string, body: BodyInit, type?: string) => {
      const headers: Record<string, string> = type ? { 'content-type': type } : {}
      return (await fetch(`${server.url}/v2/${path}`, { method: 'POST', body, headers })).json()
    }
    const xml = bpmn('in-memory', start() + userTask('approve') + end() + flows('start -> approve -> end'))
    await engine.execute({ type: 'DeployResources', resources: [{ name: 'a.bpmn', content: xml }] })
    await post('process-instances', '{"processDefinitionId":"in-memory"}', 'application/json')
    expect(await post('user-tasks/search', '{}', 'application/json')).toMatchObject({
      items: [{ elementId: 'approve' }],
    })
    const form = new FormData()
    form.append('file', new File(['kept in memory'], 'a.txt'))
    const { documentId, contentHash } = (await post('documents', form)) as { documentId: string; contentHash: string }
    const document = await fetch(`${server.url}/v2/documents/${documentId}?contentHash=${contentHash}`)
    expect(await document.text()).toBe('kept in memory')
    await server.close()
    await engine.close()
  })
})

describe('the cluster', () => {
  test('is one broker of version 8.8 that leads its only partition', async () => {
    const topology = await served.client.getTopology()
    expect(topology).toMatchObject({
      clusterSize: 1,
      partitionsCount: 1,
      gatewayVersion: expect.stringMatching(/^8\.8\./),
    })
    expect(topology.brokers[0]?.partitions).toEqual([{ partitionId: 1, role: 'leader', health: 'healthy' }])
    expect(await served.olderClient.getTopology()).toMatchObject({ clusterSize: 1 })
  })

  test('is healthy and licensed', async () => {
    expect((await served.send('GET', '/v2/status')).status).toBe(204)
    expect(await served.client.getLicense()).toMatchObject({ validLicense: true })
  })
})

describe('requests that reach no operation', () => {
  test('an unknown path: 404', async () => {
    expect(await served.send('POST', '/v2/wonders/search', {})).toMatchObject({
      status: 404,
      contentType: 'application/problem+json',
      body: {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'No endpoint POST /v2/wonders/search.',
        instance: '/v2/wonders/search',
      },
    })
  })

  test('a known path with another method: 405', async () => {
    expect(await served.send('GET', '/v2/user-tasks/search')).toMatchObject({ status: 405 })
    expect(await served.send('PUT', '/v2/topology', {})).toMatchObject({
      status: 405,
      body: { title: 'Method Not Allowed' },
    })
  })
})

describe('bodies', () => {
  test('text that is not JSON: 400', async () => {
    const answer = await served.send('POST', '/v2/jobs/search', '{"filter":', { 'content-type': 'application/json' })
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^Request body is not valid JSON/) },
    })
  })

  test('JSON that nests beyond 1,000 levels: 400; brackets in text do not count', async () => {
    const nested = (levels: number) => `{"variables":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`
    const headers = { 'content-type': 'application/json' }
    const detail = 'Request body nests lists and objects more than 1000 deep.'
    const deep = await served.send('POST', '/v2/jobs/1/completion', nested(1_000), headers)
    expect(deep).toMatchObject({ status: 400, body: { detail } })
    expect((await served.send('POST', '/v2/jobs/1/completion', nested(999), headers)).status).toBe(404)
    const text = { variables: { text: `"\\${'[{"'.repeat(2_000)}` } }
    expect((await served.send('POST', '/v2/jobs/1/completion', text)).status).toBe(404)
  })

  test('another content type: 415', async () => {
    const json = await served.send('POST', '/v2/jobs/search', 'a=b', { 'content-type': 'text/plain' })
    expect(json).toMatchObject({
      status: 415,
      body: { detail: "Content-Type 'text/plain' is not supported. Send 'application/json'." },
    })
    const multipart = await served.send('POST', '/v2/deployments', {})
    expect(multipart).toMatchObject({ status: 415, body: { detail: expect.stringContaining('multipart/form-data') } })
  })

  test('a missing body where one is required: 400', async () => {
    expect(await served.send('POST', '/v2/process-instances')).toMatchObject({
      status: 400,
      body: { detail: 'Required request body is missing.' },
    })
  })

  test('a body beyond the limit: 413, announced or not', async () => {
    const body = JSON.stringify({ filter: { type: 'x'.repeat(LIMIT) } })
    const detail = `The request body is larger than the ${LIMIT} bytes accepted here.`
    const announced = await served.send('POST', '/v2/jobs/search', body, { 'content-type': 'application/json' })
    expect(announced).toMatchObject({ status: 413, body: { detail } })
    const status = await new Promise((resolve, reject) => {
      const headers = { ...basic(CREDENTIALS.user, CREDENTIALS.password), 'transfer-encoding': 'chunked' }
      const outgoing = request(`${served.server.url}/v2/jobs/search`, { method: 'POST', headers })
      outgoing.once('response', (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      outgoing.once('error', reject)
      outgoing.write(body)
      outgoing.end()
    })
    expect(status).toBe(413)
  })

  test('a malformed multipart body and one without resources: 400', async () => {
    const malformed = await served.send('POST', '/v2/deployments', 'x', {
      'content-type': 'multipart/form-data; boundary=b',
    })
    expect(malformed).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('multipart body cannot be read') },
    })
    const form = new FormData()
    form.append('tenantId', '<default>')
    expect(await served.send('POST', '/v2/deployments', form)).toMatchObject({
      status: 400,
      body: { detail: "Required part 'resources' is not present." },
    })
  })

  test('keys in paths are digits', async () => {
    expect(await served.send('GET', '/v2/user-tasks/abc')).toMatchObject({
      status: 400,
      body: { detail: "Failed to convert 'userTaskKey' with value: 'abc': a key is a string of digits." },
    })
    expect((await served.send('GET', '/v2/user-tasks/9999999999999999999')).status).toBe(404)
    expect((await served.send('GET', '/v2/user-tasks/%E0%A4%A')).status).toBe(400)
  })
})

describe('faults of the engine', () => {
  test('an unexpected error: 500 without its text, which goes to onError', async () => {
    const errors: unknown[] = []
    const broken = new Proxy(served.engine, {
      get: (engine, name) =>
        name === 'execute' ? () => Promise.reject(new Error('disk on fire')) : Reflect.get(engine, name),
    })
    const server = await serveEngine(broken, { host: '127.0.0.1', port: 0, onError: (error) => errors.push(error) })
    const response = await fetch(`${server.url}/v2/clock/reset`, { method: 'POST' })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('disk on fire')
    expect(errors).toEqual([new Error('disk on fire')])
    await server.close()
  })

  test('a busy port: the error of listen', async () => {
    const port = Number(new URL(served.server.url).port)
    await expect(serveEngine(served.engine, { host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('close', () => {
  test('answers long polls with no jobs, lets go of idle connections, and refuses later requests', async () => {
    const waiting = Promise.withResolvers<void>()
    const types = new Set(['a', 'b'])
    const observed: Engine = {
      clock: served.engine.clock,
      query: served.engine.query,
      databaseFile: served.engine.databaseFile,
      execute: (command) => served.engine.execute(command),
      waitForJobs(awaited, timeoutMs, signal) {
        for (const type of awaited) types.delete(type)
        if (types.size === 0) waiting.resolve()
        return served.engine.waitForJobs(awaited, timeoutMs, signal)
      },
      close: () => served.engine.close(),
    }
    const server = await serveEngine(observed, { host: '127.0.0.1', port: 0 })
    const idle = connect(Number(new URL(server.url).port), '127.0.0.1')
    await once(idle, 'connect')
    const polls = [...types].map((type) =>
      fetch(`${server.url}/v2/jobs/activation`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ type, timeout: 1000, maxJobsToActivate: 1, requestTimeout: 600_000 }),
      }).then((response) => response.json()),
    )
    await waiting.promise
    await Promise.all([server.close(), server.close()])
    expect(await Promise.all(polls)).toEqual([{ jobs: [] }, { jobs: [] }])
    await expect(fetch(`${server.url}/v2/topology`)).rejects.toThrow()
    idle.destroy()
  })
})
