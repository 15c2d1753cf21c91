import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { agrees, answerTo, type FeelCase } from './feel-case.ts'

const RECORDED = ['expressions', 'temporal', 'unary-tests', 'operators', 'functions', 'syntax', 'regular-expressions']

describe.each(RECORDED)('%s are answered as Camunda answers them', (name) => {
  const cases = readFileSync(new URL(`./${name}.jsonl`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): FeelCase => JSON.parse(line))

  test('there are cases', () => {
    expect(cases.length).toBeGreaterThan(80)
  })

  test('every answer agrees', () => {
    const wrong = cases
      .map((feelCase) => ({ ...feelCase, answer: answerTo(feelCase) }))
      .filter(({ expected, answer }) => !agrees(expected, answer))
    expect(wrong).toEqual([])
  })
})
