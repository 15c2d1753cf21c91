import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../support/application.ts'

/** Runs `npm run rehearse -- …` without npm. */
function rehearse(...args: string[]): Promise<{ code: number; lines: string[]; errors: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['src/cli.ts', 'rehearse', ...args],
      { cwd: projectRoot, env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' } },
      (error, stdout, stderr) => {
        const code = error ? Number(error.code) : 0
        resolve({ code, lines: stdout.trim().split('\n'), errors: stderr })
      },
    )
  })
}

describe('npm run rehearse', { timeout: 180_000 }, () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scenarios-'))
    cpSync(join(projectRoot, 'scenarios', 'usual-answers.yaml'), join(folder, 'usual-answers.yaml'))
    const scenario = readFileSync(join(projectRoot, 'scenarios', 'not-received.yaml'), 'utf8')
    writeFileSync(join(folder, 'as-expected.yaml'), scenario)
    writeFileSync(join(folder, 'otherwise.yaml'), scenario.replace('outcome: received', 'outcome: filed'))
    writeFileSync(join(folder, 'broken.yaml'), scenario.replace('title:', 'titel:'))
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('prints each step with its time and the result as JSON lines, outcome last', async () => {
    const { code, lines } = await rehearse(join(folder, 'as-expected.yaml'), '--json')
    expect(code).toBe(0)
    const steps = lines.slice(0, -1).map((line) => JSON.parse(line))
    expect(steps.length).toBeGreaterThan(4)
    for (const step of steps)
      expect(step).toMatchObject({ at: expect.stringMatching(/\+08:00$/), what: expect.any(String) })
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      ok: true,
      differences: [],
      documents: ['no-reception-statement', 'enforcement-notice'],
    })
    expect(lines.at(-1)).toMatch(/"outcome":"received"}$/)
  })

  it('ends with exit code 1 and names the difference when the outcome is not the expected one', async () => {
    const { code, lines } = await rehearse(join(folder, 'otherwise.yaml'), '--json')
    expect(code).toBe(1)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      ok: false,
      differences: ['outcome: expected "filed", got "received"'],
    })
  })

  it('refuses a scenario that cannot be read, naming file and field', async () => {
    const { code, errors } = await rehearse(join(folder, 'broken.yaml'))
    expect(code).toBe(1)
    expect(errors).toContain('broken.yaml')
    expect(errors).toContain('titel')
  })
})
