import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  element,
  end,
  error,
  errorEvent,
  flows,
  gateway,
  job,
  listeners,
  message,
  messageEvent,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { activeTree, engineFor } from './support.ts'

const looped = (sequential: boolean) => multiInstance({ inputCollection: '=[1]', inputElement: 'item' }, { sequential })
const EVENTS = message('m1', 'one', '="k"') + message('m2', 'two', '=missing') + error('e', 'E')
const branches = (...ids: string[]) => ids.map((id) => `f -> ${id} -> j`)

// Active: a with two boundary events, a loop, a user task, and a token that waits at j.
const SOURCE = bpmn(
  'source',
  start() +
    gateway('parallel', 'f') +
    ['a', 'b', 'done'].map((id) => serviceTask(id)).join('') +
    boundary('stop', 'a', messageEvent('m1')) +
    boundary('late', 'a', timer('timeDuration', 'PT1H')) +
    end('stopEnd') +
    end('lateEnd') +
    serviceTask('m', looped(false)) +
    userTask('u') +
    gateway('parallel', 'j') +
    end() +
    flows('start -> f', ...branches('a', 'b', 'm', 'u', 'done'), 'j -> end', 'stop -> stopEnd', 'late -> lateEnd'),
  EVENTS,
)
const TARGET = bpmn(
  'target',
  start() +
    gateway('parallel', 'f') +
    ['a', 'b', 'done', 'free'].map((id) => serviceTask(id)).join('') +
    boundary('stop', 'a', messageEvent('m1')) +
    boundary('late', 'a', timer('timeDuration', 'PT1H')) +
    boundary('caught', 'b', errorEvent('e')) +
    boundary('never', 'free', messageEvent('m2')) +
    boundary('same', 'free', timer('timeDuration', 'PT1H')) +
    ['stopEnd', 'lateEnd', 'caughtEnd', 'neverEnd', 'sameEnd'].map((id) => end(id)).join('') +
    serviceTask('m', looped(false)) +
    serviceTask('ordered', looped(true)) +
    userTask('u') +
    element('sendTask', { id: 'send' }, job('send')) +
    gateway('parallel', 'j') +
    gateway('parallel', 'narrow') +
    gateway('exclusive', 'other') +
    subprocess('s', start('ss'), serviceTask('inner'), end('se'), flows('ss -> inner -> se')) +
    end() +
    flows(
      'start -> f',
      ...branches('a', 'b', 'm', 'u', 'done'),
      'j -> free -> ordered -> send -> s -> narrow -> other -> end',
      'stop -> stopEnd',
      'late -> lateEnd',
      'caught -> caughtEnd',
      'never -> neverEnd',
      'same -> sameEnd',
    ),
  EVENTS,
)

const MAPPED = { a: 'a', b: 'b', m: 'm', u: 'u', j: 'j', 'done-j': 'done-j' }

async function given() {
  const test = await engineFor({ resources: { 'source.bpmn': SOURCE } })
  const key = await test.start('source')
  await test.completeJob('done')
  const { processes } = await test.deploy({ 'target.bpmn': TARGET })
  const targetProcessDefinitionKey = processes[0]?.processDefinitionKey ?? 0
  const migrate = (mapped: Record<string, string | undefined>, more = {}) =>
    test.execute({
      type: 'MigrateProcessInstance',
      processInstanceKey: key,
      targetProcessDefinitionKey,
      mappingInstructions: Object.entries(mapped).flatMap(([sourceElementId, targetElementId]) =>
        targetElementId === undefined ? [] : [{ sourceElementId, targetElementId }],
      ),
      ...more,
    })
  return { test, key, migrate }
}

