import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import {
  computeDeadline,
  createCourtCalendar,
  formatInstant,
  parseDeadlineRule,
  parseInstant,
} from '../../src/calendar/index.ts'
import { readDecisions } from './decisions.ts'

const evaluate = await readDecisions('deadlines.dmn', 'escalation-ladder.dmn')
const deadlines = await readFile(new URL('../../bpmn/decisions/deadlines.dmn', import.meta.url), 'utf8')
const keys = [...deadlines.matchAll(/<inputEntry[^>]*>\s*<text>"([^"]+)"<\/text>/g)].map(([, key]) => key!)
const calendar = createCourtCalendar()

async function ruleOf(key: string) {
  return parseDeadlineRule(key, await evaluate('deadlineRule', { key }))
}

describe('deadlines.dmn', () => {
  it.each(keys)('%s is one complete row with a source', async (key) => {
    const rule = await ruleOf(key)
    expect(rule.source).toMatch(/^(清法|民诉法解释|法发|法释|法)/)
    const { dueAt, remindAt, explanation } = computeDeadline(
      rule,
      parseInstant('2026-05-11T09:00:00+08:00', 'from'),
      calendar,
    )
    expect(remindAt.getTime()).toBeLessThanOrEqual(dueAt.getTime())
    expect(explanation[0]).toContain(rule.source)
  })

  it('has each key once', () => {
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys).toHaveLength(49)
  })

  /** The procedure's table: from Monday 2026-05-11 09:00, unless said otherwise. */
  it.each([
    ['filing.transfer', '2026-05-11T10:00:00', 'soft'],
    ['reception.offline', '2026-05-11T18:00:00', 'soft'],
    ['reception.online', '2026-05-13T23:59:59.999', 'hard'],
    ['filing.correction', '2026-05-11T15:30:00', 'hard'],
    ['node.handover', '2026-05-11T18:00:00', 'soft'],
    ['transcript.signature', '2026-05-18T23:59:59.999', 'hard'],
    ['notice.outer', '2026-05-21T23:59:59.999', 'hard'],
    ['notice.enforcement', '2026-05-14T23:59:59.999', 'hard'],
    ['handler.assign', '2026-05-18T23:59:59.999', 'hard'],
    ['property.network-check', '2026-05-18T23:59:59.999', 'hard'],
    ['triage.review', '2026-05-12T23:59:59.999', 'hard'],
    ['handover.receipt', '2026-05-12T23:59:59.999', 'hard'],
    ['clue.supplement', '2026-05-14T23:59:59.999', 'hard'],
    ['clue.verify', '2026-05-18T23:59:59.999', 'hard'],
    ['clue.verify.urgent', '2026-05-14T23:59:59.999', 'hard'],
    ['investigation.complete', '2026-06-11T23:59:59.999', 'hard'],
    ['discredit.decide', '2026-05-26T23:59:59.999', 'hard'],
    ['paper.transfer', '2026-05-13T23:59:59.999', 'hard'],
    ['paper.scan', '2026-05-12T23:59:59.999', 'hard'],
    ['material.resubmit', '2026-05-13T23:59:59.999', 'hard'],
    ['material.ruling', '2026-05-13T23:59:59.999', 'hard'],
    ['loan.approval', '2026-05-12T23:59:59.999', 'hard'],
    ['loan.return', '2026-05-12T23:59:59.999', 'hard'],
    ['price.start', '2026-06-10T23:59:59.999', 'hard'],
    ['sale.start', '2026-05-21T23:59:59.999', 'hard'],
    ['auction.notice.movable', '2026-05-27T00:00:00', 'earliest'],
    ['auction.notice.otherProperty', '2026-06-11T00:00:00', 'earliest'],
    ['auction.second', '2026-06-10T23:59:59.999', 'hard'],
    ['auction.secondNotice.movable', '2026-05-19T00:00:00', 'earliest'],
    ['auction.secondNotice.otherProperty', '2026-05-27T00:00:00', 'earliest'],
    ['funds.disburse', '2026-06-10T23:59:59.999', 'hard'],
    ['funds.deferred', '2026-05-21T23:59:59.999', 'hard'],
    ['freeze.deposit', '2027-05-11T23:59:59.999', 'hard'],
    ['seizure.movable', '2028-05-11T23:59:59.999', 'hard'],
    ['seizure.realEstate', '2029-05-11T23:59:59.999', 'hard'],
    ['freeze.otherRights', '2029-05-11T23:59:59.999', 'hard'],
    ['case.enforce', '2026-11-11T23:59:59.999', 'hard'],
    ['case.enforce.nonLitigation', '2026-08-11T23:59:59.999', 'hard'],
    ['closing.terminated.earliest', '2026-08-12T00:00:00', 'earliest'],
    ['maintenance.search', '2026-11-11T23:59:59.999', 'periodic'],
    ['maintenance.period', '2031-05-11T23:59:59.999', 'periodic'],
    ['archive.image', '2026-05-26T23:59:59.999', 'hard'],
    ['archive.resubmit', '2026-05-18T23:59:59.999', 'hard'],
    ['archive.review', '2026-05-18T23:59:59.999', 'hard'],
    ['overdue.report', '2026-05-18T23:59:59.999', 'periodic'],
    ['overdue.report.monthly', '2026-06-11T23:59:59.999', 'periodic'],
    ['supervise.node', '2026-05-12T23:59:59.999', 'hard'],
    ['supervise.director', '2026-05-13T23:59:59.999', 'hard'],
    ['supervise.leader', '2026-05-14T23:59:59.999', 'hard'],
  ])('%s: %s, %s', async (key, due, kind) => {
    const rule = await ruleOf(key)
    const { dueAt } = computeDeadline(rule, parseInstant('2026-05-11T09:00:00+08:00', 'from'), calendar)
    expect([formatInstant(dueAt), rule.kind]).toEqual([`${due}+08:00`, kind])
  })

  it('a stay stops the term of enforcement only', async () => {
    const stopped = await Promise.all(keys.map(async (key) => ((await ruleOf(key)).stoppedByStay ? [key] : [])))
    expect(stopped.flat()).toEqual(['case.enforce', 'case.enforce.nonLitigation'])
  })

  it('only terms of seizure are escalated before the date', async () => {
    const before = await Promise.all(
      keys.map(async (key) => ((await ruleOf(key)).escalateBefore === null ? [] : [key])),
    )
    expect(before.flat()).toEqual(['freeze.deposit', 'seizure.movable', 'seizure.realEstate', 'freeze.otherRights'])
  })

  it('received paper is remembered at the end of the day and due the next', async () => {
    const { remindAt } = computeDeadline(
      await ruleOf('paper.scan'),
      parseInstant('2026-05-15T10:00:00+08:00', 'from'),
      calendar,
    )
    expect(formatInstant(remindAt)).toBe('2026-05-15T18:00:00+08:00')
  })
})

