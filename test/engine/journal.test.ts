import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CommandRejection } from '../../src/engine/index.ts'
import { readTables, replayJournal } from '../../src/engine/runtime/replay.ts'
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  error,
  errorEvent,
  flows,
  gateway,
  listeners,
  mapping,
  message,
  messageEvent,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  timer,
  userTask,
} from '../../src/engine/testing/bpmn-builder.ts'
import { ProcessTest } from '../../src/engine/testing/process-test.ts'

/** A block with one way in and one way out. */
type Block =
  | { kind: 'job' | 'user' | 'timer' | 'message' | 'listened' | 'loop' | 'guarded' }
  | { kind: 'sequence' | 'parallel' | 'choice'; blocks: Block[] }
  | { kind: 'subprocess'; block: Block }

const leaf = fc.record({
  kind: fc.constantFrom(
    'job' as const,
    'user' as const,
    'timer' as const,
    'message' as const,
    'listened' as const,
    'loop' as const,
    'guarded' as const,
  ),
})
const { block } = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom('sequence' as const, 'parallel' as const, 'choice' as const),
      blocks: fc.array(tie('block'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('subprocess' as const), block: tie('block') }),
  ),
}))

/** Writes blocks as BPMN. */
class Writer {
  #count = 0
  /** @returns the XML of the block and the ids of its first and last element */
  write(block: Block): { xml: string; first: string; last: string } {
    this.#count += 1
    const id = `e${this.#count}`
    const one = (xml: string) => ({ xml, first: id, last: id })
    switch (block.kind) {
      case 'job':
        return one(element('serviceTask', { id }, '<zeebe:taskDefinition type="job" retries="1"/>'))
      case 'user':
        return one(userTask(id, mapping({ inputs: { local: '=1' }, outputs: { [`of_${id}`]: '=answer' } })))
      case 'timer':
        return one(catchEvent(id, timer('timeDuration', 'PT1H')))
      case 'message':
        return one(catchEvent(id, messageEvent('m')))
      case 'listened':
        return one(
          element(
            'serviceTask',
            { id },
            '<zeebe:taskDefinition type="job" retries="1"/>',
            listeners('start:job', 'end:job'),
          ),
        )
      case 'loop':
        return one(
          element(
            'serviceTask',
            { id },
            '<zeebe:taskDefinition type="job"/>',
            multiInstance({
              inputCollection: '=[1, 2]',
              inputElement: 'i',
              outputCollection: 'all',
              outputElement: '=answer',
            }),
          ),
        )
      case 'guarded': {
        const xml =
          serviceTask(id, '<zeebe:taskDefinition type="job"/>') +
          boundary(`${id}t`, id, timer('timeDuration', 'PT90M'), true) +
          boundary(`${id}n`, id, timer('timeCycle', 'R2/PT30M'), false) +
          boundary(`${id}e`, id, errorEvent('bad'))
        return {
          xml:
            xml +
            gateway('exclusive', `${id}x`) +
            end(`${id}end`) +
            flows(`${id} -> ${id}x`, `${id}t -> ${id}x`, `${id}e -> ${id}x`, `${id}n -> ${id}end`),
          first: id,
          last: `${id}x`,
        }
      }
      case 'subprocess': {
        const inner = this.write(block.block)
        return one(
          subprocess(
            id,
            start(`${id}s`),
            inner.xml,
            end(`${id}e`),
            flows(`${id}s -> ${inner.first}`, `${inner.last} -> ${id}e`),
          ),
        )
      }
      case 'sequence': {
        const parts = block.blocks.map((part) => this.write(part))
        const joins = parts.slice(1).map((part, index) => flows(`${parts[index]?.last} -> ${part.first}`))
        return {
          xml: parts.map(({ xml }) => xml).join('') + joins.join(''),
          first: parts[0]?.first ?? '',
          last: parts.at(-1)?.last ?? '',
        }
      }
      default: {
        const kind = block.kind === 'parallel' ? 'parallel' : 'exclusive'
        const parts = block.blocks.map((part) => this.write(part))
        const conditions = (index: number) => (kind === 'parallel' || index === 0 ? '' : ` [=answer = ${index}]`)
        const fork = gateway(kind, `${id}f`, kind === 'parallel' ? undefined : `${id}f-${parts[0]?.first}`)
        const lines = parts.flatMap((part, index) => [
          `${id}f -> ${part.first}${conditions(index)}`,
          `${part.last} -> ${id}j`,
        ])
        return {
          xml: fork + gateway(kind, `${id}j`) + parts.map(({ xml }) => xml).join('') + flows(...lines),
          first: `${id}f`,
          last: `${id}j`,
        }
      }
    }
  }
}

