import { z } from 'zod'
import type { Engine, EngineQuery } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { entityNotFound } from '../http/problem.ts'
import type { ReadRequest, ReadRoute } from '../http/read.ts'
import type { ApiResponse } from '../http/response.ts'
import type { Route } from '../http/router.ts'
import type { Handler } from '../http/server.ts'
import type { Row } from '../search/search.ts'
import { ok, optionalInput } from './responses.ts'
import { keyText, operationReference, pathKey } from './values.ts'

/** As on Camunda: 200 with nothing to tell. */
const DONE: ApiResponse = { status: 200 }

const deletion = z.strictObject({ operationReference })

/** What is read of `/v2/resources`; as on Camunda 8.8 only resources that are neither process, decision nor form. */
export const resourceReads: readonly ReadRoute[] = [
  {
    method: 'GET',
    path: '/v2/resources/:resourceKey',
    quick: true,
    read(query, request) {
      const row = resourceOf(query, request)
      return ok({
        resourceKey: keyText(row.key),
        resourceId: row.resourceId,
        resourceName: row.resourceName,
        version: row.version,
        versionTag: row.versionTag ?? undefined,
        tenantId: DEFAULT_TENANT,
      })
    },
  },
  {
    method: 'GET',
    path: '/v2/resources/:resourceKey/content',
    read: (query, request) => ({
      status: 200,
      contentType: 'text/plain',
      text: String(resourceOf(query, request).content),
    }),
  },
]

function resourceOf(query: EngineQuery, request: ReadRequest): Row {
  const key = pathKey(request, 'resourceKey')
  const row = query.get<Row>('SELECT * FROM resource WHERE key = ? AND deletedAt IS NULL', key)
  if (row === undefined) throw entityNotFound('Resource', key)
  return row
}

/** Commands of `/v2/resources`. */
export function resourceRoutes(engine: Engine): Route<Handler>[] {
  return [
    {
      method: 'POST',
      path: '/v2/resources/:resourceKey/deletion',
      async handler(request) {
        optionalInput(request, deletion)
        await engine.execute({ type: 'DeleteResource', resourceKey: pathKey(request, 'resourceKey') })
        return DONE
      },
    },
  ]
}
