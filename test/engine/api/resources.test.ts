import { afterAll, beforeAll, expect, test } from 'vitest'
import { bpmn, end, flows, serviceTask, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { NOW, type ServedEngine, startServedEngine } from './served-engine.ts'

// Deployed resources: scripts of robots are read back, everything deployed is deleted by its key.
let served: ServedEngine
let client: ServedEngine['client']

const SCRIPT = JSON.stringify({ id: 'bot', name: '机器人', versionTag: 'v7', script: 'Open the register' })
const xml = (task: string) => bpmn('p', start() + serviceTask(task) + end() + flows(`start -> ${task} -> end`))

beforeAll(async () => {
  served = await startServedEngine()
  client = served.client
})
afterAll(() => served.close())

test('a script is deployed, read and deleted', async () => {
  const { body } = await served.send('POST', '/v2/deployments', formWith('bot.rpa', SCRIPT))
  const { resource } = body.deployments[0]
  expect(resource).toMatchObject({ resourceId: 'bot', version: 1, resourceName: 'bot.rpa' })
  const { resourceKey } = resource
  expect(await client.getResource({ resourceKey })).toEqual({
    resourceKey,
    resourceId: 'bot',
    resourceName: 'bot.rpa',
    version: 1,
    versionTag: 'v7',
    tenantId: '<default>',
  })
  expect(await client.getResourceContent({ resourceKey })).toBe(SCRIPT)
  await client.deleteResource({ resourceKey, operationReference: 3 })
  await expect(client.getResource({ resourceKey })).rejects.toMatchObject({ status: 404 })
  expect(await served.send('POST', `/v2/resources/${resourceKey}/deletion`)).toMatchObject({
    status: 404,
    body: {
      title: 'NOT_FOUND',
      detail: `Command 'DELETE' rejected with code 'NOT_FOUND': Expected to delete resource but no resource found with key \`${resourceKey}\``,
    },
  })
})

test('a deleted process is not the latest any more, and cannot be while it runs', async () => {
  const deploy = async (task: string) =>
    (await client.createDeployment({ resources: [new File([xml(task)], 'p.bpmn')] })).processes[0]
      ?.processDefinitionKey ?? ''
  const first = await deploy('one')
  const second = await deploy('two')
  await expect(client.getResource({ resourceKey: second })).rejects.toMatchObject({ status: 404 })
  const { processInstanceKey } = await client.createProcessInstance({ processDefinitionId: 'p' })
  await expect(client.deleteResource({ resourceKey: second })).rejects.toMatchObject({
    status: 409,
    title: 'INVALID_STATE',
  })
  await client.cancelProcessInstance({ processInstanceKey })
  await client.deleteResource({ resourceKey: second })
  const filter = { processDefinitionId: 'p', isLatestVersion: true }
  expect((await client.searchProcessDefinitions({ filter }, NOW)).items).toMatchObject([
    { processDefinitionKey: first },
  ])
  // History still has it.
  expect(await client.getProcessDefinitionXml({ processDefinitionKey: second }, NOW)).toBe(xml('two'))
  expect(await client.getProcessInstance({ processInstanceKey }, NOW)).toMatchObject({ processDefinitionVersion: 2 })
})

function formWith(name: string, content: string): FormData {
  const form = new FormData()
  form.append('resources', new File([content], name))
  return form
}
