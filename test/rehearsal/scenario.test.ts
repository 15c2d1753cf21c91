import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { readScenario } from '../../src/rehearsal/scenario.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-'))
  await put('usual-answers.yaml', 'verifyFiling: {}\nbindPaper: { volumes: 1 }\n')
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

const put = (name: string, content: string) => writeFile(join(folder, name), content)

const scenario = {
  title: '小额案件',
  start: '2026-03-02T09:00:00+08:00',
  filing: { channel: 'window', amount: '12000.00' },
  steps: [
    { task: 'verifyFiling', answers: { findings: [] } },
    { task: 'bindPaper', only: { volumes: 2 }, by: 'dossier1' },
    { clock: 'P2D' },
    { await: 'superviseNode', role: 'node-supervisor' },
    { until: 'archived' },
  ],
  expect: { outcome: 'archived', team: 'fast', documents: [], escalations: ['node-supervisor'], filingChecks: 1 },
}

async function read(changes: Record<string, unknown>) {
  await put('case.yaml', stringify({ ...scenario, ...changes }))
  return readScenario(join(folder, 'case.yaml'))
}

it('reads a case with its steps, what must result, and the usual answers beside it', async () => {
  expect(await read({})).toEqual({
    ...scenario,
    name: 'case',
    usualAnswers: 'usual-answers.yaml',
    usual: { verifyFiling: {}, bindPaper: { volumes: 1 } },
  })
})

it('takes the usual answers that the scenario names', async () => {
  await put('others.yaml', 'bindPaper: { volumes: 3 }')

  expect((await read({ usualAnswers: 'others.yaml' })).usual).toEqual({ bindPaper: { volumes: 3 } })
})

describe('a faulty file is named, with what is wrong in it', () => {
  it.each([
    ['a title that is missing', { title: undefined }, 'title'],
    ['a start without offset', { start: '2026-03-02T09:00:00' }, 'start'],
    ['a start that is no time', { start: 'Monday' }, 'start'],
    ['a case that is not filed', { filing: undefined }, 'filing'],
    ['steps that are no list', { steps: { task: 'verifyFiling' } }, 'steps'],
    ['a step of no kind', { steps: [{ task: 'verifyFiling' }, { wait: 'P1D' }] }, 'steps[1]'],
    ['a misspelt field of a step', { steps: [{ task: 'verifyFiling', answer: {} }] }, 'steps[0]'],
    ['an expectation without outcome', { expect: { team: 'fast' } }, 'expect.outcome'],
    ['an expectation of something unknown', { expect: { outcome: 'archived', escalation: [] } }, 'escalation'],
    ['a misspelt field', { usualAnswer: 'x.yaml' }, 'usualAnswer'],
  ])('%s', async (_, changes, part) => {
    const reading = read(changes)

    await expect(reading).rejects.toThrow(join(folder, 'case.yaml'))
    await expect(reading).rejects.toThrow(part)
  })

  it('a file that is not there', async () => {
    await expect(readScenario(join(folder, 'gone.yaml'))).rejects.toThrow(/gone\.yaml[\s\S]*ENOENT/)
  })

  it('a file that is no YAML', async () => {
    await put('case.yaml', 'title: [')

    await expect(readScenario(join(folder, 'case.yaml'))).rejects.toThrow(join(folder, 'case.yaml'))
  })

  it('usual answers that are not there, or are none', async () => {
    await expect(read({ usualAnswers: 'gone.yaml' })).rejects.toThrow(join(folder, 'gone.yaml'))
    await put('usual-answers.yaml', 'verifyFiling: yes, of course')
    await expect(read({})).rejects.toThrow(/usual-answers\.yaml[\s\S]*verifyFiling/)
  })
})
