import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NOW, resourceFiles, type ServedEngine, startServedEngine } from './served-engine.ts'

// Timers, called processes, decisions, incidents and the clock: a reminder that computes a fine after ten days.
let served: ServedEngine
let client: ServedEngine['client']
let definitionKey: string

const T0 = Date.UTC(2026, 10, 23, 1)
const DAY = 86_400_000

beforeAll(async () => {
  served = await startServedEngine()
  client = served.client
  await client.pinClock({ timestamp: T0 })
  const deployed = await client.createDeployment({
    resources: await resourceFiles('reminder.bpmn', 'fine.bpmn', 'fine.dmn'),
  })
  definitionKey = deployed.decisions[0]?.decisionDefinitionKey ?? ''
})
afterAll(() => served.close())

describe('the clock', () => {
  test('moved beyond a timer triggers it; a called process runs and returns its variables', async () => {
    const { processInstanceKey } = await client.createProcessInstance({
      processDefinitionId: 'reminder',
      variables: { days: 7 },
    })
    await client.pinClock({ timestamp: T0 + 10 * DAY - 1 })
    expect(await client.getProcessInstance({ processInstanceKey }, NOW)).toMatchObject({ state: 'ACTIVE' })
    await served.olderClient.pinInternalClock(T0 + 10 * DAY)
    expect(await client.getProcessInstance({ processInstanceKey }, NOW)).toMatchObject({
      state: 'COMPLETED',
      startDate: new Date(T0).toISOString(),
      endDate: new Date(T0 + 10 * DAY).toISOString(),
    })
    const { items } = await client.searchVariables(
      { filter: { processInstanceKey, name: { $in: ['amount', 'rate'] } }, sort: [{ field: 'name' }] },
      NOW,
    )
    expect(items.map(({ name, value }) => [name, value])).toEqual([
      ['amount', '14'],
      ['rate', '2'],
    ])
    const called = await client.searchProcessInstances(
      { filter: { parentProcessInstanceKey: processInstanceKey } },
      NOW,
    )
    const calledKey = called.items[0]?.processInstanceKey ?? ''
    expect(await client.getProcessInstanceCallHierarchy({ processInstanceKey: calledKey }, NOW)).toEqual([
      expect.objectContaining({ processInstanceKey, processDefinitionName: '催还' }),
      expect.objectContaining({ processInstanceKey: calledKey, processDefinitionName: '逾期费用' }),
    ])
  })

  test('set back to the time of the machine', async () => {
    await client.resetClock()
    const before = Date.now()
    const { processInstanceKey } = await client.createProcessInstance({
      processDefinitionId: 'fine',
      variables: { days: 1 },
    })
    const { startDate } = await client.getProcessInstance({ processInstanceKey }, NOW)
    expect(Date.parse(startDate)).toBeGreaterThanOrEqual(before)
    await client.pinClock({ timestamp: T0 })
  })
})

describe('creation with awaitCompletion', () => {
  test('answers with the variables of the completed instance, all or those asked for', async () => {
    const request = { processDefinitionId: 'fine', variables: { days: 3, note: 'x' }, awaitCompletion: true }
    expect((await client.createProcessInstance(request)).variables).toEqual({ days: 3, note: 'x', rate: 1, amount: 3 })
    expect((await client.createProcessInstance({ ...request, fetchVariables: ['amount'] })).variables).toEqual({
      amount: 3,
    })
    const older = await served.olderClient.createProcessInstanceWithResult({
      processDefinitionId: 'fine',
      variables: { days: 6 },
    })
    expect(older.variables).toMatchObject({ amount: 12 })
  })

  test('gives up after the requestTimeout with 504; the instance goes on', async () => {
    const request = {
      processDefinitionId: 'reminder',
      variables: { days: 1 },
      awaitCompletion: true,
      requestTimeout: 20,
    }
    await expect(client.createProcessInstance(request)).rejects.toMatchObject({
      status: 504,
      title: 'DEADLINE_EXCEEDED',
    })
    const { page } = await client.searchProcessInstances(
      { filter: { processDefinitionId: 'reminder', state: 'ACTIVE' } },
      NOW,
    )
    expect(page.totalItems).toBe(1)
  })
})

