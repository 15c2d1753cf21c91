import type { FlowNode } from '../../model/types.ts'
import type { ElementInstanceRow, TimerRow } from '../../state/rows.ts'
import { ElementFailure, type Processing } from '../processing.ts'
import { awaitedEvents, isSingleUse, messageNameOf, prepareSubscriptions } from '../subscriptions.ts'
import { evaluateTimer } from '../timers.ts'
import { lookup } from '../variables.ts'
import { type Migration, mappedNode, refusal } from './migration.ts'

/** Events that an element instance waits for: those of the old definition with what takes their place. */
interface AwaitedEvents {
  /** Each mapped event by the id of the old one. */
  readonly kept: ReadonlyMap<string, FlowNode>
  /** Events of the new definition that take nobody's place. */
  readonly added: readonly FlowNode[]
}

/**
 * Leads over what an element instance waits for: mapped events keep their subscriptions and due dates, those that are not
 * mapped are closed, new ones are opened.
 * @returns what emits the change
 * @throws {CommandRejection} when events are mapped wrongly, or a new one cannot be waited for
 */
export function planEvents(
  processing: Processing,
  migration: Migration,
  row: ElementInstanceRow,
  source: FlowNode,
  target: FlowNode,
): () => void {
  const before = awaitedEvents(source, row)
  const after = awaitedEvents(target, row)
  const { kept, added } = pairUp(migration, source, target, before, after)
  const open = planAdded(processing, migration, row, target, added)
  const keep = planKept(processing, migration, row, target, kept)
  return () => {
    keep()
    open()
  }
}

function pairUp(
  migration: Migration,
  source: FlowNode,
  target: FlowNode,
  before: readonly FlowNode[],
  after: readonly FlowNode[],
): AwaitedEvents {
  const kept = new Map<string, FlowNode>()
  for (const event of before) {
    const mapped = event === source ? target : mappedNode(migration, event)
    if (mapped !== undefined) kept.set(event.id, mapped)
  }
  const active = `active element with id '${source.id}'`
  for (const [id, mapped] of kept)
    if (!after.includes(mapped))
      throw refusal(
        migration,
        `${active} is mapped to an element with id '${target.id}' and has a catch event with id '${id}' that is mapped to ` +
          `a catch event with id '${mapped.id}'. These mappings detach the catch event from the element in the target ` +
          'process. Catch events must stay attached to the same element instance.',
      )
  for (const mapped of new Set(kept.values())) {
    const merged = [...kept].filter(([, other]) => other === mapped).map(([id]) => `'${id}'`)
    if (merged.length > 1)
      throw refusal(
        migration,
        `${active} has a catch event attached that is mapped to a catch event with id '${mapped.id}'. There are multiple ` +
          `mapping instructions that target this catch event: ${merged.join(', ')}. Catch events cannot be merged by ` +
          'process instance migration. Please ensure the mapping instructions target a catch event only once.',
      )
  }
  for (const event of before) {
    const mapped = kept.get(event.id)
    if (mapped !== undefined && mapped.event?.kind !== event.event?.kind)
      throw refusal(
        migration,
        `${active} has a catch event with id '${event.id}' that is mapped to a catch event with id '${mapped.id}'. These ` +
          `catch events have different event types: '${kindOf(event)}' and '${kindOf(mapped)}'. The event type of a catch ` +
          'event cannot be changed by process instance migration. Please ensure the event type of the catch event ' +
          'remains the same or remove the mapping instruction for these catch events.',
      )
  }
  const taken = new Set(kept.values())
  return { kept, added: after.filter((event) => !taken.has(event)) }
}

function kindOf({ event }: FlowNode): string {
  return event?.kind.toUpperCase() ?? 'NONE'
}

