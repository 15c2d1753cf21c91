import { z } from 'zod'
import { courtDate, courtTime } from '../cases/index.ts'
import { caseStatuses } from '../procedure/index.ts'
import type { Court, OpenTask } from './court.ts'
import type { Answers, Expectation, Scenario } from './scenario.ts'

/** One line of a rehearsal's report. */
export interface StepReport {
  /** Court time, ISO-8601. */
  at: string
  what: string
  by?: string
}

export interface RehearsalResult {
  scenario: string
  title: string
  caseId: string
  caseNumber: string
  ok: boolean
  /** Where the result differs from what the scenario expects; empty when it does not. */
  differences: string[]
  documents: string[]
  escalations: string[]
  /** The case's status at the end. */
  outcome: string
}

export interface RehearsalOptions {
  court: Court
  /** The court's time. */
  now(): Date
  moveClock(instant: Date): Promise<void>
  onStep(step: StepReport): void
}

const filed = z.object({ caseId: z.string(), caseNumber: z.string() })
const history = z.object({ items: z.array(z.object({ action: z.string(), detail: z.json() })) })
const nodes = z.object({
  items: z.array(z.object({ escalations: z.array(z.object({ role: z.string(), raisedAt: z.string() })) })),
})

/**
 * Runs a whole case through the API of the web application: filing, the answers to each task, moves of the clock.
 * @throws Error when a task that the scenario answers does not come
 */
export async function rehearse(scenario: Scenario, options: RehearsalOptions): Promise<RehearsalResult> {
  const { court, onStep } = options
  const report = (what: string, by?: string) => onStep({ at: courtTime(options.now()), what, ...(by ? { by } : {}) })

  await options.moveClock(new Date(scenario.start))
  const clerk = await court.asHolderOf('filing-clerk')
  const { caseId, caseNumber } = filed.parse(await clerk.send('POST', '/api/cases', scenario.filing))
  report(`立案 ${caseNumber}`, clerk.username)

  const answer = async (open: OpenTask, answers: Answers | undefined, by?: string) => {
    if (!answers)
      throw new Error(
        `${scenario.name}: no answers to ${open.elementId}, neither in the step nor in usual-answers.yaml`,
      )
    report(open.name, await court.answer(caseId, open, atTime(answers, options.now()), by))
  }
  const answersTo = (elementId: string, changes: Answers | undefined) => {
    const usual = scenario.usual[elementId]
    return usual || changes ? { ...usual, ...changes } : undefined
  }
  const waitForTask = (elementId: string, role?: string) =>
    court.waitFor(caseId, `task ${elementId}${role ? ` for ${role}` : ''}`, (open) =>
      open.find((task) => task.elementId === elementId && (!role || task.candidateGroups.includes(role))),
    )

  for (const step of scenario.steps) {
    if ('clock' in step) {
      const to = momentAfter(step.clock, options.now())
      await options.moveClock(to)
      report('时钟拨至')
    } else if ('task' in step) {
      await answer(await waitForTask(step.task), step.only ?? answersTo(step.task, step.answers), step.by)
    } else if ('await' in step) {
      const open = await waitForTask(step.await, step.role)
      report(`待办：${open.name}（${open.candidateGroups.join('、')}）`)
    } else {
      await answerUntil(step.until)
    }
  }

  async function answerUntil(goal: string): Promise<void> {
    for (;;) {
      const next = await court.waitFor(caseId, goal, async (open) => {
        if (open.some((task) => task.elementId === goal)) return null
        if (open.length > 0) return open.find((task) => task.elementId !== 'superviseNode') ?? undefined
        // A state is asked for only where it is the goal: between two tasks of a case there is nothing to learn from it.
        return isCaseStatus(goal) && (await court.caseState(caseId)).status === goal ? null : undefined
      })
      if (next === null) return
      await answer(next, answersTo(next.elementId, undefined))
    }
  }

  return finish(scenario, court, caseId, caseNumber)
}

async function finish(scenario: Scenario, court: Court, caseId: string, caseNumber: string): Promise<RehearsalResult> {
  const { expect } = scenario
  // The last worker may still be at it: give the expected outcome its time, then take what is there.
  const state = await court
    .waitFor(caseId, `status ${expect.outcome}`, async () => {
      const current = await court.caseState(caseId)
      return current.status === expect.outcome ? current : undefined
    })
    .catch(() => court.caseState(caseId))
  const director = await court.asHolderOf('enforcement-director')
  const documents = await court.documentKinds(caseId)
  const entries = (await director.get(`/api/cases/${caseId}/nodes`, nodes)).items
  const escalations = entries
    .flatMap((entry) => entry.escalations)
    .sort((a, b) => a.raisedAt.localeCompare(b.raisedAt))
    .map((escalation) => escalation.role)
  const filingChecks = (await director.get(`/api/cases/${caseId}/history`, history)).items.filter(
    (event) => event.action === 'filing.check',
  ).length
  const differences = compare(expect, { outcome: state.status, team: state.team, documents, escalations, filingChecks })
  return {
    scenario: scenario.name,
    title: scenario.title,
    caseId,
    caseNumber,
    ok: differences.length === 0,
    differences,
    documents,
    escalations,
    outcome: state.status,
  }
}

function isCaseStatus(goal: string): boolean {
  return caseStatuses.some((status) => status === goal)
}

function compare(expected: Expectation, actual: Record<keyof Expectation, unknown>): string[] {
  return Object.entries(expected)
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(actual[key as keyof Expectation]))
    .map(
      ([key, value]) =>
        `${key}: expected ${JSON.stringify(value)}, got ${JSON.stringify(actual[key as keyof Expectation])}`,
    )
}

/** Answers with `{today}` and `{now}` filled in. */
export function atTime(answers: Answers, now: Date): Answers {
  const text = JSON.stringify(answers).replaceAll('{today}', courtDate(now)).replaceAll('{now}', courtTime(now))
  return JSON.parse(text) as Answers
}

/** An instant, or a duration of days, hours and minutes (`P2D`, `PT90M`) from `now`. @throws Error for anything else */
export function momentAfter(text: string, now: Date): Date {
  const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text)
  if (duration && text !== 'P' && !text.endsWith('T')) {
    const [days = 0, hours = 0, minutes = 0] = duration.slice(1).map((part) => Number(part ?? 0))
    return new Date(now.getTime() + ((days * 24 + hours) * 60 + minutes) * 60_000)
  }
  const instant = z.iso.datetime({ offset: true }).safeParse(text)
  if (!instant.success)
    throw new Error(`clock: "${text}" is neither an instant with offset nor a duration such as P2D or PT2H`)
  return new Date(instant.data)
}
