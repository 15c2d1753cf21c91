import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectCamunda } from '../../src/orchestration/camunda.ts'
import { createOrchestration } from '../../src/orchestration/client.ts'
import { startEmbeddedEngine } from '../../src/orchestration/embedded.ts'

const access = z.strictObject({
  restAddress: z.string(),
  grpcAddress: z.string(),
  user: z.string(),
  password: z.string(),
})

describe('the embedded engine', () => {
  let dataDirectory: string

  beforeEach(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'embedded-'))
  })
  afterEach(() => rmSync(dataDirectory, { recursive: true }))

  const start = (grpcPort = 0) =>
    startEmbeddedEngine({ dataDirectory, port: 0, grpcPort, transport: 'grpc', onFault: () => {} })
  const engineFile = () => join(dataDirectory, 'engine.json')

  it('tells in engine.json, to its owner only, where it is reached by REST and by gRPC', async () => {
    const engine = await start()
    const { restAddress, grpcAddress, user, password } = access.parse(JSON.parse(readFileSync(engineFile(), 'utf8')))
    expect(statSync(engineFile()).mode & 0o777).toBe(0o600)
    for (const transport of ['rest', 'grpc'] as const) {
      const camunda = connectCamunda({ restAddress, grpcAddress, transport, basic: { user, password } })
      expect(await createOrchestration(camunda, transport).ready()).toBe(true)
      await camunda.closeAllClients()
    }
    expect(engine.connection).toEqual({ restAddress, grpcAddress, transport: 'grpc', basic: { user, password } })
    await engine.close()
  })

  it('lets go of everything when a port is taken', async () => {
    const first = await start()
    const port = Number(first.connection.grpcAddress?.split(':').at(-1))
    const other = mkdtempSync(join(dataDirectory, 'other-'))
    const second = startEmbeddedEngine({
      dataDirectory: other,
      port: 0,
      grpcPort: port,
      transport: 'rest',
      onFault: () => {},
    })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE', port })
    await first.close()
    // Neither the port nor the directory is held any more.
    const third = await startEmbeddedEngine({
      dataDirectory: other,
      port: 0,
      grpcPort: port,
      transport: 'rest',
      onFault: () => {},
    })
    await third.close()
  })
})
