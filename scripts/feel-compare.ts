/**
 * Compares our FEEL with recorded answers: `node scripts/feel-compare.ts FILE.jsonl…`.
 * A line holds `kind` ("expression" or "unary-tests"), `expression`, `context` and `input` as FEEL texts, and `expected` as
 * test/engine/feel/README.md describes. Prints each disagreement; the last line is `N of M agree`; exit code 1 if they differ.
 */
import { readFileSync } from 'node:fs'
import { agrees, answerTo, type FeelCase } from '../test/engine/feel/feel-case.ts'

let total = 0
let agreed = 0
for (const file of process.argv.slice(2)) {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() === '') continue
    const feelCase: FeelCase = JSON.parse(line)
    const answer = answerTo(feelCase)
    total++
    if (agrees(feelCase.expected, answer)) agreed++
    else {
      const given = feelCase.input === undefined ? '' : ` for ${feelCase.input}`
      console.log(
        `${feelCase.expression}${given} with ${feelCase.context}\n  expected ${feelCase.expected}\n  answered ${answer}`,
      )
    }
  }
}
console.log(`${agreed} of ${total} agree`)
process.exitCode = agreed === total ? 0 : 1
