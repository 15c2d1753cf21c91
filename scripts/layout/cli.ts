/** `node scripts/layout/cli.ts bpmn/NAME.bpmn …`: draws the named diagrams anew after their hints. */
import { readFileSync, writeFileSync } from 'node:fs'
import { layout } from './layout.ts'

const files = process.argv.slice(2)
if (files.length === 0) {
  console.error('Usage: node scripts/layout/cli.ts bpmn/NAME.bpmn …  (only the named files are laid out)')
  process.exit(1)
}
for (const file of files) {
  writeFileSync(file, await layout(readFileSync(file, 'utf8'), file))
  console.log(`laid out ${file}`)
}
