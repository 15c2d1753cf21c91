import { z } from 'zod'
import type { Engine } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import type { Route } from '../http/router.ts'
import type { Handler } from '../http/server.ts'
import { input, ok } from './responses.ts'
import { keyText, tenantId, variables, variablesOf } from './values.ts'

const signalName = z.string().min(1, 'must not be empty: name the signal')
const broadcast = z.strictObject({ signalName, variables, tenantId })

/** `/v2/signals`. */
export function signalRoutes(engine: Engine): Route<Handler>[] {
  return [
    {
      method: 'POST',
      path: '/v2/signals/broadcast',
      async handler(request) {
        const body = input(request, broadcast)
        const { signalKey } = await engine.execute({
          type: 'BroadcastSignal',
          signalName: body.signalName,
          ...variablesOf(body.variables),
        })
        return ok({ signalKey: keyText(signalKey), tenantId: DEFAULT_TENANT })
      },
    },
  ]
}
