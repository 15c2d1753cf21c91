import {
  CalendarError,
  computeDeadline,
  type DeadlineRule,
  formatInstant,
  parseDeadlineRule,
  parseInstant,
} from '../calendar/index.ts'
import type { Prisma } from '../database/index.ts'
import { type BindingDeadline, type ComputeRequest, type SupervisionEnvironment, SupervisionError } from './types.ts'
import { readExplanation } from './view.ts'

/**
 * Registers the deadlines of an activity and answers the one that binds. What is registered already is answered as it
 * stands: a date changes only by a recorded decision, never because a job was delivered twice or a table was redeployed.
 */
export async function computeNodeDeadline(
  environment: SupervisionEnvironment,
  request: ComputeRequest,
): Promise<BindingDeadline> {
  const { prisma } = environment
  const keys = deadlineKeysOf(request)
  const registered = await prisma.nodeEntry.findMany({ where: { elementInstanceKey: request.elementInstanceKey } })
  if (registered.length > 0) return bindingOf(registered)

  const rows = await newEntries(environment, request, keys)
  // Two deliveries at once: the unique index on element instance and key lets one of them in.
  await prisma.nodeEntry.createMany({ data: rows, skipDuplicates: true })
  return bindingOf(await prisma.nodeEntry.findMany({ where: { elementInstanceKey: request.elementInstanceKey } }))
}

function deadlineKeysOf(request: ComputeRequest): string[] {
  const keys = [...new Set(typeof request.deadlineKey === 'string' ? [request.deadlineKey] : request.deadlineKey)]
  if (keys.length === 0) {
    throw new SupervisionError('invalid', `元素 ${request.elementId} 的 deadlineKey 是空列表，应至少写一个期限规则的键`)
  }
  return keys
}

async function newEntries(
  { clock, calendar, evaluateDecision }: SupervisionEnvironment,
  request: ComputeRequest,
  keys: readonly string[],
): Promise<Prisma.NodeEntryCreateManyInput[]> {
  const from = readStart(request)
  const rows: Prisma.NodeEntryCreateManyInput[] = []
  for (const key of keys) {
    const rule = readRule(request, key, await evaluateDecision('deadlineRule', { key }))
    if (rule.kind === 'earliest' && keys.length > 1) {
      throw new SupervisionError(
        'invalid',
        `元素 ${request.elementId} 的 deadlineKey 中的“${key}”是最早日期，不能与其他期限并列：请改用定时捕获事件`,
      )
    }
    const deadline = computeDeadline(rule, from, calendar)
    rows.push({
      caseId: request.caseId,
      node: request.node,
      elementId: request.elementId,
      elementInstanceKey: request.elementInstanceKey,
      processInstanceKey: request.processInstanceKey,
      deadlineKey: rule.key,
      kind: rule.kind,
      ladder: rule.ladder,
      handlerRole: rule.handlerRole,
      runsFrom: from,
      dueAt: deadline.dueAt,
      remindAt: deadline.remindAt,
      provisional: deadline.provisional,
      explanation: deadline.explanation,
      startedAt: clock.now(),
    })
  }
  return rows
}

function readStart(request: ComputeRequest): Date {
  try {
    return parseInstant(request.deadlineFrom, 'deadlineFrom')
  } catch (error) {
    if (error instanceof CalendarError) throw new SupervisionError('invalid', `${whereOf(request)}：${error.message}`)
    throw error
  }
}

function readRule(request: ComputeRequest, key: string, answer: unknown): DeadlineRule {
  try {
    return parseDeadlineRule(key, answer)
  } catch (error) {
    if (error instanceof CalendarError)
      throw new SupervisionError('unknown-rule', `${whereOf(request)}：${error.message}`)
    throw error
  }
}

function whereOf(request: ComputeRequest): string {
  return `流程 ${request.processDefinitionId} 的元素 ${request.elementId}（节点 ${request.node}）`
}

function bindingOf(
  entries: readonly {
    id: string
    deadlineKey: string
    dueAt: Date
    remindAt: Date
    explanation: unknown
    provisional: boolean
  }[],
): BindingDeadline {
  const [binding] = [...entries].sort(
    (a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.deadlineKey.localeCompare(b.deadlineKey),
  )
  if (binding === undefined) throw new SupervisionError('unknown-entry', '节点登记没有写入，请重试')
  return {
    entryId: binding.id,
    key: binding.deadlineKey,
    dueAt: formatInstant(binding.dueAt),
    remindAt: formatInstant(binding.remindAt),
    explanation: readExplanation(binding.explanation),
    provisional: binding.provisional,
  }
}
