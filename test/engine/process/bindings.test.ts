import { describe, expect, it } from 'vitest'
import { bpmn, element, end, flows, serviceTask, start, userTask } from '../../../src/engine/testing/bpmn-builder.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { engineFor } from './support.ts'

const tagged = (tag: string) => `<bpmn:extensionElements><zeebe:versionTag value="${tag}"/></bpmn:extensionElements>`
const child = (tag: string, endId: string) =>
  bpmn('child', tagged(tag) + start() + end(endId) + flows(`start -> ${endId}`))
const decision = (tag: string, output: number) =>
  '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" ' +
  `id="graph" name="g" namespace="t"><decision id="fee" name="Fee"><extensionElements><zeebe:versionTag value="${tag}"/>` +
  `</extensionElements><variable id="v" name="v"/><literalExpression id="l"><text>${output}</text></literalExpression>` +
  '</decision></definitions>'
const form = (versionTag: string, version: number) =>
  JSON.stringify({ id: 'order', components: [], versionTag, version })

/** Deploys each kind three times: tagged v1, v2, and v1 again. */
async function deployVersions(test: ProcessTest): Promise<void> {
  for (const [index, tag] of ['v1', 'v2', 'v1'].entries())
    await test.deploy({
      'child.bpmn': child(tag, `end${index + 1}`),
      'fee.dmn': decision(tag, index + 1),
      'order.form': form(tag, index + 1),
    })
}

const around = (activity: string) => bpmn('p', start() + activity + serviceTask('after') + flows('start -> x -> after'))
const call = (processId: string, binding: string) =>
  element('callActivity', { id: 'x' }, `<zeebe:calledElement processId="${processId}" ${binding}/>`)
const rule = (decisionId: string, binding: string) =>
  element(
    'businessRuleTask',
    { id: 'x' },
    `<zeebe:calledDecision decisionId="${decisionId}" resultVariable="r" ${binding}/>`,
  )
const task = (formId: string, binding: string) => userTask('x', `<zeebe:formDefinition formId="${formId}" ${binding}/>`)
const tag = (name: string) => `bindingType="versionTag" versionTag="${name}"`

describe('a binding by version tag', () => {
  it.each([
    ['v2', 2],
    ['v1', 3],
  ])('%s means the newest version with that tag', async (name, version) => {
    const test = await engineFor()
    await deployVersions(test)
    await test.run(around(call('child', tag(name))))
    expect(test.engine.query.all(`SELECT 1 FROM element_instance WHERE elementId = 'end${version}'`)).toHaveLength(1)
    const decided = await test.run(around(rule('fee', tag(name))))
    expect(test.variables(decided)).toEqual({ r: version })
    await test.run(around(task('order', tag(name))))
    const shown = test.engine.query.get<{ version: number }>(
      'SELECT f.version FROM user_task t JOIN form f ON f.key = t.formKey',
    )
    expect(shown?.version).toBe(version)
  })

  it.each([
    ['call activity', call('child', tag('v9')), 'CALLED_ELEMENT_ERROR', "process id 'child' and version tag 'v9'"],
    ['business rule task', rule('fee', tag('v9')), 'CALLED_DECISION_ERROR', "id 'fee' and version tag 'v9'"],
    ['user task', task('order', tag('v9')), 'FORM_NOT_FOUND', "form with id 'order' and version tag 'v9'"],
  ])('that nothing has makes an incident of a %s, solved by deploying it', async (_kind, activity, errorType, text) => {
    const test = await engineFor()
    await deployVersions(test)
    const key = await test.run(around(activity))
    expect(test.incidents(key)).toMatchObject([{ errorType, errorMessage: expect.stringContaining(text) }])
    await test.deploy({ 'child.bpmn': child('v9', 'end9'), 'fee.dmn': decision('v9', 9), 'order.form': form('v9', 9) })
    await test.resolveIncident(key)
    expect(test.incidents(key)).toEqual([])
  })
})

describe('a binding to the deployment', () => {
  it('that its expression leads out of makes an incident', async () => {
    const test = await engineFor()
    await deployVersions(test)
    for (const [activity, errorType] of [
      [call('=&quot;child&quot;', 'bindingType="deployment"'), 'CALLED_ELEMENT_ERROR'],
      [rule('=&quot;fee&quot;', 'bindingType="deployment"'), 'CALLED_DECISION_ERROR'],
      [task('=&quot;order&quot;', 'bindingType="deployment"'), 'FORM_NOT_FOUND'],
    ] as const) {
      const key = await test.run(around(activity))
      const errorMessage = expect.stringContaining("with binding type 'deployment', but no such")
      expect(test.incidents(key)).toMatchObject([{ errorType, errorMessage }])
    }
  })
})
