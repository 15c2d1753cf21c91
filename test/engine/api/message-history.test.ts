import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  boundary,
  bpmn,
  end,
  flows,
  message,
  messageEvent,
  start,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { type ServedEngine, startServedEngine } from './served-engine.ts'

// What searches tell of messages that came, and of subscriptions that wait no more; what is counted as used.
let served: ServedEngine
const T0 = Date.UTC(2026, 10, 23, 1)

const HEARING = bpmn(
  'hearing',
  start('called', messageEvent('call')) +
    userTask('hear') +
    boundary('note', 'hear', messageEvent('noted'), false) +
    boundary('stop', 'hear', messageEvent('stopped')) +
    end() +
    end('noted-end') +
    end('stopped-end') +
    flows('called -> hear -> end', 'note -> noted-end', 'stop -> stopped-end'),
  message('call', 'call') + message('noted', 'noted', '=case') + message('stopped', 'stopped', '=case'),
)

beforeAll(async () => {
  served = await startServedEngine()
  await served.client.pinClock({ timestamp: T0 })
  await served.client.createDeployment({ resources: [new File([HEARING], 'hearing.bpmn')] })
})
afterAll(() => served.close())

async function search(plural: string, filter: object) {
  return (await served.send('POST', `/v2/${plural}/search`, { filter, sort: [{ field: 'messageName' }] })).body.items
}

describe('messages and those who waited for them', () => {
  let hearing: string

  test('a message that starts an instance names it, and the start event', async () => {
    const { messageKey } = (
      await served.send('POST', '/v2/messages/publication', {
        name: 'call',
        correlationKey: 'c-1',
        variables: { case: 'c-1' },
      })
    ).body
    const [found] = await search('correlated-message-subscriptions', { messageKey })
    expect(found).toMatchObject({
      messageName: 'call',
      correlationKey: 'c-1',
      correlationTime: new Date(T0).toISOString(),
      elementId: 'called',
      partitionId: 1,
      processDefinitionId: 'hearing',
    })
    expect(found.elementInstanceKey).toBeUndefined()
    hearing = found.processInstanceKey
    expect(await search('message-subscriptions', { processInstanceKey: hearing })).toMatchObject([
      { messageName: 'noted', messageSubscriptionState: 'CREATED', lastUpdatedDate: new Date(T0).toISOString() },
      { messageName: 'stopped', messageSubscriptionState: 'CREATED' },
    ])
  })

  test('a subscription that waits on shows its last message', async () => {
    for (const minute of [1, 2]) {
      await served.client.pinClock({ timestamp: T0 + minute * 60_000 })
      await served.client.correlateMessage({ name: 'noted', correlationKey: 'c-1' })
    }
    const correlated = await search('correlated-message-subscriptions', { messageName: 'noted' })
    expect(correlated).toHaveLength(2)
    expect(new Set(correlated.map((item: { subscriptionKey: string }) => item.subscriptionKey)).size).toBe(1)
    expect(await search('message-subscriptions', { processInstanceKey: hearing, messageName: 'noted' })).toMatchObject([
      { messageSubscriptionState: 'CORRELATED', lastUpdatedDate: new Date(T0 + 120_000).toISOString() },
    ])
  })

  test('one that got its message and one that did not are told apart when both are over', async () => {
    await served.client.correlateMessage({ name: 'stopped', correlationKey: 'c-1' })
    await served.send('POST', '/v2/messages/publication', {
      name: 'call',
      correlationKey: 'c-2',
      variables: { case: 'c-2' },
    })
    const [task] = (await served.send('POST', '/v2/user-tasks/search', { filter: { state: 'CREATED' } })).body.items
    await served.client.completeUserTask({ userTaskKey: task.userTaskKey })
    const states = (await search('message-subscriptions', {})).map(
      (item: { messageName: string; correlationKey: string; messageSubscriptionState: string }) =>
        `${item.messageName} ${item.correlationKey} ${item.messageSubscriptionState}`,
    )
    expect(states.toSorted()).toEqual([
      'noted c-1 CORRELATED',
      'noted c-2 DELETED',
      'stopped c-1 CORRELATED',
      'stopped c-2 DELETED',
    ])
  })
})

describe('usage metrics', () => {
  const usage = async (from: number, to: number, more = '') => {
    const [startTime, endTime] = [new Date(from).toISOString(), new Date(to).toISOString()]
    return served.send('GET', `/v2/system/usage-metrics?startTime=${startTime}&endTime=${endTime}${more}`)
  }

  test('count instances, decisions and different assignees of a time', async () => {
    const now = T0 + 3_600_000
    await served.client.pinClock({ timestamp: now })
    await served.send('POST', '/v2/messages/publication', {
      name: 'call',
      correlationKey: 'c-3',
      variables: { case: 'c-3' },
    })
    const [task] = (await served.send('POST', '/v2/user-tasks/search', { filter: { state: 'CREATED' } })).body.items
    for (const assignee of ['lee', 'kim', 'lee']) {
      await served.client.assignUserTask({ userTaskKey: task.userTaskKey, assignee })
    }
    expect((await usage(now, now)).body).toEqual({
      processInstances: 1,
      decisionInstances: 0,
      assignees: 2,
      activeTenants: 1,
      tenants: {},
    })
    expect((await usage(T0, now, '&withTenants=true')).body.tenants).toEqual({
      '<default>': { processInstances: 3, decisionInstances: 0, assignees: 2 },
    })
    expect((await usage(0, 1)).body).toMatchObject({ processInstances: 0, activeTenants: 0 })
  })

  test('need both times, in order', async () => {
    expect(await served.send('GET', '/v2/system/usage-metrics')).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/\[startTime\].*\[endTime\]/) },
    })
    expect(await usage(2, 1)).toMatchObject({ status: 400, body: { detail: expect.stringContaining('startTime') } })
    expect(await usage(1, 2, '&tenantId=other')).toMatchObject({ status: 400 })
  })
})
