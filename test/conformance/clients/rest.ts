import { Camunda8 } from '@camunda8/sdk'
import { z } from 'zod'
import { type Client, toRejection } from './client.ts'
import { plain } from './grpc.ts'

async function call<T>(run: () => PromiseLike<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const fault = z
      .object({ status: z.number().optional(), title: z.string().optional(), detail: z.string().optional() })
      .loose()
      .parse(error)
    if (fault.status === undefined) throw error
    throw toRejection(error, fault.detail ?? String(error), fault.title ?? String(fault.status))
  }
}

/** A call whose answer tells nothing. */
const tell = (run: () => PromiseLike<unknown>): Promise<void> => call(async () => void (await run()))

/** Connects to an Orchestration Cluster REST API, e.g. `http://127.0.0.1:8080`. */
export function connectRest(url: string): Client {
  const camunda = new Camunda8(
    {
      ZEEBE_REST_ADDRESS: url,
      CAMUNDA_AUTH_STRATEGY: 'NONE',
      CAMUNDA_LOG_LEVEL: 'none',
      CAMUNDA_SUPPORT_LOG_ENABLED: false,
    },
    { defaultCached: false },
  )
  const client = camunda.getOrchestrationClusterApiClientLoose()
  return {
    deploy: (files) =>
      call(async () => {
        const resources = files.map(({ name, content }) => new File([content], name))
        const answer = await client.createDeployment({ resources: resources as never })
        return {
          processes: answer.processes.map((one) => ({
            id: one.processDefinitionId,
            version: one.processDefinitionVersion,
            key: one.processDefinitionKey,
          })),
          decisions: answer.decisions.map((one) => ({
            id: String(one.decisionDefinitionId),
            version: Number(one.version),
            requirementsKey: String(one.decisionRequirementsKey),
          })),
          forms: answer.forms.map((one) => ({
            id: String(one.formId),
            version: Number(one.version),
            key: String(one.formKey),
          })),
        }
      }),
    deleteResource: (resourceKey) => tell(() => client.deleteResource({ resourceKey })),
    start: ({ processId, variables, version, startBefore = [] }) =>
      call(async () => {
        const created = await client.createProcessInstance({
          processDefinitionId: processId,
          variables,
          ...(version === undefined ? {} : { processDefinitionVersion: version }),
          ...(startBefore.length === 0 ? {} : { startInstructions: startBefore.map((elementId) => ({ elementId })) }),
        })
        return { key: created.processInstanceKey, version: created.processDefinitionVersion }
      }),
    startAndAwait: ({ processId, variables }, fetchVariables) =>
      call(async () => {
        const created = await client.createProcessInstance({
          processDefinitionId: processId,
          variables,
          awaitCompletion: true,
          requestTimeout: 5_000,
          fetchVariables: [...fetchVariables],
        })
        return plain(created.variables)
      }),
    cancel: (processInstanceKey) => tell(() => client.cancelProcessInstance({ processInstanceKey })),
    modify: (processInstanceKey, { activate = [], terminate = [] }) =>
      call(async () => {
        await client.modifyProcessInstance({
          processInstanceKey,
          activateInstructions: activate.map(({ elementId, variables = {}, ancestorKey }) => ({
            elementId,
            ...(ancestorKey === undefined ? {} : { ancestorElementInstanceKey: ancestorKey }),
            variableInstructions: Object.entries(variables).map(([scopeId, values]) => ({
              scopeId,
              variables: values,
            })),
          })),
          terminateInstructions: terminate.map((elementInstanceKey) => ({ elementInstanceKey })),
        } as never)
      }),
    migrate: (processInstanceKey, targetProcessDefinitionKey, mappingInstructions) =>
      call(async () => {
        await client.migrateProcessInstance({
          processInstanceKey,
          targetProcessDefinitionKey,
          mappingInstructions: [...mappingInstructions],
        })
      }),
    activateJobs: ({ type, maxJobs, timeout, fetchVariables }) =>
      call(async () => {
        const { jobs } = await client.activateJobs({
          type,
          worker: 'conformance',
          timeout,
          maxJobsToActivate: maxJobs,
          requestTimeout: -1,
          ...(fetchVariables.length > 0 ? { fetchVariable: [...fetchVariables] } : {}),
        })
        return jobs.map((job) => ({
          key: job.jobKey,
          type: job.type,
          elementId: job.elementId,
          retries: job.retries,
          headers: plain(job.customHeaders),
          variables: plain(job.variables),
        }))
      }),
    completeJob: (jobKey, variables, result) =>
      tell(() => client.completeJob({ jobKey, variables, ...(result ? { result } : {}) } as never)),
    failJob: (jobKey, { retryBackOff, ...failure }) => tell(() => client.failJob({ jobKey, retryBackOff, ...failure })),
    throwError: (jobKey, thrown) => tell(() => client.throwJobError({ jobKey, ...thrown })),
    updateRetries: (jobKey, retries) => tell(() => client.updateJob({ jobKey, changeset: { retries } as never })),
    updateTimeout: (jobKey, timeout) => tell(() => client.updateJob({ jobKey, changeset: { timeout } as never })),
    publish: ({ messageId, ...message }) =>
      tell(() => client.publishMessage({ ...message, ...(messageId === '' ? {} : { messageId }) })),
    correlate: (message) => tell(() => client.correlateMessage(message)),
    broadcast: (signalName, variables) => tell(() => client.broadcastSignal({ signalName, variables })),
    resolveIncident: (incidentKey) => tell(() => client.resolveIncident({ incidentKey })),
    setVariables: (elementInstanceKey, variables, local) =>
      tell(() => client.createElementInstanceVariables({ elementInstanceKey, variables, local })),
    evaluateDecision: (decisionDefinitionId, variables) =>
      call(async () => {
        const result = await client.evaluateDecision({ decisionDefinitionId, variables })
        return {
          output: JSON.parse(result.output),
          failure: result.failureMessage || null,
          evaluated: result.evaluatedDecisions.map((one) => ({
            decisionId: String(one.decisionDefinitionId),
            type: String(one.decisionDefinitionType),
            output: JSON.parse(String(one.output)),
            inputs: (one.evaluatedInputs ?? []).map(({ inputValue }) => JSON.parse(String(inputValue))),
            matchedRules: (one.matchedRules ?? []).map(({ ruleIndex, evaluatedOutputs }) => ({
              ruleIndex: Number(ruleIndex),
              outputs: (evaluatedOutputs ?? []).map(({ outputValue }) => JSON.parse(String(outputValue))),
            })),
          })),
        }
      }),
    completeUserTask: (userTaskKey, variables, action) =>
      tell(() => client.completeUserTask({ userTaskKey, variables, ...(action ? { action } : {}) })),
    assignUserTask: (userTaskKey, assignee, { claim, action }) =>
      tell(() =>
        client.assignUserTask({
          userTaskKey,
          assignee,
          ...(claim ? { allowOverride: false } : {}),
          ...(action ? { action } : {}),
        }),
      ),
    unassignUserTask: (userTaskKey) => tell(() => client.unassignUserTask({ userTaskKey })),
    updateUserTask: (userTaskKey, changeset, action) =>
      tell(() => client.updateUserTask({ userTaskKey, changeset, ...(action ? { action } : {}) } as never)),
    close: () => camunda.closeAllClients(),
  }
}
