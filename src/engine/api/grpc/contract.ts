import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'
import type { Requests, Responses } from './messages.ts'

/** A method of the contract: where it is called, and how its messages are read and written. */
export interface MethodContract<Request, Response> {
  readonly path: string
  readonly responseStream: boolean
  decode(message: Uint8Array): Request
  encode(response: Response): Uint8Array
}

/** The methods of the service `Gateway`, by name. */
export type Contract = {
  readonly [Name in keyof Requests & keyof Responses]: MethodContract<Requests[Name], Responses[Name]>
}

const PACKAGE = 'gateway_protocol'
const SERVICE = 'Gateway'

/** Reads `gateway.proto`; decoders and encoders are compiled on first use. */
export function loadContract(): Contract {
  const source = readFileSync(new URL('gateway.proto', import.meta.url), 'utf8')
  const { root } = protobuf.parse(source, new protobuf.Root(), { keepCase: true })
  root.resolveAll()
  const service = root.lookupService(`${PACKAGE}.${SERVICE}`)
  const methods = service.methodsArray.map((method) => {
    const request = method.resolvedRequestType
    const response = method.resolvedResponseType
    if (request === null || response === null) throw new Error(`gateway.proto: ${method.name} has no messages`)
    const contract: MethodContract<unknown, object> = {
      path: `/${PACKAGE}.${SERVICE}/${method.name}`,
      responseStream: method.responseStream === true,
      decode: (message) => request.decode(message),
      encode: (fields) => response.encode(fields).finish(),
    }
    return [method.name, contract]
  })
  // `messages.ts` says for the compiler what the file says at run time.
  return Object.fromEntries(methods) as Contract
}
