import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One file of a deployment. */
export interface Resource {
  name: string
  content: Uint8Array
}

const FOLDERS = [
  { folder: 'bpmn', extension: '.bpmn' },
  { folder: join('bpmn', 'decisions'), extension: '.dmn' },
  { folder: 'forms', extension: '.form' },
]

/** Reads what is deployed to either engine, unchanged: bpmn/, bpmn/decisions/ and forms/ below `root`, in a stable order. */
export async function readResources(root: string): Promise<Resource[]> {
  const resources: Resource[] = []
  for (const { folder, extension } of FOLDERS) {
    const names = (await readdir(join(root, folder))).filter((name) => name.endsWith(extension)).sort()
    for (const name of names) resources.push({ name, content: await readFile(join(root, folder, name)) })
  }
  return resources
}
