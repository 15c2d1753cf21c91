import { isDeepStrictEqual } from 'node:util'
import type { Outcome, StepOutcome } from './observation/outcome.ts'

/** What differs, in lines for a person: `-` expected, `+` got. Empty when the outcomes are equal. */
export function compareOutcomes(expected: Outcome, got: Outcome): string[] {
  const lines: string[] = []
  for (let i = 0; i < Math.max(expected.steps.length, got.steps.length); i += 1) {
    const differing = compareSteps(expected.steps[i], got.steps[i])
    if (differing.length > 0)
      lines.push(`step ${i + 1}: ${got.steps[i]?.step ?? expected.steps[i]?.step}`, ...differing)
  }
  for (const scope of new Set([...Object.keys(expected.variables), ...Object.keys(got.variables)]))
    if (!isDeepStrictEqual(expected.variables[scope], got.variables[scope]))
      lines.push(
        `variables of ${scope}`,
        `  - ${JSON.stringify(expected.variables[scope])}`,
        `  + ${JSON.stringify(got.variables[scope])}`,
      )
  return lines
}

function compareSteps(expected: Partial<StepOutcome> = {}, got: Partial<StepOutcome> = {}): string[] {
  const parts = ['step', 'result', 'rejected', 'path', 'jobs', 'userTasks', 'incidents'] as const
  return parts.flatMap((part) => {
    if (isDeepStrictEqual(expected[part], got[part])) return []
    return [`  ${part}`, ...compareLists(linesOf(expected[part]), linesOf(got[part]))]
  })
}

const linesOf = (value: unknown): string[] => {
  if (value === undefined) return []
  return Array.isArray(value)
    ? value.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
    : [JSON.stringify(value)]
}

/** Lines of two lists side by side, by their longest common subsequence. */
function compareLists(expected: readonly string[], got: readonly string[]): string[] {
  const length: number[][] = Array.from({ length: expected.length + 1 }, () => Array(got.length + 1).fill(0))
  for (let i = expected.length - 1; i >= 0; i -= 1)
    for (let j = got.length - 1; j >= 0; j -= 1)
      length[i]![j] =
        expected[i] === got[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!)
  const lines: string[] = []
  let i = 0
  let j = 0
  while (i < expected.length || j < got.length) {
    if (i < expected.length && j < got.length && expected[i] === got[j]) {
      lines.push(`      ${expected[i]}`)
      i += 1
      j += 1
    } else if (j >= got.length || (i < expected.length && length[i + 1]![j]! >= length[i]![j + 1]!)) {
      lines.push(`    - ${expected[i]}`)
      i += 1
    } else {
      lines.push(`    + ${got[j]}`)
      j += 1
    }
  }
  return lines
}
