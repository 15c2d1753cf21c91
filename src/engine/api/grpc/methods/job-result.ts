import type { JobResult as CommandResult } from '../../../index.ts'
import type { JobResult } from '../messages.ts'
import { GrpcError } from '../status.ts'
import { variablesOf } from './values.ts'

/**
 * The result of a completed job for the command; nothing when none was sent.
 * @throws {GrpcError} INVALID_ARGUMENT for a type that does not exist
 */
export function resultOf(result: JobResult | null): { result?: CommandResult } {
  if (result === null) return {}
  const type = sent(result, 'type') ?? 'userTask'
  switch (type) {
    case '':
    case 'userTask':
      return { result: userTaskResult(result) }
    case 'adHocSubProcess':
      return { result: adHocResult(result) }
    default:
      throw new GrpcError(
        'INVALID_ARGUMENT',
        `Expected result type to be 'userTask' or 'adHocSubProcess', but it was '${type}'`,
      )
  }
}

/** An optional field reads as the empty value of its type unless it was sent: then the message itself has it. */
function sent<Message extends object, Name extends keyof Message>(
  message: Message,
  name: Name,
): NonNullable<Message[Name]> | undefined {
  return Object.hasOwn(message, name) ? (message[name] ?? undefined) : undefined
}

function only<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value })
}

function userTaskResult(result: JobResult): CommandResult {
  const corrections = sent(result, 'corrections')
  return {
    type: 'userTask',
    ...only('denied', sent(result, 'denied')),
    ...only('deniedReason', sent(result, 'deniedReason')),
    ...only(
      'corrections',
      corrections && {
        ...only('assignee', sent(corrections, 'assignee')),
        ...only('dueDate', sent(corrections, 'dueDate')),
        ...only('followUpDate', sent(corrections, 'followUpDate')),
        ...only('candidateGroups', sent(corrections, 'candidateGroups')?.values),
        ...only('candidateUsers', sent(corrections, 'candidateUsers')?.values),
        ...only('priority', sent(corrections, 'priority')),
      },
    ),
  }
}

function adHocResult(result: JobResult): CommandResult {
  return {
    type: 'adHocSubProcess',
    activateElements: result.activateElements.map(({ elementId, variables }) => ({
      elementId,
      ...variablesOf(variables),
    })),
    ...only('isCompletionConditionFulfilled', sent(result, 'isCompletionConditionFulfilled')),
    ...only('isCancelRemainingInstances', sent(result, 'isCancelRemainingInstances')),
  }
}
