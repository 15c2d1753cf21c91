import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OrchestrationError } from '../../src/orchestration/orchestration.ts'
import { readResources } from '../../src/orchestration/resources.ts'
import { projectRoot } from '../support/process-driver.ts'
import { caseId, loanResources, refusal, type ServedCourt, serveCourt, startLoan, theTask } from './served-court.ts'

let court: ServedCourt

beforeEach(async () => {
  court = await serveCourt()
})

afterEach(async () => {
  await court.close()
})

describe('deployment', () => {
  it('deploys the whole procedure as it is on disk in one request', async () => {
    const { processes } = await court.orchestration.deploy(await readResources(projectRoot))

    expect(processes.map(({ processDefinitionId }) => processDefinitionId).sort()).toEqual([
      'case-closing',
      'case-triage',
      'dossier-archive',
      'enforcement-case',
      'fast-enforcement',
      'initial-reception',
      'overdue-supervision',
      'property-control',
    ])
    expect(new Set(processes.map(({ version }) => version))).toEqual(new Set([1]))
  })

  it('gives the same diagram the same version again', async () => {
    const first = await court.orchestration.deploy(loanResources)

    expect(await court.orchestration.deploy(loanResources)).toEqual(first)
  })

  it('says which file and which element cannot be executed', async () => {
    const broken = Buffer.from(loanResources[0]?.content ?? [])
      .toString()
      .replace('type="loan.check"', 'type=""')
    const deployment = court.orchestration.deploy([{ name: 'loan.bpmn', content: Buffer.from(broken) }])

    await expect(deployment).rejects.toThrow(OrchestrationError)
    await expect(deployment).rejects.toThrow(/loan\.bpmn[\s\S]*checkLoan/)
    await expect(deployment).rejects.toMatchObject({ status: 400 })
  })

  it('lists the definitions with names and gives back the XML unchanged', async () => {
    await court.orchestration.deploy(loanResources)
    const definitions = await court.orchestration.searchProcessDefinitions(true)

    expect(definitions.map(({ processDefinitionId, name }) => [processDefinitionId, name]).sort()).toEqual([
      ['loan', '借卷'],
      ['loan-return', '还卷'],
    ])
    const loan = definitions.find(({ processDefinitionId }) => processDefinitionId === 'loan')
    expect(await court.orchestration.getProcessDefinitionXml(loan?.processDefinitionKey ?? '')).toBe(
      Buffer.from(loanResources[0]?.content ?? []).toString(),
    )
  })

  it('lists only the latest version when asked for it, all of them otherwise', async () => {
    await court.orchestration.deploy(loanResources)
    const changed = Buffer.from(loanResources[0]?.content ?? [])
      .toString()
      .replace('name="借卷"', 'name="借阅卷宗"')
    // With its form: what is bound to a deployment has to be part of it.
    const others = loanResources.filter(({ name }) => name !== 'loan.bpmn')
    await court.orchestration.deploy([{ name: 'loan.bpmn', content: Buffer.from(changed) }, ...others])
    const versions = async (latest: boolean) =>
      (await court.orchestration.searchProcessDefinitions(latest))
        .filter(({ processDefinitionId }) => processDefinitionId === 'loan')
        .map(({ version, name }) => [version, name])
        .sort()

    expect(await versions(true)).toEqual([[2, '借阅卷宗']])
    expect(await versions(false)).toEqual([
      [1, '借卷'],
      [2, '借阅卷宗'],
    ])
  })
})

describe('messages', () => {
  it('starts a case by its message and answers its key', async () => {
    await court.orchestration.deploy(loanResources)
    const key = await startLoan(court)

    expect(await court.orchestration.getProcessTree(key)).toMatchObject([
      { processInstanceKey: key, processDefinitionId: 'loan', state: 'ACTIVE', parentProcessInstanceKey: null },
    ])
  })

  it('is told 404 when nothing waits for the message', async () => {
    await court.orchestration.deploy(loanResources)

    expect(
      await refusal(
        court.orchestration.correlateMessage({ name: 'loan.returned', correlationKey: caseId, variables: {} }),
      ),
    ).toBe(404)
  })

  it('publishes for whoever waits later', async () => {
    await court.orchestration.deploy(loanResources)
    await startLoan(court)
    await court.orchestration.publishMessage({ name: 'loan.returned', correlationKey: caseId, timeToLiveMs: 60_000 })
    await court.orchestration.completeUserTask((await theTask(court)).taskKey, {})

    expect((await court.orchestration.searchProcessInstances({ state: 'ACTIVE' })).total).toBe(0)
  })
})

