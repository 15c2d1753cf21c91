import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveEngine } from '../../../src/engine/api/index.ts'
import { openEngine } from '../../../src/engine/index.ts'
import { type Answer, CREDENTIALS, type ServedEngine, startServedEngine } from './served-engine.ts'

let served: ServedEngine
const T0 = Date.UTC(2026, 10, 23, 1)
const HOUR = 3_600_000

beforeAll(async () => {
  served = await startServedEngine()
  await served.client.pinClock({ timestamp: T0 })
})
afterAll(() => served.close())

function upload(content: string, metadata?: object, query = ''): Promise<Answer> {
  const form = new FormData()
  form.append('file', new File([content], '笔录.txt', { type: 'text/plain' }))
  if (metadata) form.append('metadata', new Blob([JSON.stringify(metadata)], { type: 'application/json' }))
  return served.send('POST', `/v2/documents${query}`, form)
}

function get(documentId: string, contentHash: string): Promise<Answer> {
  return served.send('GET', `/v2/documents/${encodeURIComponent(documentId)}?contentHash=${contentHash}`)
}

describe('a document', () => {
  test('is kept with its hash and what is said of it, and read back', async () => {
    const metadata = { processInstanceKey: '2251799813685249', customProperties: { pages: 3 }, size: 1 }
    const { status, body } = await upload('第一页', metadata)
    expect(status).toBe(201)
    expect(body).toEqual({
      'camunda.document.type': 'camunda',
      storeId: 'local',
      documentId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      contentHash: createHash('sha256').update('第一页').digest('hex'),
      metadata: {
        contentType: 'text/plain',
        fileName: '笔录.txt',
        size: 9,
        processInstanceKey: '2251799813685249',
        customProperties: { pages: 3 },
      },
    })
    expect(await get(body.documentId, body.contentHash)).toMatchObject({ contentType: 'text/plain', body: '第一页' })
  })

  test('is uploaded by the client, alone and with others', async () => {
    const file = () => new File(['client'], 'client.txt', { type: 'text/plain' })
    const one = await served.free.createDocument({
      file: file() as never,
      metadata: { fileName: 'renamed.txt' } as never,
    })
    expect(one).toMatchObject({ metadata: { fileName: 'renamed.txt' } })
    const two = await served.free.createDocuments({
      files: [file(), file()] as never,
      metadataList: [{ fileName: 'a.txt' }, { fileName: 'b.txt' }] as never,
    })
    expect(two.createdDocuments?.map((document) => document.metadata?.fileName)).toEqual(['a.txt', 'b.txt'])
    expect(two.failedDocuments).toEqual([])
  })

  test('has the id that is asked for, once', async () => {
    const query = `?documentId=${encodeURIComponent('卷宗/1 ../x')}&storeId=local`
    expect((await upload('a', undefined, query)).body.documentId).toBe('卷宗/1 ../x')
    expect(await upload('b', undefined, query)).toMatchObject({ status: 409, body: { title: 'ALREADY_EXISTS' } })
  })

  test('is gone when it is deleted', async () => {
    const { documentId, contentHash } = (await upload('short-lived')).body
    expect((await served.send('DELETE', `/v2/documents/${documentId}`)).status).toBe(204)
    expect(await get(documentId, contentHash)).toMatchObject({ status: 404, body: { title: 'NOT_FOUND' } })
    expect((await served.send('DELETE', `/v2/documents/${documentId}`)).status).toBe(404)
  })

  test('is gone when it expires, and its id is free again', async () => {
    const expiresAt = '2026-11-23T10:00:00+08:00'
    const { documentId, contentHash, metadata } = (await upload('for an hour', { expiresAt }, '?documentId=hour')).body
    expect(metadata.expiresAt).toBe('2026-11-23T02:00:00.000Z')
    await served.client.pinClock({ timestamp: T0 + HOUR - 1 })
    expect((await get(documentId, contentHash)).status).toBe(200)
    await served.client.pinClock({ timestamp: T0 + HOUR })
    expect((await get(documentId, contentHash)).status).toBe(404)
    expect((await upload('again', undefined, '?documentId=hour')).status).toBe(201)
    await served.client.pinClock({ timestamp: T0 })
  })
})

