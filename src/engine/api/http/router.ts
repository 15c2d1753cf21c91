import { Problem } from './problem.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A method and a path template (`/v2/jobs/:jobKey/completion`) with what serves them. */
export interface Route<Handler> {
  method: Method
  path: string
  handler: Handler
}

/** A route found for a request; `params` are the decoded values of the template's `:names`. */
interface Match<Handler> {
  handler: Handler
  params: Record<string, string>
}

interface Node<Handler> {
  children: Map<string, Node<Handler>>
  parameter?: { node: Node<Handler> }
  routes: Map<string, { handler: Handler; names: string[] }>
}

/** Finds the handler of a request in one walk over the path's segments, whatever the number of routes. */
export class Router<Handler> {
  readonly #root: Node<Handler> = { children: new Map(), routes: new Map() }

  /** @throws Error when two routes have the same method and the same shape of path */
  constructor(routes: readonly Route<Handler>[]) {
    for (const route of routes) this.#add(route)
  }

  #add({ method, path, handler }: Route<Handler>): void {
    const names: string[] = []
    let node = this.#root
    for (const segment of segmentsOf(path)) {
      if (segment.startsWith(':')) {
        names.push(segment.slice(1))
        node.parameter ??= { node: { children: new Map(), routes: new Map() } }
        node = node.parameter.node
      } else {
        let child = node.children.get(segment)
        if (!child) {
          child = { children: new Map(), routes: new Map() }
          node.children.set(segment, child)
        }
        node = child
      }
    }
    if (node.routes.has(method)) throw new Error(`two routes for ${method} ${path}`)
    node.routes.set(method, { handler, names })
  }

  /**
   * @param path the path of the request, without query, still percent-encoded
   * @throws Problem 404 for an unknown path, 405 (with `allow`) for a known path with another method, 400 for a
   *   segment that is not valid percent-encoding
   */
  find(method: string, path: string): Match<Handler> {
    const values: string[] = []
    let node: Node<Handler> | undefined = this.#root
    for (const segment of segmentsOf(path)) {
      const next: Node<Handler> | undefined = node.children.get(segment)
      if (next) {
        node = next
      } else {
        values.push(segment)
        node = node.parameter?.node
      }
      if (!node) break
    }
    if (!node || node.routes.size === 0) throw new Problem(404, `No endpoint ${method} ${path}.`)
    const route = node.routes.get(method)
    if (!route) {
      throw new Problem(405, `Method '${method}' is not supported.`, undefined, {
        allow: [...node.routes.keys()].join(', '),
      })
    }
    const params: Record<string, string> = {}
    route.names.forEach((name, index) => {
      params[name] = decode(values[index] ?? '', path)
    })
    return { handler: route.handler, params }
  }
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1)
}

function decode(segment: string, path: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Problem(400, `The path '${path}' holds '${segment}', which is not valid percent-encoding.`)
  }
}