describe('escalation-ladder.dmn', () => {
  const rungsOf = async (ladder: string, handlerRole: string | null) => {
    const rungs = (await evaluate('escalationLadder', { ladder, handlerRole })) as {
      role: string
      deadlineKey: string
    }[]
    return rungs.map(({ role, deadlineKey }) => `${role} ${deadlineKey}`)
  }

  it.each([
    [
      'enforcement',
      '',
      [
        'node-supervisor supervise.node',
        'enforcement-director supervise.director',
        'supervising-leader supervise.leader',
      ],
    ],
    [
      'enforcement',
      null,
      [
        'node-supervisor supervise.node',
        'enforcement-director supervise.director',
        'supervising-leader supervise.leader',
      ],
    ],
    ['enforcement', 'enforcement-director', ['node-supervisor supervise.node', 'supervising-leader supervise.leader']],
    [
      'enforcement',
      'node-supervisor',
      ['enforcement-director supervise.director', 'supervising-leader supervise.leader'],
    ],
    ['filing', 'filing-clerk', ['filing-director supervise.director', 'supervising-leader supervise.leader']],
    ['archive', 'archivist', ['node-supervisor supervise.node', 'supervising-leader supervise.leader']],
  ])('%s with “%s” late', async (ladder, handlerRole, expected) => {
    expect(await rungsOf(ladder, handlerRole)).toEqual(expected)
  })

  it('gives each rung the name that people read', async () => {
    expect(await evaluate('escalationLadder', { ladder: 'filing', handlerRole: '' })).toEqual([
      { role: 'filing-director', roleName: '立案庭负责人', deadlineKey: 'supervise.director' },
      { role: 'supervising-leader', roleName: '主管领导', deadlineKey: 'supervise.leader' },
    ])
  })

  it('every ladder of the deadline table has rungs, and each rung a deadline', async () => {
    for (const key of keys) {
      const { ladder } = await ruleOf(key)
      if (ladder === null) continue
      const rungs = (await evaluate('escalationLadder', { ladder, handlerRole: '' })) as { deadlineKey: string }[]
      expect(rungs.length, key).toBeGreaterThan(0)
      for (const rung of rungs) expect(keys).toContain(rung.deadlineKey)
    }
  })
})
