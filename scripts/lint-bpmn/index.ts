import { deadlinePattern } from './deadlines.ts'
import {
  type Diagram,
  type Finding,
  jobTypesOf,
  type Rule,
  readDiagrams,
  readSurroundings,
  type Surroundings,
} from './diagram.ts'
import { labels, lines, shapes } from './drawing.ts'
import { names, sources, userTasks } from './naming.ts'
import { conditions, references } from './references.ts'
import { standardFindings } from './standard.ts'

export {
  type Diagram,
  type Finding,
  readDiagram,
  readDiagrams,
  readSurroundings,
  type Surroundings,
} from './diagram.ts'

const rules: Readonly<Record<string, Rule>> = {
  names,
  sources,
  'user-tasks': userTasks,
  'deadline-pattern': deadlinePattern,
  references,
  conditions,
  shapes,
  lines,
  labels,
}

/** Checks one diagram by the project's rules and by bpmnlint's. */
export async function lintDiagram(diagram: Diagram, around: Surroundings): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [rule, check] of Object.entries(rules)) {
    check(diagram, (element, message) => findings.push({ file: diagram.file, element, rule, message }), around)
  }
  return [...findings, ...(await standardFindings(diagram))]
}

/** Checks every diagram of the project, and that every worker has a diagram that asks for it. */
export async function lintProject(root: string): Promise<Finding[]> {
  const around = readSurroundings(root)
  const diagrams = await readDiagrams(root)
  const findings = await Promise.all(diagrams.map((diagram) => lintDiagram(diagram, around)))
  const asked = new Set(diagrams.flatMap(jobTypesOf).map(({ type }) => type))
  const idle = [...around.jobTypes].filter((type) => !asked.has(type))
  return [
    ...findings.flat(),
    ...idle.map((type) => ({
      file: 'workers',
      element: type,
      rule: 'references',
      message: 'is a job type that no diagram asks for',
    })),
  ]
}
