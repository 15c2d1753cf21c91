import { describe, expect, it } from 'vitest'
import {
  bpmn,
  element,
  end,
  flows,
  message,
  messageEvent,
  serviceTask,
  signal,
  signalEvent,
  start,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { activeTree, engineFor } from './support.ts'

const version = (id: string, number: number) =>
  bpmn(id, start() + serviceTask(`a${number}`) + end() + flows(`start -> a${number} -> end`))
const deployProcess = async (test: ProcessTest, xml: string) => {
  const { processes } = await test.deploy({ 'p.bpmn': xml })
  return { key: processes[0]?.processDefinitionKey ?? 0, version: processes[0]?.processDefinitionVersion }
}
const remove = (test: ProcessTest, resourceKey: number) => test.execute({ type: 'DeleteResource', resourceKey })
const rows = (test: ProcessTest, sql: string) => test.engine.query.all(sql).map((row) => ({ ...row }))

describe('deleting a process', () => {
  it('makes the version before the newest; a number is not given twice', async () => {
    const test = await engineFor()
    await deployProcess(test, version('p', 1))
    const second = await deployProcess(test, version('p', 2))
    await remove(test, second.key)
    expect(activeTree(test, await test.start('p'))).toBe('a1')
    for (const processDefinitionVersion of [2])
      await expect(
        test.execute({ type: 'CreateProcessInstance', processDefinitionId: 'p', processDefinitionVersion }),
      ).rejects.toMatchObject({
        type: 'NOT_FOUND',
        message: "Expected to find process definition with process ID 'p' and version '2', but none found",
      })
    await expect(
      test.execute({ type: 'CreateProcessInstance', processDefinitionKey: second.key }),
    ).rejects.toMatchObject({ type: 'NOT_FOUND' })
    expect(await deployProcess(test, version('p', 2))).toMatchObject({ version: 3 })
    expect(activeTree(test, await test.start('p'))).toBe('a2')
  })

  it('keeps what history needs', async () => {
    const test = await engineFor()
    const { key } = await deployProcess(test, version('p', 1))
    await test.start('p')
    await test.completeJob('a1')
    await remove(test, key)
    expect(rows(test, 'SELECT content FROM process_definition')).toEqual([{ content: version('p', 1) }])
    expect(rows(test, 'SELECT processDefinitionKey FROM process_instance')).toEqual([{ processDefinitionKey: key }])
  })

  it('is refused while instances run, in any version', async () => {
    const test = await engineFor()
    const { key } = await deployProcess(test, version('p', 1))
    const running = await test.start('p')
    await deployProcess(test, version('p', 2))
    await expect(remove(test, key)).rejects.toMatchObject({
      type: 'INVALID_STATE',
      message: `Expected to delete resource with key \`${key}\` but there are still running instances`,
    })
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: running })
    await remove(test, key)
    await expect(remove(test, key)).rejects.toMatchObject({
      type: 'NOT_FOUND',
      message: `Expected to delete resource but no resource found with key \`${key}\``,
    })
  })

  it('closes its start events and opens those of the version that is the newest now', async () => {
    const started = (number: number) =>
      bpmn(
        'p',
        element('startEvent', { id: 'byMessage' }, messageEvent('m')) +
          element('startEvent', { id: 'byTimer' }, timer('timeCycle', `R/PT${number}H`)) +
          element('startEvent', { id: 'bySignal' }, signalEvent('s')) +
          serviceTask('a') +
          end() +
          flows('byMessage -> a -> end', 'byTimer -> a', 'bySignal -> a'),
        message('m', `message${number}`) + signal('s', `signal${number}`),
      )
    const test = await engineFor()
    const versions = []
    for (const number of [1, 2, 3]) versions.push(await deployProcess(test, started(number)))
    const waiting = () => ({
      messages: rows(test, 'SELECT messageName FROM message_start_subscription').map((row) => row.messageName),
      signals: rows(test, 'SELECT signalName FROM signal_subscription').map((row) => row.signalName),
      timers: rows(test, 'SELECT schedule FROM timer').map((row) => row.schedule),
    })
    const third = { messages: ['message3'], signals: ['signal3'], timers: ['R/PT3H'] }
    expect(waiting()).toEqual(third)
    await remove(test, versions[1]?.key ?? 0)
    expect(waiting()).toEqual(third)
    await remove(test, versions[2]?.key ?? 0)
    expect(waiting()).toEqual({ messages: ['message1'], signals: ['signal1'], timers: ['R/PT1H'] })
    await test.moveBy(3_600_000)
    expect(rows(test, 'SELECT processDefinitionVersion AS version FROM process_instance')).toEqual([{ version: 1 }])
    for (const { key } of rows(test, 'SELECT key FROM process_instance'))
      await test.execute({ type: 'CancelProcessInstance', processInstanceKey: Number(key) })
    await remove(test, versions[0]?.key ?? 0)
    expect(waiting()).toEqual({ messages: [], signals: [], timers: [] })
  })

  it('leaves a call activity that is bound to it without a process', async () => {
    const parent = bpmn(
      'parent',
      start() +
        element('callActivity', { id: 'call' }, '<zeebe:calledElement processId="p" bindingType="deployment"/>') +
        end() +
        flows('start -> call -> end'),
    )
    const test = await engineFor()
    const { processes, deploymentKey } = await test.deploy({ 'p.bpmn': version('p', 1), 'parent.bpmn': parent })
    await deployProcess(test, version('p', 2))
    await remove(
      test,
      processes.find(({ processDefinitionId }) => processDefinitionId === 'p')?.processDefinitionKey ?? 0,
    )
    const key = await test.start('parent')
    expect(test.incidents(key)).toMatchObject([
      {
        errorType: 'CALLED_ELEMENT_ERROR',
        errorMessage: `Expected to call process with BPMN process id 'p' with binding type 'deployment', but no such process found in the deployment with key ${deploymentKey} which contained the current process. To resolve this incident, migrate the process instance to a process definition that is deployed together with the intended process definition to call.`,
      },
    ])
  })
})

