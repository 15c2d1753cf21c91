import { describe, expect, test } from 'vitest'
import * as procedure from '../../src/procedure/index.ts'
import {
  articles,
  articleText,
  isArticle,
  isNode,
  isRole,
  label,
  nodes,
  registerLabels,
  roleName,
  roles,
  teamLabels,
  zoneNames,
} from '../../src/procedure/index.ts'

describe('the regulation as data', () => {
  test('has its twenty-six articles, each with a title of its own', () => {
    expect(articles.map(({ number }) => number)).toEqual(Array.from({ length: 26 }, (_, index) => index + 1))
    expect(new Set(articles.map(({ title }) => title)).size).toBe(26)
  })

  test.each([
    ['8', '第八条'],
    ['10', '第十条'],
    ['15(1)', '第十五条第一款'],
    ['16(2)', '第十六条第二项'],
    ['20', '第二十条'],
    ['26', '第二十六条'],
  ])('%s is written %s', (citation, text) => {
    expect(articleText(citation)).toBe(text)
  })

  test('a citation that is none is refused', () => {
    expect(() => articleText('27')).toThrow('27')
  })

  test.each([
    ['8', true],
    ['26', true],
    ['7(7)', true],
    ['16(2)', true],
    ['15(3)', true],
    ['0', false],
    ['27', false],
    ['16(3)', false],
    ['9(1)', false],
    ['16（2）', false],
    ['', false],
  ])('citation %s: %s', (citation, expected) => {
    expect(isArticle(citation)).toBe(expected)
  })

  test('every role and node stands in a zone and cites articles that exist', () => {
    for (const { zone, articles: cited } of [...Object.values(roles), ...Object.values(nodes)]) {
      expect(zoneNames).toHaveProperty(zone)
      for (const article of cited) expect(isArticle(String(article)), String(article)).toBe(true)
    }
  })

  test('every node is answered for by a role or by the judge of the case', () => {
    for (const { handler } of Object.values(nodes))
      expect(handler === 'handlingJudge' || isRole(handler), handler).toBe(true)
  })

  test('every team of the triage has its role', () => {
    for (const team of Object.keys(teamLabels)) expect(roleName(`${team}-team`)).toBe(label(teamLabels, team))
  })

  test('what is not defined is refused, also what every object inherits', () => {
    expect(isRole('toString')).toBe(false)
    expect(isNode('constructor')).toBe(false)
    expect(() => roleName('janitor')).toThrow('“janitor”')
    expect(() => label(registerLabels, 'valueOf')).toThrow(/“valueOf”.*initial-reception/)
  })
})

describe('words for codes', () => {
  // The codes that forms, variables and tables use: a code added there needs its word here.
  const table: [string, Readonly<Record<string, string>>, string[]][] = [
    ['channel', procedure.channelLabels, ['window', 'online']],
    ['case status', procedure.caseStatusLabels, ['filed', 'received', 'enforcing', 'closed', 'archived']],
    ['subject type', procedure.subjectTypeLabels, ['money', 'act', 'thing', 'propertyRight']],
    ['cause', procedure.causeCategoryLabels, ['support', 'trafficAccident', 'other']],
    ['party role', procedure.partyRoleLabels, ['applicant', 'respondent', 'thirdParty']],
    ['id', procedure.idKindLabels, ['residentId', 'creditCode', 'passport', 'other', 'unknown']],
    ['closing mode', procedure.closingModeLabels, ['completed', 'terminated', 'cancelled']],
    ['property', procedure.propertyKindLabels, ['deposit', 'realEstate', 'vehicle', 'security', 'equity', 'other']],
    ['material', procedure.receivedMaterialLabels, ['application', 'basis', 'identity', 'other']],
    ['reception mode', procedure.receptionModeLabels, ['onSite', 'telephone', 'video']],
    ['request', procedure.requestLabels, ['clue', 'investigationOrder', 'reward', 'discredit']],
    ['price', procedure.auctionPriceMethodLabels, ['negotiation', 'directedInquiry', 'onlineInquiry', 'appraisal']],
    ['opinion on 终本', procedure.terminationOpinionLabels, ['agree', 'disagree', 'undecided']],
    ['notice', procedure.noticeMethodLabels, ['direct', 'mail', 'electronic', 'publication']],
    ['measure', procedure.measureMethodLabels, ['money', 'act']],
    ['funds', procedure.fundsSourceLabels, ['deduction', 'voluntary']],
    ['performance', procedure.performanceMannerLabels, ['performed', 'substitute']],
    ['team result', procedure.teamResultLabels, ['performed', 'settled', 'withdrawn']],
    ['supervision', procedure.supervisionActionLabels, ['urge', 'extend']],
    ['decision on a finding', procedure.filingDecisionLabels, ['confirmed', 'dismissed']],
    ['severity', procedure.severityLabels, ['error', 'remark']],
    ['yes or no', procedure.booleanLabels, ['yes', 'no', 'unknown']],
    ['volume', procedure.volumeLabels, ['main', 'auxiliary']],
  ]
  test.each(table)('%s', (_, labels, codes) => {
    expect(Object.keys(labels)).toEqual(codes)
    for (const word of Object.values(labels)) expect(word).toMatch(/^[\p{Script=Han}、，（）]+$/u)
    expect(new Set(Object.values(labels)).size).toBe(codes.length)
  })
})
