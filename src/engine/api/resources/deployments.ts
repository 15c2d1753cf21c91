import type { Engine, ResourceFile } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { parseMultipart } from '../http/multipart.ts'
import { invalidArgument, Problem } from '../http/problem.ts'
import type { Route } from '../http/router.ts'
import type { ApiRequest, ApiResponse, Handler } from '../http/server.ts'
import { ok } from './responses.ts'
import { keyText } from './values.ts'

/** `/v2/deployments`. */
export function deploymentRoutes(engine: Engine): Route<Handler>[] {
  return [{ method: 'POST', path: '/v2/deployments', handler: (request) => deploy(engine, request) }]
}

async function deploy(engine: Engine, request: ApiRequest): Promise<ApiResponse> {
  const form = await parseMultipart(request.body, request.contentType)
  const files = form.files.get('resources') ?? []
  if (files.length === 0) throw new Problem(400, "Required part 'resources' is not present.")
  const tenant = form.fields.get('tenantId')?.find((given) => given !== '' && given !== DEFAULT_TENANT)
  if (tenant !== undefined) {
    throw invalidArgument(`Part [tenantId] must be ${DEFAULT_TENANT}: multi-tenancy is disabled.`)
  }
  const resources = files.map(({ name, content }): ResourceFile => ({ name, content: textOf(name, content) }))
  const result = await engine.execute({ type: 'DeployResources', resources })
  return ok({
    deploymentKey: keyText(result.deploymentKey),
    tenantId: DEFAULT_TENANT,
    deployments: [
      ...result.processes.map(({ versionTag: _, ...process }) => ({
        processDefinition: {
          ...process,
          processDefinitionKey: keyText(process.processDefinitionKey),
          tenantId: DEFAULT_TENANT,
        },
      })),
      ...result.decisions.map((decision) => ({
        decisionDefinition: {
          ...decision,
          decisionDefinitionKey: keyText(decision.decisionDefinitionKey),
          decisionRequirementsKey: keyText(decision.decisionRequirementsKey),
          tenantId: DEFAULT_TENANT,
        },
      })),
      ...result.decisionRequirements.map((requirements) => ({
        decisionRequirements: {
          ...requirements,
          decisionRequirementsKey: keyText(requirements.decisionRequirementsKey),
          tenantId: DEFAULT_TENANT,
        },
      })),
      ...result.forms.map((deployed) => ({
        form: { ...deployed, formKey: keyText(deployed.formKey), tenantId: DEFAULT_TENANT },
      })),
      ...result.resources.map((resource) => ({
        resource: { ...resource, resourceKey: keyText(resource.resourceKey), tenantId: DEFAULT_TENANT },
      })),
    ],
  })
}

function textOf(name: string, content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    throw invalidArgument(`The resource '${name}' is not UTF-8 text: save it in UTF-8 and deploy it again.`)
  }
}
