import type { BroadcastSignal } from '../../protocol/commands.ts'
import type { CommandResults } from '../../protocol/results.ts'
import type { Processing } from '../processing.ts'
import { broadcast } from '../signals.ts'
import { invalidArgument } from './reject.ts'

/** Broadcasts a signal; that nobody waits for it is no error. */
export function broadcastSignal(
  processing: Processing,
  { type, signalName, variables = {} }: BroadcastSignal,
): CommandResults['BroadcastSignal'] {
  if (signalName === '') throw invalidArgument(type, 'Expected signalName to be present, but it was blank')
  return { signalKey: broadcast(processing, signalName, variables) }
}
