import type { Camunda8 } from '@camunda8/sdk'
import { text, toElementInstance, toIncident, toProcessDefinition, toProcessInstance, toUserTask } from './answers.ts'
import { call } from './call.ts'
import { grpcCommands } from './grpc-commands.ts'
import type { JsonValue, Orchestration, UserTaskFilter } from './orchestration.ts'

/** Searches answer what is there now; the embedded engine is consistent, a cluster catches up. */
const NOW = { consistency: { waitUpToMs: 0 } }
const EVERYTHING = { from: 0, limit: 1_000 }

type Client = ReturnType<Camunda8['getOrchestrationClusterApiClientLoose']>

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
        return (result.items ?? []).map(toElementInstance)
      }),

    searchIncidents: (filter) =>
      call('incident search', async () => {
        const result = await client.searchIncidents(
          {
            filter: {
              ...(filter.incidentKey ? { incidentKey: filter.incidentKey } : {}),
              ...(filter.processInstanceKeys ? { processInstanceKey: { $in: filter.processInstanceKeys } } : {}),
              ...(filter.state ? { state: filter.state } : {}),
            },
            page: EVERYTHING,
            sort: [{ field: 'creationTime', order: 'DESC' }],
          } as never,
          NOW,
        )
        const caseIds = await caseIdsOf(
          client,
          (result.items ?? []).map((incident) => String(incident.processInstanceKey)),
        )
        return (result.items ?? []).map((incident) => toIncident(incident, caseIds))
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
        return (result.items ?? []).map(toProcessDefinition)
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
