import { describe, expect, it } from 'vitest'
import { bpmn, element, end, flows, serviceTask, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from '../process/support.ts'

const script = (id: string, expression: string) =>
  element('scriptTask', { id }, `<zeebe:script expression="=${expression}" resultVariable="result"/>`)
const hostile = (expression: string) =>
  bpmn('hostile', start() + script('ask', expression) + end() + flows('start -> ask -> end'))
const ordinary = bpmn('ordinary', start() + serviceTask('work') + end() + flows('start -> work -> end'))

describe('an expression that would take time or memory without end', () => {
  it.each([
    ['loops', 'count(for x in 1..1000000000 return x)'],
    ['loops in loops', 'for x in 1..10000 return for y in 1..10000 return x * y'],
    ['grows a list', 'concatenate(for x in 1..190000 return x, for x in 1..190000 return x)'],
    ['calls itself', '{f: function(n) f(n + 1), r: f(1)}.r'],
    ['tries a pattern in every way', 'matches(&quot;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!&quot;, &quot;^(a+)+$&quot;)'],
    ['asks for two billion digits', 'decimal(1 / 3, 2000000000)'],
  ])('%s: an incident, or null, while another process goes on', async (_, expression) => {
    const test = await engineFor({ resources: { 'hostile.bpmn': hostile(expression), 'ordinary.bpmn': ordinary } })
    const [asked, beside] = await Promise.all([test.start('hostile'), test.start('ordinary')])
    await test.completeJob('work')
    expect(test.stateOf(beside)).toBe('COMPLETED')
    const [incident] = test.incidents(asked)
    if (incident === undefined) expect(test.variables(asked)).toEqual({ result: null })
    else expect(incident).toMatchObject({ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'ask' })
  })
})
