import { describe, expect, test } from 'vitest'
import { evaluateDecision, parseDmn } from '../../../src/engine/dmn/index.ts'
import type { JsonObject } from '../../../src/engine/feel/index.ts'
import { decision, dmnFile, knowledgeModel, literal, table } from './dmn-file.ts'

const clock = { now: () => new Date('2026-05-01T08:00:00Z') }

/** The result of the decision `decision` of a file, or the failure's message. */
async function answer(elements: string | string[], variables: JsonObject = {}, id = 'decision'): Promise<unknown> {
  const graph = await parseDmn(dmnFile(...[elements].flat()))
  const result = evaluateDecision(graph, id, variables, { clock })
  return result.succeeded ? result.output : result.message
}

describe('a decision table', () => {
  const triage = decision(
    'decision',
    table({
      inputs: ['金额: amount', 'kind', 'urgent'],
      outputs: [{ name: 'track' }, { name: 'days' }],
      rules: [
        ['<= 50000', '"金钱债权"', '-', '"速执"', '30'],
        ['> 50000', '"金钱债权"', 'false', '"普通"', '60 + days'],
        ['-', 'not("金钱债权")', '', '"精细"', '90'],
        ['> 50000', '"金钱债权"', 'true', '"精细"', 'null'],
      ],
    }),
    { name: '繁简分流' },
  )

  test('gives the outputs of the rule that matches', async () => {
    expect(await answer(triage, { amount: 1000.5, kind: '金钱债权', urgent: false })).toEqual({
      track: '速执',
      days: 30,
    })
    expect(await answer(triage, { amount: 60000, kind: '金钱债权', urgent: false, days: 5 })).toEqual({
      track: '普通',
      days: 65,
    })
    expect(await answer(triage, { kind: '行为' })).toEqual({ track: '精细', days: 90 })
    expect(await answer(triage, { amount: 60000, kind: '金钱债权', urgent: true })).toEqual({
      track: '精细',
      days: null,
    })
  })

  test('tells what it looked at and what matched', async () => {
    const graph = await parseDmn(dmnFile(triage))
    const result = evaluateDecision(graph, 'decision', { amount: 7, kind: '金钱债权' }, { clock })
    expect(result.evaluatedDecisions).toEqual([
      {
        id: 'decision',
        name: '繁简分流',
        type: 'DECISION_TABLE',
        output: { track: '速执', days: 30 },
        evaluatedInputs: [
          { id: 'input1', name: '金额', value: 7 },
          { id: 'input2', name: 'kind', value: '金钱债权' },
          { id: 'input3', name: 'urgent', value: null },
        ],
        matchedRules: [
          {
            ruleId: 'rule1',
            ruleIndex: 1,
            outputs: [
              { id: 'output1', name: 'track', value: '速执' },
              { id: 'output2', name: 'days', value: 30 },
            ],
          },
        ],
      },
    ])
    expect(result.warnings[0]).toMatch(/urgent/)
  })

  test('takes lists as inputs', async () => {
    const rules = [
      ['list contains(?, "房产")', '"查封"'],
      ['count(?) = 0', '"终本"'],
      ['some x in ? satisfies starts with(x, "车")', '"扣押"'],
    ]
    const property = decision(
      'decision',
      table({ hitPolicy: 'FIRST', inputs: ['property'], outputs: [{ name: 'measure' }], rules }),
    )
    expect(await answer(property, { property: ['车辆', '房产'] })).toBe('查封')
    expect(await answer(property, { property: [] })).toBe('终本')
    expect(await answer(property, { property: ['车辆'] })).toBe('扣押')
    expect(await answer(property, { property: null })).toBeNull()
  })
})

