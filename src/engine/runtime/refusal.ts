import { CommandRejection } from '../protocol/rejections.ts'
import { storageFault } from './storage-fault.ts'

/** What the engine's own errors of these words mean: JavaScript gave up, and everything was rolled back. */
const EXHAUSTED = /call stack|string length|array length|array buffer|BigInt size/i

/**
 * What a command that failed is refused with: a rejection when the disk did not let it through, or when it wanted more
 * stack or memory than there is; any other error as it is.
 */
export function refusal(error: unknown, commandType: string, file: string | null): unknown {
  const fault = storageFault(error, file ?? 'the database in memory')
  if (fault !== undefined) {
    const outlook = fault.final === true ? '' : '; commands work again as soon as that is mended'
    return new CommandRejection(fault.type, commandType, `${fault.message}${outlook}. Nothing was changed.`)
  }
  if (error instanceof RangeError && EXHAUSTED.test(error.message))
    return new CommandRejection(
      'PROCESSING_ERROR',
      commandType,
      `The command needs more than the engine has (${error.message}): its data or its diagram nest too deep or grow too large. Nothing was changed.`,
    )
  return error
}
