import type { ScheduledCommand } from '../../protocol/commands.ts'
import { type Key, NO_KEY } from '../../protocol/values.ts'
import type { TimerRow } from '../../state/rows.ts'
import { startProcessInstance } from '../process-instances.ts'
import type { Processing } from '../processing.ts'
import { followingSchedule } from '../timers.ts'
import { triggerEvent } from '../triggers.ts'
import { processBatchItem } from './batch-operations.ts'

/** Does what has become due. A row that is gone, or not due any more, is left alone. */
export function processScheduled(processing: Processing, command: ScheduledCommand): void {
  switch (command.type) {
    case 'TriggerTimer': {
      const timer = processing.state.timers.get(command.timerKey)
      if (timer !== undefined && timer.dueAt <= processing.now) triggerTimer(processing, timer)
      return
    }
    case 'TimeOutJob': {
      const job = processing.state.jobs.get(command.jobKey)
      if (job?.deadline != null && job.deadline <= processing.now)
        processing.emit({ type: 'JobTimedOut', key: job.key })
      return
    }
    case 'ReactivateJob': {
      const job = processing.state.jobs.get(command.jobKey)
      if (job?.retryAt != null && job.retryAt <= processing.now) processing.emit({ type: 'JobReturned', key: job.key })
      return
    }
    case 'ExpireMessage':
      expireMessage(processing, command.messageKey)
      return
    case 'ProcessBatchItem':
      processBatchItem(processing, command.itemId)
  }
}

function expireMessage(processing: Processing, messageKey: Key): void {
  const message = processing.state.messages.get(messageKey)
  if (message !== undefined && message.expiresAt <= processing.now)
    processing.emit({ type: 'MessageExpired', key: messageKey })
}

function triggerTimer(processing: Processing, timer: TimerRow): void {
  processing.emit({ type: 'TimerTriggered', key: timer.key })
  const following = followingSchedule(processing, timer)
  if (following !== undefined)
    processing.emit({ type: 'TimerCreated', row: { ...timer, ...following, key: processing.nextKey() } })
  const event = processing.model(timer.processDefinitionKey).nodes.get(timer.elementId)
  if (event === undefined) throw new Error(`no element ${timer.elementId}`)
  if (timer.elementInstanceKey !== NO_KEY) {
    triggerEvent(processing, timer.elementInstanceKey, event, {})
    return
  }
  const definition = processing.state.processDefinitions.require(timer.processDefinitionKey)
  startProcessInstance(processing, definition, { variables: {}, startEvent: event })
}