describe('hit policies', () => {
  const rules = [
    ['> 5', '1'],
    ['> 3', '2'],
    ['> 3', '2'],
  ]
  const under = (hitPolicy: string, aggregation?: string, values?: string) =>
    decision(
      'decision',
      table({
        hitPolicy,
        ...(aggregation === undefined ? {} : { aggregation }),
        inputs: ['a'],
        outputs: [values === undefined ? { name: 'x' } : { name: 'x', values }],
        rules,
      }),
    )

  // Recorded from dmn-scala 1.11, the DMN of Camunda 8.
  test.each([
    [
      'UNIQUE',
      undefined,
      undefined,
      7,
      "Expected to evaluate decision 'decision', but multiple values aren't allowed for UNIQUE hit policy. found: 'List(Map(x -> 1), Map(x -> 2), Map(x -> 2))'",
    ],
    ['ANY', undefined, undefined, 4, 2],
    [
      'ANY',
      undefined,
      undefined,
      7,
      "Expected to evaluate decision 'decision', but different values aren't allowed for ANY hit policy. found: 'List(Map(x -> 1), Map(x -> 2))'",
    ],
    ['FIRST', undefined, undefined, 7, 1],
    ['PRIORITY', undefined, '2,1', 7, 2],
    ['PRIORITY', undefined, undefined, 7, 1],
    ['OUTPUT ORDER', undefined, '2,1', 7, [2, 2, 1]],
    ['RULE ORDER', undefined, undefined, 7, [1, 2, 2]],
    ['COLLECT', undefined, undefined, 7, [1, 2, 2]],
    ['COLLECT', 'SUM', undefined, 7, 5],
    ['COLLECT', 'MIN', undefined, 7, 1],
    ['COLLECT', 'MAX', undefined, 7, 2],
    ['COLLECT', 'COUNT', undefined, 7, 3],
    ['COLLECT', undefined, undefined, 0, null],
    ['COLLECT', 'COUNT', undefined, 0, null],
    ['UNIQUE', undefined, undefined, 0, null],
  ])('%s %s with the values %s for %d', async (policy, aggregation, values, a, expected) => {
    expect(await answer(under(policy, aggregation, values), { a })).toEqual(expected)
  })

  test('an aggregation of what is no number fails', async () => {
    const texts = table({
      hitPolicy: 'COLLECT',
      aggregation: 'SUM',
      inputs: ['a'],
      outputs: [{ name: 'x' }],
      rules: [['-', '"a"']],
    })
    expect(await answer(decision('decision', texts))).toBe(
      `Expected to evaluate decision 'decision', but expected number but found '"a"'`,
    )
  })

  test('without a matching rule the defaults hold', async () => {
    const outputs = (second?: string) => [
      { name: 'x', otherwise: 'a + 1' },
      second === undefined ? { name: 'y' } : { name: 'y', otherwise: second },
    ]
    const rule = [['> 100', '1', '2']]
    expect(
      await answer(decision('decision', table({ inputs: ['a'], outputs: outputs(), rules: rule })), { a: 7 }),
    ).toBe(8)
    expect(
      await answer(decision('decision', table({ inputs: ['a'], outputs: outputs('0'), rules: rule })), { a: 7 }),
    ).toEqual({
      x: 8,
      y: 0,
    })
  })

  test('sums of money are exact', async () => {
    const fees = table({
      hitPolicy: 'COLLECT',
      aggregation: 'SUM',
      inputs: [],
      outputs: [{ name: 'fee' }],
      rules: [['0.1'], ['0.2'], ['10.1'], ['20.2']],
    })
    expect(await answer(decision('decision', fees))).toBe(30.6)
  })
})

describe('required decisions', () => {
  const file = [
    decision('base', literal('amount * 0.05')),
    decision('fee', literal('max(base, 50)'), { requires: ['base'], variable: 'executionFee', type: 'number' }),
    decision('total', literal('amount + executionFee'), { requires: ['fee'] }),
    decision('byId', literal('fee'), { requires: ['fee'] }),
    decision('tooFar', literal('base'), { requires: ['fee'] }),
    decision('stranger', literal('base')),
    decision('both', literal('base + executionFee'), { requires: ['base', 'fee'] }),
  ]

  test('are evaluated first, each once, and seen under the name of their result', async () => {
    expect(await answer(file, { amount: 10000 }, 'total')).toBe(10500)
    const graph = await parseDmn(dmnFile(...file))
    const { evaluatedDecisions } = evaluateDecision(graph, 'both', { amount: 100 }, { clock })
    expect(evaluatedDecisions.map(({ id, output }) => [id, output])).toEqual([
      ['base', 5],
      ['fee', 50],
      ['both', 55],
    ])
  })

  test('are seen by those alone that require them, and not by id where the result has a name', async () => {
    expect(await answer(file, { amount: 100 }, 'byId')).toBeNull()
    expect(await answer(file, { amount: 100 }, 'tooFar')).toBeNull()
    expect(await answer(file, { amount: 100 }, 'stranger')).toBeNull()
  })

  test('hide a variable of the same name', async () => {
    expect(await answer(file, { amount: 100, executionFee: 1 }, 'total')).toBe(150)
  })

  test('keep the type of their result', async () => {
    const dates = [
      decision('filed', literal('date("2026-01-31")')),
      decision('decision', literal('filed + duration("P1M")'), { requires: ['filed'] }),
    ]
    expect(await answer(dates)).toBe('2026-02-28')
  })

  test('that fail are named', async () => {
    const failing = [
      decision('checked', literal('assert(amount, amount > 0, "标的额应大于零")')),
      decision('decision', literal('checked + 1'), { requires: ['checked'] }),
    ]
    const graph = await parseDmn(dmnFile(...failing))
    expect(evaluateDecision(graph, 'decision', { amount: -1 }, { clock })).toMatchObject({
      succeeded: false,
      failedDecisionId: 'checked',
      message: expect.stringMatching(
        /^Expected to evaluate decision 'decision', but Assertion failure.*标的额应大于零$/,
      ),
    })
  })
})

