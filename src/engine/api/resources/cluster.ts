import { z } from 'zod'
import type { Engine } from '../../index.ts'
import type { Route } from '../http/router.ts'
import type { Handler } from '../http/server.ts'
import { GATEWAY_VERSION } from '../version.ts'
import { input, NO_CONTENT, ok } from './responses.ts'
import { int64 } from './values.ts'

const pin = z.strictObject({
  timestamp: int64.refine((milliseconds) => milliseconds >= 0, 'must be milliseconds since 1970-01-01T00:00Z'),
})

/** What the routes about the cluster as a whole show. */
interface ClusterDescription {
  /** Where the API is served. */
  host: string
  port: () => number
  /** The account that requests are made with; `undefined` without authentication. */
  user: string | undefined
}

/** `/v2/topology`, `/v2/status`, `/v2/license`, `/v2/authentication/me` and `/v2/clock`: a cluster of one broker. */
export function clusterRoutes(engine: Engine, cluster: ClusterDescription): Route<Handler>[] {
  return [
    {
      method: 'GET',
      path: '/v2/topology',
      handler: () =>
        ok({
          brokers: [
            {
              nodeId: 0,
              host: cluster.host,
              port: cluster.port(),
              partitions: [{ partitionId: 1, role: 'leader', health: 'healthy' }],
              version: GATEWAY_VERSION,
            },
          ],
          clusterSize: 1,
          partitionsCount: 1,
          replicationFactor: 1,
          gatewayVersion: GATEWAY_VERSION,
          lastCompletedChangeId: '-1',
        }),
    },
    { method: 'GET', path: '/v2/status', handler: () => NO_CONTENT },
    {
      method: 'GET',
      path: '/v2/license',
      handler: () => ok({ validLicense: true, licenseType: 'embedded', isCommercial: false }),
    },
    {
      method: 'GET',
      path: '/v2/authentication/me',
      handler: () =>
        ok({
          username: cluster.user ?? null,
          displayName: cluster.user ?? null,
          email: null,
          authorizedComponents: ['*'],
          tenants: [],
          groups: [],
          roles: [],
          salesPlanType: '',
          c8Links: {},
          canLogout: false,
        }),
    },
    {
      method: 'PUT',
      path: '/v2/clock',
      async handler(request) {
        await engine.execute({ type: 'PinClock', timestamp: input(request, pin).timestamp })
        return NO_CONTENT
      },
    },
    {
      method: 'POST',
      path: '/v2/clock/reset',
      async handler() {
        await engine.execute({ type: 'ResetClock' })
        return NO_CONTENT
      },
    },
  ]
}
