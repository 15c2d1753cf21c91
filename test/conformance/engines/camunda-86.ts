import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { startBroker } from '../../../scripts/camunda/broker.ts'
import { connectGrpc } from '../clients/grpc.ts'
import { connectRest } from '../clients/rest.ts'
import type { Observation } from '../observation/observations.ts'
import { observeRecord, type ZeebeRecord, zeebeRecord } from '../observation/records.ts'
import { type EngineUnderTest, settled } from './engine.ts'

const MARKER = 'conformance-idle'

/** Real Camunda 8.6.0 with a broker of its own: commands over gRPC, user tasks over REST. @throws Error without JDK 21 and Maven */
export async function startCamunda86(starting = startBroker({ observable: true })): Promise<EngineUnderTest> {
  const broker = await starting
  const grpc = connectGrpc(broker.grpcAddress)
  const rest = connectRest(broker.restAddress)
  const records = await tail(broker.recordsFile)

  /** Puts a marker behind what the log holds until nothing else came between two of them. */
  async function untilIdle(): Promise<ZeebeRecord[]> {
    const all: ZeebeRecord[] = []
    for (;;) {
      await grpc.publish({ name: MARKER, correlationKey: '', timeToLive: 0, messageId: '', variables: {} })
      const before = all.length
      for (let expired = false; !expired; ) {
        const news = await records.read()
        if (news.length === 0) await sleep(2)
        expired = news.some((record) => isMarker(record) && record.intent === 'EXPIRED')
        all.push(...news.filter((record) => !isMarker(record)))
      }
      if (all.length === before) return all
    }
  }

  let unread: Observation[] = []
  async function observe(): Promise<Observation[]> {
    const read = await untilIdle()
    const before = unread
    unread = []
    return [
      ...before,
      ...read.flatMap((record) => (record.recordType === 'EVENT' ? (observeRecord(record) ?? []) : [])),
    ]
  }

  return {
    name: 'Camunda 8.6.0 (gRPC, user tasks REST)',
    version: '8.6',
    grpcAddress: broker.grpcAddress,
    client: {
      ...grpc,
      completeUserTask: rest.completeUserTask,
      assignUserTask: rest.assignUserTask,
      unassignUserTask: rest.unassignUserTask,
      updateUserTask: rest.updateUserTask,
      correlate: rest.correlate,
    },
    observe,
    observeDue: () => settled(observe),
    async moveClock(milliseconds) {
      const response = await fetch(`${broker.managementAddress}/actuator/clock/add`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ offsetMilli: milliseconds }),
      })
      if (!response.ok) throw new Error(`the clock was not moved: ${await response.text()}`)
      unread = await settled(observe)
    },
    async close() {
      await grpc.close()
      await rest.close()
      await records.close()
      await broker.stop()
    },
  }
}

const isMarker = ({ valueType, value }: ZeebeRecord) => valueType === 'MESSAGE' && value.name === MARKER

/** Reads a growing file of records. */
async function tail(path: string): Promise<{ read(): Promise<ZeebeRecord[]>; close(): Promise<void> }> {
  const file = await open(path, 'a+')
  let offset = 0
  let rest = ''
  return {
    async read() {
      const { size } = await file.stat()
      if (size === offset) return []
      const { buffer } = await file.read(Buffer.alloc(size - offset), 0, size - offset, offset)
      offset = size
      const lines = (rest + buffer.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      return lines.map((line) => zeebeRecord.parse(JSON.parse(Buffer.from(line, 'latin1').toString())))
    },
    close: () => file.close(),
  }
}
