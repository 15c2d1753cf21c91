import { z } from 'zod'
import type { JobResult, UserTaskCorrections } from '../../index.ts'
import { variables, variablesOf } from './values.ts'

const corrections = z.strictObject({
  assignee: z.string().nullish(),
  dueDate: z.string().nullish(),
  followUpDate: z.string().nullish(),
  candidateGroups: z.array(z.string()).nullish(),
  candidateUsers: z.array(z.string()).nullish(),
  priority: z.int().min(0).max(100).nullish(),
})

/** `result` of a job completion: the answer of a task listener, or of the worker of an ad-hoc subprocess. */
export const jobResult = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('userTask'),
    denied: z.boolean().nullish(),
    deniedReason: z.string().nullish(),
    corrections: corrections.nullish(),
  }),
  z.strictObject({
    type: z.literal('adHocSubProcess'),
    activateElements: z
      .array(z.strictObject({ elementId: z.string().min(1, 'must not be empty: name the activity'), variables }))
      .nullish(),
    isCompletionConditionFulfilled: z.boolean().nullish(),
    isCancelRemainingInstances: z.boolean().nullish(),
  }),
])

/** A checked `result` as the engine takes it: `null` means the same as left out. */
export function jobResultOf(given: z.output<typeof jobResult>): JobResult {
  if (given.type === 'userTask') {
    const { denied, deniedReason, corrections } = given
    return {
      type: 'userTask',
      denied: denied ?? false,
      deniedReason: deniedReason ?? '',
      corrections: present<UserTaskCorrections>(corrections ?? {}),
    }
  }
  return {
    type: 'adHocSubProcess',
    activateElements: (given.activateElements ?? []).map(({ elementId, variables }) => ({
      elementId,
      ...variablesOf(variables),
    })),
    isCompletionConditionFulfilled: given.isCompletionConditionFulfilled ?? false,
    isCancelRemainingInstances: given.isCancelRemainingInstances ?? false,
  }
}

function present<Target extends object>(given: { [Name in keyof Target]?: Target[Name] | null | undefined }): Target {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)) as Target
}
