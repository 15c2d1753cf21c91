import { element, end, flows, serviceTask, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { line } from '../diagrams.ts'
import { group, type Scenario, scenario } from '../scenario.ts'

const condition = (source: string) =>
  `<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${source}</bpmn:completionCondition>`
const active = (more = '') => `<zeebe:adHoc activeElementsCollection="=todo" ${more}/>`
const adHoc = (attributes: { cancelRemainingInstances?: boolean }, ...content: string[]) =>
  start() + element('adHocSubProcess', { id: 'ah', ...attributes }, ...content) + end() + line('ah')
const tasks = serviceTask('a') + serviceTask('b') + serviceTask('c')

/** A scenario of what no version before 8.8 has. */
const adHocScenario = (title: string, tell: Scenario['tell']) =>
  scenario(title, tell, { since: { version: '8.8', reason: 'ad-hoc subprocesses as they are now' } })

/** Ad-hoc subprocesses whose activities the diagram chooses: collection, condition, remaining instances, outputs. */
export const adHocSubprocesses = group('ad-hoc-subprocesses', [
  adHocScenario('activities of a collection are started; with the last of them it ends', async (t) => {
    await t.run(adHoc({}, active(), tasks), { todo: ['a', 'b'] })
    await t.completeJob('a', { x: 1 })
    await t.completeJob('b', { y: 2 })
  }),
  adHocScenario('what follows a started activity belongs to it', async (t) => {
    await t.run(adHoc({}, active(), tasks, flows('a -> b')), { todo: ['a'] })
    await t.completeJob('a')
    await t.completeJob('b')
  }),
  adHocScenario('the same activity twice', async (t) => {
    await t.run(adHoc({}, active(), tasks), { todo: ['a', 'a'] })
    await t.completeJob('a')
    await t.completeJob('a')
  }),
  adHocScenario('a condition that holds ends what is still active', async (t) => {
    await t.run(adHoc({}, active(), tasks, condition('=done')), { todo: ['a', 'b', 'c'], done: false })
    await t.completeJob('a')
    await t.completeJob('b', { done: true })
  }),
  adHocScenario('a condition that holds waits for what is still active', async (t) => {
    await t.run(adHoc({ cancelRemainingInstances: false }, active(), tasks, condition('=done')), {
      todo: ['a', 'b'],
      done: false,
    })
    await t.completeJob('a', { done: true })
    await t.completeJob('b')
  }),
  adHocScenario('a condition that does not hold when nothing is active', async (t) => {
    await t.run(adHoc({}, active(), tasks, condition('=done')), { todo: ['a'], done: false })
    await t.completeJob('a')
  }),
  adHocScenario('a condition that cannot be read makes an incident', async (t) => {
    await t.run(adHoc({}, active(), tasks, condition('=enough')), { todo: ['a'] })
    await t.completeJob('a')
    await t.setVariables('p', { enough: true })
    await t.resolveIncident('ah#innerInstance')
  }),
  adHocScenario('outputs are collected', async (t) => {
    await t.run(adHoc({}, active('outputCollection="outs" outputElement="=r"'), tasks), { todo: ['a', 'b'] })
    await t.completeJob('b', { r: 2 })
    await t.completeJob('a', { r: 1 })
  }),
  adHocScenario('a collection that is none makes an incident', async (t) => {
    await t.run(adHoc({}, active(), tasks), { todo: 'a' })
    await t.setVariables('p', { todo: ['a'] })
    await t.resolveIncident('ah')
    await t.completeJob('a')
  }),
  adHocScenario('a collection that names what is not there makes an incident', async (t) => {
    await t.run(adHoc({}, active(), tasks), { todo: ['a', 'x'] })
    await t.setVariables('p', { todo: ['b'] })
    await t.resolveIncident('ah')
  }),
  adHocScenario('an empty collection', (t) => t.run(adHoc({}, active(), tasks), { todo: [] })),
  adHocScenario('a cancelled instance ends its activities', async (t) => {
    await t.run(adHoc({}, active(), tasks), { todo: ['a', 'b'] })
    await t.cancel()
  }),
])