/** What is wrong, and how it is told. */
const REFUSED: [name: string, mapped: Record<string, string | undefined>, type: string, told: string][] = [
  [
    'an unknown source element',
    { ...MAPPED, nope: 'a' },
    'INVALID_ARGUMENT',
    "mapping instructions contain a non-existing source element id 'nope'. Elements provided in mapping instructions must exist in the source process definition.",
  ],
  [
    'an unknown target element',
    { ...MAPPED, done: 'nope' },
    'INVALID_ARGUMENT',
    "mapping instructions contain a non-existing target element id 'nope'. Elements provided in mapping instructions must exist in the target process definition.",
  ],
  [
    'a waiting token whose gateway is not mapped',
    { ...MAPPED, j: undefined, a: undefined },
    'INVALID_ARGUMENT',
    "gateway 'j' has at least one incoming sequence flow taken. Joining gateways with at least one incoming sequence flow taken must be mapped to a gateway of the same type in the target process definition.",
  ],
  [
    'a waiting token whose gateway becomes another kind',
    { ...MAPPED, j: 'other' },
    'INVALID_ARGUMENT',
    "active element with id 'j' and type 'PARALLEL_GATEWAY' is mapped to an element with id 'other' and different type 'EXCLUSIVE_GATEWAY'.",
  ],
  [
    'a waiting token whose gateway gets fewer flows',
    { ...MAPPED, j: 'narrow', 'done-j': undefined },
    'INVALID_ARGUMENT',
    "target gateway with id 'narrow' has less incoming sequence flows than the source gateway with id 'j'.",
  ],
  [
    'a waiting token whose flow is not mapped',
    { ...MAPPED, 'done-j': undefined, a: undefined },
    'INVALID_ARGUMENT',
    "joining gateway with id 'j' has a taken sequence flow with id 'done-j'. Taken sequence flows must be mapped to a sequence flow in the target process definition.",
  ],
  [
    'a waiting token whose flow leads elsewhere',
    { ...MAPPED, 'done-j': 'j-free' },
    'INVALID_ARGUMENT',
    "joining gateway with id 'j' has a taken sequence flow with id 'done-j'.",
  ],
  [
    'an active element that is not mapped',
    { ...MAPPED, a: undefined },
    'INVALID_STATE',
    "no mapping instruction defined for active element with id 'a'. Elements cannot be migrated without a mapping.",
  ],
  [
    'another type',
    { ...MAPPED, a: 'send' },
    'INVALID_STATE',
    "active element with id 'a' and type 'SERVICE_TASK' is mapped to an element with id 'send' and different type 'SEND_TASK'. Elements must be mapped to elements of the same type.",
  ],
  [
    'a loop where there was none',
    { ...MAPPED, a: 'm' },
    'INVALID_STATE',
    "active element with id 'a' and type 'SERVICE_TASK' is mapped to an element with id 'm' and different type 'MULTI_INSTANCE_BODY'.",
  ],
  [
    'another scope',
    { ...MAPPED, a: 'inner', stop: 'never' },
    'INVALID_STATE',
    "the flow scope of active element with id 'a' is changed. The flow scope of the active element is expected to be 'target' but was 's'. The flow scope of an element cannot be changed during migration yet.",
  ],
  [
    'another order of a loop',
    { ...MAPPED, m: 'ordered' },
    'INVALID_STATE',
    "active element with id 'm' has a different loop characteristics than the target element with id 'ordered'. Both elements must have either sequential or parallel loop characteristics.",
  ],
  [
    'an event that is not attached any more',
    { ...MAPPED, stop: 'caught', late: 'caught' },
    'INVALID_STATE',
    "active element with id 'a' is mapped to an element with id 'a' and has a catch event with id 'stop' that is mapped to a catch event with id 'caught'. These mappings detach the catch event from the element in the target process. Catch events must stay attached to the same element instance.",
  ],
  [
    'two events that become one',
    { ...MAPPED, stop: 'stop', late: 'stop' },
    'INVALID_STATE',
    "active element with id 'a' has a catch event attached that is mapped to a catch event with id 'stop'. There are multiple mapping instructions that target this catch event: 'stop', 'late'. Catch events cannot be merged by process instance migration.",
  ],
  [
    'an event of another kind',
    { ...MAPPED, stop: 'late' },
    'INVALID_STATE',
    "active element with id 'a' has a catch event with id 'stop' that is mapped to a catch event with id 'late'. These catch events have different event types: 'MESSAGE' and 'TIMER'.",
  ],
  [
    'an event that cannot be waited for',
    { ...MAPPED, a: 'free' },
    'INVALID_STATE',
    "active element with id 'a' is mapped to element with id 'free' that must be subscribed to a catch event. Failed to extract the correlation key for 'missing': The value must be either a string or a number, but was 'NULL'.",
  ],
  [
    'a second subscription to one message',
    MAPPED,
    'INVALID_STATE',
    "active element with id 'a' is already subscribed to the same message name 'one'. Currently, migrating message subscriptions to the same message name isn't supported without a mapping. Please provide a mapping instruction between message catch event with id 'stop' and the target message catch event.",
  ],
]

describe('a migration is refused, and changes nothing, for', () => {
  for (const [name, mapped, type, told] of REFUSED)
    it(name, async () => {
      const { test, key, migrate } = await given()
      const before = test.engine.query.all('SELECT * FROM element_instance ORDER BY key')
      await expect(migrate(mapped)).rejects.toMatchObject({
        type,
        message: expect.stringContaining(`Expected to migrate process instance '${key}' but ${told}`),
      })
      expect(test.engine.query.all('SELECT * FROM element_instance ORDER BY key')).toEqual(before)
      expect(activeTree(test, key)).toContain('a')
    })

  it('repeated source elements', async () => {
    const { key, migrate } = await given()
    const repeated = ['a', 'b', 'a', 'b'].map((id) => ({ sourceElementId: id, targetElementId: id }))
    await expect(migrate({}, { mappingInstructions: repeated })).rejects.toMatchObject({
      type: 'INVALID_ARGUMENT',
      message: `Expected to migrate process instance '${key}' but the mapping instructions contain duplicate source element ids '[a, b]'.`,
    })
  })

  it('an instance or a definition that does not exist', async () => {
    const { test, key, migrate } = await given()
    await expect(migrate({}, { processInstanceKey: 1, targetProcessDefinitionKey: 2 })).rejects.toMatchObject({
      type: 'NOT_FOUND',
      message: "Expected to migrate process instance but no process instance found with key '1'",
    })
    await expect(migrate({ nope: 'a' }, { targetProcessDefinitionKey: 2 })).rejects.toMatchObject({
      type: 'NOT_FOUND',
      message:
        "Expected to migrate process instance to process definition but no process definition found with key '2'",
    })
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    await expect(migrate(MAPPED)).rejects.toMatchObject({ type: 'NOT_FOUND' })
  })

  it('elements that cannot be led over', async () => {
    const xml = (id: string) =>
      bpmn(
        id,
        start() + element('manualTask', { id: 'x' }, listeners('start:hold')) + end() + flows('start -> x -> end'),
      )
    const test = await engineFor({ resources: { 'p.bpmn': xml('p') } })
    const key = await test.start('p')
    const { processes } = await test.deploy({ 'q.bpmn': xml('q') })
    await expect(
      test.execute({
        type: 'MigrateProcessInstance',
        processInstanceKey: key,
        targetProcessDefinitionKey: processes[0]?.processDefinitionKey ?? 0,
        mappingInstructions: [],
      }),
    ).rejects.toMatchObject({
      type: 'INVALID_STATE',
      message: `Expected to migrate process instance '${key}' but active element with id 'x' has an unsupported type. The migration of a MANUAL_TASK is not supported.`,
    })
  })
})
