/**
 * What the official client knows of the API: every operation with method, path and documented statuses, and the schema of
 * every answer. The package exports none of it, so it is read from its published code.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** One operation of the client. */
export interface Operation {
  /** `searchUserTasks` */
  name: string
  /** `POST` */
  method: string
  /** `/v2/user-tasks/{userTaskKey}` */
  path: string
  /** Statuses that the client's types document, of success and of failure. */
  statuses: ReadonlySet<number>
}

const folder = clientFolder()
const code = readdirSync(folder)
  .filter((name) => name.endsWith('.js'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n')

/** Every schema of the client by its name there: `zUserTaskResult`. */
export const schemas: Readonly<Record<string, z.ZodType>> = readSchemas()

/** Every operation of the client. */
export const operations: readonly Operation[] = readOperations()

/** The schema of an operation's body of success; a client that does not know one expects no body. */
export function responseSchema(operation: Operation): z.ZodType {
  return schemas[`z${capital(operation.name)}Response`] ?? z.void()
}

/** The schema of an operation's request body, `undefined` when it takes none. */
export function requestSchema(operation: Operation): z.ZodType | undefined {
  const data = schemas[`z${capital(operation.name)}Data`]
  return data instanceof z.ZodObject ? (data.shape.body as z.ZodType | undefined) : undefined
}

/** The operation that a request means. */
export function operationOf(method: string, path: string): Operation | undefined {
  const segments = path.split('/')
  const matches = operations.filter((operation) => {
    const template = operation.path.split('/')
    return (
      operation.method === method &&
      template.length === segments.length &&
      template.every((part, index) => part.startsWith('{') || part === segments[index])
    )
  })
  // A segment that is spelled out beats a parameter: `/v2/user-tasks/search`.
  return matches.sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]
}

function clientFolder(): string {
  const sdk = createRequire(import.meta.resolve('@camunda8/sdk'))
  return dirname(sdk.resolve(['@camunda8', 'orchestration-cluster-api'].join('/')))
}

function readSchemas(): Record<string, z.ZodType> {
  const start = code.indexOf('import { z } from "zod";\nvar zLongKey')
  const text = code.slice(start, code.indexOf('\n// src/', start)).replace('import { z } from "zod";', '')
  const names = [...text.matchAll(/^var (z\w+) = /gm)].map(([, name]) => name)
  if (start < 0 || names.length < 500) throw new Error('the schemas are not where they were in the code of the client')
  return new Function('z', `${text}\nreturn { ${names.join(', ')} }`)(z) as Record<string, z.ZodType>
}

function readOperations(): Operation[] {
  const types = readFileSync(
    join(folder, readdirSync(folder).find((name) => /^index-.*\.d\.ts$/.test(name)) ?? ''),
    'utf8',
  )
  const found = [...code.matchAll(/^var (\w+) = \(options\) => \{\n([\s\S]*?)\n\};/gm)].flatMap(
    ([, name = '', body = '']) => {
      const method = /\)\.(get|post|put|patch|delete)\(/.exec(body)?.[1]
      const path = /\burl: "([^"]+)"/.exec(body)?.[1]
      return method && path
        ? [{ name, method: method.toUpperCase(), path: `/v2${path}`, statuses: statusesOf(types, name) }]
        : []
    },
  )
  if (found.length < 140) throw new Error('the operations are not where they were in the code of the client')
  return found
}

function statusesOf(types: string, name: string): ReadonlySet<number> {
  const statuses = new Set<number>()
  for (const kind of ['Responses', 'Errors']) {
    const body = new RegExp(`^type ${capital(name)}${kind} = \\{\\n([\\s\\S]*?)\\n\\};`, 'm').exec(types)?.[1] ?? ''
    for (const [, status] of body.matchAll(/^ {4}(\d{3}): /gm)) statuses.add(Number(status))
  }
  return statuses
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
