import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type DecisionRequirementsGraph, evaluateDecision, parseDmn } from '../../src/engine/dmn/index.ts'
import { partyKindLabels } from '../../src/procedure/labels.ts'

interface Facts {
  subjectType: string
  amount: number | null
  causeCategory: string
  respondentKinds: string[]
  fullyCovered: boolean
  disposalNeeded: boolean
  firstSearchFoundProperty: boolean
  restored: boolean
}

interface Triage {
  team: string
  order: number
  article: string
  wording: string
  criteria: { team: string; article: string; wording: string }[]
  clash: boolean
  needsReview: boolean
}

/** A money claim against a natural person that meets no criterion but those of its amount. */
const plain: Facts = {
  subjectType: 'money',
  amount: 100_000,
  causeCategory: 'other',
  respondentKinds: ['naturalPerson'],
  fullyCovered: false,
  disposalNeeded: false,
  firstSearchFoundProperty: true,
  restored: false,
}
const clock = { now: () => new Date('2026-05-11T09:00:00+08:00') }

let graph: DecisionRequirementsGraph
beforeAll(async () => {
  graph = await parseDmn(readFileSync(new URL('../../bpmn/decisions/case-triage.dmn', import.meta.url), 'utf8'))
})

function evaluate(facts: Record<string, unknown>) {
  return evaluateDecision(graph, 'triageTeam', { facts: JSON.parse(JSON.stringify(facts)) }, { clock })
}

function triage(changed: Partial<Facts>): Triage {
  const result = evaluate({ ...plain, ...changed })
  if (!result.succeeded) throw new Error(result.message)
  return result.output as unknown as Triage
}

const articlesOf = ({ criteria }: Triage): string[] => criteria.map(({ article }) => article)

describe('amounts: 以上, 以下, 以内 include the number (民法典第一千二百五十九条)', () => {
  test.each([
    // amount, first search found property, team, articles met, review by the specialist
    [0.01, true, 'fast', ['15(1)'], false],
    [29_999.99, true, 'fast', ['15(1)'], false],
    [29_999.99, false, 'fast', ['15(1)'], false],
    [30_000, true, 'fast', ['15(1)'], false],
    [30_000, false, 'fast', ['15(1)', '15(2)'], false],
    [30_000.01, true, 'general', [], true],
    [30_000.01, false, 'general', ['15(2)'], false],
    [299_999.99, true, 'general', [], true],
    [299_999.99, false, 'general', ['15(2)'], false],
    [300_000, true, 'complex', ['15(3)'], false],
    [300_000, false, 'general', ['15(2)', '15(3)'], false],
    [300_000.01, true, 'complex', ['15(3)'], false],
    [300_000.01, false, 'complex', ['15(3)'], false],
  ])('%d yuan, property found: %s → %s', (amount, firstSearchFoundProperty, team, articles, needsReview) => {
    const result = triage({ amount, firstSearchFoundProperty })
    expect(result).toMatchObject({ team, needsReview })
    expect(articlesOf(result)).toEqual(articles)
    expect(result.clash).toBe(articles.length > 1)
  })
})

describe('the order in which clashing criteria are ruled', () => {
  test.each<[string, Partial<Facts>, string, string]>([
    ['enough money is frozen', { fullyCovered: true, amount: 500_000, disposalNeeded: true }, 'fast', '足额案件'],
    ['maintenance of a child', { causeCategory: 'support', amount: 500_000 }, 'fast', '赡养、抚养类案件'],
    [
      'an act, though property would have to be sold',
      { subjectType: 'act', amount: null, disposalNeeded: true },
      'fast',
      '行为执行类案件',
    ],
    [
      'property to sell, though the claim is small',
      { disposalNeeded: true, amount: 20_000 },
      'complex',
      '有房产或其他财产需要处置类案件',
    ],
    [
      'an organ of the state, though the claim is small',
      { respondentKinds: ['naturalPerson', 'governmentBody'], amount: 20_000 },
      'complex',
      '被执行人涉党政机关类案件',
    ],
    [
      'a traffic accident, though the claim is small',
      { causeCategory: 'trafficAccident', amount: 20_000 },
      'general',
      '机动车交通事故类案件',
    ],
    [
      'a traffic accident, though the respondent is an enterprise',
      { causeCategory: 'trafficAccident', respondentKinds: ['legalPerson'] },
      'general',
      '机动车交通事故类案件',
    ],
    [
      'a small claim against an enterprise',
      { respondentKinds: ['legalPerson'], amount: 20_000 },
      'fast',
      '执行标的为3万元以内的案件',
    ],
    [
      'a middling claim against an enterprise without property',
      { respondentKinds: ['unincorporated'], firstSearchFoundProperty: false },
      'complex',
      '被执行人涉企业类案件',
    ],
  ])('%s', (_, facts, team, wording) => {
    expect(triage(facts)).toMatchObject({ team, wording })
  })

  test('the specialist sees every criterion that was met, and that they clash', () => {
    const result = triage({
      fullyCovered: true,
      causeCategory: 'trafficAccident',
      disposalNeeded: true,
      amount: 400_000,
    })
    expect(result.criteria.map(({ team }) => team)).toEqual(['fast', 'complex', 'general', 'complex'])
    expect(result).toMatchObject({ team: 'fast', order: 1, clash: true, needsReview: false })
  })

  test('criteria of the same team are no clash', () => {
    expect(triage({ fullyCovered: true, causeCategory: 'support' })).toMatchObject({ team: 'fast', clash: false })
  })
})

