import { z } from 'zod'
import type { ActivateInstruction, Engine } from '../../index.ts'
import type { Route } from '../http/router.ts'
import type { Handler } from '../http/server.ts'
import { input, NO_CONTENT } from './responses.ts'
import { keyString, operationReference, pathKey, variables } from './values.ts'

const variableInstruction = z.strictObject({
  variables: variables.unwrap().unwrap(),
  scopeId: z.string().nullish(),
})
const activateInstruction = z.strictObject({
  elementId: z.string(),
  ancestorElementInstanceKey: keyString.nullish(),
  variableInstructions: z.array(variableInstruction).nullish(),
})
const modification = z.strictObject({
  operationReference,
  activateInstructions: z.array(activateInstruction).nullish(),
  terminateInstructions: z.array(z.strictObject({ elementInstanceKey: keyString })).nullish(),
})

/** Which element takes the place of which. */
const elementPair = z.strictObject({ sourceElementId: z.string(), targetElementId: z.string() })
/** A plan of migration, for one process instance or many. */
export const migrationPlan = z.strictObject({
  targetProcessDefinitionKey: keyString,
  mappingInstructions: z.array(elementPair).min(1, 'must hold at least one mapping instruction'),
})
/** Moves of a modification of many process instances. */
export const moveInstructions = z.array(elementPair).min(1, 'must hold at least one move instruction')

const migration = migrationPlan.extend({ operationReference })

/** `/v2/process-instances/{processInstanceKey}/modification` and `…/migration`. */
export function modificationRoutes(engine: Engine): Route<Handler>[] {
  return [
    {
      method: 'POST',
      path: '/v2/process-instances/:processInstanceKey/modification',
      async handler(request) {
        const body = input(request, modification)
        await engine.execute({
          type: 'ModifyProcessInstance',
          processInstanceKey: pathKey(request, 'processInstanceKey'),
          activateInstructions: (body.activateInstructions ?? []).map(activation),
          terminateInstructions: body.terminateInstructions ?? [],
        })
        return NO_CONTENT
      },
    },
    {
      method: 'POST',
      path: '/v2/process-instances/:processInstanceKey/migration',
      async handler(request) {
        const { targetProcessDefinitionKey, mappingInstructions } = input(request, migration)
        await engine.execute({
          type: 'MigrateProcessInstance',
          processInstanceKey: pathKey(request, 'processInstanceKey'),
          targetProcessDefinitionKey,
          mappingInstructions,
        })
        return NO_CONTENT
      },
    },
  ]
}

function activation(given: z.output<typeof activateInstruction>): ActivateInstruction {
  const { elementId, ancestorElementInstanceKey, variableInstructions } = given
  return {
    elementId,
    ...(ancestorElementInstanceKey == null ? {} : { ancestorElementInstanceKey }),
    variableInstructions: (variableInstructions ?? []).map(({ variables, scopeId }) => ({
      variables,
      ...(scopeId == null ? {} : { scopeId }),
    })),
  }
}
