import type { DeploymentResult, Engine, ResourceFile } from '../../../index.ts'
import { DEFAULT_TENANT } from '../../../protocol/values.ts'
import type { Deployment, ProcessMetadata } from '../messages.ts'
import { GrpcError } from '../status.ts'
import { DONE, type Handlers } from './handlers.ts'
import { checkTenant, keyOf } from './values.ts'

/** Deployment and deletion of resources. */
export function resourceHandlers(
  engine: Engine,
): Pick<Handlers, 'DeployResource' | 'DeployProcess' | 'DeleteResource'> {
  return {
    async DeployResource({ resources, tenantId }) {
      checkTenant('DeployResource', tenantId)
      const result = await engine.execute({
        type: 'DeployResources',
        resources: resources.map(({ name, content }) => fileOf(name, content)),
      })
      return { key: result.deploymentKey, deployments: deploymentsOf(result), tenantId: DEFAULT_TENANT }
    },
    // Older clients still deploy by it, and Camunda still serves it.
    async DeployProcess({ processes }) {
      const result = await engine.execute({
        type: 'DeployResources',
        resources: processes.map(({ name, definition }) => fileOf(name, definition)),
      })
      return { key: result.deploymentKey, processes: result.processes.map(processOf) }
    },
    async DeleteResource({ resourceKey }) {
      await engine.execute({ type: 'DeleteResource', resourceKey: keyOf(resourceKey) })
      return DONE
    },
  }
}

function fileOf(name: string, content: Uint8Array): ResourceFile {
  try {
    return { name, content: new TextDecoder('utf-8', { fatal: true }).decode(content) }
  } catch {
    throw new GrpcError(
      'INVALID_ARGUMENT',
      `The resource '${name}' is not UTF-8 text: save it in UTF-8 and deploy again`,
    )
  }
}

function deploymentsOf(result: DeploymentResult): Deployment[] {
  return [
    ...result.processes.map((process) => ({ process: processOf(process) })),
    ...result.decisions.map((decision) => ({
      decision: {
        dmnDecisionId: decision.decisionDefinitionId,
        dmnDecisionName: decision.name,
        version: decision.version,
        decisionKey: decision.decisionDefinitionKey,
        dmnDecisionRequirementsId: decision.decisionRequirementsId,
        decisionRequirementsKey: decision.decisionRequirementsKey,
        tenantId: DEFAULT_TENANT,
      },
    })),
    ...result.decisionRequirements.map((requirements) => ({
      decisionRequirements: {
        dmnDecisionRequirementsId: requirements.decisionRequirementsId,
        dmnDecisionRequirementsName: requirements.decisionRequirementsName,
        version: requirements.version,
        decisionRequirementsKey: requirements.decisionRequirementsKey,
        resourceName: requirements.resourceName,
        tenantId: DEFAULT_TENANT,
      },
    })),
    ...result.forms.map((form) => ({ form: { ...form, tenantId: DEFAULT_TENANT } })),
  ]
}

function processOf(process: DeploymentResult['processes'][number]): ProcessMetadata {
  return {
    bpmnProcessId: process.processDefinitionId,
    version: process.processDefinitionVersion,
    processDefinitionKey: process.processDefinitionKey,
    resourceName: process.resourceName,
    tenantId: DEFAULT_TENANT,
  }
}
