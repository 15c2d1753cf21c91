import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readResources } from '../../src/orchestration/resources.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'resources-'))
})

afterEach(async () => {
  await rm(root, { recursive: true })
})

async function put(path: string, content = path) {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), content)
}

it('reads diagrams, then decisions, then forms, each by name, with their exact bytes', async () => {
  await put('forms/b.form')
  await put('forms/a.form')
  await put('bpmn/z.bpmn', '<执行/>\r\n')
  await put('bpmn/a.bpmn')
  await put('bpmn/decisions/m.dmn')

  const resources = await readResources(root)

  expect(resources.map(({ name }) => name)).toEqual(['a.bpmn', 'z.bpmn', 'm.dmn', 'a.form', 'b.form'])
  expect(Buffer.from(resources[1]?.content ?? []).toString()).toBe('<执行/>\r\n')
})

it('leaves aside what is no diagram, decision or form', async () => {
  for (const folder of ['bpmn', 'bpmn/decisions', 'forms']) await put(`${folder}/README.md`)
  await put('bpmn/a.bpmn')
  await put('bpmn/a.bpmn.orig')
  await put('forms/a.json')

  expect((await readResources(root)).map(({ name }) => name)).toEqual(['a.bpmn'])
})

it('names the folder that is missing', async () => {
  await put('bpmn/a.bpmn')

  await expect(readResources(root)).rejects.toThrow(/bpmn\/decisions/)
})
