import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'

const OURS = new URL('../../../src/engine/api/grpc/gateway.proto', import.meta.url)

/** The contract of a .proto file as sorted lines: `field CompleteJobRequest 1 jobKey int64`, `rpc …`, `enum …`. */
function facts(file: string | URL): string[] {
  const { root } = protobuf.parse(readFileSync(file, 'utf8'), new protobuf.Root(), { keepCase: true })
  root.resolveAll()
  const lines: string[] = []
  const nameOf = (object: protobuf.ReflectionObject) => object.fullName.replace('.gateway_protocol.', '')
  const visit = (namespace: protobuf.NamespaceBase): void => {
    for (const object of namespace.nestedArray) {
      if (object instanceof protobuf.Enum)
        lines.push(
          `enum ${nameOf(object)} ${Object.entries(object.values)
            .map(([name, value]) => `${name}=${value}`)
            .join(' ')}`,
        )
      else if (object instanceof protobuf.Service)
        for (const rpc of object.methodsArray)
          lines.push(`rpc ${rpc.name} ${rpc.requestType} ${rpc.responseStream ? 'stream ' : ''}${rpc.responseType}`)
      else if (object instanceof protobuf.Type) {
        lines.push(`message ${nameOf(object)}`)
        for (const field of object.fieldsArray) {
          const type = field.resolvedType === null ? field.type : nameOf(field.resolvedType)
          const optional = field.options?.proto3_optional === true
          const oneof = field.partOf === null || optional ? '' : ` oneof ${field.partOf.name}`
          lines.push(
            `field ${nameOf(object)} ${field.id} ${field.name} ${field.repeated ? 'repeated ' : ''}${type}${optional ? ' optional' : oneof}`,
          )
        }
        visit(object)
      }
    }
  }
  visit(root.lookup('gateway_protocol') as protobuf.Namespace)
  return lines.sort()
}

describe('the contract', () => {
  it('is that of Zeebe 8.8.21: every message, field, number, type, enumeration and method', () => {
    const real = readFileSync(new URL('gateway-8.8.21.txt', import.meta.url), 'utf8')
      .trim()
      .split('\n')
    expect(facts(OURS)).toEqual(real.sort())
  })

  it('holds everything that the client of the SDK was made from', () => {
    const sdk = dirname(createRequire(import.meta.url).resolve('@camunda8/sdk'))
    const theirs = facts(join(sdk, 'proto', 'zeebe.proto'))
    const ours = new Set(facts(OURS))
    expect(theirs.length).toBeGreaterThan(200)
    expect(theirs.filter((fact) => !ours.has(fact))).toEqual([])
  })
})