describe('decisions', () => {
  test('are evaluated by id and by key, and tell inputs and rules', async () => {
    const { body: evaluated } = await served.send('POST', '/v2/decision-definitions/evaluation', {
      decisionDefinitionId: 'fine-rate',
      variables: { days: 9 },
    })
    expect(evaluated).toMatchObject({
      decisionDefinitionId: 'fine-rate',
      decisionDefinitionKey: definitionKey,
      decisionDefinitionName: 'Fine rate',
      decisionDefinitionVersion: 1,
      decisionRequirementsId: 'fines',
      output: '2',
      failedDecisionDefinitionId: '',
      failureMessage: '',
      evaluatedDecisions: [
        {
          decisionDefinitionId: 'fine-rate',
          decisionDefinitionType: 'DECISION_TABLE',
          output: '2',
          evaluatedInputs: [{ inputId: 'input_days', inputName: 'days late', inputValue: '9' }],
          matchedRules: [
            {
              ruleId: 'rule_long',
              ruleIndex: 2,
              evaluatedOutputs: [{ outputId: 'output_rate', outputName: 'rate', outputValue: '2' }],
            },
          ],
        },
      ],
    })
    const older = await served.olderClient.evaluateDecision({
      decisionDefinitionKey: definitionKey,
      variables: { days: 2 },
    })
    expect(older.output).toBe('1')
  })

  test('are found, and read with their XML', async () => {
    const { items } = await client.searchDecisionDefinitions({ filter: { decisionDefinitionId: 'fine-rate' } }, NOW)
    expect(items).toMatchObject([{ decisionDefinitionKey: definitionKey, name: 'Fine rate' }])
    expect(await client.getDecisionDefinition({ decisionDefinitionKey: definitionKey }, NOW)).toMatchObject({
      version: 1,
    })
    expect(await client.getDecisionDefinitionXml({ decisionDefinitionKey: definitionKey }, NOW)).toContain('rule_long')
    const requirements = await client.searchDecisionRequirements({ filter: { resourceName: 'fine.dmn' } }, NOW)
    const decisionRequirementsKey = requirements.items?.[0]?.decisionRequirementsKey ?? ''
    expect(await client.getDecisionRequirements({ decisionRequirementsKey }, NOW)).toMatchObject({
      decisionRequirementsName: 'Fines',
    })
    expect(await client.getDecisionRequirementsXml({ decisionRequirementsKey }, NOW)).toContain('rule_long')
  })

  test('leave an instance for every evaluation, with the process that asked', async () => {
    const { items = [], page } = await client.searchDecisionInstances(
      {
        filter: { decisionDefinitionId: 'fine-rate', state: 'EVALUATED', decisionDefinitionType: 'DECISION_TABLE' },
        sort: [{ field: 'decisionEvaluationKey' }],
      },
      NOW,
    )
    expect(Number(page.totalItems)).toBe(items.length)
    const ofProcess = items.filter((item) => item.processInstanceKey !== undefined)
    expect(ofProcess[0]).toMatchObject({ result: '2', evaluationDate: new Date(T0 + 10 * DAY).toISOString() })
    const decisionEvaluationInstanceKey = ofProcess[0]?.decisionEvaluationInstanceKey ?? ''
    expect(await client.getDecisionInstance({ decisionEvaluationInstanceKey }, NOW)).toMatchObject({
      decisionDefinitionName: 'Fine rate',
      evaluatedInputs: [{ inputValue: '7' }],
      matchedRules: [{ ruleId: 'rule_long' }],
    })
  })
})

