/** The kinds of blocks that random processes consist of. A new one is a new entry of `KINDS`. */
import fc from 'fast-check'
import {
  boundary,
  catchEvent,
  element,
  end,
  errorEvent,
  escalationEvent,
  eventSubprocess,
  flows,
  gateway,
  job,
  listeners,
  mapping,
  messageEvent,
  multiInstance,
  start,
  subprocess,
  taskListeners,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { type Block, type BlockKind, leafKind, nestingKind, type Written } from './random-process.ts'

const one = (id: string, xml: string): Written => ({ xml, first: id, last: id })
const aJob = '<zeebe:taskDefinition type="job" retries="1"/>'

/** What may be attached to an activity: each leads to the gateway behind it, or ends by itself. */
const attachment = fc.constantFrom(
  'interruptingTimer',
  'cycle',
  'error',
  'anyError',
  'message',
  'interruptingMessage',
  'escalation',
)
type Attachment = typeof attachment extends fc.Arbitrary<infer Kind> ? Kind : never
const attachments = fc.uniqueArray(attachment, { maxLength: 3 })

const ATTACHED: Readonly<Record<Attachment, { readonly definition: string; readonly interrupting: boolean }>> = {
  interruptingTimer: { definition: timer('timeDuration', 'PT90M'), interrupting: true },
  cycle: { definition: timer('timeCycle', 'R2/PT30M'), interrupting: false },
  error: { definition: errorEvent('bad'), interrupting: true },
  anyError: { definition: errorEvent(), interrupting: true },
  message: { definition: messageEvent('note'), interrupting: false },
  interruptingMessage: { definition: messageEvent('stop'), interrupting: true },
  escalation: { definition: escalationEvent('esc'), interrupting: false },
}

/** An activity with boundary events, and the gateway where their ways meet. */
function guarded(id: string, activity: string, wanted: readonly Attachment[]): Written {
  // Only out of a subprocess or a called process can an escalation come.
  const escalates = /^<bpmn:(subProcess|callActivity)/.test(activity)
  const kinds = wanted.filter((kind) => kind !== 'escalation' || escalates)
  if (kinds.length === 0) return one(id, activity)
  const lines = [`${id} -> ${id}x`]
  let xml = activity + gateway('exclusive', `${id}x`)
  for (const kind of kinds) {
    const { definition, interrupting } = ATTACHED[kind]
    const event = `${id}${kind}`
    xml += boundary(event, id, definition, interrupting)
    if (interrupting) lines.push(`${event} -> ${id}x`)
    else {
      xml += end(`${event}e`)
      lines.push(`${event} -> ${event}e`)
    }
  }
  return { xml: xml + flows(...lines), first: id, last: `${id}x` }
}

const several = (inner: fc.Arbitrary<Block>) => fc.array(inner, { minLength: 1, maxLength: 3 })
const nothing = fc.constant(null)

const leaves: Readonly<Record<string, BlockKind>> = {
  job: leafKind(4, attachments, (kinds, id) => guarded(id, element('serviceTask', { id }, aJob), kinds)),
  listened: leafKind(1, attachments, (kinds, id) =>
    guarded(id, element('serviceTask', { id }, aJob, listeners('start:job', 'end:job')), kinds),
  ),
  mapped: leafKind(1, nothing, (_, id) =>
    one(
      id,
      element('serviceTask', { id }, aJob, mapping({ inputs: { x: '=answer' }, outputs: { [`of_${id}`]: '=x' } })),
    ),
  ),
  // Fails when the answer is 2: an incident before or behind the job.
  choosy: leafKind(1, fc.constantFrom('inputs' as const, 'outputs' as const), (where, id) =>
    one(id, element('serviceTask', { id }, aJob, mapping({ [where]: { y: '=assert(answer, answer < 2)' } }))),
  ),
  user: leafKind(2, attachments, (kinds, id) =>
    guarded(
      id,
      userTask(
        id,
        '<zeebe:assignmentDefinition candidateGroups="clerks"/>',
        mapping({ inputs: { local: '=1' }, outputs: { [`of_${id}`]: '=answer' } }),
      ),
      kinds,
    ),
  ),
  // Its listeners' jobs are jobs like the others.
  asked: leafKind(1, attachments, (kinds, id) =>
    guarded(
      id,
      userTask(
        id,
        '<zeebe:assignmentDefinition assignee="ann"/>',
        taskListeners('creating:job', 'assigning:job', 'completing:job', 'canceling:job'),
      ),
      kinds,
    ),
  ),
  script: leafKind(1, fc.constantFrom('answer', 'assert(answer, answer &lt; 2)'), (source, id) =>
    one(id, element('scriptTask', { id }, `<zeebe:script expression="=${source}" resultVariable="scripted"/>`)),
  ),
  manual: leafKind(1, fc.constantFrom('manualTask', 'task', 'intermediateThrowEvent'), (type, id) =>
    one(id, element(type, { id })),
  ),
  wait: leafKind(1, nothing, (_, id) => one(id, catchEvent(id, timer('timeDuration', 'PT1H')))),
  message: leafKind(1, fc.constantFrom('go', 'stop'), (name, id) => one(id, catchEvent(id, messageEvent(name)))),
  receive: leafKind(1, attachments, (kinds, id) =>
    guarded(id, element('receiveTask', { id, messageRef: 'go' }), kinds),
  ),
  escalate: leafKind(1, nothing, (_, id) => one(id, element('intermediateThrowEvent', { id }, escalationEvent('esc')))),
  link: leafKind(1, nothing, (_, id) => ({
    xml:
      element('intermediateThrowEvent', { id }, `<bpmn:linkEventDefinition name="${id}"/>`) +
      catchEvent(`${id}c`, `<bpmn:linkEventDefinition name="${id}"/>`),
    first: id,
    last: `${id}c`,
  })),
  firstEvent: leafKind(1, nothing, (_, id) => ({
    xml:
      gateway('eventBased', id) +
      catchEvent(`${id}t`, timer('timeDuration', 'PT45M')) +
      catchEvent(`${id}m`, messageEvent('go')) +
      gateway('exclusive', `${id}x`) +
      flows(`${id} -> ${id}t -> ${id}x`, `${id} -> ${id}m -> ${id}x`),
    first: id,
    last: `${id}x`,
  })),
}

const onlyOneBranch = (id: string, kind: 'exclusive' | 'parallel', parts: readonly Written[], withDefault: boolean) => {
  const fork = gateway(kind, `${id}f`, withDefault ? `${id}f-${parts[0]?.first}` : undefined)
  const condition = (index: number) =>
    kind === 'parallel' || parts.length === 1 || (withDefault && index === 0) ? '' : ` [=answer = ${index}]`
  const lines = parts.flatMap(({ first, last }, index) => [
    `${id}f -> ${first}${condition(index)}`,
    `${last} -> ${id}j`,
  ])
  const xml = fork + gateway(kind, `${id}j`) + parts.map((part) => part.xml).join('') + flows(...lines)
  return { xml, first: `${id}f`, last: `${id}j` }
}

/** What an event subprocess may wait for. */
const subprocessEvent = fc.constantFrom('timer', 'message', 'error', 'escalation')
const EVENTS: Readonly<Record<string, string>> = {
  timer: timer('timeDuration', 'PT80M'),
  message: messageEvent('alarm'),
  error: errorEvent('worse'),
  escalation: escalationEvent('esc'),
}

const nesting: Readonly<Record<string, BlockKind>> = {
  sequence: nestingKind(4, several, (blocks, _, writer) => writer.sequence(blocks)),
  parallel: nestingKind(3, several, (blocks, id, writer) =>
    onlyOneBranch(
      id,
      'parallel',
      blocks.map((block) => writer.write(block)),
      false,
    ),
  ),
  choice: nestingKind(
    3,
    (inner) => fc.record({ blocks: several(inner), withDefault: fc.boolean() }),
    ({ blocks, withDefault }, id, writer) =>
      onlyOneBranch(
        id,
        'exclusive',
        blocks.map((block) => writer.write(block)),
        withDefault,
      ),
  ),
  // Without a joining gateway the subprocess around it waits for all branches.
  inclusive: nestingKind(1, several, (blocks, id, writer) => {
    const parts = blocks.map((block) => writer.write(block))
    const lines = parts.flatMap(({ first, last }, index) => [
      `${id}f -> ${first}${parts.length === 1 || index === 0 ? '' : ` [=answer >= ${index}]`}`,
      `${last} -> ${id}e${index}`,
    ])
    return one(
      id,
      subprocess(
        id,
        start(`${id}s`),
        gateway('inclusive', `${id}f`, `${id}f-${parts[0]?.first}`),
        ...parts.map(({ xml }, index) => xml + end(`${id}e${index}`)),
        flows(`${id}s -> ${id}f`, ...lines),
      ),
    )
  }),
  subprocess: nestingKind(
    2,
    (inner) => fc.record({ block: inner, kinds: attachments }),
    ({ block, kinds }, id, writer) => guarded(id, subprocess(id, writer.scope(id, [block])), kinds),
  ),
  // An ad-hoc subprocess holds no end events: each block is in a subprocess of its own.
  adHoc: nestingKind(
    1,
    (inner) => fc.record({ blocks: several(inner), kinds: attachments, firstOnly: fc.boolean() }),
    ({ blocks, kinds, firstOnly }, id, writer) => {
      const ids = blocks.map((_, index) => `${id}i${index}`)
      const inside = blocks.map((block, index) => subprocess(`${id}i${index}`, writer.scope(`${id}i${index}`, [block])))
      const names = ids.map((name) => `&quot;${name}&quot;`).join(',')
      const definition = `<zeebe:adHoc activeElementsCollection="=[${names}]" outputCollection="of_${id}" outputElement="=answer"/>`
      const condition = firstOnly
        ? '<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=true</bpmn:completionCondition>'
        : ''
      return guarded(id, element('adHocSubProcess', { id }, definition, ...inside, condition), kinds)
    },
  ),
  handled: nestingKind(
    2,
    (inner) => fc.record({ block: inner, handler: inner, event: subprocessEvent, interrupting: fc.boolean() }),
    ({ block, handler, event, interrupting }, id, writer) => {
      const inside = writer.write(handler)
      const trigger = element('startEvent', { id: `${id}h`, isInterrupting: interrupting || event === 'error' })
      const handling = eventSubprocess(
        `${id}v`,
        trigger.replace('</bpmn:startEvent>', `${EVENTS[event]}</bpmn:startEvent>`),
        inside.xml,
        end(`${id}ve`),
        flows(`${id}h -> ${inside.first}`, `${inside.last} -> ${id}ve`),
      )
      return one(id, subprocess(id, writer.scope(id, [block]), handling))
    },
  ),
  // Ends in an error that its own boundary event catches.
  failing: nestingKind(
    1,
    (inner) => inner,
    (block, id, writer) =>
      guarded(
        id,
        subprocess(id, writer.scope(id, [block], element('endEvent', { id: `${id}e` }, errorEvent('worse')))),
        ['anyError'],
      ),
  ),
  terminated: nestingKind(1, several, (blocks, id, writer) => {
    const parts = blocks.map((block) => writer.write(block))
    return one(
      id,
      subprocess(
        id,
        start(`${id}s`),
        gateway('parallel', `${id}f`),
        ...parts.map(
          ({ xml }, index) => xml + element('endEvent', { id: `${id}e${index}` }, '<bpmn:terminateEventDefinition/>'),
        ),
        flows(
          `${id}s -> ${id}f`,
          ...parts.flatMap(({ first, last }, index) => [`${id}f -> ${first}`, `${last} -> ${id}e${index}`]),
        ),
      ),
    )
  }),
  loop: nestingKind(
    2,
    (inner) =>
      fc.record({
        block: inner,
        sequential: fc.boolean(),
        items: fc.integer({ min: 0, max: 3 }),
        completionCondition: fc.constantFrom(undefined, '=answer = 1'),
        kinds: attachments,
      }),
    ({ block, sequential, items, completionCondition, kinds }, id, writer) => {
      const marker = multiInstance(
        {
          inputCollection: `=${JSON.stringify(Array.from({ length: items }, (_, index) => index))}`,
          inputElement: 'i',
          outputCollection: `all_${id}`,
          outputElement: '=answer',
        },
        { sequential, ...(completionCondition === undefined ? {} : { completionCondition }) },
      )
      return guarded(id, subprocess(id, marker, writer.scope(id, [block])), kinds)
    },
  ),
  loopedJob: nestingKind(
    1,
    () => fc.boolean(),
    (sequential, id) =>
      one(
        id,
        element(
          'serviceTask',
          { id },
          job('job', '1'),
          multiInstance({ inputCollection: '=[1, 2]', inputElement: 'i' }, { sequential }),
        ),
      ),
  ),
  // Again while the answer is 1; the job in front of it makes it wait each time.
  again: nestingKind(
    1,
    (inner) => inner,
    (block, id, writer) => {
      const inner = writer.write(block)
      return {
        xml:
          gateway('exclusive', id) +
          element('serviceTask', { id: `${id}j` }, aJob) +
          inner.xml +
          gateway('exclusive', `${id}x`, `${id}x-${id}o`) +
          element('manualTask', { id: `${id}o` }) +
          flows(
            `${id} -> ${id}j -> ${inner.first}`,
            `${inner.last} -> ${id}x -> ${id}o`,
            `${id}x -> ${id} [=answer = 1]`,
          ),
        first: id,
        last: `${id}o`,
      }
    },
  ),
  call: nestingKind(
    2,
    (inner) => fc.record({ block: inner, kinds: attachments, all: fc.boolean() }),
    ({ block, kinds, all }, id, writer) => {
      const called = `c${id}`
      writer.process(called, [block])
      // The called process chooses by the answer: it must have one.
      const mappings = all ? '' : mapping({ inputs: { answer: '=answer' } })
      const callee = `<zeebe:calledElement processId="${called}" propagateAllParentVariables="${all}"/>`
      return guarded(id, element('callActivity', { id }, callee, ...(all ? [] : [mappings])), kinds)
    },
  ),
}

/** Every kind of block, by name. */
export const KINDS: Readonly<Record<string, BlockKind>> = { ...leaves, ...nesting }
