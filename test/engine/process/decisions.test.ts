import { describe, expect, it } from 'vitest'
import { bpmn, element, end, flows, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const dmn = (limit: number, id = 'size') => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="triage" name="triage" namespace="test">
  <decision id="${id}" name="Size">
    <decisionTable id="table" hitPolicy="UNIQUE">
      <input id="in"><inputExpression id="e" typeRef="number"><text>amount</text></inputExpression></input>
      <output id="out" name="size" typeRef="string"/>
      <rule id="small"><inputEntry id="i1"><text>&lt;= ${limit}</text></inputEntry><outputEntry id="o1"><text>"small"</text></outputEntry></rule>
      <rule id="large"><inputEntry id="i2"><text>&gt; ${limit}</text></inputEntry><outputEntry id="o2"><text>"large"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>`
const task = (attributes = '') =>
  bpmn(
    'p',
    start() +
      element(
        'businessRuleTask',
        { id: 'decide' },
        `<zeebe:calledDecision decisionId="size" resultVariable="size" ${attributes}/>`,
      ) +
      end() +
      flows('start -> decide -> end'),
  )

describe('business rule task', () => {
  it('sets the result of the latest decision', async () => {
    const test = await engineFor({ resources: { 'triage.dmn': dmn(30_000), 'p.bpmn': task() } })
    expect(test.variables(await test.start('p', { amount: 30_000 })).size).toBe('small')
    await test.deploy({ 'triage.dmn': dmn(10) })
    expect(test.variables(await test.start('p', { amount: 30_000 })).size).toBe('large')
    expect(
      test.engine.query.all('SELECT state, decisionDefinitionVersion AS version FROM decision_instance ORDER BY key'),
    ).toEqual([
      { state: 'EVALUATED', version: 1 },
      { state: 'EVALUATED', version: 2 },
    ])
  })

  it('bound to its deployment keeps the decision of that', async () => {
    const test = await engineFor({
      resources: { 'triage.dmn': dmn(30_000), 'p.bpmn': task('bindingType="deployment"') },
    })
    await test.deploy({ 'triage.dmn': dmn(10) })
    expect(test.variables(await test.start('p', { amount: 30_000 })).size).toBe('small')
  })

  it('makes an incident without the decision, and decides when it is there', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': task() } })
    const key = await test.start('p', { amount: 1 })
    expect(test.incidents(key)).toMatchObject([{ errorType: 'CALLED_DECISION_ERROR', elementId: 'decide' }])
    await test.deploy({ 'triage.dmn': dmn(10) })
    await test.resolveIncident(key)
    expect(test.variables(key).size).toBe('small')
  })

  it('makes an incident when the decision fails', async () => {
    const failing = dmn(10).replace('&gt; 10', '&gt; 5')
    const test = await engineFor({ resources: { 'triage.dmn': failing, 'p.bpmn': task() } })
    const key = await test.start('p', { amount: 7 })
    expect(test.incidents(key)).toMatchObject([{ errorType: 'DECISION_EVALUATION_ERROR', elementId: 'decide' }])
    expect(test.engine.query.get('SELECT state, processInstanceKey AS key FROM decision_instance')).toEqual({
      state: 'FAILED',
      key,
    })
  })
})

describe('evaluating a decision by itself', () => {
  it('tells output, inputs and matched rules', async () => {
    const test = await engineFor({ resources: { 'triage.dmn': dmn(10) } })
    const result = await test.execute({
      type: 'EvaluateDecision',
      decisionDefinitionId: 'size',
      variables: { amount: 11 },
    })
    expect(result).toMatchObject({ output: 'large', failureMessage: null, decisionDefinitionVersion: 1 })
    expect(result.evaluatedDecisions[0]).toMatchObject({
      evaluatedInputs: [{ inputValue: 11 }],
      matchedRules: [{ ruleId: 'large', ruleIndex: 2 }],
    })
  })

  it('tells what failed', async () => {
    const test = await engineFor({ resources: { 'triage.dmn': dmn(10).replace('&gt; 10', '&gt; 5') } })
    const result = await test.execute({
      type: 'EvaluateDecision',
      decisionDefinitionId: 'size',
      variables: { amount: 7 },
    })
    expect(result).toMatchObject({ output: null, failedDecisionDefinitionId: 'size' })
    expect(result.failureMessage).toContain("Expected to evaluate decision 'size'")
  })

  it('refuses an unknown decision', async () => {
    const test = await engineFor()
    const unknown = test.execute({ type: 'EvaluateDecision', decisionDefinitionId: 'nope' })
    await expect(unknown).rejects.toMatchObject({ type: 'NOT_FOUND' })
    await expect(test.execute({ type: 'EvaluateDecision' })).rejects.toMatchObject({ type: 'INVALID_ARGUMENT' })
  })
})
