import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import type { JsonValue, Variables } from '../../src/engine/index.ts'
import { atTime } from '../../src/rehearsal/rehearse.ts'
import { inventedIdentityNumber } from '../cases/fixtures.ts'
import { type JobScript, ProcessDriver, projectRoot } from '../support/process-driver.ts'
import { recordCoverage } from './coverage.ts'

/** The case of every test here; nothing in it belongs to anybody. */
export const caseId = '00000000-0000-4000-8000-000000000001'
export const caseNumber = '（2026）豫0922执1号'
/** Monday, and the instant at which the case is filed. */
export const filedAt = '2026-03-02T09:00:00+08:00'

/** Days that the scripted deadlines give each node; the reminder comes at half of it. The real ones are the calendar's business. */
const days: Record<string, number> = {
  'filing.transfer': 1,
  'reception.offline': 2,
  'reception.online': 4,
  'filing.correction': 1,
  'transcript.signature': 6,
  'node.handover': 2,
  'notice.outer': 10,
  'property.network-check': 6,
  'clue.supplement': 3,
  'triage.review': 2,
  'handler.assign': 7,
  'handover.receipt': 2,
  'investigation.complete': 30,
  'funds.disburse': 30,
  'case.enforce': 180,
  'archive.image': 15,
  'archive.resubmit': 4,
  'archive.review': 5,
  'supervise.node': 1,
  'supervise.director': 2,
  'supervise.leader': 3,
}

/** The instant `amount` days after `instant`, as the scripted deadline writes it. */
export function daysAfter(instant: string, amount: number): string {
  return courtTime(new Date(Date.parse(instant) + amount * 86_400_000))
}

/** Due date and reminder that the script gives a key from a recorded time. */
export function deadlineOf(key: string, from: string): { dueAt: string; remindAt: string } {
  const amount = days[key]
  if (amount === undefined) throw new Error(`no scripted deadline ${key}`)
  return { dueAt: daysAfter(from, amount), remindAt: daysAfter(from, amount / 2) }
}

function courtTime(instant: Date): string {
  return `${new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`
}

/** The instant of FEEL's `now()` in a variable: the zone's name may follow the offset. */
export function instantOf(value: unknown): string {
  return courtTime(
    new Date(
      z
        .string()
        .parse(value)
        .replace(/\[.*\]$/, ''),
    ),
  )
}

const uuid = (number: number) => `00000000-0000-4000-9000-${String(number).padStart(12, '0')}`

const kinds = [
  'reception-transcript',
  'no-reception-statement',
  'enforcement-notice',
  'triage-transfer-slip',
  'closing-notice',
  'dossier-catalogue',
]

/** The id under which the scripted `document.render` keeps a document of that kind. */
export const documentId = (kind: string) => uuid(100 + kinds.indexOf(kind))

/** The upload that stands for the scanned, signed copy. */
export const signedCopy = uuid(200)

/** The filing that `filing.check` hands to the form. */
export const filing = {
  subjectType: 'money',
  amount: '28000.00',
  basisNumber: '（2025）豫0922民初88号',
  basisContent: '乙某二于判决生效之日起十日内偿还甲某一借款 28000 元。',
  parties: [
    {
      partyId: uuid(901),
      role: 'applicant',
      name: '甲某一',
      kind: 'naturalPerson',
      idKind: 'residentId',
      idNumber: inventedIdentityNumber(1),
    },
    {
      partyId: uuid(902),
      role: 'respondent',
      name: '乙某二',
      kind: 'naturalPerson',
      idKind: 'unknown',
      idNumber: null,
    },
  ],
} satisfies Variables

/** A finding of `filing.check`. */
export const amountDiffers = {
  field: 'amount',
  label: '执行标的金额',
  registered: '28000.00',
  application: '25000.00',
  message: '登记的执行标的金额与申请书的执行请求不一致',
  severity: 'error',
} satisfies Variables

/** A finding that blocks nothing. */
export const idUnknown = {
  field: 'parties[1].idKind',
  label: '被执行人“乙某二”的证件种类',
  registered: '证件不明',
  application: null,
  message: '证件不明，应在后续查控中查明',
  severity: 'remark',
} satisfies Variables

/** What a small claim against a person without property looks like to triage. */
export const smallClaim = {
  subjectType: 'money',
  amount: 28000,
  causeCategory: 'other',
  respondentKinds: ['naturalPerson'],
  fullyCovered: false,
  disposalNeeded: false,
  firstSearchFoundProperty: false,
  restored: false,
} satisfies Variables