describe('deleting other resources', () => {
  const dmn = (output: number) =>
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="drg" name="g" namespace="n">' +
    `<decision id="d" name="D"><variable name="d"/><literalExpression><text>${output}</text></literalExpression></decision></definitions>`

  it('makes the decisions of the version before the newest', async () => {
    const test = await engineFor()
    const first = await test.deploy({ 'd.dmn': dmn(1) })
    const second = await test.deploy({ 'd.dmn': dmn(2) })
    const decisionDefinitionKey = second.decisions[0]?.decisionDefinitionKey ?? 0
    await expect(remove(test, decisionDefinitionKey)).rejects.toMatchObject({ type: 'NOT_FOUND' })
    await remove(test, second.decisionRequirements[0]?.decisionRequirementsKey ?? 0)
    expect(await test.execute({ type: 'EvaluateDecision', decisionDefinitionId: 'd' })).toMatchObject({ output: 1 })
    await expect(test.execute({ type: 'EvaluateDecision', decisionDefinitionKey })).rejects.toMatchObject({
      type: 'NOT_FOUND',
    })
    await remove(test, first.decisionRequirements[0]?.decisionRequirementsKey ?? 0)
    await expect(test.execute({ type: 'EvaluateDecision', decisionDefinitionId: 'd' })).rejects.toMatchObject({
      type: 'NOT_FOUND',
    })
  })

  it('makes the form before the newest; a user task without one is an incident', async () => {
    const form = (text: string) => JSON.stringify({ id: 'f', components: [{ type: 'text', text }] })
    const xml = bpmn(
      'p',
      start() + userTask('u', '<zeebe:formDefinition formId="f"/>') + end() + flows('start -> u -> end'),
    )
    const test = await engineFor({ resources: { 'p.bpmn': xml } })
    const first = (await test.deploy({ 'f.form': form('one') })).forms[0]?.formKey ?? 0
    const second = (await test.deploy({ 'f.form': form('two') })).forms[0]?.formKey ?? 0
    await remove(test, second)
    await test.start('p')
    expect(test.userTask('u')).toMatchObject({ formKey: first })
    await remove(test, first)
    expect(test.incidents(await test.start('p'))).toMatchObject([{ errorType: 'FORM_NOT_FOUND' }])
  })

  it('deploys and deletes scripts of robots', async () => {
    const script = (text: string) => JSON.stringify({ id: 'bot', versionTag: 'v1', script: text })
    const test = await engineFor()
    const first = await test.deploy({ 'bot.rpa': script('x') })
    expect(first.resources).toMatchObject([{ resourceId: 'bot', version: 1, resourceName: 'bot.rpa' }])
    expect((await test.deploy({ 'bot.rpa': script('x') })).resources).toEqual(first.resources)
    const second = await test.deploy({ 'bot.rpa': script('y') })
    expect(second.resources).toMatchObject([{ version: 2 }])
    await remove(test, second.resources[0]?.resourceKey ?? 0)
    expect((await test.deploy({ 'bot.rpa': script('x') })).resources).toEqual(first.resources)
    expect(rows(test, 'SELECT versionTag, content FROM resource WHERE deletedAt IS NULL')).toEqual([
      { versionTag: 'v1', content: script('x') },
    ])
    for (const [content, reason] of [
      ['{"name":"bot"}', 'Expected the resource id to be present, but none given'],
      ['{"id":" "}', 'Expected the resource id to be filled, but it is blank'],
      ['x', 'the resource is not JSON'],
    ] as const)
      await expect(test.deploy({ 'bot.rpa': content })).rejects.toMatchObject({
        type: 'INVALID_ARGUMENT',
        message: expect.stringContaining(`'bot.rpa': ${reason}`),
      })
  })
})