const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('complete' as const), answer: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('throw' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('finishTask' as const), answer: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), minutes: fc.integer({ min: 1, max: 120 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('publish' as const), ttl: fc.constantFrom(0, 3_600_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resolve' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('start' as const) }) },
)
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never

async function perform(test: ProcessTest, step: Action): Promise<void> {
  switch (step.do) {
    case 'complete':
    case 'fail':
    case 'throw': {
      const [job] = await test.takeJobs('job', 1)
      if (job === undefined) return
      const { jobKey } = job
      if (step.do === 'complete')
        await test.execute({ type: 'CompleteJob', jobKey, variables: { answer: step.answer } })
      if (step.do === 'fail') await test.execute({ type: 'FailJob', jobKey, retries: 0 })
      // A listener's job cannot throw a BPMN error.
      if (step.do === 'throw' && job.kind === 'BPMN_ELEMENT')
        await test.execute({ type: 'ThrowJobError', jobKey, errorCode: 'BAD' })
      return
    }
    case 'finishTask': {
      const task = test.engine.query.get<{ key: number }>("SELECT key FROM user_task WHERE state = 'CREATED'")
      if (task)
        await test.execute({ type: 'CompleteUserTask', userTaskKey: task.key, variables: { answer: step.answer } })
      return
    }
    case 'move':
      return test.moveBy(step.minutes * 60_000)
    case 'publish':
      await test.execute({ type: 'PublishMessage', name: 'go', correlationKey: 'k', timeToLive: step.ttl })
      return
    case 'resolve': {
      const incident = test.engine.query.get<{ key: number; jobKey: number | null }>(
        "SELECT key, jobKey FROM incident WHERE state = 'ACTIVE'",
      )
      if (incident === undefined) return
      if (incident.jobKey !== null) await test.execute({ type: 'UpdateJob', jobKey: incident.jobKey, retries: 1 })
      await test.execute({ type: 'ResolveIncident', incidentKey: incident.key })
      return
    }
    case 'start':
      await test.start('p', { answer: 0 })
  }
}

/** An active instance must wait for something: a job, a person, a date, a message, or the solution of an incident. */
const STUCK = `SELECT key FROM process_instance i WHERE state = 'ACTIVE'
  AND NOT EXISTS (SELECT 1 FROM job WHERE processInstanceKey = i.key AND endTime IS NULL)
  AND NOT EXISTS (SELECT 1 FROM user_task WHERE processInstanceKey = i.key AND state = 'CREATED')
  AND NOT EXISTS (SELECT 1 FROM timer WHERE processInstanceKey = i.key)
  AND NOT EXISTS (SELECT 1 FROM message_subscription WHERE processInstanceKey = i.key)
  AND NOT EXISTS (SELECT 1 FROM incident WHERE processInstanceKey = i.key AND state = 'ACTIVE')`

describe('the journal', () => {
  it('replayed into an empty store gives equal tables after every step; no instance is ever stuck', async () => {
    await fc.assert(
      fc.asyncProperty(block, fc.array(action, { minLength: 5, maxLength: 25 }), async (root, steps) => {
        const written = new Writer().write(root)
        const xml = bpmn(
          'p',
          start() + written.xml + end() + flows(`start -> ${written.first}`, `${written.last} -> end`),
          message('m', 'go', '="k"') + error('bad', 'BAD'),
        )
        const test = await ProcessTest.open({ resources: { 'p.bpmn': xml } })
        try {
          await test.start('p', { answer: 0 })
          for (const step of steps) {
            await perform(test, step)
            expect(replayJournal(test.engine.query)).toEqual(readTables(test.engine.query))
            expect(test.engine.query.all(STUCK)).toEqual([])
          }
          for (const { key } of test.engine.query.all<{ key: number }>(
            "SELECT key FROM process_instance WHERE state = 'ACTIVE'",
          ))
            await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
          // Nothing of an ended instance waits.
          for (const table of ['timer', 'message_subscription', 'gateway_token'])
            expect(test.engine.query.all(`SELECT * FROM ${table}`)).toEqual([])
          expect(
            test.engine.query.all("SELECT key FROM element_instance WHERE state NOT IN ('COMPLETED', 'TERMINATED')"),
          ).toEqual([])
          expect(test.engine.query.all("SELECT key FROM incident WHERE state = 'ACTIVE'")).toEqual([])
          expect(test.engine.query.all('SELECT key FROM process_instance WHERE incidentCount <> 0')).toEqual([])
          expect(replayJournal(test.engine.query)).toEqual(readTables(test.engine.query))
        } finally {
          await test.close()
        }
      }),
      { numRuns: 40 },
    )
  })

  it('holds nothing for a command that was refused', async () => {
    const test = await ProcessTest.open()
    const entries = () => test.engine.query.get<{ n: number }>('SELECT COUNT(*) AS n FROM journal')?.n
    const before = entries()
    await expect(test.start('unknown')).rejects.toBeInstanceOf(CommandRejection)
    expect(entries()).toBe(before)
    await test.close()
  })
})
