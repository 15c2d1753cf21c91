// Every check of the project in one run; ends with the line `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const bin = join('node_modules', '.bin')

/** Checks of the whole tree; each counts as one test. */
const checks = [
  { name: 'types', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'lint and format', command: ['biome', 'check', '--error-on-warnings'] },
  {
    name: 'import rules',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'workers', 'scripts', 'test'],
  },
  { name: 'unused code', command: ['knip'] },
]

let passed = 0
let failed = 0

for (const { name, command } of checks) {
  const [program, ...args] = command
  const { status } = spawnSync(join(bin, program!), args, { stdio: 'inherit' })
  console.log(`${status === 0 ? '✓' : '✗'} ${name}`)
  if (status === 0) passed++
  else failed++
}

const folder = mkdtempSync(join(tmpdir(), 'vitest-'))
const report = join(folder, 'report.json')
const { status } = spawnSync(
  join(bin, 'vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
const results = JSON.parse(readFileSync(report, 'utf8')) as {
  numPassedTests: number
  numFailedTests: number
  numFailedTestSuites: number
}
rmSync(folder, { recursive: true })
passed += results.numPassedTests
// A file that does not load has no failed tests of its own, and an unhandled error has none either.
failed += Math.max(results.numFailedTests, results.numFailedTestSuites > 0 || status !== 0 ? 1 : 0)

console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
