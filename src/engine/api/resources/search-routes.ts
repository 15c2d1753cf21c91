import { entityNotFound } from '../http/problem.ts'
import type { ReadRoute } from '../http/read.ts'
import type { defineSearch } from '../search/search.ts'
import { bodyOf, ok } from './responses.ts'
import { pathKey } from './values.ts'

interface SearchedResource {
  /** Path of the resource, e.g. `/v2/incidents`. */
  path: string
  /** Name of its key in paths, e.g. `incidentKey`. */
  keyName: string
  /** Its name in the 404, e.g. `Incident`. */
  entity: string
}

/** The routes that every searched resource has: `POST <path>/search`, and `GET <path>/:<keyName>` for one item by its key. */
export function searchRoutes<Item>(
  search: ReturnType<typeof defineSearch<Item>>,
  { path, keyName, entity }: SearchedResource,
): ReadRoute[] {
  return [
    { method: 'POST', path: `${path}/search`, read: (query, request) => ok(search.run(query, bodyOf(request))) },
    {
      method: 'GET',
      path: `${path}/:${keyName}`,
      quick: true,
      read(query, request) {
        const key = pathKey(request, keyName)
        const item = search.get(query, key)
        if (!item) throw entityNotFound(entity, key)
        return ok(item)
      },
    },
  ]
}
