import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  eventSubprocess,
  flows,
  gateway,
  job,
  listeners,
  mapping,
  message,
  messageEvent,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  taskListeners,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { activeKey, activeTree, engineFor } from './support.ts'

const HOUR = 3_600_000

/** Starts the first diagram, brings it where the test wants it, and deploys the second one. */
async function given(
  before: string,
  after: string,
  options: {
    variables?: Record<string, string | number>
    reach?: (test: ProcessTest, key: number) => Promise<unknown>
  } = {},
) {
  const test = await engineFor()
  const key = await test.run(before, options.variables)
  await options.reach?.(test, key)
  const { processes } = await test.deploy({ 'after.bpmn': after })
  const definition = processes[0] ?? { processDefinitionKey: 0 }
  return { test, key, definition: definition.processDefinitionKey }
}
type Given = Awaited<ReturnType<typeof given>>

const migrate = ({ test, key, definition }: Given, mapped: Record<string, string>) =>
  test.execute({
    type: 'MigrateProcessInstance',
    processInstanceKey: key,
    targetProcessDefinitionKey: definition,
    mappingInstructions: Object.entries(mapped).map(([sourceElementId, targetElementId]) => ({
      sourceElementId,
      targetElementId,
    })),
  })
const publish = (test: ProcessTest, name: string, timeToLive = 0) =>
  test.execute({ type: 'PublishMessage', name, correlationKey: 'k', timeToLive })
const rows = (test: ProcessTest, sql: string) => test.engine.query.all(sql).map((row) => ({ ...row }))
/** What an instance waits for besides jobs and people. */
const waits = (test: ProcessTest) =>
  rows(test, 'SELECT elementId FROM timer UNION ALL SELECT elementId FROM message_subscription ORDER BY 1').map(
    ({ elementId }) => elementId,
  )

const LINE = (id: string, first: string, name: string) =>
  bpmn(
    id,
    start() +
      element('serviceTask', { id: first, name }, job(`${id}-${first}`)) +
      serviceTask('next') +
      end() +
      flows(`start -> ${first} -> next -> end`),
  )

