import { Camunda8 } from '@camunda8/sdk'

/** How to reach Camunda 8: the embedded engine or a court's cluster. */
export interface CamundaConnection {
  restAddress: string
  /** Only for `transport: 'grpc'`, e.g. `grpc://127.0.0.1:26500`. */
  grpcAddress?: string
  /** What jobs, deployments, messages and decisions travel by. Searches and user tasks are always REST. */
  transport: 'rest' | 'grpc'
  /** HTTP Basic credentials of the embedded engine. */
  basic?: { user: string; password: string }
  /** `CAMUNDA_*` settings of a court's own cluster, passed on to the SDK. */
  settings?: Record<string, string>
}

/** The SDK, configured in code: the process environment is read in `config.ts` only. */
export function connectCamunda(connection: CamundaConnection): Camunda8 {
  return new Camunda8({
    CAMUNDA_LOG_LEVEL: 'none',
    zeebeGrpcSettings: { ZEEBE_CLIENT_LOG_LEVEL: 'NONE' },
    CAMUNDA_AUTH_STRATEGY: 'NONE',
    ...connection.settings,
    ZEEBE_REST_ADDRESS: connection.restAddress,
    ...(connection.grpcAddress ? { ZEEBE_GRPC_ADDRESS: connection.grpcAddress } : {}),
    ...(connection.basic
      ? {
          CAMUNDA_AUTH_STRATEGY: 'BASIC',
          CAMUNDA_BASIC_AUTH_USERNAME: connection.basic.user,
          CAMUNDA_BASIC_AUTH_PASSWORD: connection.basic.password,
        }
      : {}),
  } as ConstructorParameters<typeof Camunda8>[0])
}
