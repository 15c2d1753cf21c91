import { connect as connectHttp2 } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bpmn, end, flows, serviceTask, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { AUTHORIZATION, connectSdk, RawClient, type ServedGateway, startServedGateway } from './served-gateway.ts'

const PROCESS = bpmn('one-task', start() + serviceTask('work') + end() + flows('start -> work -> end'))
const instance = (variables: string) => ({ bpmnProcessId: 'one-task', version: -1, variables })

describe('a gateway with credentials', () => {
  let served: ServedGateway

  beforeEach(async () => {
    served = await startServedGateway()
  })
  afterEach(() => served.close())

  it('serves nobody without them', async () => {
    const stranger = new RawClient(served.gateway.url)
    expect(await stranger.call('Topology')).toMatchObject({
      code: 'UNAUTHENTICATED',
      details: 'Expected HTTP Basic credentials that are valid here in the metadata [authorization]',
    })
    stranger.close()
  })

  it('serves nobody with others', async () => {
    const camunda = connectSdk(served.gateway.url, 'somebody')
    await expect(camunda.getZeebeGrpcApiClient().topology()).rejects.toThrow('16 UNAUTHENTICATED')
    await camunda.closeAllClients()
  })

  it('checks them for streams too', async () => {
    const metadata = { authorization: 'Bearer token' }
    const request = { type: 'work', timeout: 1_000, maxJobsToActivate: 1 }
    expect((await served.raw.call('ActivateJobs', request, { metadata })).code).toBe('UNAUTHENTICATED')
    expect((await served.raw.call('StreamActivatedJobs', request, { metadata })).code).toBe('UNAUTHENTICATED')
  })
})

describe('a gateway', () => {
  let served: ServedGateway

  beforeEach(async () => {
    served = await startServedGateway({ maxMessageSize: 100_000, maxCallsUnderWay: 3 })
    await served.inside.deploy({ 'test.bpmn': PROCESS })
  })
  afterEach(() => served.close())

  const text = (length: number) => JSON.stringify({ text: 'x'.repeat(length) })
  async function compressed<Result>(work: (client: RawClient) => Promise<Result>): Promise<Result> {
    const client = new RawClient(served.gateway.url, { authorization: AUTHORIZATION }, 2)
    try {
      return await work(client)
    } finally {
      client.close()
    }
  }

  it('refuses a message that is too large, and goes on with the connection', async () => {
    expect(await served.raw.call('CreateProcessInstance', instance(text(150_000)))).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      details: expect.stringMatching(/^gRPC message exceeds maximum size 100000: 150\d{3}$/),
    })
    expect((await served.raw.call('CreateProcessInstance', instance(text(90_000)))).code).toBe('OK')
  })

  it('refuses a message that is much too large without reading it', async () => {
    expect((await served.raw.call('CreateProcessInstance', instance(text(20_000_000)))).code).toBe('RESOURCE_EXHAUSTED')
    expect((await served.raw.call('Topology')).code).toBe('OK')
  })

  it('reads compressed messages', async () => {
    await compressed(async (client) => {
      const { messages } = await client.call('CreateProcessInstance', instance('{"案号":"(2026)豫0922执1号"}'))
      expect(served.inside.variables(Number(messages[0].processInstanceKey))).toEqual({ 案号: '(2026)豫0922执1号' })
    })
  })

  it('refuses a compressed message that unfolds to one too large', async () => {
    await compressed(async (client) => {
      expect(await client.call('CreateProcessInstance', instance(text(50_000_000)))).toMatchObject({
        code: 'RESOURCE_EXHAUSTED',
        details: 'Decompressed gRPC message exceeds maximum size 100000',
      })
      expect((await client.call('Topology')).code).toBe('OK')
    })
  })

  it('refuses variables that are not JSON, showing what was sent', async () => {
    const { code, details } = await served.raw.call('CreateProcessInstance', instance('{"a":'))
    expect(code).toBe('INVALID_ARGUMENT')
    expect(details).toMatch(/^Invalid JSON value: {"a":\n/)
    const long = await served.raw.call('CreateProcessInstance', instance(`{"a":${'1'.repeat(10_000)}x}`))
    expect(long.code).toBe('INVALID_ARGUMENT')
    expect(long.details.length).toBeLessThan(500)
  })

  it('refuses variables that nest too deep', async () => {
    const deep = `{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`
    expect(await served.raw.call('CreateProcessInstance', instance(deep))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: expect.stringContaining('nests lists and objects more than 1000 deep'),
    })
  })

  it('refuses tags of another form, and too many', async () => {
    const request = (tags: string[]) => ({ ...instance(''), tags })
    expect((await served.raw.call('CreateProcessInstance', request(['1 x']))).details).toContain("one is '1 x'")
    const many = Array.from({ length: 11 }, (_, index) => `t${index}`)
    expect((await served.raw.call('CreateProcessInstance', request(many))).details).toContain('at most 10 tags')
  })

  it('says so in full when a reason is in Chinese, and shortens one that is longer than headers may be', async () => {
    const short = await served.raw.call('CreateProcessInstance', { bpmnProcessId: '执行案件', version: -1 })
    expect(short.details).toContain("process ID '执行案件', but none found")
    const long = await served.raw.call('CreateProcessInstance', { bpmnProcessId: '案'.repeat(5_000), version: -1 })
    expect(long.code).toBe('NOT_FOUND')
    expect(long.details).toMatch(/案\.\.\.$/)
  })

  it('refuses calls beyond the number that it may have under way', async () => {
    const request = { request: instance(''), requestTimeout: 60_000 }
    const waiting = [1, 2, 3].map(() => served.raw.call('CreateProcessInstanceWithResult', request))
    const instances = () => served.engine.query.all('SELECT key FROM process_instance')
    await expect.poll(instances, { timeout: 30_000 }).toHaveLength(3)
    expect(await served.raw.call('Topology')).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      details: expect.stringContaining('the request limit is exhausted'),
    })
    await served.gateway.close()
    expect((await Promise.all(waiting)).map(({ code }) => code)).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE'])
  })

  it('ends a wait for a result at the deadline of the call', async () => {
    const request = { request: instance(''), requestTimeout: 60_000 }
    expect((await served.raw.call('CreateProcessInstanceWithResult', request, { deadline: 100 })).code).toBe(
      'DEADLINE_EXCEEDED',
    )
    // One call may be under way again.
    expect((await served.raw.call('Topology')).code).toBe('OK')
  })

  it('does not know other methods and services', async () => {
    for (const path of ['/gateway_protocol.Gateway/Nope', '/other.Service/Nope'])
      expect(await unary(served.gateway.url, path, Buffer.alloc(0))).toEqual({
        code: 'UNIMPLEMENTED',
        details: `Method not found: ${path.slice(1)}`,
      })
  })

  it('refuses a message that is none of the method', async () => {
    const path = '/gateway_protocol.Gateway/CompleteJob'
    expect(await unary(served.gateway.url, path, Buffer.alloc(11, 0xff))).toMatchObject({
      code: 'INTERNAL',
      details: expect.stringContaining('The request cannot be decoded'),
    })
  })

  it('answers a request that is not gRPC with 415', async () => {
    const session = connectHttp2(served.gateway.url.replace('grpc:', 'http:'))
    for (const type of ['application/json', 'application/grpc+json']) {
      const stream = session.request({ ':path': '/', ':method': 'POST', 'content-type': type })
      const headers = await new Promise<Record<string, unknown>>((resolve) => stream.on('response', resolve))
      expect(headers[':status']).toBe(415)
    }
    session.close()
  })

  it('outlives what is not HTTP/2 at all, and connections that break', async () => {
    const port = Number(served.gateway.url.split(':').at(-1))
    for (const sent of [
      'GET / HTTP/1.1\r\nhost: x\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff',
      '\0'.repeat(1_000),
    ])
      await new Promise<void>((resolve) => {
        const socket = connectTcp(port, '127.0.0.1', () => socket.write(Buffer.from(sent, 'latin1')))
        socket.on('data', () => {})
        socket.on('error', () => {})
        socket.on('close', () => resolve())
        setTimeout(() => socket.destroy(), 100)
      })
    expect((await served.raw.call('Topology')).code).toBe('OK')
  })

  it('answers a request without a message', async () => {
    const session = connectHttp2(served.gateway.url.replace('grpc:', 'http:'))
    const stream = session.request(
      {
        ':path': '/gateway_protocol.Gateway/Topology',
        ':method': 'POST',
        'content-type': 'application/grpc',
        authorization: AUTHORIZATION,
      },
      { endStream: true },
    )
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.on('response', resolve))
    expect(headers['grpc-status']).toBe('13')
    session.close()
  })
})

