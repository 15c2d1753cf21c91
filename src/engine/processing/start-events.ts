import type { ProcessModel } from '../model/types.ts'
import { type Key, NO_KEY } from '../protocol/values.ts'
import { invalidArgument } from './commands/reject.ts'
import { evaluateText } from './expressions.ts'
import { LateRejection } from './late-rejection.ts'
import { ElementFailure, type Processing } from './processing.ts'
import { evaluateTimer } from './timers.ts'

const NO_VARIABLES = { get: () => undefined }

/**
 * Opens the timer, message and signal start events of a process that is the newest version now.
 * @throws {LateRejection} when one cannot be evaluated: everything is undone and refused
 */
export function openStartEvents(
  processing: Processing,
  commandType: string,
  processDefinitionKey: Key,
  model: ProcessModel,
): void {
  for (const start of model.process.startEvents) {
    const place = { elementId: start.id, processDefinitionKey, processDefinitionId: model.id }
    try {
      if (start.event?.kind === 'timer') {
        const schedule = evaluateTimer(processing, start.event, NO_VARIABLES)
        if (schedule === undefined) continue
        processing.emit({
          type: 'TimerCreated',
          row: {
            key: processing.nextKey(),
            ...schedule,
            ...place,
            elementInstanceKey: NO_KEY,
            processInstanceKey: NO_KEY,
          },
        })
      } else if (start.event?.kind === 'message') {
        const messageName = evaluateText(processing, start.event.name, NO_KEY)
        processing.emit({ type: 'StartSubscriptionOpened', row: { key: processing.nextKey(), messageName, ...place } })
      } else if (start.event?.kind === 'signal') {
        const signalName = evaluateText(processing, start.event.name, NO_KEY)
        const waiting = { ...place, elementInstanceKey: NO_KEY, processInstanceKey: NO_KEY, interrupting: 0 } as const
        processing.emit({
          type: 'SignalSubscriptionOpened',
          row: { key: processing.nextKey(), signalName, ...waiting },
        })
      }
    } catch (error) {
      if (!(error instanceof ElementFailure)) throw error
      throw new LateRejection(invalidArgument(commandType, `${start.id}: ${error.message}`))
    }
  }
}

/** Closes the timer, message and signal start events of a process: a new version takes over. */
export function closeStartEvents(processing: Processing, processDefinitionId: string): void {
  for (const { key } of processing.state.timers.find(
    `processDefinitionId = ? AND elementInstanceKey = ${NO_KEY} ORDER BY key`,
    processDefinitionId,
  ))
    processing.emit({ type: 'TimerCanceled', key })
  for (const { key } of processing.state.startSubscriptions.find(
    'processDefinitionId = ? ORDER BY key',
    processDefinitionId,
  ))
    processing.emit({ type: 'StartSubscriptionClosed', key })
  for (const { key } of processing.state.signalSubscriptions.find(
    `processDefinitionId = ? AND elementInstanceKey = ${NO_KEY} ORDER BY key`,
    processDefinitionId,
  ))
    processing.emit({ type: 'SignalSubscriptionClosed', key })
}
