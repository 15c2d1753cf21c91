import { GATEWAY_VERSION } from '../../version.ts'
import type { Handlers } from './handlers.ts'

/** `Topology`: one broker, which is this gateway. */
export function clusterHandlers(address: () => { host: string; port: number }): Pick<Handlers, 'Topology'> {
  return {
    async Topology() {
      return {
        brokers: [
          {
            nodeId: 0,
            ...address(),
            // LEADER and HEALTHY
            partitions: [{ partitionId: 1, role: 0, health: 0 }],
            version: GATEWAY_VERSION,
          },
        ],
        clusterSize: 1,
        partitionsCount: 1,
        replicationFactor: 1,
        gatewayVersion: GATEWAY_VERSION,
      }
    },
  }
}
