import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { extension } from '../../scripts/lint-bpmn/diagram.ts'
import { readDiagrams, readSurroundings } from '../../scripts/lint-bpmn/index.ts'
import { nodes } from '../../src/procedure/nodes.ts'
import { roles } from '../../src/procedure/roles.ts'

interface Component {
  id: string
  type: string
  key?: string
  path?: string
  text?: string
  layout?: { row: string; columns: number | null }
  components?: Component[]
}

const root = new URL('../../', import.meta.url).pathname
const files = readdirSync(`${root}forms`).filter((file) => file.endsWith('.form'))
const componentsOf = (file: string): Component[] => {
  const all = (components: Component[]): Component[] =>
    components.flatMap((component) => [component, ...all(component.components ?? [])])
  return all((JSON.parse(readFileSync(`${root}forms/${file}`, 'utf8')) as { components: Component[] }).components)
}
const texts = (id: string): string =>
  componentsOf(`${id}.form`)
    .map(({ text }) => text ?? '')
    .join('\n')

test('each form is used by some task', async () => {
  const diagrams = await readDiagrams(root)
  const used = new Set(
    diagrams.flatMap((diagram) => diagram.nodes.map((node) => extension(node, 'zeebe:FormDefinition')?.formId)),
  )
  expect([...readSurroundings(root).formIds].filter((id) => !used.has(id))).toEqual([])
})

describe.each(files)('%s', (file) => {
  const components = componentsOf(file)

  test('has ids of its own, and one variable', () => {
    const ids = components.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const variables = components
      .flatMap(({ key, path }) => key ?? path ?? [])
      .filter((key) => key.includes('.'))
      .map((key) => key.split('.')[0])
    expect(new Set(variables).size).toBe(1)
  })

  test('has rows of sixteen columns', () => {
    const rows = Map.groupBy(
      components.filter(({ layout }) => layout !== undefined),
      ({ layout }) => layout!.row,
    )
    for (const [row, fields] of rows) {
      const columns = fields.map(({ layout }) => layout!.columns ?? 16)
      expect(columns.every(Number.isInteger), row).toBe(true)
      expect(
        columns.reduce((sum, width) => sum + width, 0),
        row,
      ).toBe(16)
    }
  })
})

test('supervision names the late node and the answerable role in words', () => {
  const text = texts('supervision')
  for (const [code, { name }] of Object.entries(nodes)) {
    if (code !== 'supervision') expect(text).toContain(`"${code}": "${name}"`)
  }
  const deadlines = readFileSync(`${root}bpmn/decisions/deadlines.dmn`, 'utf8')
  const handlers = new Set([...deadlines.matchAll(/Output11">\s*<text>"([^"]+)"/g)].map(([, role]) => role ?? ''))
  expect(handlers.size).toBeGreaterThan(5)
  for (const handler of handlers) {
    expect(text).toContain(`"${handler}": "${roles[handler as keyof typeof roles].name}"`)
  }
})

test.each([
  ['closing-proposal', 'closingApproval.opinion'],
  ['triage-decision', 'receipt.reason'],
  ['dossier-review', 'archiveReview.opinion'],
  ['dossier-supplement', 'archiveReview.opinion'],
  ['dossier-supplement', 'dossierReview.opinion'],
  ['paper-binding', 'archiveReview.opinion'],
  ['archive-submission', 'archiveReview.opinion'],
  ['property-search-feedback', 'clues'],
])('%s shows why the work came back: %s', (form, variable) => {
  expect(texts(form)).toContain(`{{${variable}}}`)
})
