import {
  CommandRejection,
  type CreateProcessInstance,
  type Engine,
  type ProcessInstanceResult,
} from '../../../index.ts'
import { DEFAULT_TENANT } from '../../../protocol/values.ts'
import type { CreatedInstance, CreateProcessInstanceRequest } from '../messages.ts'
import { GrpcError } from '../status.ts'
import { DONE, type Handlers } from './handlers.ts'
import { checkTenant, keyOf, numberOf, tagsOf, variablesOf } from './values.ts'

/** How long a call with result waits when its `requestTimeout` is 0, as in Camunda's gateway. */
const DEFAULT_RESULT_MILLISECONDS = 15_000

/** Process instances, their variables and incidents. */
export function instanceHandlers(
  engine: Engine,
): Pick<
  Handlers,
  | 'CreateProcessInstance'
  | 'CreateProcessInstanceWithResult'
  | 'CancelProcessInstance'
  | 'ModifyProcessInstance'
  | 'MigrateProcessInstance'
  | 'SetVariables'
  | 'ResolveIncident'
> {
  return {
    async CreateProcessInstance(request) {
      checkTenant('CreateProcessInstance', request.tenantId)
      return createdOf(await engine.execute(commandOf(request)))
    },
    async CreateProcessInstanceWithResult({ request, requestTimeout, fetchVariables }, call) {
      if (request === null) throw new GrpcError('INVALID_ARGUMENT', 'Expected request to be present, but it was not')
      checkTenant('CreateProcessInstanceWithResult', request.tenantId)
      const timeout = numberOf(requestTimeout)
      const result = await call.unlessEnded(
        engine.execute({
          ...commandOf(request),
          awaitCompletion: true,
          fetchVariables,
          requestTimeout: timeout > 0 ? timeout : DEFAULT_RESULT_MILLISECONDS,
        }),
      )
      return { ...createdOf(result), variables: JSON.stringify(result.variables) }
    },
    async CancelProcessInstance({ processInstanceKey }) {
      await engine.execute({ type: 'CancelProcessInstance', processInstanceKey: keyOf(processInstanceKey) })
      return DONE
    },
    async ModifyProcessInstance({ processInstanceKey, activateInstructions, terminateInstructions }) {
      await engine.execute({
        type: 'ModifyProcessInstance',
        processInstanceKey: keyOf(processInstanceKey),
        activateInstructions: activateInstructions.map((instruction) => ({
          elementId: instruction.elementId,
          ancestorElementInstanceKey: keyOf(instruction.ancestorElementInstanceKey),
          variableInstructions: instruction.variableInstructions.map(({ variables, scopeId }) => ({
            variables: variablesOf(variables).variables ?? {},
            scopeId,
          })),
        })),
        terminateInstructions: terminateInstructions.map(({ elementInstanceKey }) => ({
          elementInstanceKey: keyOf(elementInstanceKey),
        })),
      })
      return DONE
    },
    async MigrateProcessInstance({ processInstanceKey, migrationPlan }) {
      await engine.execute({
        type: 'MigrateProcessInstance',
        processInstanceKey: keyOf(processInstanceKey),
        targetProcessDefinitionKey: keyOf(migrationPlan?.targetProcessDefinitionKey ?? 0),
        mappingInstructions: (migrationPlan?.mappingInstructions ?? []).map(({ sourceElementId, targetElementId }) => ({
          sourceElementId,
          targetElementId,
        })),
      })
      return DONE
    },
    async SetVariables({ elementInstanceKey, variables, local }) {
      const { setVariablesKey } = await engine.execute({
        type: 'SetVariables',
        elementInstanceKey: keyOf(elementInstanceKey),
        variables: variablesOf(variables).variables ?? {},
        local,
      })
      return { key: setVariablesKey }
    },
    async ResolveIncident({ incidentKey }) {
      await engine.execute({ type: 'ResolveIncident', incidentKey: keyOf(incidentKey) })
      return DONE
    },
  }
}

function commandOf(request: CreateProcessInstanceRequest): CreateProcessInstance {
  return {
    type: 'CreateProcessInstance',
    ...definitionOf(request),
    ...variablesOf(request.variables),
    ...tagsOf(request.tags),
    ...(request.startInstructions.length === 0
      ? {}
      : { startInstructions: request.startInstructions.map(({ elementId }) => ({ elementId })) }),
    ...(request.runtimeInstructions.length === 0
      ? {}
      : { runtimeInstructions: request.runtimeInstructions.flatMap(runtimeInstructionOf) }),
  }
}

/** An instruction of a kind that a later client knows is not there at all, for Camunda too. */
function runtimeInstructionOf({ terminate }: CreateProcessInstanceRequest['runtimeInstructions'][number]) {
  return terminate == null
    ? []
    : [{ type: 'TERMINATE_PROCESS_INSTANCE', afterElementId: terminate.afterElementId } as const]
}

/** An id wins over a key, as in Camunda. */
function definitionOf({ bpmnProcessId, version, processDefinitionKey }: CreateProcessInstanceRequest) {
  if (bpmnProcessId !== '')
    return { processDefinitionId: bpmnProcessId, ...(version < 0 ? {} : { processDefinitionVersion: version }) }
  const key = keyOf(processDefinitionKey)
  if (key < 0)
    throw new CommandRejection(
      'INVALID_ARGUMENT',
      'CreateProcessInstance',
      'Expected at least a bpmnProcessId or a key greater than -1, but none given',
    )
  return { processDefinitionKey: key }
}

function createdOf(result: ProcessInstanceResult): CreatedInstance {
  return {
    processDefinitionKey: result.processDefinitionKey,
    bpmnProcessId: result.processDefinitionId,
    version: result.processDefinitionVersion,
    processInstanceKey: result.processInstanceKey,
    tenantId: DEFAULT_TENANT,
    tags: result.tags,
  }
}
