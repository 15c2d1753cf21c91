import { z } from 'zod'
import { CalendarError } from './calendar-date.ts'

/** Units in which a limit is counted. `endOfDay` is the close of business, `amount` days later (0: the same day). */
const deadlineUnits = ['workingHour', 'workingDay', 'day', 'month', 'year', 'endOfDay'] as const

/** A unit of a limit. */
export type DeadlineUnit = (typeof deadlineUnits)[number]

/**
 * `hard`: passing it is escalated. `soft`: reminder and statistics only. `earliest`: nothing may happen before it.
 * `periodic`: the next turn of something that recurs.
 */
const deadlineKinds = ['hard', 'soft', 'earliest', 'periodic'] as const

const optionalText = z.string().min(1).nullish().default(null)
const count = z.number().int().min(0).max(3650)

/** One row of `bpmn/decisions/deadlines.dmn`, as the decision `deadlineRule` answers it. */
const deadlineRuleSchema = z.object({
  key: z.string().min(1),
  amount: count,
  unit: z.enum(deadlineUnits),
  kind: z.enum(deadlineKinds),
  /** A last day that is a day of rest moves to the first day after it. */
  rolls: z.boolean(),
  /**
   * How long before the date the handler is reminded, in `remindUnit`. Working hours (halves allowed) before the very
   * time; days and working days: that many days before, when the court opens; `endOfDay`: that many working days
   * before, at the close of business.
   */
  remindBefore: z.number().min(0).max(3650).multipleOf(0.5),
  remindUnit: z.enum(['workingHour', 'workingDay', 'day', 'endOfDay']),
  /** Escalations before the date, in days, e.g. [15, 7] for the term of a seizure. */
  escalateBefore: z.array(count).nullish().default(null),
  /** 中止 or 暂缓 stops it and keeps what was left. */
  stoppedByStay: z.boolean(),
  /** Which ladder of `escalation-ladder.dmn` an escalation climbs; none for what is never escalated. */
  ladder: optionalText,
  /** The role whose work it is, where the row itself says so; its rung of the ladder is skipped. */
  handlerRole: optionalText,
  /** Article or statute, or 默认. */
  source: z.string().min(1),
})

/** One row of the deadline table. */
export type DeadlineRule = z.output<typeof deadlineRuleSchema>

/**
 * Checks what the decision answered for `key`. Throws `CalendarError`: no such row, or which column is wrong, and in
 * which file to correct it.
 */
export function parseDeadlineRule(key: string, answer: unknown): DeadlineRule {
  if (answer === null || answer === undefined) {
    throw new CalendarError(
      `期限规则表没有“${key}”这一行：请在 bpmn/decisions/deadlines.dmn 中增加，或更正元素的 deadlineKey`,
    )
  }
  const result = deadlineRuleSchema.safeParse(answer)
  if (!result.success) {
    const issues = result.error.issues.map((issue) => `${issue.path.join('.') || '(整行)'}：${issue.message}`)
    throw new CalendarError(`期限规则“${key}”有误（bpmn/decisions/deadlines.dmn）：${issues.join('；')}`)
  }
  if (result.data.key !== key) {
    throw new CalendarError(
      `期限规则“${key}”的 key 列写作“${result.data.key}”，两者应一致（bpmn/decisions/deadlines.dmn）`,
    )
  }
  if (!Number.isInteger(result.data.remindBefore) && result.data.remindUnit !== 'workingHour') {
    throw new CalendarError(
      `期限规则“${key}”的 remindBefore 只有在 remindUnit 为 workingHour 时可以是半数（bpmn/decisions/deadlines.dmn）`,
    )
  }
  if (result.data.kind === 'hard' && result.data.ladder === null) {
    throw new CalendarError(`期限规则“${key}”为 hard，却没有写明督办阶梯 ladder（bpmn/decisions/deadlines.dmn）`)
  }
  return result.data
}