describe('kinds of respondents and of subjects', () => {
  test.each([
    ['individualBusiness', 'general', true],
    ['legalPerson', 'complex', false],
    ['unincorporated', 'complex', false],
    ['governmentBody', 'complex', false],
    ['villageCommittee', 'general', true],
    ['publicInstitution', 'general', true],
  ])('%s → %s', (kind, team, needsReview) => {
    expect(triage({ respondentKinds: [kind] })).toMatchObject({ team, needsReview })
  })

  test.each(['thing', 'propertyRight'])('%s is always reviewed, even where a criterion is met', (subjectType) => {
    expect(triage({ subjectType, amount: null })).toMatchObject({ team: 'general', needsReview: true })
    expect(triage({ subjectType, amount: null, disposalNeeded: true })).toMatchObject({
      team: 'complex',
      needsReview: true,
    })
  })

  test('an amount of anything but money does not count', () => {
    expect(articlesOf(triage({ subjectType: 'thing', amount: 20_000 }))).toEqual([])
  })
})

describe('missing data is an error that names the field', () => {
  test.each<[string, Record<string, unknown>]>([
    ['subjectType', { subjectType: null }],
    ['subjectType', { subjectType: 'cattle' }],
    ['amount', { amount: null }],
    ['amount', { amount: '30000.00' }],
    ['causeCategory', { causeCategory: undefined }],
    ['respondentKinds', { respondentKinds: null }],
    ['respondentKinds', { respondentKinds: [] }],
    ['respondentKinds', { respondentKinds: ['naturalPerson', 'martian'] }],
    ['fullyCovered', { fullyCovered: undefined }],
    ['disposalNeeded', { disposalNeeded: 'no' }],
    ['firstSearchFoundProperty', { firstSearchFoundProperty: null }],
  ])('%s: %j', (field, changed) => {
    const result = evaluate({ ...plain, ...changed })
    expect(result.succeeded).toBe(false)
    expect(result.succeeded ? '' : result.message).toContain(`facts.${field}（`)
  })
})

test('whatever the case, the ruling is the first of its criteria, and no criterion means review', () => {
  const money = fc.oneof(
    fc.constantFrom(29_999.99, 30_000, 30_000.01, 299_999.99, 300_000, 300_000.01),
    fc.integer({ min: 1, max: 100_000_000 }).map((cents) => cents / 100),
  )
  const anyFacts = fc.record({
    subjectType: fc.constantFrom('money', 'act', 'thing', 'propertyRight'),
    amount: money,
    causeCategory: fc.constantFrom('support', 'trafficAccident', 'other'),
    respondentKinds: fc.uniqueArray(fc.constantFrom(...Object.keys(partyKindLabels)), { minLength: 1, maxLength: 3 }),
    fullyCovered: fc.boolean(),
    disposalNeeded: fc.boolean(),
    firstSearchFoundProperty: fc.boolean(),
    restored: fc.boolean(),
  })
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const result = triage(facts)
      const [first] = result.criteria
      const { team, article, wording } = result
      if (first === undefined) expect(result).toMatchObject({ team: 'general', needsReview: true, clash: false })
      else expect({ team, article, wording }).toEqual(first)
      expect(result.clash).toBe(new Set(result.criteria.map((criterion) => criterion.team)).size > 1)
      const money = facts.subjectType === 'money'
      if (money && facts.amount <= 30_000)
        expect(result.criteria).toContainEqual({ team: 'fast', article: '15(1)', wording: '执行标的为3万元以内的案件' })
      if (money && facts.amount > 300_000)
        expect(result.criteria).toContainEqual({ team: 'complex', article: '15(3)', wording: '执行标的30万以上的案件' })
    }),
    { numRuns: 300 },
  )
})
