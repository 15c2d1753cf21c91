import type { Camunda8 } from '@camunda8/sdk'
import { z } from 'zod'
import type {
  ElementInstance,
  Incident,
  JsonValue,
  Orchestration,
  ProcessDefinition,
  ProcessInstance,
  UserTask,
  UserTaskFilter,
} from './orchestration.ts'
import { OrchestrationError } from './orchestration.ts'

/** Searches answer what is there now; the embedded engine is consistent, a cluster catches up. */
const NOW = { consistency: { waitUpToMs: 0 } }
const EVERYTHING = { from: 0, limit: 1_000 }

type Client = ReturnType<Camunda8['getOrchestrationClusterApiClientLoose']>

/** Runs a call of the SDK and turns whatever it throws into one kind of error that carries the engine's reason. */
async function call<T>(operation: string, run: () => PromiseLike<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const fault = error as {
      status?: number
      detail?: string
      title?: string
      message?: string
      response?: { status?: number }
    }
    const status = fault.status ?? fault.response?.status ?? 503
    throw new OrchestrationError(
      status,
      `${operation}: ${fault.detail ?? fault.message ?? fault.title ?? String(error)}`,
      { cause: error },
    )
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** The product's view of Camunda 8, over the Orchestration Cluster REST API v2 (gRPC where the connection says so). */
export function createOrchestration(camunda: Camunda8, transport: 'rest' | 'grpc'): Orchestration {
  const client = camunda.getOrchestrationClusterApiClientLoose()
  const rest = createRestOrchestration(client)
  return transport === 'rest' ? rest : { ...rest, ...grpcCommands(camunda) }
}

function createRestOrchestration(client: Client): Orchestration {
  return {
    deploy: (resources) =>
      call('deployment', async () => {
        const files = resources.map(({ name, content }) => new File([new Uint8Array(content)], name))
        const { processes } = await client.createDeployment({ resources: files as never })
        return {
          processes: processes.map((process) => ({
            processDefinitionKey: process.processDefinitionKey,
            processDefinitionId: process.processDefinitionId,
            name: null,
            version: process.processDefinitionVersion,
            resourceName: process.resourceName,
          })),
        }
      }),

    correlateMessage: ({ name, correlationKey, variables }) =>
      call(`message ${name}`, async () => {
        const { processInstanceKey } = await client.correlateMessage({ name, correlationKey, variables })
        return { processInstanceKey: text(processInstanceKey) }
      }),

    publishMessage: ({ name, correlationKey, variables = {}, timeToLiveMs = 0 }) =>
      call(`message ${name}`, async () => {
        await client.publishMessage({ name, correlationKey, variables, timeToLive: timeToLiveMs })
      }),

    evaluateDecision: (decisionDefinitionId, variables) =>
      call(`decision ${decisionDefinitionId}`, async () => {
        const result = await client.evaluateDecision({ decisionDefinitionId, variables })
        if (result.failureMessage) throw new Error(result.failureMessage)
        return JSON.parse(result.output) as JsonValue
      }),

    searchUserTasks: (filter, page = EVERYTHING) =>
      call('user task search', async () => {
        const result = await client.searchUserTasks(
          { filter: userTaskFilter(filter), page, sort: [{ field: 'creationDate', order: 'ASC' }] } as never,
          NOW,
        )
        const caseIds = await caseIdsOf(
          client,
          (result.items ?? []).map((task) => String(task.processInstanceKey)),
        )
        return {
          items: (result.items ?? []).map((task) => toUserTask(task, caseIds)),
          total: result.page.totalItems,
        }
      }),

    getUserTask: (taskKey) =>
      call(`user task ${taskKey}`, async () => {
        const task = await client.getUserTask({ userTaskKey: taskKey }, NOW)
        return toUserTask(task, await caseIdsOf(client, [String(task.processInstanceKey)]))
      }),

    getUserTaskForm: (taskKey) =>
      call(`form of user task ${taskKey}`, async () => {
        const form = await client.getUserTaskForm({ userTaskKey: taskKey }, NOW)
        if (!form?.formId) return null
        const schema = typeof form.schema === 'string' ? JSON.parse(form.schema) : form.schema
        return { formId: String(form.formId), schema: schema as JsonValue }
      }),

    getUserTaskVariables: (taskKey) =>
      call(`variables of user task ${taskKey}`, async () => {
        const variables: Record<string, JsonValue> = {}
        const result = await client.searchUserTaskVariables({ userTaskKey: taskKey, page: EVERYTHING } as never, NOW)
        for (const item of result.items ?? []) {
          const value = item.isTruncated
            ? (await client.getVariable({ variableKey: String(item.variableKey) }, NOW)).value
            : item.value
          variables[String(item.name)] = JSON.parse(String(value)) as JsonValue
        }
        return variables
      }),

    assignUserTask: (taskKey, assignee) =>
      call(`user task ${taskKey}`, async () => {
        await client.assignUserTask({ userTaskKey: taskKey, assignee, allowOverride: false })
      }),

    unassignUserTask: (taskKey) =>
      call(`user task ${taskKey}`, async () => {
        await client.unassignUserTask({ userTaskKey: taskKey })
      }),

    completeUserTask: (taskKey, variables) =>
      call(`user task ${taskKey}`, async () => {
        await client.completeUserTask({ userTaskKey: taskKey, variables })
      }),

    searchProcessInstances: (filter, page = EVERYTHING) =>
      call('process instance search', async () => {
        const result = await client.searchProcessInstances(
          {
            filter: {
              ...(filter.processInstanceKeys ? { processInstanceKey: { $in: filter.processInstanceKeys } } : {}),
              ...(filter.parentProcessInstanceKey ? { parentProcessInstanceKey: filter.parentProcessInstanceKey } : {}),
              ...(filter.processDefinitionId ? { processDefinitionId: filter.processDefinitionId } : {}),
              ...(filter.caseId ? { variables: [{ name: 'caseId', value: JSON.stringify(filter.caseId) }] } : {}),
              ...(filter.state ? { state: filter.state } : {}),
            },
            page,
            sort: [{ field: 'startDate', order: 'ASC' }],
          } as never,
          NOW,
        )
        return { items: (result.items ?? []).map(toProcessInstance), total: result.page.totalItems }
      }),

    getProcessTree: (rootProcessInstanceKey) =>
      call(`process instance ${rootProcessInstanceKey}`, async () => {
        const tree = [
          toProcessInstance(await client.getProcessInstance({ processInstanceKey: rootProcessInstanceKey }, NOW)),
        ]
        for (let at = 0; at < tree.length; at++) {
          const children = await client.searchProcessInstances(
            { filter: { parentProcessInstanceKey: tree[at]!.processInstanceKey }, page: EVERYTHING } as never,
            NOW,
          )
          tree.push(...(children.items ?? []).map(toProcessInstance))
        }
        return tree
      }),

    searchElementInstances: ({ processInstanceKey }) =>
      call(`elements of process instance ${processInstanceKey}`, async () => {
        const result = await client.searchElementInstances(
          { filter: { processInstanceKey }, page: EVERYTHING, sort: [{ field: 'startDate', order: 'ASC' }] } as never,
          NOW,
        )
        return (result.items ?? []).map(
          (element): ElementInstance => ({
            elementInstanceKey: element.elementInstanceKey,
            processInstanceKey: element.processInstanceKey,
            processDefinitionKey: element.processDefinitionKey,
            processDefinitionId: element.processDefinitionId,
            elementId: element.elementId,
            elementName: text(element.elementName),
            type: element.type,
            state: element.state,
            startedAt: element.startDate,
            endedAt: text(element.endDate),
            incident: element.hasIncident,
          }),
        )
      }),

    searchIncidents: (filter) =>
      call('incident search', async () => {
        const result = await client.searchIncidents(
          {
            filter: {
              ...(filter.processInstanceKeys ? { processInstanceKey: { $in: filter.processInstanceKeys } } : {}),
              ...(filter.state ? { state: filter.state } : {}),
            },
            page: EVERYTHING,
          } as never,
          NOW,
        )
        return (result.items ?? []).map(
          (incident): Incident => ({
            incidentKey: String(incident.incidentKey),
            processInstanceKey: String(incident.processInstanceKey),
            elementId: String(incident.elementId),
            elementInstanceKey: String(incident.elementInstanceKey),
            errorType: String(incident.errorType),
            errorMessage: incident.errorMessage ?? '',
            jobKey: text(incident.jobKey),
            createdAt: String(incident.creationTime),
            state: String(incident.state),
          }),
        )
      }),

    resolveIncident: (incidentKey, options = {}) =>
      call(`incident ${incidentKey}`, async () => {
        if (options.jobKey)
          await client.updateJob({ jobKey: options.jobKey, changeset: { retries: options.retries ?? 1 } })
        await client.resolveIncident({ incidentKey })
      }),

    searchProcessDefinitions: (latestOnly) =>
      call('process definition search', async () => {
        const result = await client.searchProcessDefinitions(
          { filter: { isLatestVersion: latestOnly || undefined }, page: EVERYTHING } as never,
          NOW,
        )
        return (result.items ?? []).map(
          (definition): ProcessDefinition => ({
            processDefinitionKey: String(definition.processDefinitionKey),
            processDefinitionId: String(definition.processDefinitionId),
            name: text(definition.name),
            version: Number(definition.version),
            resourceName: String(definition.resourceName),
          }),
        )
      }),

    getProcessDefinitionXml: (processDefinitionKey) =>
      call(`process definition ${processDefinitionKey}`, async () => {
        const xml: unknown = await client.getProcessDefinitionXml({ processDefinitionKey }, NOW)
        return String(xml)
      }),

    pinClock: (instant) =>
      call('clock', async () => {
        await client.pinClock({ timestamp: instant.getTime() })
      }),

    resetClock: () =>
      call('clock', async () => {
        await client.resetClock()
      }),

    ready: async () => {
      try {
        const { brokers } = await client.getTopology()
        return brokers.length > 0
      } catch {
        // Not reachable yet is an answer here, not a fault.
        return false
      }
    },
  }
}

const grpcDeployment = z.object({
  deployments: z.array(
    z.object({
      process: z
        .object({
          processDefinitionKey: z.string(),
          bpmnProcessId: z.string(),
          version: z.number(),
          resourceName: z.string(),
        })
        .nullish(),
    }),
  ),
})

/** What the gRPC gateway offers of the port; the rest stays on REST. */
function grpcCommands(
  camunda: Camunda8,
): Pick<Orchestration, 'deploy' | 'correlateMessage' | 'publishMessage' | 'evaluateDecision' | 'ready'> {
  const client = camunda.getZeebeGrpcApiClient()
  return {
    deploy: (resources) =>
      call('deployment', async () => {
        const deployed = await client.deployResources(
          resources.map(({ name, content }) => {
            const bytes = Buffer.from(content)
            if (name.endsWith('.bpmn')) return { name, process: bytes }
            if (name.endsWith('.dmn')) return { name, decision: bytes }
            return { name, form: bytes }
          }),
        )
        const processes = grpcDeployment.parse(deployed).deployments.flatMap((entry) => entry.process ?? [])
        return {
          processes: processes.map((process) => ({
            processDefinitionKey: process.processDefinitionKey,
            processDefinitionId: process.bpmnProcessId,
            name: null,
            version: process.version,
            resourceName: process.resourceName,
          })),
        }
      }),
    correlateMessage: ({ name, correlationKey, variables }) =>
      call(`message ${name}`, async () => {
        await client.publishMessage({ name, correlationKey, variables: variables as never, timeToLive: 0 })
        return { processInstanceKey: null }
      }),
    publishMessage: ({ name, correlationKey, variables = {}, timeToLiveMs = 0 }) =>
      call(`message ${name}`, async () => {
        await client.publishMessage({ name, correlationKey, variables: variables as never, timeToLive: timeToLiveMs })
      }),
    evaluateDecision: (decisionId, variables) =>
      call(`decision ${decisionId}`, async () => {
        const result = await client.evaluateDecision({ decisionId, variables: variables as never })
        if (result.failureMessage) throw new Error(result.failureMessage)
        return JSON.parse(result.decisionOutput) as JsonValue
      }),
    ready: async () => {
      try {
        return (await client.topology()).brokers.length > 0
      } catch {
        // Not reachable yet is an answer here, not a fault.
        return false
      }
    },
  }
}

function userTaskFilter(filter: UserTaskFilter): Record<string, unknown> {
  return {
    ...(filter.state ? { state: filter.state } : {}),
    ...(filter.assignee ? { assignee: filter.assignee } : {}),
    ...(filter.unassigned ? { assignee: { $exists: false } } : {}),
    ...(filter.candidateGroups ? { candidateGroup: { $in: filter.candidateGroups } } : {}),
    ...(filter.processDefinitionId ? { processDefinitionId: filter.processDefinitionId } : {}),
    ...(filter.elementId ? { elementId: filter.elementId } : {}),
    ...(filter.caseId ? { processInstanceVariables: [{ name: 'caseId', value: JSON.stringify(filter.caseId) }] } : {}),
  }
}

/** The `caseId` of each process instance, in one search. */
async function caseIdsOf(client: Client, processInstanceKeys: string[]): Promise<Map<string, string>> {
  if (processInstanceKeys.length === 0) return new Map()
  const result = await client.searchVariables(
    {
      filter: { name: 'caseId', processInstanceKey: { $in: [...new Set(processInstanceKeys)] } },
      page: EVERYTHING,
    } as never,
    NOW,
  )
  return new Map(
    result.items
      .filter((variable) => variable.scopeKey === variable.processInstanceKey)
      .map((variable) => [String(variable.processInstanceKey), String(JSON.parse(String(variable.value)))]),
  )
}

function toUserTask(task: Record<string, unknown>, caseIds: Map<string, string>): UserTask {
  const processInstanceKey = String(task.processInstanceKey)
  return {
    taskKey: String(task.userTaskKey),
    name: text(task.name) ?? String(task.elementId),
    elementId: String(task.elementId),
    elementInstanceKey: String(task.elementInstanceKey),
    processInstanceKey,
    processDefinitionId: String(task.processDefinitionId),
    processDefinitionKey: String(task.processDefinitionKey),
    caseId: caseIds.get(processInstanceKey) ?? null,
    state: String(task.state),
    assignee: text(task.assignee),
    candidateGroups: (task.candidateGroups as string[] | undefined) ?? [],
    formKey: text(task.formKey),
    createdAt: String(task.creationDate),
    completedAt: text(task.completionDate),
    dueAt: text(task.dueDate),
    remindAt: text(task.followUpDate),
  }
}

function toProcessInstance(instance: Record<string, unknown>): ProcessInstance {
  return {
    processInstanceKey: String(instance.processInstanceKey),
    processDefinitionId: String(instance.processDefinitionId),
    processDefinitionKey: String(instance.processDefinitionKey),
    processDefinitionName: text(instance.processDefinitionName),
    version: Number(instance.processDefinitionVersion),
    parentProcessInstanceKey: text(instance.parentProcessInstanceKey),
    parentElementInstanceKey: text(instance.parentElementInstanceKey),
    state: String(instance.state),
    startedAt: String(instance.startDate),
    endedAt: text(instance.endDate),
    hasIncident: instance.hasIncident === true,
  }
}
