import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
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
  timer,
  userTask,
} from '../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './process/support.ts'

const around = (content: string, ...lines: string[]) => bpmn('p', start() + content + end() + flows(...lines))
const task = (content: string) => around(content, 'start -> x -> end')

describe('a deployment is refused, naming the element, for', () => {
  it.each<[string, string, RegExp]>([
    ['a complex gateway', task(element('complexGateway', { id: 'x' })), /x: bpmn:ComplexGateway is not supported/],
    [
      'a signal event without a signal',
      task(catchEvent('x', '<bpmn:signalEventDefinition/>')),
      /x: must reference a signal/,
    ],
    [
      'a compensation catch event',
      task(element('intermediateCatchEvent', { id: 'x' }, '<bpmn:compensateEventDefinition/>')),
      /x: bpmn:CompensateEventDefinition/,
    ],
    [
      'a conditional event',
      task(catchEvent('x', '<bpmn:conditionalEventDefinition/>')),
      /x: bpmn:ConditionalEventDefinition/,
    ],
    ['an empty ad-hoc subprocess', task(element('adHocSubProcess', { id: 'x' })), /x: .* at least one activity/],
    [
      'an ad-hoc subprocess with a start event',
      task(element('adHocSubProcess', { id: 'a' }, start('x'))).replaceAll('start-x', 'start-a'),
      /x: an ad-hoc subprocess must not contain start or end events/,
    ],
    [
      'an ad-hoc subprocess with a worker and a collection',
      task(
        element(
          'adHocSubProcess',
          { id: 'x' },
          job('a'),
          '<zeebe:adHoc activeElementsCollection="=b"/>',
          serviceTask('t'),
        ),
      ),
      /x: must not define activeElementsCollection in combination with zeebe:taskDefinition/,
    ],
    ['a transaction', task(element('transaction', { id: 'x' })), /x: bpmn:Transaction is not supported/],
    [
      'a task listener of a service task',
      task(
        element(
          'serviceTask',
          { id: 'x' },
          job('x'),
          '<zeebe:taskListeners><zeebe:taskListener eventType="creating" type="t"/></zeebe:taskListeners>',
        ),
      ),
      /x: extension element zeebe:TaskListeners is not supported/,
    ],
    [
      'a task listener for an unknown event',
      task(
        element(
          'userTask',
          { id: 'x' },
          '<zeebe:userTask/>',
          '<zeebe:taskListeners><zeebe:taskListener eventType="archiving" type="t"/></zeebe:taskListeners>',
        ),
      ),
      /x: a task listener must have eventType 'creating', .* not 'archiving'/,
    ],
    [
      'an unknown extension element',
      task(element('serviceTask', { id: 'x' }, job('x'), '<zeebe:teleport to="y"/>')),
      /zeebe:teleport/,
    ],
    [
      'an extension element in the wrong place',
      task(element('serviceTask', { id: 'x' }, job('x'), '<zeebe:calledDecision decisionId="d" resultVariable="r"/>')),
      /x: extension element zeebe:CalledDecision/,
    ],
    [
      'an output mapping without expression',
      task(element('serviceTask', { id: 'x' }, job('x'), mapping({ outputs: { a: 'b' } }))),
      /x: the source of an output mapping must be an expression, which starts with '=', not 'b'/,
    ],
    [
      'a mapping to a word of FEEL',
      task(element('serviceTask', { id: 'x' }, job('x'), mapping({ inputs: { null: '=b' } }))),
      /x: the mapping target 'null' is not a variable name/,
    ],
    ['a service task without a type', task(element('serviceTask', { id: 'x' })), /x: attribute 'type'/],
    [
      'an expression that is not FEEL',
      task(element('serviceTask', { id: 'x' }, job('=1 +'))),
      /x: failed to parse expression '1 \+'/,
    ],
    [
      'a standard loop',
      task(element('task', { id: 'x' }, '<bpmn:standardLoopCharacteristics/>')),
      /x: bpmn:StandardLoopCharacteristics/,
    ],
    [
      'a loop with one half of the output',
      task(element('task', { id: 'x' }, multiInstance({ inputCollection: '=a', outputCollection: 'b' }))),
      /x: outputCollection and outputElement/,
    ],
    [
      'a start listener on a start event',
      bpmn('p', start('x', listeners('start:a')) + end() + flows('x -> end')),
      /x: execution listeners of type 'start'/,
    ],
    [
      'an end listener on a gateway',
      task(element('exclusiveGateway', { id: 'x' }, listeners('end:a'))),
      /x: execution listeners of type 'end'/,
    ],
    [
      'a repeated listener',
      task(element('task', { id: 'x' }, listeners('start:a', 'start:a'))),
      /x: .*eventType\[start\] and type\[a\]/,
    ],
    [
      'a cycle that interrupts',
      bpmn('p', start() + serviceTask('t') + boundary('x', 't', timer('timeCycle', 'R/PT1H')) + flows('start -> t')),
      /x: a time cycle/,
    ],
    ['a date that is none', task(catchEvent('x', timer('timeDate', 'tomorrow'))), /x: invalid date-time 'tomorrow'/],
    [
      'a message without a key',
      bpmn('p', start() + catchEvent('x', messageEvent('m')) + flows('start -> x'), message('m', 'name')),
      /x: message 'm' needs/,
    ],
    [
      'a choice without condition',
      bpmn(
        'p',
        start() + gateway('exclusive', 'x') + end('a') + end('b') + flows('start -> x', 'x -> a', 'x -> b [=true]'),
      ),
      /x: flow x-a needs a condition/,
    ],
    [
      'a conditional flow of a task',
      bpmn('p', start() + element('task', { id: 'x' }) + end() + flows('start -> x', 'x -> end [=true]')),
      /x: the condition of flow/,
    ],
    [
      'an event-based gateway before a task',
      bpmn(
        'p',
        start() +
          gateway('eventBased', 'x') +
          serviceTask('t') +
          catchEvent('c', timer('timeDuration', 'PT1H')) +
          flows('start -> x -> t', 'x -> c'),
      ),
      /x: .*not to t/,
    ],
    [
      'a subprocess without start',
      task(element('subProcess', { id: 'x' })),
      /x: a subprocess must have exactly one none start event/,
    ],
    [
      'an unresolved reference',
      bpmn('p', `${start()}<bpmn:sequenceFlow id="x" sourceRef="start" targetRef="nowhere"/>`),
      /x: unresolved reference <nowhere>/,
    ],
    [
      'a binding by version tag without a tag',
      task(element('callActivity', { id: 'x' }, '<zeebe:calledElement processId="a" bindingType="versionTag"/>')),
      /x: attribute 'versionTag' must be present/,
    ],
    [
      'a version tag with another binding',
      task(element('callActivity', { id: 'x' }, '<zeebe:calledElement processId="a" versionTag="1"/>')),
      /x: attribute 'versionTag' may only be used if 'bindingType' is 'versionTag'/,
    ],
    [
      'an unknown binding',
      task(element('callActivity', { id: 'x' }, '<zeebe:calledElement processId="a" bindingType="newest"/>')),
      /x: attribute 'bindingType' must be one of: deployment, latest, versionTag, not 'newest'/,
    ],
    [
      'a binding to what the deployment does not hold',
      task(element('callActivity', { id: 'x' }, '<zeebe:calledElement processId="a" bindingType="deployment"/>')),
      /x: Expected to find process with id 'a' in current deployment/,
    ],
    [
      'a user task of a job worker with an external form reference',
      task(element('userTask', { id: 'x' }, '<zeebe:formDefinition externalReference="a"/>')),
      /x: exactly one of the attributes formId and formKey/,
    ],
    [
      'a user task of the engine with a form key',
      task(userTask('x', '<zeebe:formDefinition formKey="a"/>')),
      /x: exactly one of the attributes formId and externalReference/,
    ],
    ['two none start events', bpmn('p', start('a') + start('b')), /p: must not have two none start events/],
  ])('%s', async (_name, xml, reason) => {
    const test = await engineFor()
    const refused = test.deploy({ 'p.bpmn': xml })
    await expect(refused).rejects.toMatchObject({ type: 'INVALID_ARGUMENT' })
    await expect(refused).rejects.toThrow(reason)
    await expect(refused).rejects.toThrow("'p.bpmn'")
  })

  it.each<[string, string, string, RegExp]>([
    ['no XML', 'a.bpmn', '<bpmn:definitions', /a\.bpmn/],
    ['an entity declaration', 'a.bpmn', '<!DOCTYPE a [<!ENTITY b "c">]><a/>', /document type/],
    [
      'no executable process',
      'a.bpmn',
      bpmn('p', start()).replace('isExecutable="true"', ''),
      /at least one executable process/,
    ],
    ['a form without id', 'a.form', '{}', /needs an 'id'/],
    ['a form that is no JSON', 'a.form', '{', /not JSON/],
    ['an unknown kind', 'a.txt', '', /\.bpmn, \.dmn, \.form or \.rpa/],
    [
      'a start timer that cannot be evaluated',
      'a.bpmn',
      bpmn('p', start('s', timer('timeDate', '=missing'))),
      /s: Expected result/,
    ],
  ])('%s', async (_name, file, content, reason) => {
    const test = await engineFor()
    const refused = test.deploy({ [file]: content })
    await expect(refused).rejects.toMatchObject({ type: 'INVALID_ARGUMENT' })
    await expect(refused).rejects.toThrow(reason)
    expect(test.engine.query.all('SELECT key FROM process_definition')).toEqual([])
  })

  it('everything that is wrong at once', async () => {
    const test = await engineFor()
    const xml = bpmn(
      'p',
      start() + element('serviceTask', { id: 'x' }) + element('complexGateway', { id: 'y' }) + flows('start -> x -> y'),
    )
    await expect(test.deploy({ 'p.bpmn': xml })).rejects.toThrow(/x: [\s\S]*y: |y: [\s\S]*x: /)
  })
})

