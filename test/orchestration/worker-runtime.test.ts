import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BpmnError, defineWorker, type JobContext, RetryableFailure } from '../../src/orchestration/worker.ts'
import { startWorkers, type WorkerRuntime } from '../../src/orchestration/worker-runtime.ts'
import { caseId, dates, loanResources, type ServedCourt, serveCourt } from './served-court.ts'

let court: ServedCourt
let runtime: WorkerRuntime | undefined
let failures: { elementId: string; error: unknown }[]

for (const transport of ['rest', 'grpc'] as const) describe(`over ${transport}`, () => workersOver(transport))

function workersOver(transport: 'rest' | 'grpc'): void {
  beforeEach(async () => {
    court = await serveCourt(transport)
    failures = []
    await court.orchestration.deploy(loanResources)
  })

  afterEach(async () => {
    await runtime?.close()
    runtime = undefined
    await court.close()
  })

  type Check = (reason: string, job: JobContext) => Promise<{ checkedBy: string }>

  /** Starts the worker of `checkLoan`, and one loan. */
  async function checkLoanBy(run: Check, variables: Record<string, string> = { reason: 'trip' }): Promise<void> {
    const worker = defineWorker({
      type: 'loan.check',
      input: z.object({ reason: z.string() }),
      output: z.object({ checkedBy: z.string() }),
      run: ({ reason }, job) => run(reason, job),
    })
    runtime = startWorkers({
      camunda: court.camunda,
      transport,
      workers: [worker],
      onFailure: ({ elementId }, error) => failures.push({ elementId, error }),
    })
    await court.orchestration.correlateMessage({
      name: 'loan.requested',
      correlationKey: caseId,
      variables: { caseId, ...dates, ...variables },
    })
  }

  /** Starts another loan while no worker looks. */
  async function aLoanWaits(): Promise<void> {
    await court.orchestration.correlateMessage({
      name: 'loan.requested',
      correlationKey: 'another',
      variables: { caseId: 'another', reason: 'trip', ...dates },
    })
  }

  const job = () =>
    court.engine.query.get<{ state: string; retries: number; retryAt: number | null }>('SELECT * FROM job')
  const incidents = () => court.orchestration.searchIncidents({ state: 'ACTIVE' })
  const passed = (elementId: string) =>
    court.engine.query.get(
      'SELECT 1 FROM element_instance WHERE elementId = ? AND state = ?',
      elementId,
      'COMPLETED',
    ) !== undefined

  describe('workers', () => {
    it('completes the job with the variables that the worker answers', async () => {
      await checkLoanBy(async (reason) => ({ checkedBy: `reader of ${reason}` }))
      await expect.poll(() => passed('checkLoan')).toBe(true)

      const [task] = (await court.orchestration.searchUserTasks({ elementId: 'approveLoan' })).items
      expect(await court.orchestration.getUserTaskVariables(task?.taskKey ?? '')).toMatchObject({
        checkedBy: 'reader of trip',
      })
      expect(failures).toEqual([])
    })

    it('tells the worker who is asking', async () => {
      const jobs: JobContext[] = []
      await checkLoanBy(async (_, context) => {
        jobs.push(context)
        return { checkedBy: '' }
      })
      await expect.poll(() => passed('checkLoan')).toBe(true)

      expect(jobs).toMatchObject([{ jobType: 'loan.check', processDefinitionId: 'loan', elementId: 'checkLoan' }])
      for (const key of ['jobKey', 'processInstanceKey', 'elementInstanceKey'] as const) {
        expect(jobs[0]?.[key]).toMatch(/^\d+$/)
      }
    })

    it('leaves by the error event of the diagram when the worker throws its BPMN error', async () => {
      await checkLoanBy(async () => {
        throw new BpmnError('LOAN_REFUSED', '卷宗已借出')
      })
      await expect.poll(() => passed('refused')).toBe(true)

      expect(await incidents()).toEqual([])
      expect(failures).toMatchObject([{ elementId: 'checkLoan', error: { code: 'LOAN_REFUSED' } }])
    })

    it('gives the job back for later when the failure passes by itself', async () => {
      let attempts = 0
      await checkLoanBy(async () => {
        if (++attempts === 1) throw new RetryableFailure('数据库正在重启', 60_000)
        return { checkedBy: 'second attempt' }
      })
      await expect
        .poll(job)
        .toMatchObject({ state: 'FAILED', retries: 2, retryAt: Date.parse('2026-03-02T09:01:00+08:00') })
      expect(attempts).toBe(1)

      await court.orchestration.pinClock(new Date('2026-03-02T09:01:00+08:00'))
      await expect.poll(() => passed('checkLoan')).toBe(true)
      expect(attempts).toBe(2)
      expect(await incidents()).toEqual([])
    })

    it('makes an incident with the reason at once when the failure stays, and goes on after it is resolved', async () => {
      let repaired = false
      await checkLoanBy(async () => {
        if (!repaired) throw new Error('卷宗目录缺少第 3 页')
        return { checkedBy: 'after repair' }
      })
      await expect.poll(async () => (await incidents()).length).toBe(1)

      const [incident] = await incidents()
      expect(incident).toMatchObject({
        elementId: 'checkLoan',
        errorMessage: expect.stringContaining('卷宗目录缺少第 3 页'),
      })
      repaired = true
      await court.orchestration.resolveIncident(incident?.incidentKey ?? '', {
        jobKey: incident?.jobKey ?? '',
        retries: 1,
      })
      await expect.poll(() => passed('checkLoan')).toBe(true)
    })

    it('makes an incident that names the variable when the diagram does not hand it over', async () => {
      await checkLoanBy(async () => ({ checkedBy: '' }), {})
      await expect
        .poll(async () => (await incidents()).map((incident) => incident.errorMessage))
        .toEqual([expect.stringContaining('reason')])
    })
  })

  describe('closing', () => {
    it('lets the job in hand finish, and takes no other', async () => {
      let release = () => {}
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      let started = 0
      await checkLoanBy(async () => {
        started++
        await released
        return { checkedBy: 'the last one' }
      })
      await expect.poll(() => started).toBe(1)
      let closed = false
      const closing = runtime?.close().then(() => {
        closed = true
      })
      await aLoanWaits()
      expect(closed).toBe(false)

      release()
      await closing
      expect(passed('checkLoan')).toBe(true)
      expect(started).toBe(1)
      expect(court.engine.query.all('SELECT 1 FROM job WHERE activatable = 1')).toHaveLength(1)
    })

    it('does not wait for the polls of workers that have nothing to do', async () => {
      await checkLoanBy(async () => ({ checkedBy: '' }))
      await expect.poll(() => passed('checkLoan')).toBe(true)
      await runtime?.close()
      await aLoanWaits()

      // A poll still open would take this job, and nobody would do it until its timeout.
      expect(court.engine.query.all('SELECT 1 FROM job WHERE activatable = 1')).toHaveLength(1)
    })
  })

  it('refuses two workers of one job type', async () => {
    const worker = defineWorker({
      type: 'loan.check',
      input: z.object({}),
      output: z.object({}),
      run: async () => ({}),
    })
    const start = () =>
      startWorkers({ camunda: court.camunda, transport, workers: [worker, worker], onFailure: () => {} })

    expect(start).toThrow(/loan\.check/)
  })
}
