import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bpmn, end, flows, serviceTask, start, subprocess } from '../../../src/engine/testing/bpmn-builder.ts'
import { NOW, type ServedEngine, startServedEngine } from './served-engine.ts'

// Modification and instructions of a creation, with the client that checks every request and answer.
let served: ServedEngine
let client: ServedEngine['client']

const XML = bpmn(
  'p',
  start() +
    serviceTask('a') +
    subprocess('s', start('ss'), serviceTask('b'), end('se'), flows('ss -> b -> se')) +
    end() +
    flows('start -> a -> s -> end'),
)

beforeAll(async () => {
  served = await startServedEngine()
  client = served.client
  await client.createDeployment({ resources: [new File([XML], 'p.bpmn')] })
})
afterAll(() => served.close())

/** Active element instances of an instance by element id. */
async function active(processInstanceKey: string): Promise<Map<string, string>> {
  const filter = { processInstanceKey, state: 'ACTIVE' } as const
  const { items = [] } = await client.searchElementInstances({ filter }, NOW)
  const elements = items.filter(({ type }) => type !== 'PROCESS')
  return new Map(elements.map(({ elementId, elementInstanceKey }) => [elementId, elementInstanceKey]))
}

describe('a modification', () => {
  test('moves an instance, with variables', async () => {
    const { processInstanceKey } = await client.createProcessInstance({ processDefinitionId: 'p' })
    const elementInstanceKey = (await active(processInstanceKey)).get('a') ?? ''
    await client.modifyProcessInstance({
      processInstanceKey,
      operationReference: 7,
      activateInstructions: [
        {
          elementId: 'b',
          ancestorElementInstanceKey: '-1',
          variableInstructions: [{ variables: { global: 1 } }, { variables: { scoped: [2] }, scopeId: 's' }],
        },
      ],
      terminateInstructions: [{ elementInstanceKey }],
    })
    const now = await active(processInstanceKey)
    expect([...now.keys()]).toEqual(['s', 'b'])
    const { items } = await client.searchVariables({ filter: { processInstanceKey }, sort: [{ field: 'name' }] }, NOW)
    expect(items).toMatchObject([
      { name: 'global', value: '1', scopeKey: processInstanceKey },
      { name: 'scoped', value: '[2]', scopeKey: now.get('s') },
    ])
    const { items: statistics } = await client.getProcessInstanceStatistics({ processInstanceKey }, NOW)
    expect(statistics).toContainEqual({ elementId: 'a', active: 0, canceled: 1, incidents: 0, completed: 0 })
  })

  test('is refused in the words of the engine', async () => {
    const { processInstanceKey } = await client.createProcessInstance({ processDefinitionId: 'p' })
    const path = `/v2/process-instances/${processInstanceKey}/modification`
    expect(await served.send('POST', path, { activateInstructions: [{ elementId: 'nope' }] })).toMatchObject({
      status: 400,
      body: {
        title: 'INVALID_ARGUMENT',
        detail:
          "Command 'MODIFY' rejected with code 'INVALID_ARGUMENT': Expected to modify instance of process 'p' but it contains one or more activate instructions with an element that could not be found: 'nope'",
      },
    })
    expect(await served.send('POST', path, { activateInstructions: [{}] })).toMatchObject({ status: 400 })
    expect(
      await served.send('POST', path, {
        activateInstructions: [{ elementId: 'a', variableInstructions: [{ scopeId: 'a' }] }],
      }),
    ).toMatchObject({ status: 400 })
    expect(await served.send('POST', '/v2/process-instances/1/modification', {})).toMatchObject({
      status: 404,
      body: { title: 'NOT_FOUND' },
    })
  })
})

describe('a migration', () => {
  test('shows in every search, in the statistics and in the XML of the definition', async () => {
    const { processInstanceKey } = await client.createProcessInstance({ processDefinitionId: 'p' })
    const xml = XML.replace('"p"', '"q"').replaceAll('"a"', '"a2"')
    const deployed = await client.createDeployment({ resources: [new File([xml], 'q.bpmn')] })
    const processDefinitionKey = deployed.processes[0]?.processDefinitionKey ?? ''
    await client.migrateProcessInstance({
      processInstanceKey,
      targetProcessDefinitionKey: processDefinitionKey,
      mappingInstructions: [{ sourceElementId: 'a', targetElementId: 'a2' }],
    })
    const filter = { processInstanceKey, processDefinitionKey }
    const shown = { processDefinitionKey, processDefinitionId: 'q' }
    expect((await client.searchProcessInstances({ filter }, NOW)).items).toMatchObject([shown])
    expect((await client.searchJobs({ filter }, NOW)).items).toMatchObject([{ ...shown, elementId: 'a2' }])
    expect([...(await active(processInstanceKey)).keys()]).toEqual(['a2'])
    const { items } = await client.getProcessDefinitionStatistics({ processDefinitionKey }, NOW)
    expect(items).toContainEqual({ elementId: 'a2', active: 1, canceled: 0, incidents: 0, completed: 0 })
    expect(await client.getProcessDefinitionXml({ processDefinitionKey }, NOW)).toContain('"a2"')
    const path = `/v2/process-instances/${processInstanceKey}/migration`
    const refused = { targetProcessDefinitionKey: processDefinitionKey, mappingInstructions: [] }
    expect(await served.send('POST', path, refused)).toMatchObject({ status: 400 })
    const wrong = [{ sourceElementId: 'a2', targetElementId: 's' }]
    expect(await served.send('POST', path, { ...refused, mappingInstructions: wrong })).toMatchObject({
      status: 409,
      body: { title: 'INVALID_STATE', detail: expect.stringContaining("Command 'MIGRATE' rejected") },
    })
  })
})

describe('a creation', () => {
  test('begins at the elements of its start instructions', async () => {
    const { processInstanceKey } = await client.createProcessInstance({
      processDefinitionId: 'p',
      startInstructions: [{ elementId: 'b' }],
    })
    expect([...(await active(processInstanceKey)).keys()]).toEqual(['s', 'b'])
    const refused = { processDefinitionId: 'p', startInstructions: [{ elementId: 'ss' }] }
    await expect(client.createProcessInstance(refused)).rejects.toMatchObject({ status: 400 })
  })

  test('ends after the element of its runtime instruction', async () => {
    const { processInstanceKey } = await client.createProcessInstance({
      processDefinitionId: 'p',
      startInstructions: [{ elementId: 's' }],
      runtimeInstructions: [{ type: 'TERMINATE_PROCESS_INSTANCE', afterElementId: 'ss' }],
    })
    expect(await client.getProcessInstance({ processInstanceKey }, NOW)).toMatchObject({ state: 'TERMINATED' })
  })
})
