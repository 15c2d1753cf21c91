import { element, end, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { line } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const xmlText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const dmn = (...decisions: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="rules" name="Rules" namespace="test">${decisions.join('')}</definitions>`
/** A table `risk` of one input `amount`: cells of input and output by rule. */
const table = (hitPolicy: string, rules: readonly [string, string][], aggregation = '') =>
  `<decision id="risk" name="Risk"><decisionTable id="table" hitPolicy="${hitPolicy}"${aggregation === '' ? '' : ` aggregation="${aggregation}"`}>` +
  '<input id="i1" label="amount"><inputExpression id="ie1" typeRef="number"><text>amount</text></inputExpression></input>' +
  '<output id="o1" name="level" typeRef="string"/>' +
  rules
    .map(
      ([input, output], i) =>
        `<rule id="r${i + 1}"><inputEntry id="r${i + 1}i"><text>${xmlText(input)}</text></inputEntry><outputEntry id="r${i + 1}o"><text>${xmlText(output)}</text></outputEntry></rule>`,
    )
    .join('') +
  '</decisionTable></decision>'
const levels: [string, string][] = [
  ['< 10', '"low"'],
  ['>= 10', '"high"'],
  ['> 100', '"very high"'],
]
const decide =
  start() +
  element('businessRuleTask', { id: 'decide' }, '<zeebe:calledDecision decisionId="risk" resultVariable="level"/>') +
  end() +
  line('decide')

/** Decisions, asked for alone and by a business rule task. */
export const decisions = group('decisions', [
  scenario('a table where the first rule counts', async (t) => {
    await t.deploy({ 'rules.dmn': dmn(table('FIRST', levels)) })
    await t.evaluateDecision('risk', { amount: 5 })
    await t.evaluateDecision('risk', { amount: 500 })
  }),
  scenario('a table of unique rules with two hits fails', async (t) => {
    await t.deploy({ 'rules.dmn': dmn(table('UNIQUE', levels)) })
    await t.evaluateDecision('risk', { amount: 5 })
    await t.evaluateDecision('risk', { amount: 500 })
  }),
  scenario('a table that collects', async (t) => {
    await t.deploy({ 'rules.dmn': dmn(table('COLLECT', levels)) })
    await t.evaluateDecision('risk', { amount: 500 })
  }),
  scenario('a table that sums up', async (t) => {
    await t.deploy({
      'rules.dmn': dmn(
        table(
          'COLLECT',
          [
            ['> 1', '10'],
            ['> 2', '20'],
          ],
          'SUM',
        ),
      ),
    })
    await t.evaluateDecision('risk', { amount: 5 })
  }),
  scenario('a table in the order of its rules', async (t) => {
    await t.deploy({ 'rules.dmn': dmn(table('RULE ORDER', levels)) })
    await t.evaluateDecision('risk', { amount: 500 })
  }),
  scenario('no rule fits', async (t) => {
    await t.deploy({ 'rules.dmn': dmn(table('FIRST', [['< 0', '"none"']])) })
    await t.evaluateDecision('risk', { amount: 5 })
    await t.evaluateDecision('risk')
  }),
  scenario('a decision that needs another', async (t) => {
    await t.deploy({
      'rules.dmn': dmn(
        '<decision id="offer" name="Offer"><informationRequirement id="ir"><requiredDecision href="#risk"/></informationRequirement><literalExpression id="le"><text>"risk is " + risk</text></literalExpression></decision>'.replace(
          'risk is " + risk',
          'risk is " + Risk',
        ),
        table('FIRST', levels),
      ),
    })
    await t.evaluateDecision('offer', { amount: 5 })
  }),
  scenario('a business rule task takes the result', async (t) => {
    await t.deploy({ 'rules.dmn': dmn(table('FIRST', levels)) })
    await t.run(decide, { amount: 50 })
  }),
  scenario('a business rule task without its decision makes an incident', async (t) => {
    await t.run(decide, { amount: 50 })
    await t.deploy({ 'rules.dmn': dmn(table('FIRST', levels)) })
    await t.resolveIncident('decide')
  }),
  scenario('a business rule task whose decision fails makes an incident', async (t) => {
    await t.deploy({ 'rules.dmn': dmn(table('UNIQUE', levels)) })
    await t.run(decide, { amount: 500 })
    await t.setVariables('p', { amount: 5 })
    await t.resolveIncident('decide')
  }),
  scenario('the latest version decides', async (t) => {
    await t.deploy({ 'rules.dmn': dmn(table('FIRST', levels)) })
    await t.deploy({ 'rules.dmn': dmn(table('FIRST', [['-', '"any"']])) })
    await t.evaluateDecision('risk', { amount: 5 })
  }),
])
