import {
  CalendarError,
  chineseInstant,
  endOfDay,
  formatInstant,
  fromShanghai,
  isCalendarDate,
  openingOf,
  parseInstant,
  toShanghai,
} from '../calendar/index.ts'
import { type Supervision, type SupervisionEnvironment, SupervisionError } from './types.ts'
import { readExplanation } from './view.ts'

type ExtendRequest = Parameters<Supervision['extend']>[0]

/**
 * Moves a due date by a recorded decision and adds it to the explanation. The reminder moves to the opening of the working day before
 * the new date [默认].
 */
export async function extendDueDate(
  environment: SupervisionEnvironment,
  request: ExtendRequest,
): Promise<{ dueAt: string; remindAt: string }> {
  const { prisma, clock, calendar } = environment
  const reason = request.reason.trim()
  if (reason === '') throw new SupervisionError('invalid', '延期应当写明理由（督办意见）')
  const dueAt = readNewDate(request.newDueDate)

  return prisma.$transaction(async (transaction) => {
    const known = await transaction.dueDateChange.findUnique({
      where: { elementInstanceKey: request.elementInstanceKey },
      include: { nodeEntry: true },
    })
    if (known !== null) {
      return { dueAt: formatInstant(known.toDueAt), remindAt: formatInstant(known.nodeEntry.remindAt) }
    }
    const entry = await transaction.nodeEntry.findUnique({ where: { id: request.entryId } })
    if (entry === null) throw new SupervisionError('unknown-entry', `没有节点登记 ${request.entryId}`)
    if (entry.finishedAt !== null) throw new SupervisionError('finished', '节点已办结，不能再延期')
    const now = clock.now()
    if (dueAt <= entry.dueAt) {
      throw new SupervisionError(
        'invalid',
        `新期限（${chineseInstant(dueAt)}）应晚于原期限（${chineseInstant(entry.dueAt)}）：请另行指定日期`,
      )
    }
    if (dueAt <= now) {
      throw new SupervisionError('invalid', `新期限（${chineseInstant(dueAt)}）已经过去：请另行指定日期`)
    }
    const dayBefore = calendar.addWorkingDays(toShanghai(dueAt).date, -1)
    const reminder = fromShanghai(dayBefore, openingOf(calendar))
    const remindAt = new Date(Math.min(dueAt.getTime(), Math.max(now.getTime(), reminder.getTime())))
    await transaction.dueDateChange.create({
      data: {
        nodeEntryId: entry.id,
        elementInstanceKey: request.elementInstanceKey,
        fromDueAt: entry.dueAt,
        toDueAt: dueAt,
        reason,
        decidedAt: now,
      },
    })
    await transaction.auditEntry.create({
      data: {
        at: now,
        actor: request.decidedBy ?? 'system',
        action: 'deadline.extend',
        subjectType: 'case',
        subjectId: entry.caseId,
        detail: {
          entryId: entry.id,
          node: entry.node,
          from: formatInstant(entry.dueAt),
          to: formatInstant(dueAt),
          reason,
        },
      },
    })
    const sentence = `${chineseInstant(now)}决定延期至${chineseInstant(dueAt)}，理由：${reason}。`
    await transaction.nodeEntry.update({
      where: { id: entry.id },
      data: { dueAt, remindAt, explanation: [...readExplanation(entry.explanation), sentence] },
    })
    return { dueAt: formatInstant(dueAt), remindAt: formatInstant(remindAt) }
  })
}

function readNewDate(text: string): Date {
  if (isCalendarDate(text)) return endOfDay(text)
  try {
    return parseInstant(text, '新期限')
  } catch (error) {
    if (error instanceof CalendarError)
      throw new SupervisionError('invalid', `${error.message}，或者写作日期 YYYY-MM-DD`)
    throw error
  }
}