test('a result of another type than declared fails', async () => {
  const typed = (type: string, source: string) => answer(decision('decision', literal(source), { type }))
  expect(await typed('number', '"s"')).toBe(
    `Expected to evaluate decision 'decision', but expected 'number' but found '"s"'`,
  )
  expect(await typed('number', 'null')).toBeNull()
  expect(await typed('dateTime', 'date and time("2026-05-01T08:00:00")')).toBe('2026-05-01T08:00:00')
  expect(await typed('integer', '1.5')).toBe(1.5)
})

test('a decision that is not in the file cannot be evaluated', async () => {
  expect(await answer(decision('other', literal('1')))).toBe(
    "Expected to evaluate decision 'decision', but no decision found for id 'decision'",
  )
})

describe('boxed expressions', () => {
  const entry = (name: string | undefined, logic: string) =>
    `<contextEntry>${name === undefined ? '' : `<variable name="${name}"/>`}${logic}</contextEntry>`

  test('contexts, with or without a result', async () => {
    const entries = entry('p', literal('a')) + entry('q', literal('p + 1'))
    expect(await answer(decision('decision', `<context>${entries}</context>`), { a: 4 })).toEqual({ p: 4, q: 5 })
    const result = entries + entry(undefined, literal('p * q'))
    expect(await answer(decision('decision', `<context>${result}</context>`), { a: 4 })).toBe(20)
  })

  test('lists and relations', async () => {
    expect(await answer(decision('decision', `<list>${literal('a')}${literal('"b"')}</list>`), { a: 4 })).toEqual([
      4,
      'b',
    ])
    const rows = `<row>${literal('1')}${literal('a')}</row><row>${literal('2')}${literal('a + 1')}</row>`
    const relation = `<relation><column name="k"/><column name="v"/>${rows}</relation>`
    expect(await answer(decision('decision', relation), { a: 4 })).toEqual([
      { k: 1, v: 4 },
      { k: 2, v: 5 },
    ])
  })

  const fee = knowledgeModel('fee', ['amount: number'], literal('round half up(amount * rate, 2)'))

  test('functions that are called in FEEL', async () => {
    const twice = knowledgeModel('twice', ['n'], literal('fee(n) + fee(amount: n)'), ['fee'])
    const call = decision('decision', literal('twice(1000)'), { knows: ['twice'] })
    expect(await answer([call, twice, fee], { rate: 0.05 })).toBe(100)
    expect(await answer([decision('decision', literal('fee("s")'), { knows: ['fee'] }), fee], { rate: 1 })).toBeNull()
  })

  test('functions that are invoked', async () => {
    const invocation = (parameter: string, source: string) =>
      `<invocation>${literal('fee')}<binding><parameter name="${parameter}"/>${literal(source)}</binding></invocation>`
    const invoke = (parameter: string, source: string) =>
      answer([decision('decision', invocation(parameter, source), { knows: ['fee'] }), fee], { rate: 0.05, a: 7 })
    expect(await invoke('amount', 'a')).toBe(0.35)
    expect(await invoke('other', 'a')).toMatch(/no parameter found with name 'amount'/)
    expect(await invoke('amount', '"s"')).toMatch(/expected 'number' but found '"s"'/)
  })

  test('a function that is a table', async () => {
    const size = table({
      hitPolicy: 'FIRST',
      inputs: ['n'],
      outputs: [{ name: 'x' }],
      rules: [
        ['> 3', '"大"'],
        ['-', '"小"'],
      ],
    })
    const elements = [
      decision('decision', literal('size(a)'), { knows: ['size'] }),
      knowledgeModel('size', ['n'], size),
    ]
    expect(await answer(elements, { a: 4 })).toBe('大')
    expect(await answer(elements, { a: 1 })).toBe('小')
  })
})