describe('decisions', () => {
  it('evaluates the latest version', async () => {
    await court.orchestration.deploy(loanResources)

    expect(await court.orchestration.evaluateDecision('loanDays', { reason: 'trip' })).toBe(5)
    expect(await court.orchestration.evaluateDecision('loanDays', { reason: 'holiday' })).toBeNull()
  })

  it('throws the reason of a decision that fails', async () => {
    await court.orchestration.deploy(loanResources)

    await expect(court.orchestration.evaluateDecision('loanFault', { reason: 'trip' })).rejects.toThrow(/没有借卷事由/)
  })

  it('is told 404 of a decision that does not exist', async () => {
    expect(await refusal(court.orchestration.evaluateDecision('loanDays', {}))).toBe(404)
  })
})

describe('what a monitor sees', () => {
  it('gives the process tree, the root first', async () => {
    await court.orchestration.deploy(loanResources)
    const key = await startLoan(court)
    await court.orchestration.completeUserTask((await theTask(court)).taskKey, {})
    const tree = await court.orchestration.getProcessTree(key)

    expect(tree.map(({ processDefinitionId, state }) => [processDefinitionId, state])).toEqual([
      ['loan', 'ACTIVE'],
      ['loan-return', 'ACTIVE'],
    ])
    expect(tree[1]?.parentProcessInstanceKey).toBe(key)
    expect(
      (await court.orchestration.searchProcessInstances({ parentProcessInstanceKey: key })).items.map(
        ({ processInstanceKey }) => processInstanceKey,
      ),
    ).toEqual([tree[1]?.processInstanceKey])
    expect((await court.orchestration.searchProcessInstances({ processInstanceKeys: [key] })).total).toBe(1)
  })

  it('gives the elements gone through, with when', async () => {
    await court.orchestration.deploy(loanResources)
    const key = await startLoan(court)
    const elements = await court.orchestration.searchElementInstances({ processInstanceKey: key })

    expect(elements.map(({ elementId, state }) => [elementId, state])).toEqual(
      expect.arrayContaining([
        ['loanRequested', 'COMPLETED'],
        ['checkLoan', 'COMPLETED'],
        ['approveLoan', 'ACTIVE'],
      ]),
    )
    const check = elements.find(({ elementId }) => elementId === 'checkLoan')
    expect(check).toMatchObject({ elementName: '核对借卷申请', type: 'SERVICE_TASK', incident: false })
    expect([check?.startedAt, check?.endedAt].map((instant) => new Date(instant ?? '').toISOString())).toEqual([
      '2026-03-02T01:00:00.000Z',
      '2026-03-02T01:00:00.000Z',
    ])
  })

  it('shows an incident with its reason, and lets it be resolved', async () => {
    await court.orchestration.deploy(loanResources)
    const key = await startLoan(court, { checked: false })
    const activation = {
      type: 'ActivateJobs',
      jobType: 'loan.check',
      worker: 'test',
      timeout: 60_000,
      maxJobs: 1,
    } as const
    const [job] = (await court.engine.execute(activation)).jobs
    await court.engine.execute({
      type: 'FailJob',
      jobKey: job?.jobKey ?? 0,
      retries: 0,
      errorMessage: '卷宗目录缺少第 3 页',
    })

    const [incident] = await court.orchestration.searchIncidents({ processInstanceKeys: [key], state: 'ACTIVE' })
    expect(incident).toMatchObject({
      processInstanceKey: key,
      elementId: 'checkLoan',
      errorType: 'JOB_NO_RETRIES',
      errorMessage: '卷宗目录缺少第 3 页',
      jobKey: String(job?.jobKey),
      state: 'ACTIVE',
    })
    expect((await court.orchestration.getProcessTree(key))[0]?.hasIncident).toBe(true)

    await court.orchestration.resolveIncident(incident?.incidentKey ?? '', { jobKey: String(job?.jobKey), retries: 2 })
    expect(await court.orchestration.searchIncidents({ processInstanceKeys: [key], state: 'ACTIVE' })).toEqual([])
    expect((await court.engine.execute(activation)).jobs).toMatchObject([{ retries: 2 }])
  })
})

describe('the engine itself', () => {
  it('stops at the instant that it is told, and runs on', async () => {
    await court.orchestration.pinClock(new Date('2026-05-01T00:00:00+08:00'))
    expect(court.engine.clock.now().toISOString()).toBe('2026-04-30T16:00:00.000Z')

    await court.orchestration.resetClock()
    expect(court.engine.clock.now().toISOString()).not.toBe('2026-04-30T16:00:00.000Z')
  })

  it('is ready while it is served, and not when it cannot be reached', async () => {
    expect(await court.orchestration.ready()).toBe(true)
    const gone = await serveCourt()
    await gone.close()
    expect(await gone.orchestration.ready()).toBe(false)
  })

  it('is one kind of error when it cannot be reached', async () => {
    const gone = await serveCourt()
    await gone.close()

    await expect(gone.orchestration.searchUserTasks({})).rejects.toThrow(OrchestrationError)
  })
})
