/** `node scripts/lint-bpmn.ts`: checks the diagrams; ends with code 1 when something is wrong. */
import { lintProject } from './lint-bpmn/index.ts'

const findings = await lintProject(new URL('..', import.meta.url).pathname)
for (const { file, element, rule, message } of findings) console.error(`${file}: ${element} ${message} [${rule}]`)
console.log(findings.length === 0 ? 'Diagrams: nothing to complain about.' : `Diagrams: ${findings.length} findings.`)
process.exitCode = findings.length === 0 ? 0 : 1