/** Only what is active waits: an element that is starting opens its subscriptions later, one that is ending has closed them. */
function planAdded(
  processing: Processing,
  migration: Migration,
  row: ElementInstanceRow,
  target: FlowNode,
  added: readonly FlowNode[],
): () => void {
  if (row.state !== 'ACTIVATED') return () => undefined
  // An interrupted scope waits for none of its event subprocesses any more.
  const events = added.filter((event) => row.interruptedBy === null || event.type === 'BOUNDARY_EVENT')
  const { key: processDefinitionKey, processDefinitionId } = migration.definition
  try {
    refuseSameMessage(processing, migration, row, events)
    const { open } = prepareSubscriptions(processing, { ...row, processDefinitionKey, processDefinitionId }, events)
    return open
  } catch (error) {
    if (!(error instanceof ElementFailure)) throw error
    throw refusal(
      migration,
      `active element with id '${row.elementId}' is mapped to element with id '${target.id}' that must be subscribed to a ` +
        `catch event. ${error.message}`,
    )
  }
}

/** As on Camunda an element instance has one subscription a message name. */
function refuseSameMessage(
  processing: Processing,
  migration: Migration,
  row: ElementInstanceRow,
  events: readonly FlowNode[],
): void {
  const messages = events.filter(({ event }) => event?.kind === 'message')
  if (messages.length === 0) return
  const present = processing.state.messageSubscriptions.find('elementInstanceKey = ?', row.key)
  for (const event of messages) {
    const name = messageNameOf(processing, row, event)
    if (present.some(({ messageName }) => messageName === name))
      throw refusal(
        migration,
        `active element with id '${row.elementId}' is already subscribed to the same message name '${name}'. Currently, ` +
          "migrating message subscriptions to the same message name isn't supported without a mapping. Please provide a " +
          `mapping instruction between message catch event with id '${event.id}' and the target message catch event. `,
      )
  }
}

function planKept(
  processing: Processing,
  migration: Migration,
  row: ElementInstanceRow,
  target: FlowNode,
  kept: ReadonlyMap<string, FlowNode>,
): () => void {
  const changes: (() => void)[] = []
  for (const timer of processing.state.timers.find('elementInstanceKey = ? ORDER BY key', row.key)) {
    const event = kept.get(timer.elementId)
    const { key } = timer
    if (event === undefined) changes.push(() => processing.emit({ type: 'TimerCanceled', key }))
    else {
      const schedule = scheduleOf(processing, migration, row, target, event, timer)
      changes.push(() => processing.emit({ type: 'TimerMigrated', key, elementId: event.id, schedule }))
    }
  }
  for (const kind of ['Message', 'Signal'] as const) {
    const table = kind === 'Message' ? processing.state.messageSubscriptions : processing.state.signalSubscriptions
    for (const { key, elementId } of table.find('elementInstanceKey = ? ORDER BY key', row.key)) {
      const event = kept.get(elementId)
      if (event === undefined) changes.push(() => processing.emit({ type: `${kind}SubscriptionClosed`, key }))
      else {
        const interrupting = isSingleUse(event) ? 1 : 0
        changes.push(() =>
          processing.emit({ type: `${kind}SubscriptionMigrated`, key, elementId: event.id, interrupting }),
        )
      }
    }
  }
  return () => {
    for (const change of changes) change()
  }
}

/**
 * The cycle by which a timer goes on after it has fired. As observed on Camunda: it fires when it was due before, as often as
 * was left before, but in between by the new definition.
 */
function scheduleOf(
  processing: Processing,
  migration: Migration,
  row: ElementInstanceRow,
  target: FlowNode,
  event: FlowNode,
  timer: TimerRow,
): string | null {
  if (timer.schedule === null || event.event?.kind !== 'timer' || event.event.timer !== 'cycle') return null
  try {
    return evaluateTimer(processing, event.event, lookup(processing, row.key))?.schedule ?? null
  } catch (error) {
    if (!(error instanceof ElementFailure)) throw error
    throw refusal(
      migration,
      `active element with id '${row.elementId}' is mapped to element with id '${target.id}' that must be subscribed to a ` +
        `catch event. ${error.message}`,
    )
  }
}