describe('migration', () => {
  it('shows the new definition wherever the instance shows, and goes on by it', async () => {
    const setting = await given(LINE('old', 'a', '旧'), LINE('new', 'b', '新'), { variables: { x: 1 } })
    const { test, key, definition } = setting
    await migrate(setting, { a: 'b' })
    const shown = { processDefinitionKey: definition, processDefinitionId: 'new' }
    expect(rows(test, 'SELECT * FROM process_instance')).toMatchObject([{ ...shown, processDefinitionVersion: 1 }])
    expect(rows(test, "SELECT * FROM element_instance WHERE state = 'ACTIVATED' ORDER BY key")).toMatchObject([
      { ...shown, elementId: 'new', type: 'PROCESS' },
      { ...shown, elementId: 'b', elementName: '新' },
    ])
    // What is under way stays what it was asked for.
    const taken = await test.takeJob('old-a')
    expect(taken).toMatchObject({ ...shown, elementId: 'b', variables: { x: 1 } })
    await test.execute({ type: 'CompleteJob', jobKey: taken.jobKey })
    expect(activeTree(test, key)).toBe('next')
    expect(rows(test, "SELECT elementId FROM element_instance WHERE state = 'COMPLETED'")).toContainEqual({
      elementId: 'start',
    })
  })

  it('to a newer version of the same process', async () => {
    const first = LINE('p', 'a', 'A')
    const setting = await given(first, first.replace('"next"', '"other"').replaceAll('next', 'other'))
    await migrate(setting, { a: 'a' })
    expect(rows(setting.test, 'SELECT processDefinitionVersion AS version FROM process_instance')).toEqual([
      { version: 2 },
    ])
    await setting.test.completeJob('p-a')
    expect(activeTree(setting.test, setting.key)).toBe('other')
  })

  it('leads over a user task as it is, with the name of the new element', async () => {
    const form = (id: string, priority: number) =>
      bpmn(
        id,
        start() +
          userTask(
            'u',
            `<zeebe:assignmentDefinition assignee="${id}"/>`,
            `<zeebe:priorityDefinition priority="${priority}"/>`,
            taskListeners(`completing:${id}`),
          ).replace('<bpmn:userTask', `<bpmn:userTask name="${id}"`) +
          end() +
          flows('start -> u -> end'),
      )
    const setting = await given(form('old', 10), form('new', 90))
    await migrate(setting, { u: 'u' })
    const { test, key, definition } = setting
    const task = test.userTask('u')
    expect(task).toMatchObject({ name: 'new', assignee: 'old', priority: 10, processDefinitionKey: definition })
    const completion = test.execute({ type: 'CompleteUserTask', userTaskKey: task.key })
    await test.completeJob('new')
    await completion
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('leads over incidents, of which the new definition is the solution', async () => {
    const xml = (id: string, input: string, condition: string) =>
      bpmn(
        id,
        start() +
          gateway('parallel', 'f') +
          serviceTask(`${id}a`, mapping({ inputs: { q: input } })) +
          serviceTask(`${id}b`, job('b', '1')) +
          gateway('exclusive', `${id}x`) +
          serviceTask('c') +
          end() +
          flows(`start -> f -> ${id}a -> c -> end`, `f -> ${id}b -> c`, `f -> ${id}x`, `${id}x -> c [${condition}]`),
      )
    const setting = await given(xml('old', '=assert(no, no != null)', '=no.such'), xml('new', '=1', '=true'), {
      reach: async (test) => {
        const { jobKey } = await test.takeJob('b')
        await test.execute({ type: 'FailJob', jobKey, retries: 0, errorMessage: 'broken' })
      },
    })
    const { test, key } = setting
    await migrate(setting, { olda: 'newa', oldb: 'newb', oldx: 'newx' })
    expect(
      test
        .incidents(key)
        .map(({ elementId }) => elementId)
        .sort(),
    ).toEqual(['newa', 'newb', 'newx'])
    for (const incident of test.incidents(key)) {
      const jobKey = test.engine.query.get<{ jobKey: number | null }>(
        'SELECT jobKey FROM incident WHERE key = ?',
        incident.key,
      )?.jobKey
      if (jobKey != null) await test.execute({ type: 'UpdateJob', jobKey, retries: 1 })
      await test.execute({ type: 'ResolveIncident', incidentKey: incident.key })
    }
    expect(test.incidents(key)).toEqual([])
    expect(activeTree(test, key).split(', ').sort()).toEqual(['c', 'newa', 'newb'])
  })

  describe('of events', () => {
    const guarded = (id: string, prefix: string, times: [string, string]) =>
      bpmn(
        id,
        start() +
          serviceTask('a') +
          boundary(`${prefix}once`, 'a', timer('timeDuration', times[0])) +
          boundary(`${prefix}often`, 'a', timer('timeCycle', times[1]), false) +
          boundary(`${prefix}news`, 'a', messageEvent('m1'), false) +
          boundary(`${prefix}stop`, 'a', messageEvent('m2')) +
          ['once', 'often', 'news', 'stop'].map((event) => end(`${event}End`)).join('') +
          end() +
          flows(
            'start -> a -> end',
            ...['once', 'often', 'news', 'stop'].map((event) => `${prefix}${event} -> ${event}End`),
          ),
        message('m1', `${id}-news`, '="k"') + message('m2', `${id}-stop`, '="k"'),
      )
    const OLD = guarded('old', 'o', ['PT1H', 'R3/PT10M'])
    const NEW = guarded('new', 'n', ['PT5H', 'R9/PT20M'])

    it('closes those that are not mapped and opens the new ones', async () => {
      const setting = await given(OLD, NEW)
      const { test, key } = setting
      await migrate(setting, { a: 'a' })
      expect(waits(test)).toEqual(['nnews', 'noften', 'nonce', 'nstop'])
      await publish(test, 'old-stop')
      for (let round = 0; round < 3; round += 1) await test.moveBy(20 * 60_000)
      expect(activeTree(test, key)).toBe('a')
      expect(test.completed(key).filter((id) => id === 'noften')).toHaveLength(3)
      await publish(test, 'new-stop')
      expect(test.completed(key)).toContain('stopEnd')
      expect(test.stateOf(key)).toBe('COMPLETED')
    })

    it('keeps the mapped ones: due dates, firings left, message names; in between the new cycle counts', async () => {
      const setting = await given(OLD, NEW)
      const { test, key } = setting
      await migrate(setting, { a: 'a', oonce: 'nonce', ooften: 'noften', onews: 'nnews', ostop: 'nstop' })
      expect(waits(test)).toEqual(['nnews', 'noften', 'nonce', 'nstop'])
      await publish(test, 'old-news')
      await publish(test, 'new-news')
      expect(test.completed(key).filter((id) => id === 'nnews')).toHaveLength(1)
      const fired = () => test.completed(key).filter((id) => id === 'noften').length
      await test.moveBy(10 * 60_000)
      expect(fired()).toBe(1)
      await test.moveBy(19 * 60_000)
      expect(fired()).toBe(1)
      await test.moveBy(60_000)
      expect(fired()).toBe(2)
      await test.moveBy(30 * 60_000)
      expect(test.completed(key)).toContain('onceEnd')
      expect(fired()).toBe(3)
      expect(test.stateOf(key)).toBe('COMPLETED')
    })

    it('makes an interrupting event one that does not interrupt, and the other way round', async () => {
      const setting = await given(OLD, NEW)
      const { test, key } = setting
      await migrate(setting, { a: 'a', ostop: 'nnews', onews: 'nstop' })
      await publish(test, 'old-stop')
      expect(activeTree(test, key)).toBe('a')
      await publish(test, 'old-stop')
      expect(test.completed(key).filter((id) => id === 'nnews')).toHaveLength(2)
      await publish(test, 'old-news')
      expect(test.completed(key)).toContain('stopEnd')
    })

    it('gives a new subscription the messages that are buffered', async () => {
      const setting = await given(OLD, NEW)
      await publish(setting.test, 'new-stop', HOUR)
      await migrate(setting, { a: 'a' })
      expect(setting.test.completed(setting.key)).toContain('stopEnd')
    })

    it('keeps what catch events, receive tasks and event-based gateways wait for', async () => {
      const xml = (id: string, prefix: string, duration: string) =>
        bpmn(
          id,
          start() +
            gateway('parallel', 'f') +
            catchEvent(`${prefix}c`, messageEvent('m')) +
            catchEvent(`${prefix}t`, timer('timeDuration', duration)) +
            element('receiveTask', { id: `${prefix}r`, messageRef: 'm' }) +
            gateway('eventBased', `${prefix}g`) +
            catchEvent(`${prefix}gt`, timer('timeDuration', duration)) +
            catchEvent(`${prefix}gm`, messageEvent('m2')) +
            serviceTask('late') +
            end() +
            end('other') +
            flows(
              `start -> f -> ${prefix}c -> end`,
              `f -> ${prefix}t -> late -> end`,
              `f -> ${prefix}r -> end`,
              `f -> ${prefix}g -> ${prefix}gt -> other`,
              `${prefix}g -> ${prefix}gm -> other`,
            ),
          message('m', `${id}-m`, '="k"') + message('m2', `${id}-m2`, '="k"'),
        )
      const setting = await given(xml('old', 'o', 'PT1H'), xml('new', 'n', 'PT9H'))
      const { test, key } = setting
      await migrate(setting, { oc: 'nc', ot: 'nt', or: 'nr', og: 'ng', ogt: 'ngt', ogm: 'ngm' })
      expect(waits(test)).toEqual(['nc', 'ngm', 'ngt', 'nr', 'nt'])
      await publish(test, 'old-m')
      await publish(test, 'old-m')
      await test.moveBy(HOUR)
      expect(activeTree(test, key)).toBe('late')
      expect(test.completed(key)).toEqual(expect.arrayContaining(['nc', 'nr', 'nt', 'ng', 'ngt']))
    })

    it('opens the events behind a gateway that are not mapped', async () => {
      const xml = (id: string) =>
        bpmn(
          id,
          start() +
            gateway('eventBased', 'g') +
            catchEvent(`${id}t`, timer('timeDuration', 'PT1H')) +
            catchEvent(`${id}m`, messageEvent('m')) +
            end() +
            end('other') +
            flows(`start -> g -> ${id}t -> end`, `g -> ${id}m -> other`),
          message('m', `${id}-m`, '="k"'),
        )
      const setting = await given(xml('old'), xml('new'))
      await migrate(setting, { g: 'g' })
      expect(waits(setting.test)).toEqual(['newm', 'newt'])
      await publish(setting.test, 'new-m')
      expect(setting.test.completed(setting.key)).toContain('newm')
    })
  })

  describe('of scopes', () => {
    const scoped = (id: string, p: string) =>
      bpmn(
        id,
        start() +
          subprocess(
            `${p}s`,
            start('ss'),
            serviceTask(`${p}b`),
            end('se'),
            eventSubprocess(
              `${p}es`,
              element('startEvent', { id: `${p}ess`, isInterrupting: false }, messageEvent('m')),
              serviceTask(`${p}inform`),
              end('ese'),
              flows(`${p}ess -> ${p}inform -> ese`),
            ),
            flows(`ss -> ${p}b -> se`),
          ) +
          boundary(`${p}late`, `${p}s`, timer('timeDuration', 'PT1H')) +
          end('le') +
          eventSubprocess(
            `${p}pes`,
            element('startEvent', { id: `${p}pess` }, timer('timeDuration', 'PT2H')),
            serviceTask(`${p}close`),
            end('pese'),
            flows(`${p}pess -> ${p}close -> pese`),
          ) +
          end() +
          flows(`start -> ${p}s -> end`, `${p}late -> le`),
        message('m', `${id}-m`, '="k"'),
      )

    it('leads over what is inside, and the event subprocesses that wait', async () => {
      const setting = await given(scoped('old', 'o'), scoped('new', 'n'))
      const { test, key } = setting
      await migrate(setting, { os: 'ns', ob: 'nb', oess: 'ness' })
      expect(waits(test)).toEqual(['ness', 'nlate', 'npess'])
      await publish(test, 'old-m')
      expect(activeTree(test, key)).toBe('ns(nb, nes(ninform))')
    })

    it('leads over a running event subprocess', async () => {
      const setting = await given(scoped('old', 'o'), scoped('new', 'n'), {
        reach: (test) => publish(test, 'old-m'),
      })
      const { test, key } = setting
      await migrate(setting, { os: 'ns', ob: 'nb', oes: 'nes', oinform: 'ninform' })
      expect(activeTree(test, key)).toBe('ns(nb, nes(ninform))')
      await publish(test, 'new-m')
      expect(activeTree(test, key)).toBe('ns(nb, nes(ninform), nes(ninform))')
    })

    it('in an interrupted scope waits for no event subprocess, old or new', async () => {
      const informing = (id: string, extra: string) =>
        bpmn(
          id,
          start() +
            serviceTask('a') +
            end() +
            flows('start -> a -> end') +
            eventSubprocess(
              `${id}es`,
              element('startEvent', { id: `${id}ess` }, messageEvent('m')),
              serviceTask('inform'),
              end('ese'),
              flows(`${id}ess -> inform -> ese`),
            ) +
            extra,
          message('m', `${id}-m`, '="k"') + message('m2', 'more', '="k"'),
        )
      const more = eventSubprocess(
        'more',
        element('startEvent', { id: 'mores', isInterrupting: false }, messageEvent('m2')),
        end('moree'),
        flows('mores -> moree'),
      )
      for (const mapped of [{}, { oldess: 'newess' }]) {
        const setting = await given(informing('old', ''), informing('new', more), {
          reach: (test) => publish(test, 'old-m'),
        })
        await migrate(setting, { oldes: 'newes', inform: 'inform', ...mapped })
        expect(activeTree(setting.test, setting.key)).toBe('newes(inform)')
        expect(waits(setting.test)).toEqual([])
      }
    })

    it('goes on with a multi-instance activity as it was begun', async () => {
      const looped = (id: string, p: string, sequential: boolean, collection: string) =>
        bpmn(
          id,
          start() +
            serviceTask(
              `${p}m`,
              multiInstance(
                { inputCollection: collection, inputElement: 'item', outputCollection: 'out', outputElement: '=item' },
                { sequential },
              ),
            ) +
            boundary(`${p}late`, `${p}m`, timer('timeDuration', 'PT1H')) +
            end('le') +
            end() +
            flows(`start -> ${p}m -> end`, `${p}late -> le`),
        )
      for (const sequential of [false, true]) {
        const setting = await given(
          looped('old', 'o', sequential, '=[1, 2]'),
          looped('new', 'n', sequential, '=[7, 8, 9]'),
        )
        const { test, key } = setting
        await migrate(setting, { om: 'nm' })
        expect(waits(test)).toEqual(['nlate'])
        await test.completeJob('om')
        await test.completeJob(sequential ? 'nm' : 'om')
        expect(test.variables(key)).toEqual({ out: [1, 2] })
        expect(test.stateOf(key)).toBe('COMPLETED')
      }
    })

    it('leads over a call activity, and the called instance by itself', async () => {
      const parent = (id: string, called: string) =>
        bpmn(
          id,
          start() +
            element('callActivity', { id: `${id}Call` }, `<zeebe:calledElement processId="${called}"/>`) +
            serviceTask('after') +
            end() +
            flows(`start -> ${id}Call -> after -> end`),
        )
      const test = await engineFor({
        resources: { 'c.bpmn': LINE('c', 'a', 'A'), 'd.bpmn': LINE('d', 'b', 'B'), 'p.bpmn': parent('p', 'c') },
      })
      const key = await test.start('p')
      const { processes } = await test.deploy({ 'q.bpmn': parent('q', 'd') })
      await migrate({ test, key, definition: processes[0]?.processDefinitionKey ?? 0 }, { pCall: 'qCall' })
      const child = rows(test, 'SELECT * FROM process_instance WHERE parentProcessInstanceKey IS NOT NULL')[0]
      expect(child).toMatchObject({ processDefinitionId: 'c', parentProcessInstanceKey: key })
      const definition = test.engine.query.get<{ key: number }>(
        "SELECT key FROM process_definition WHERE processDefinitionId = 'd'",
      )?.key
      await migrate({ test, key: Number(child?.key), definition: definition ?? 0 }, { a: 'b' })
      await test.completeJob('c-a')
      await test.completeJob('next')
      expect(activeTree(test, key)).toBe('after')
    })
  })

  describe('of gateways', () => {
    const joined = (id: string, gatewayId: string, more: readonly string[] = []) =>
      bpmn(
        id,
        start() +
          gateway('parallel', 'f') +
          ['a', 'b', ...more].map((task) => serviceTask(task)).join('') +
          gateway('parallel', gatewayId) +
          serviceTask('z') +
          end() +
          flows(
            `start -> f`,
            ...['a', 'b', ...more].map((task) => `f -> ${task} -> ${gatewayId}`),
            `${gatewayId} -> z -> end`,
          ),
      )
    const reach = (test: ProcessTest) => test.completeJob('a')

    it('leads over tokens that wait, with the flow that they took', async () => {
      const setting = await given(joined('old', 'j'), joined('new', 'k'), { reach })
      const { test, key } = setting
      await migrate(setting, { b: 'b', j: 'k', 'a-j': 'a-k' })
      const taken = rows(test, 'SELECT elementId, processDefinitionId FROM sequence_flow ORDER BY elementId')
      expect(taken).toContainEqual({ elementId: 'a-k', processDefinitionId: 'new' })
      expect(taken).not.toContainEqual(expect.objectContaining({ elementId: 'a-j' }))
      await test.completeJob('b')
      expect(activeTree(test, key)).toBe('z')
      await test.completeJob('z')
      expect(test.stateOf(key)).toBe('COMPLETED')
    })

    it('waits for the flows that the new gateway has besides', async () => {
      const setting = await given(joined('old', 'j'), joined('new', 'j', ['c']), { reach })
      const { test, key } = setting
      await migrate(setting, { b: 'b', j: 'j', 'a-j': 'a-j' })
      await test.completeJob('b')
      expect(activeTree(test, key)).toBe('')
      await test.execute({
        type: 'ModifyProcessInstance',
        processInstanceKey: key,
        activateInstructions: [{ elementId: 'c' }],
      })
      await test.completeJob('c')
      expect(activeTree(test, key)).toBe('z')
    })
  })

  describe('while listeners are asked', () => {
    const listened = (id: string, ...items: string[]) =>
      bpmn(
        id,
        start() +
          serviceTask('a', listeners(...items)) +
          boundary(`${id}late`, 'a', timer('timeDuration', 'PT1H')) +
          end('le') +
          end() +
          flows('start -> a -> end', `${id}late -> le`),
      )

    it('goes on with the next listener of the new definition; events are waited for once the element is active', async () => {
      const setting = await given(
        listened('old', 'start:one', 'start:two'),
        listened('new', 'start:eins', 'start:zwei'),
      )
      const { test, key } = setting
      await migrate(setting, { a: 'a' })
      expect(waits(test)).toEqual([])
      await test.completeJob('one')
      await test.completeJob('zwei')
      expect(waits(test)).toEqual(['newlate'])
      await test.completeJob('a')
      expect(test.stateOf(key)).toBe('COMPLETED')
    })

    it('does not wait for events of an element that is being left', async () => {
      const setting = await given(listened('old', 'end:one'), listened('new', 'end:one'), {
        reach: (test) => test.completeJob('a'),
      })
      const { test, key } = setting
      await migrate(setting, { a: 'a' })
      expect(waits(test)).toEqual([])
      await test.completeJob('one')
      expect(test.stateOf(key)).toBe('COMPLETED')
    })

    it('takes the start event of an event subprocess that is starting from the new definition', async () => {
      const xml = (id: string) =>
        bpmn(
          id,
          start() +
            serviceTask('a') +
            end() +
            flows('start -> a -> end') +
            eventSubprocess(
              `${id}es`,
              listeners('start:hold'),
              element('startEvent', { id: `${id}ess` }, messageEvent('m')),
              serviceTask('inform'),
              end('ese'),
              flows(`${id}ess -> inform -> ese`),
            ),
          message('m', 'news', '="k"'),
        )
      const setting = await given(xml('old'), xml('new'), {
        reach: (test) =>
          test.execute({ type: 'PublishMessage', name: 'news', correlationKey: 'k', variables: { told: true } }),
      })
      const { test, key } = setting
      await migrate(setting, { oldes: 'newes' })
      await test.completeJob('hold')
      expect(activeTree(test, key)).toBe('newes(inform)')
      expect(test.variables(key)).toEqual({ told: true })
    })
  })

  it('hands the lock of a message start over to the new process', async () => {
    const xml = (id: string) =>
      bpmn(
        id,
        element('startEvent', { id: 'begin' }, messageEvent('m')) +
          serviceTask('a') +
          end() +
          flows('begin -> a -> end'),
        message('m', `start-${id}`),
      )
    const test = await engineFor({ resources: { 'old.bpmn': xml('old') } })
    await publish(test, 'start-old')
    const { processes } = await test.deploy({ 'new.bpmn': xml('new') })
    const key = Number(rows(test, 'SELECT key FROM process_instance')[0]?.key)
    await migrate({ test, key, definition: processes[0]?.processDefinitionKey ?? 0 }, { a: 'a' })
    await publish(test, 'start-old')
    await publish(test, 'start-new', HOUR)
    const ids = () =>
      rows(test, "SELECT processDefinitionId AS id FROM process_instance WHERE state = 'ACTIVE' ORDER BY key")
    expect(ids()).toEqual([{ id: 'new' }, { id: 'old' }])
    await test.execute({ type: 'CompleteJob', jobKey: (await test.takeJob('a')).jobKey })
    expect(ids()).toEqual([{ id: 'old' }, { id: 'new' }])
  })

  it('while canceling listeners are asked lets the rest end by the new definition', async () => {
    const xml = (id: string) =>
      bpmn(
        id,
        start() + userTask(`${id}u`, taskListeners('canceling:release')) + end() + flows(`start -> ${id}u -> end`),
      )
    const setting = await given(xml('old'), xml('new'), {
      reach: (test, key) => test.execute({ type: 'CancelProcessInstance', processInstanceKey: key }),
    })
    const { test, key } = setting
    await migrate(setting, { oldu: 'newu' })
    expect(activeKey(test, key, 'newu')).toBeGreaterThan(0)
    await test.completeJob('release')
    expect(test.stateOf(key)).toBe('TERMINATED')
  })
})
