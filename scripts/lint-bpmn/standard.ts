import { createRequire } from 'node:module'
import type { Element } from '../layout/bpmn-file.ts'
import type { Diagram, Finding } from './diagram.ts'

interface Linter {
  lint(definitions: Element): Promise<Record<string, { id?: string; message: string; category: string }[]>>
}

const require = createRequire(import.meta.url)
const { Linter: StandardLinter } = require('bpmnlint') as { Linter: new (options: unknown) => Linter }
const NodeResolver = require('bpmnlint/lib/resolver/node-resolver') as new (options?: unknown) => unknown

/** Releases of Camunda that the diagrams must run on. */
const releases = ['8-6', '8-8'] as const

/** `fake-join`: reminder and due date lead to the same supervision on purpose, each starting its own. */
const switchedOff = { 'fake-join': 'off' }

/** Checks a diagram by the rules of bpmnlint and by what each supported release of Camunda can run. */
export async function standardFindings({ definitions, file }: Diagram): Promise<Finding[]> {
  const configurations = [
    'bpmnlint:recommended',
    ...releases.map((release) => `plugin:camunda-compat/camunda-cloud-${release}`),
  ]
  const found = await Promise.all(
    configurations.map(async (configuration) => {
      const linter = new StandardLinter({
        config: { extends: configuration, rules: switchedOff },
        resolver: new NodeResolver({ require }),
      })
      const results = await linter.lint(definitions)
      return Object.entries(results).flatMap(([rule, reports]) =>
        reports.map(({ id, message }) => ({ file, element: id ?? '', rule, message })),
      )
    }),
  )
  const seen = new Set<string>()
  return found.flat().filter(({ element, rule, message }) => {
    const key = `${element} ${rule} ${message}`
    return seen.has(key) ? false : seen.add(key)
  })
}