describe('a link', () => {
  test('lets anybody read the document until it expires', async () => {
    const { documentId, contentHash } = (await upload('for everybody')).body
    const path = `/v2/documents/${documentId}/links?contentHash=${contentHash}`
    const { status, body } = await served.send('POST', path, { timeToLive: 60_000 })
    expect(status).toBe(201)
    expect(body.expiresAt).toBe(new Date(T0 + 60_000).toISOString())
    expect(await (await fetch(body.url)).text()).toBe('for everybody')
    await served.client.pinClock({ timestamp: T0 + 60_000 })
    expect((await fetch(body.url)).status).toBe(401)
    await served.client.pinClock({ timestamp: T0 })
  })

  test('lives an hour when nothing is said, and opens nothing else', async () => {
    const { documentId, contentHash } = (await upload('mine')).body
    const other = (await upload('other')).body
    const { body } = await served.send('POST', `/v2/documents/${documentId}/links?contentHash=${contentHash}`)
    expect(body.expiresAt).toBe(new Date(T0 + HOUR).toISOString())
    const forged = [
      body.url.replace(documentId, other.documentId).replace(contentHash, other.contentHash),
      body.url.replace(/expires=\d+/, `expires=${T0 + 9 * HOUR}`),
      body.url.replace(/signature=.*/, 'signature=x'),
      body.url.replace(documentId, '%ff'),
    ]
    for (const url of forged) expect((await fetch(url)).status, url).toBe(401)
    expect((await fetch(body.url, { method: 'DELETE' })).status).toBe(401)
  })
})

describe('what is wrong', () => {
  test('names the part, the parameter or the id', async () => {
    const { documentId, contentHash } = (await upload('here')).body
    const refused: [Promise<Answer>, number, RegExp][] = [
      [served.send('POST', '/v2/documents', new FormData()), 400, /part 'file' is not present/],
      [served.send('POST', '/v2/documents/batch', new FormData()), 400, /part 'files' is not present/],
      [served.send('POST', '/v2/documents', {}), 415, /multipart\/form-data/],
      [upload('a', undefined, '?storeId=gcp'), 400, /store with id 'gcp' does not exist/],
      [upload('a', { expiresAt: 'tomorrow' }), 400, /\[expiresAt\].*ISO 8601/],
      [upload('a', { colour: 'red' }), 400, /\[colour\] is not known/],
      [served.send('GET', `/v2/documents/${documentId}`), 400, /\[contentHash\]/],
      [get(documentId, `${contentHash}0`), 400, /\[contentHash\]/],
      [get('nothing', contentHash), 404, /Document with id 'nothing' not found/],
      [
        served.send('POST', `/v2/documents/${documentId}/links?contentHash=${contentHash}`, { timeToLive: 0 }),
        400,
        /\[timeToLive\].*greater than 0/,
      ],
    ]
    for (const [answer, status, detail] of refused) {
      expect(await answer).toMatchObject({ status, body: { detail: expect.stringMatching(detail) } })
    }
  })

  test('metadata of a batch must be as many as the files', async () => {
    const form = new FormData()
    for (const name of ['a', 'b']) form.append('files', new File([name], name))
    form.append('metadataList', JSON.stringify([{ fileName: 'a' }]))
    expect(await served.send('POST', '/v2/documents/batch', form)).toMatchObject({ status: 400 })
  })
})

test('documents are there after a restart, links too; what has expired leaves no file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'engine-documents-'))
  const options = { host: '127.0.0.1', port: 0, credentials: CREDENTIALS }
  const authorization = `Basic ${Buffer.from(`${CREDENTIALS.user}:${CREDENTIALS.password}`).toString('base64')}`
  const put = async (url: string, content: string, expiresAt?: string) => {
    const body = new FormData()
    body.append('file', new File([content], 'a.txt'))
    if (expiresAt) body.append('metadata', JSON.stringify({ expiresAt }))
    const response = await fetch(`${url}/v2/documents`, { method: 'POST', headers: { authorization }, body })
    return (await response.json()) as { documentId: string; contentHash: string }
  }
  const first = await openEngine({ directory })
  await first.execute({ type: 'PinClock', timestamp: T0 })
  const server = await serveEngine(first, options)
  const kept = await put(server.url, 'kept')
  await put(server.url, 'not kept', new Date(T0 + HOUR).toISOString())
  const path = `/v2/documents/${kept.documentId}`
  const links = `${server.url}${path}/links?contentHash=${kept.contentHash}`
  const answer = await fetch(links, { method: 'POST', headers: { authorization } })
  const { search } = new URL(((await answer.json()) as { url: string }).url)
  await server.close()
  await first.close()

  const second = await openEngine({ directory })
  const again = await serveEngine(second, options)
  expect(await (await fetch(`${again.url}${path}${search}`)).text()).toBe('kept')
  await second.execute({ type: 'PinClock', timestamp: T0 + 2 * HOUR })
  await put(again.url, 'new')
  const files = await readdir(join(directory, 'documents'))
  expect(files.filter((name) => name.endsWith('.document'))).toHaveLength(2)
  expect(files.filter((name) => name.endsWith('.draft'))).toEqual([])
  await again.close()
  await second.close()
  await rm(directory, { recursive: true })
})
