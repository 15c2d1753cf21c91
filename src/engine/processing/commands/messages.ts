import type { CorrelateMessage, PublishMessage } from '../../protocol/commands.ts'
import { CommandRejection } from '../../protocol/rejections.ts'
import type { CommandResults } from '../../protocol/results.ts'
import { correlate, findReceivers } from '../messages.ts'
import type { Processing } from '../processing.ts'
import { later } from '../timers.ts'
import { invalidArgument } from './reject.ts'

/** Publishes a message: it goes to who waits for it, and is kept for `timeToLive`. */
export function publishMessage(processing: Processing, command: PublishMessage): CommandResults['PublishMessage'] {
  const { name, correlationKey = '', timeToLive = 0, messageId = '', variables = {} } = command
  if (!(timeToLive >= 0))
    throw invalidArgument(command.type, `Expected timeToLive not to be negative, but it was ${timeToLive}`)
  if (messageId !== '' && isBuffered(processing, name, correlationKey, messageId))
    throw new CommandRejection(
      'ALREADY_EXISTS',
      command.type,
      `Expected to publish a new message with id '${messageId}', but a message with that id was already published`,
    )
  const messageKey = processing.nextKey()
  processing.emit({
    type: 'MessagePublished',
    key: messageKey,
    name,
    correlationKey,
    messageId: messageId === '' ? null : messageId,
    variables: JSON.stringify(variables),
    expiresAt: timeToLive === 0 ? null : later(processing.now, timeToLive),
  })
  const receivers = findReceivers(processing, name, correlationKey)
  correlate(processing, { key: messageKey, name, correlationKey, variables }, receivers)
  return { messageKey }
}

function isBuffered(processing: Processing, name: string, correlationKey: string, messageId: string): boolean {
  const buffered = processing.state.messages.find(
    'name = ? AND correlationKey = ? AND messageId = ?',
    name,
    correlationKey,
    messageId,
  )
  return buffered.some(({ expiresAt }) => expiresAt > processing.now)
}

/** Gives a message to who waits for it now; nobody is an error. */
export function correlateMessage(
  processing: Processing,
  command: CorrelateMessage,
): CommandResults['CorrelateMessage'] {
  const { name, correlationKey = '', variables = {} } = command
  if (name === '') throw invalidArgument(command.type, 'Expected name to be present, but it was blank')
  const receivers = findReceivers(processing, name, correlationKey)
  if (receivers.subscriptions.length + receivers.starts.length === 0)
    throw new CommandRejection(
      'NOT_FOUND',
      command.type,
      `Expected to find subscription for message with name '${name}' and correlation key '${correlationKey}', but ` +
        (receivers.busy.length === 0
          ? 'none was found.'
          : 'no active subscription was found. A process instance with this correlation key is already active for a message ' +
            `start event with this message name in process IDs [${receivers.busy.join(', ')}]. Only one active process ` +
            'instance per correlation key is allowed for message start events.'),
    )
  const messageKey = processing.nextKey()
  processing.emit({
    type: 'MessagePublished',
    key: messageKey,
    name,
    correlationKey,
    messageId: null,
    variables: JSON.stringify(variables),
    expiresAt: null,
  })
  const [processInstanceKey] = correlate(processing, { key: messageKey, name, correlationKey, variables }, receivers)
  if (processInstanceKey === undefined) throw new Error('a message with receivers was not correlated')
  return { messageKey, processInstanceKey }
}