describe('incidents', () => {
  test('mark the instance, its caller and the element; they end when the cause is mended', async () => {
    const { processInstanceKey } = await client.createProcessInstance({
      processDefinitionId: 'reminder',
      variables: {},
    })
    await client.pinClock({ timestamp: T0 + 30 * DAY })
    const called = await client.searchProcessInstances(
      { filter: { parentProcessInstanceKey: processInstanceKey, hasIncident: true } },
      NOW,
    )
    const calledKey = called.items[0]?.processInstanceKey ?? ''
    expect(await client.getProcessInstance({ processInstanceKey }, NOW)).toMatchObject({
      hasIncident: true,
      state: 'ACTIVE',
    })
    const callActivity = await client.searchElementInstances({ filter: { processInstanceKey, hasIncident: true } }, NOW)
    expect(callActivity.items).toMatchObject([{ elementId: 'inner', type: 'CALL_ACTIVITY' }])
    const { items = [] } = await client.searchProcessInstanceIncidents({ processInstanceKey }, NOW)
    expect(items).toMatchObject([
      { processInstanceKey: calledKey, state: 'ACTIVE', elementId: 'amount', processDefinitionId: 'fine' },
    ])
    const incidentKey = items[0]?.incidentKey ?? ''
    const statistics = await client.getProcessInstanceStatistics({ processInstanceKey: calledKey }, NOW)
    expect(statistics.items).toContainEqual({
      elementId: 'amount',
      active: 0,
      canceled: 0,
      incidents: 1,
      completed: 0,
    })

    await client.createElementInstanceVariables({ elementInstanceKey: calledKey, variables: { days: 4 } })
    await served.olderClient.updateElementInstanceVariables({
      elementInstanceKey: items[0]?.elementInstanceKey ?? '',
      variables: { amount: 8 },
      local: true,
    })
    await client.resolveIncident({ incidentKey })
    expect(await client.getIncident({ incidentKey }, NOW)).toMatchObject({ state: 'RESOLVED' })
    expect(await client.getProcessInstance({ processInstanceKey }, NOW)).toMatchObject({
      hasIncident: false,
      state: 'COMPLETED',
    })
    await expect(client.resolveIncident({ incidentKey })).rejects.toMatchObject({ status: 404, title: 'NOT_FOUND' })
  })
})

describe('variables', () => {
  test('longer than searches show are cut, unless they are asked for whole', async () => {
    const text = '长'.repeat(10_000)
    const { processInstanceKey } = await client.createProcessInstance({
      processDefinitionId: 'reminder',
      variables: { text },
    })
    const filter = { processInstanceKey, name: 'text' }
    const { items } = await client.searchVariables({ filter }, NOW)
    expect(items).toMatchObject([{ isTruncated: true, value: `"${'长'.repeat(8_190)}` }])
    expect((await client.searchVariables({ filter, truncateValues: false }, NOW)).items).toMatchObject([
      { isTruncated: false, value: `"${text}"` },
    ])
    expect((await client.getVariable({ variableKey: items[0]?.variableKey ?? '' }, NOW)).value).toBe(`"${text}"`)
  })

  test('keep null, nested values and numbers as they are', async () => {
    const variables = { nothing: null, list: [1, [2, { three: 3 }]], money: '1234567890.12', tiny: 1e-7, 中文: true }
    const { processInstanceKey } = await client.createProcessInstance({ processDefinitionId: 'reminder', variables })
    const { items } = await client.searchVariables({ filter: { processInstanceKey } }, NOW)
    expect(Object.fromEntries(items.map(({ name, value }) => [name, JSON.parse(value)]))).toEqual(variables)
  })
})

describe('pages of a search', () => {
  test('follow each other by cursor, forward and back, while the set stays the same', async () => {
    const keys: string[] = []
    for (let index = 0; index < 5; index++) {
      const { processInstanceKey } = await client.createProcessInstance({
        processDefinitionId: 'reminder',
        variables: { page: index },
        tags: ['paged'],
      })
      keys.push(processInstanceKey)
    }
    const request = {
      filter: { tags: ['paged'] },
      sort: [{ field: 'processInstanceKey' as const, order: 'DESC' as const }],
    }
    const seen: string[] = []
    let page = await served.free.searchProcessInstances({ ...request, page: { from: 0, limit: 2 } }, NOW)
    const pages = [page]
    while (page.items.length > 0) {
      seen.push(...page.items.map((item) => item.processInstanceKey))
      page = await served.free.searchProcessInstances(
        { ...request, page: { after: page.page.endCursor ?? '', limit: 2 } },
        NOW,
      )
      pages.push(page)
    }
    expect(seen).toEqual(keys.toReversed())
    expect(pages.map(({ items }) => items.length)).toEqual([2, 2, 1, 0])
    expect(pages.every(({ page: { totalItems } }) => Number(totalItems) === 5)).toBe(true)
    const before = pages[1]?.page.startCursor ?? ''
    const back = await served.free.searchProcessInstances({ ...request, page: { before, limit: 2 } }, NOW)
    expect(back.items).toEqual(pages[0]?.items)
    const older = await served.olderClient.searchProcessInstances({ filter: {}, page: { from: 1, limit: 1 } })
    expect(older.items).toHaveLength(1)
  })
})