/** The court's workers, answering by fixed rules. A timer's review is answered "record" unless the test says otherwise. */
function scriptedWorkers(): Record<string, JobScript> {
  let entries = 0
  let checks = 0
  return {
    'dossier.open': () => ({}),
    'dossier.enter': () => ({}),
    'dossier.check': () => ({ dossierCheck: { complete: true, entries: 4, pages: 21, missing: [], remarks: [] } }),
    'dossier.image': () => ({}),
    'dossier.archive': () => ({}),
    'filing.check': () => ({ filingCheck: { round: ++checks, checkedAt: filedAt, findings: [] }, filing }),
    'filing.correct': () => ({}),
    'register.enter': () => ({}),
    'document.render': ({ variables }) => ({ documentId: documentId(String(variables.documentKind)) }),
    'triage.collect': () => ({ facts: smallClaim }),
    'case.assign': () => ({}),
    'case.close': (_, driver) => ({ closedAt: courtTime(driver.engine.clock.now()) }),
    'deadline.compute': ({ variables }) => {
      const key = z.string().parse(variables.deadlineKey)
      const from = instantOf(variables.deadlineFrom)
      return {
        deadline: { entryId: uuid(++entries), key, ...deadlineOf(key, from), explanation: [], provisional: false },
      }
    },
    'deadline.review': ({ variables }, driver) => ({
      review: {
        action: 'record',
        entryId: uuid(999),
        dueAt: courtTime(driver.engine.clock.now()),
        handlerRole: String(variables.node),
        ladder: '',
      },
    }),
    'deadline.extend': () => ({}),
    'node.finish': async ({ variables }, driver) => {
      const { entryId } = z.object({ entryId: z.string() }).parse(variables.deadline)
      await driver.engine.execute({
        type: 'PublishMessage',
        name: 'node.finished',
        correlationKey: entryId,
        timeToLive: 600_000,
      })
      return {}
    },
    'reminder.send': () => ({}),
    'escalation.raise': (_, driver) => ({
      escalation: { escalationId: uuid(500), raisedAt: courtTime(driver.engine.clock.now()) },
    }),
  }
}

const answersByElement = z
  .record(z.string(), z.record(z.string(), z.json()))
  .parse(parse(readFileSync(join(projectRoot, 'scenarios', 'usual-answers.yaml'), 'utf8')))

/** What a task is usually answered with, as in the scenarios; the upload of a signed copy stands for the scanner. */
function usualAnswers(elementId: string, now: Date): Record<string, JsonValue> {
  const upload = elementId.startsWith('sign') ? { uploadId: signedCopy } : {}
  return { ...atTime(answersByElement[elementId] ?? {}, now), ...upload }
}

const open: ProcessDriver[] = []

afterEach(async () => {
  for (const driver of open.splice(0)) recordCoverage(await driver.close())
})

/** A driver of the whole procedure at the instant of filing; it is closed, and counted as coverage, after the test. */
export async function openCourt(scripts: Record<string, JobScript> = {}): Promise<ProcessDriver> {
  const driver = await ProcessDriver.open({
    at: filedAt,
    scripts: { ...scriptedWorkers(), ...scripts },
    answers: usualAnswers,
  })
  open.push(driver)
  return driver
}

/** An activity with a deadline, while it waits. */
interface TimedActivity {
  /** Element id of the activity. */
  activity: string
  node: string
  key: string
  /** The recorded time from which the deadline runs. */
  from: string
  /** What must be waiting all the while. */
  waiting: string[]
}

/**
 * Moves the clock over the reminder and the due date of an activity that waits now: nothing happens a millisecond before either, at
 * each of them 期限督办 is called with the case and the node and nothing else, and the work goes on as if nothing had happened.
 */
export async function expectSupervisionInTime(
  court: ProcessDriver,
  { activity, node, key, from, waiting }: TimedActivity,
): Promise<void> {
  const { remindAt, dueAt } = deadlineOf(key, from)
  const supervisions = () =>
    court.calls('overdue-supervision').filter(({ calledBy }) => calledBy === `${activity}Supervision`)

  await court.moveToJust(-1, remindAt)
  expect(supervisions(), '一毫秒前不得提醒').toEqual([])
  await court.moveTo(remindAt)
  expect(court.timesThrough(`${activity}Reminder`), '临期').toBe(1)
  expect(supervisions()).toHaveLength(1)
  expect(court.waitsAt()).toEqual(waiting)

  await court.moveToJust(-1, dueAt)
  expect(supervisions(), '一毫秒前不得督办').toHaveLength(1)
  expect(court.timesThrough(`${activity}Due`)).toBe(0)
  await court.moveTo(dueAt)
  expect(court.timesThrough(`${activity}Due`), '到期').toBe(1)
  expect(court.waitsAt()).toEqual(waiting)
  expect(supervisions()).toHaveLength(2)
  for (const { variables } of supervisions()) {
    const { review: _, ...given } = variables
    expect(given).toEqual({ caseId, caseNumber, node })
  }
}

/** The job inputs with which a node's deadline was asked for and ended, each of them in its order. */
export function nodeJobs(court: ProcessDriver, node: string): { computed: Variables[]; finished: Variables[] } {
  const ofNode = (type: string) => court.inputsOf(type).filter((input) => input.node === node)
  return { computed: ofNode('deadline.compute'), finished: ofNode('node.finish') }
}
