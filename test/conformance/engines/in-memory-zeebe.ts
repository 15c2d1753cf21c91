import { startInMemoryZeebe } from '../../../scripts/camunda/in-memory-zeebe.ts'
import { controlCommands } from '../clients/control.ts'
import { connectGrpc } from '../clients/grpc.ts'
import type { Observation } from '../observation/observations.ts'
import { observeRecord, type ZeebeRecord, zeebeRecord } from '../observation/records.ts'
import { type EngineUnderTest, settled } from './engine.ts'

/** Real Zeebe 8.8.21 in memory, over gRPC; what gRPC lacks by its control port. @throws Error without JDK 21 and Maven */
export async function startZeebe88(starting = startInMemoryZeebe()): Promise<EngineUnderTest> {
  const zeebe = await starting
  const grpc = connectGrpc(zeebe.grpcAddress)
  const control = async (path: string) => {
    const response = await fetch(`${zeebe.controlUrl}${path}`, { method: 'POST' })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return response.text()
  }
  let position = 0
  let unread: ZeebeRecord[] = []
  /** Waits until nothing is left to process, keeps the new records for `observe`, and gives them. */
  async function processed(): Promise<ZeebeRecord[]> {
    await control('/idle')
    const lines = (await control(`/records?from=${position}`)).split('\n').filter((line) => line !== '')
    const records = lines.map((line) => zeebeRecord.parse(JSON.parse(line)))
    position = Math.max(position, ...records.map((record) => record.position + 1))
    unread.push(...records)
    return records
  }
  let seen: Observation[] = []
  async function observe(): Promise<Observation[]> {
    await processed()
    const before = seen
    const records = unread
    seen = []
    unread = []
    return [
      ...before,
      ...records.flatMap((record) => (record.recordType === 'EVENT' ? (observeRecord(record) ?? []) : [])),
    ]
  }
  const { completeJobWithResult, failJobWithVariables, ...commands } = controlCommands(zeebe.controlUrl, processed)
  return {
    name: 'Zeebe 8.8.21 in memory (gRPC)',
    version: '8.8',
    grpcAddress: zeebe.grpcAddress,
    client: {
      ...grpc,
      ...commands,
      completeJob: (key, variables, result) =>
        result === undefined ? grpc.completeJob(key, variables) : completeJobWithResult(key, variables, result),
      failJob: (key, failure) =>
        failure.variables === undefined ? grpc.failJob(key, failure) : failJobWithVariables(key, failure),
    },
    observe,
    observeDue: () => settled(observe),
    async moveClock(milliseconds) {
      await control(`/clock?ms=${milliseconds}`)
      seen = await settled(observe)
    },
    async close() {
      await grpc.close()
      zeebe.stop()
    },
  }
}