/** A call with bytes of our own. */
function unary(address: string, path: string, message: Buffer): Promise<{ code: string; details: string }> {
  const client = new Client(address.replace('grpc://', ''), credentials.createInsecure())
  const metadata = new Metadata()
  metadata.set('authorization', AUTHORIZATION)
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      path,
      () => message,
      (bytes) => bytes,
      {},
      metadata,
      (error: ServiceError | null) => {
        client.close()
        resolve({ code: status[error?.code ?? 0] ?? '', details: error?.details ?? '' })
      },
    )
  })
}

describe('a gateway that closes', () => {
  it('answers what is under way, then lets the connections go', async () => {
    const served = await startServedGateway()
    await served.inside.deploy({ 'test.bpmn': PROCESS })
    const calls = Array.from({ length: 20 }, () => served.raw.call('CreateProcessInstance', instance('{}')))
    await calls[0]
    const closed = served.gateway.close()
    const codes = new Set((await Promise.all(calls)).map(({ code }) => code))
    await closed
    expect([...codes].filter((code) => code !== 'OK' && code !== 'UNAVAILABLE')).toEqual([])
    expect((await served.raw.call('Topology', {}, { deadline: 500 })).code).not.toBe('OK')
    await served.close()
  })

  it('can be closed twice', async () => {
    const served = await startServedGateway()
    await Promise.all([served.gateway.close(), served.gateway.close()])
    await served.close()
  })

  it('says when its port is taken', async () => {
    const served = await startServedGateway()
    const port = Number(served.gateway.url.split(':').at(-1))
    await expect(startServedGateway({ port })).rejects.toThrow('EADDRINUSE')
    await served.close()
  })
})
