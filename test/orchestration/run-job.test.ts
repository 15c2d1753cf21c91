import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BpmnError, defineWorker, type JobContext, RetryableFailure } from '../../src/orchestration/worker.ts'
import { runJob } from '../../src/orchestration/worker-runtime.ts'

const context: JobContext = {
  jobKey: '1',
  jobType: 'register.enter',
  processInstanceKey: '2',
  processDefinitionId: 'initial-reception',
  elementId: 'enterReceptionRegister',
  elementInstanceKey: '3',
}

/** A worker that doubles an amount, unless `run` says otherwise. */
function worker(run: (input: { amount: number }, job: JobContext) => Promise<{ doubled: number }>) {
  return defineWorker({
    type: 'register.enter',
    input: z.object({ amount: z.number() }),
    output: z.object({ doubled: z.number() }),
    run,
  })
}

const doubling = worker(async ({ amount }) => ({ doubled: amount * 2 }))
const failing = (error: unknown) =>
  worker(async () => {
    throw error
  })

/** Runs a job with so many retries left; answers the outcome and what was reported. */
async function outcomeOf(
  one: ReturnType<typeof worker>,
  { variables = { amount: 2 } as Record<string, unknown>, retries = 3 } = {},
) {
  const reported: { job: JobContext; error: unknown }[] = []
  const outcome = await runJob(one, { ...context, retries, variables }, (job, error) => reported.push({ job, error }))
  return { outcome, reported }
}

describe('a job that goes well', () => {
  it('completes with what the worker answers', async () => {
    const { outcome, reported } = await outcomeOf(doubling)

    expect(outcome).toEqual({ kind: 'complete', variables: { doubled: 4 } })
    expect(reported).toEqual([])
  })

  it('hands the worker only what its schema names, and where it was called', async () => {
    const seen: unknown[] = []
    const watching = worker(async (input, { elementInstanceKey }) => {
      seen.push(input, elementInstanceKey)
      return { doubled: 0 }
    })
    await outcomeOf(watching, { variables: { amount: 2, secret: 'x' } })

    expect(seen).toEqual([{ amount: 2 }, '3'])
  })

  it('lets no variable out that the output schema does not name', async () => {
    const chatty = worker(async () => ({ doubled: 1, caseId: 'overwritten' }))

    expect((await outcomeOf(chatty)).outcome).toEqual({ kind: 'complete', variables: { doubled: 1 } })
  })
})

describe('wrong variables are a fault of the diagram: an incident at once, without retries', () => {
  it('names job type, element and field of a wrong input, and does not run the worker', async () => {
    let ran = false
    const watching = worker(async () => {
      ran = true
      return { doubled: 0 }
    })
    const { outcome, reported } = await outcomeOf(watching, { variables: { amount: '2' } })

    expect(outcome).toMatchObject({ kind: 'fail', retries: 0, backOffMs: 0 })
    const message = outcome.kind === 'fail' ? outcome.message : ''
    for (const part of ['register.enter', 'enterReceptionRegister', '输入变量', 'amount'])
      expect(message).toContain(part)
    expect(ran).toBe(false)
    expect(reported).toHaveLength(1)
  })

  it('names the field of a wrong output', async () => {
    const wrong = worker(async () => ({ doubled: 'four' as unknown as number }))
    const { outcome } = await outcomeOf(wrong)

    expect(outcome).toMatchObject({ kind: 'fail', retries: 0 })
    const message = outcome.kind === 'fail' ? outcome.message : ''
    for (const part of ['输出变量', 'doubled']) expect(message).toContain(part)
  })
})

describe('failures', () => {
  it('passes a BPMN error on to the diagram', async () => {
    const error = new BpmnError('LOAN_REFUSED', '卷宗已借出')
    const { outcome, reported } = await outcomeOf(failing(error))

    expect(outcome).toEqual({ kind: 'bpmnError', code: 'LOAN_REFUSED', message: '卷宗已借出' })
    expect(reported).toEqual([{ job: expect.objectContaining(context), error }])
  })

  it('tries a retryable failure again after the time that it asks for', async () => {
    const { outcome } = await outcomeOf(failing(new RetryableFailure('浏览器正在重启', 30_000)))

    expect(outcome).toEqual({ kind: 'fail', message: '浏览器正在重启', retries: 2, backOffMs: 30_000 })
  })

  it.each([
    [3, 2],
    [2, 1],
    [1, 0],
    [0, 0],
  ])('of %i retries leaves %i: the last one makes the incident', async (retries, left) => {
    const { outcome } = await outcomeOf(failing(new RetryableFailure('数据库正在重启')), { retries })

    expect(outcome).toMatchObject({ kind: 'fail', retries: left })
  })

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'P1001', 'P2024', 'P2034', '40001', '57P01'])(
    'tries again when a connection or transaction passes away: %s',
    async (code) => {
      const { outcome } = await outcomeOf(failing(Object.assign(new Error('gone'), { code })))

      expect(outcome).toMatchObject({ kind: 'fail', retries: 2 })
      expect(outcome.kind === 'fail' && outcome.backOffMs).toBeGreaterThan(0)
    },
  )

  it('finds the passing cause below what wraps it', async () => {
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const wrapped = new Error('登记失败', { cause: new Error('query', { cause }) })

    expect((await outcomeOf(failing(wrapped))).outcome).toMatchObject({ kind: 'fail', message: '登记失败', retries: 2 })
  })

  it.each([
    ['a refusal of a capability', new Error('案件 x 不存在')],
    ['a violated unique index', Object.assign(new Error('unique'), { code: 'P2002' })],
    ['a numeric code', Object.assign(new Error('odd'), { code: 40001 })],
    ['a bug', new TypeError('undefined is not a function')],
  ])('makes an incident at once of %s', async (_, error) => {
    const { outcome, reported } = await outcomeOf(failing(error))

    expect(outcome).toEqual({ kind: 'fail', message: error.message, retries: 0, backOffMs: 0 })
    expect(reported.map((entry) => entry.error)).toEqual([error])
  })

  it('does not lose a job over something thrown that is no error', async () => {
    expect((await outcomeOf(failing('broken'))).outcome).toMatchObject({ kind: 'fail', message: 'broken', retries: 0 })
  })
})