describe('what only describes', () => {
  it('is read: collaboration, lanes, documentation, annotations, properties, data objects', async () => {
    const test = await engineFor()
    const described = bpmn(
      'p',
      `<bpmn:documentation>text</bpmn:documentation><bpmn:laneSet id="ls"><bpmn:lane id="l1" name="接待区"><bpmn:flowNodeRef>x</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>${start()}${element('task', { id: 'x' }, '<zeebe:properties><zeebe:property name="articles" value="4"/></zeebe:properties>')}${end()}<bpmn:dataObject id="d"/>${flows('start -> x -> end')}<bpmn:textAnnotation id="note"><bpmn:text>n</bpmn:text></bpmn:textAnnotation><bpmn:association id="as" sourceRef="x" targetRef="note"/>`,
      '<bpmn:collaboration id="co"><bpmn:participant id="pa" processRef="p"/></bpmn:collaboration>',
    )
    const key = await test.run(described)
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})

describe('versions', () => {
  const xml = task(element('task', { id: 'x' }))
  const form = (text: string) => JSON.stringify({ id: 'f', components: [], text })

  it('are kept for equal content, and go up together when one file is new', async () => {
    const test = await engineFor()
    const first = await test.deploy({ 'p.bpmn': xml, 'f.form': form('1') })
    const again = await test.deploy({ 'p.bpmn': xml, 'f.form': form('1') })
    expect({ ...again, deploymentKey: 0 }).toEqual({ ...first, deploymentKey: 0 })
    const changed = await test.deploy({ 'p.bpmn': xml, 'f.form': form('2') })
    expect(changed.processes[0]?.processDefinitionVersion).toBe(2)
    expect(changed.forms[0]?.version).toBe(2)
    const alone = await test.deploy({ 'p.bpmn': xml })
    expect(alone.processes).toEqual(changed.processes)
  })

  it('of a process start by number or by key', async () => {
    const test = await engineFor()
    const first = await test.deploy({ 'p.bpmn': xml })
    await test.deploy({
      'p.bpmn': xml.replaceAll('"x"', '"y"').replaceAll('start-x', 'start-y').replaceAll('x-end', 'y-end'),
    })
    const start = (more: object) => test.execute({ type: 'CreateProcessInstance', ...more })
    expect(await start({ processDefinitionId: 'p' })).toMatchObject({ processDefinitionVersion: 2 })
    expect(await start({ processDefinitionId: 'p', processDefinitionVersion: 1 })).toMatchObject({
      processDefinitionVersion: 1,
    })
    expect(await start({ processDefinitionKey: first.processes[0]?.processDefinitionKey })).toMatchObject({
      processDefinitionVersion: 1,
    })
    await expect(start({ processDefinitionId: 'q' })).rejects.toThrow("process ID 'q'")
    await expect(start({ processDefinitionId: 'p', processDefinitionVersion: 9 })).rejects.toMatchObject({
      type: 'NOT_FOUND',
    })
    await expect(start({})).rejects.toMatchObject({ type: 'INVALID_ARGUMENT' })
  })
})
