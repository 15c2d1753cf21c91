import { setTimeout as sleep } from 'node:timers/promises'
import { Camunda8 } from '@camunda8/sdk'
import { z } from 'zod'
import type { Variables } from '../../../src/engine/index.ts'
import { type Client, type Job, Rejection, toRejection } from './client.ts'

/** Names of gRPC's status codes, for refusals that do not tell the engine's own. */
const STATUS: Readonly<Record<number, string>> = {
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  6: 'ALREADY_EXISTS',
  8: 'RESOURCE_EXHAUSTED',
  9: 'INVALID_STATE',
  12: 'UNIMPLEMENTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
}

/** What the SDK adds to Camunda's words. */
const SDK_ADVICE = /\. The process may have been cancelled, the job cancelled by an interrupting event[\s\S]*$/

const tell = (run: () => Promise<unknown>): Promise<void> => call(async () => void (await run()))

async function call<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await Promise.race([run(), timeout()])
  } catch (error) {
    const fault = z.object({ code: z.number(), details: z.string() }).safeParse(error)
    if (!fault.success) throw error
    const { code, details } = fault.data
    throw toRejection(error, details.replace(SDK_ADVICE, ''), STATUS[code] ?? String(code))
  }
}

/** A gateway that never answers is a fault of the test's, not an outcome. */
async function timeout(): Promise<never> {
  await sleep(20_000, undefined, { ref: false })
  throw new Error('the gateway has not answered for 20 s')
}

const key = z.union([z.string(), z.number()]).transform(String)
const deployment = z.object({
  deployments: z.array(
    z.object({
      process: z.object({ bpmnProcessId: z.string(), version: z.number(), processDefinitionKey: key }).nullish(),
      decision: z.object({ dmnDecisionId: z.string(), version: z.number(), decisionRequirementsKey: key }).nullish(),
      form: z.object({ formId: z.string(), version: z.number(), formKey: key }).nullish(),
    }),
  ),
})
const decision = z.object({
  decisionOutput: z.string(),
  failureMessage: z.string(),
  evaluatedDecisions: z.array(
    z.object({
      decisionId: z.string(),
      decisionType: z.string(),
      decisionOutput: z.string(),
      evaluatedInputs: z.array(z.object({ inputValue: z.string() })),
      matchedRules: z.array(
        z.object({ ruleIndex: z.number(), evaluatedOutputs: z.array(z.object({ outputValue: z.string() })) }),
      ),
    }),
  ),
})

/** Plain JSON: the SDK gives numbers that do not fit as objects of their own. */
export const plain = (value: unknown): Variables => JSON.parse(JSON.stringify(value)) as Variables

/** The gRPC side of the client: everything that the gateway protocol has. */
export type GrpcClient = Omit<
  Client,
  'completeUserTask' | 'assignUserTask' | 'unassignUserTask' | 'updateUserTask' | 'correlate'
>

/** Connects to a gateway, e.g. `grpc://127.0.0.1:26500`. */
export function connectGrpc(address: string): GrpcClient {
  const camunda = new Camunda8(
    {
      ZEEBE_GRPC_ADDRESS: address,
      CAMUNDA_AUTH_STRATEGY: 'NONE',
      CAMUNDA_LOG_LEVEL: 'none',
      CAMUNDA_SUPPORT_LOG_ENABLED: false,
      zeebeGrpcSettings: { ZEEBE_CLIENT_LOG_LEVEL: 'NONE', ZEEBE_GRPC_CLIENT_RETRY: false },
    },
    { defaultCached: false },
  )
  const client = camunda.getZeebeGrpcApiClient()
  return {
    deploy: (files) =>
      call(async () => {
        const answer = await client.deployResources(
          files.map(({ name, content }) => {
            const bytes = Buffer.from(content)
            if (name.endsWith('.dmn')) return { name, decision: bytes }
            return name.endsWith('.form') ? { name, form: bytes } : { name, process: bytes }
          }),
        )
        const { deployments } = deployment.parse(answer)
        return {
          processes: deployments.flatMap(({ process }) =>
            process ? [{ id: process.bpmnProcessId, version: process.version, key: process.processDefinitionKey }] : [],
          ),
          decisions: deployments.flatMap(({ decision }) =>
            decision
              ? [
                  {
                    id: decision.dmnDecisionId,
                    version: decision.version,
                    requirementsKey: decision.decisionRequirementsKey,
                  },
                ]
              : [],
          ),
          forms: deployments.flatMap(({ form }) =>
            form ? [{ id: form.formId, version: form.version, key: form.formKey }] : [],
          ),
        }
      }),
    deleteResource: (resourceKey) => tell(() => client.deleteResource({ resourceKey })),
    start: ({ processId, variables, version, startBefore = [] }) =>
      call(async () => {
        const created = await client.createProcessInstance({
          bpmnProcessId: processId,
          variables: variables as never,
          ...(version === undefined ? {} : { version }),
          startInstructions: startBefore.map((elementId) => ({ elementId })),
        })
        return { key: String(created.processInstanceKey), version: created.version }
      }),
    startAndAwait: ({ processId, variables }, fetchVariables) =>
      call(async () => {
        const created = await client.createProcessInstanceWithResult({
          bpmnProcessId: processId,
          variables: variables as never,
          requestTimeout: 5_000,
          fetchVariables: [...fetchVariables],
        })
        return plain(created.variables)
      }),
    cancel: (processInstanceKey) => tell(() => client.cancelProcessInstance(processInstanceKey)),
    modify: (processInstanceKey, { activate = [], terminate = [] }) =>
      call(async () => {
        await client.modifyProcessInstance({
          processInstanceKey,
          activateInstructions: activate.map(({ elementId, variables = {}, ancestorKey }) => ({
            elementId,
            ancestorElementInstanceKey: ancestorKey ?? '-1',
            variableInstructions: Object.entries(variables).map(([scopeId, values]) => ({
              scopeId,
              variables: values as never,
            })),
          })),
          terminateInstructions: terminate.map((elementInstanceKey) => ({ elementInstanceKey })),
        })
      }),
    migrate: (processInstanceKey, targetProcessDefinitionKey, mappingInstructions) =>
      call(async () => {
        await client.migrateProcessInstance({
          processInstanceKey,
          migrationPlan: { targetProcessDefinitionKey, mappingInstructions: [...mappingInstructions] },
        })
      }),
    activateJobs: ({ type, maxJobs, timeout, fetchVariables }) =>
      call(async () => {
        const jobs = await client.activateJobs({
          type,
          worker: 'conformance',
          timeout,
          maxJobsToActivate: maxJobs,
          // Negative: answers at once, also without a job.
          requestTimeout: -1,
          ...(fetchVariables.length > 0 ? { fetchVariable: [...fetchVariables] } : {}),
        } as never)
        return (jobs as unknown as (Omit<Job, 'headers'> & { customHeaders: Record<string, unknown> })[]).map(
          (job) => ({
            key: String(job.key),
            type: job.type,
            elementId: job.elementId,
            retries: job.retries,
            headers: plain(job.customHeaders),
            variables: plain(job.variables),
          }),
        )
      }),
    completeJob: (jobKey, variables, result) => {
      if (result !== undefined)
        throw new Rejection('UNIMPLEMENTED', 'the SDK completes jobs over gRPC without a result')
      return tell(() => client.completeJob({ jobKey, variables: variables as never }))
    },
    failJob: (jobKey, failure) => tell(() => client.failJob({ jobKey, ...failure } as never)),
    throwError: (jobKey, thrown) => tell(() => client.throwError({ jobKey, ...thrown } as never)),
    updateRetries: (jobKey, retries) => tell(() => client.updateJobRetries({ jobKey, retries })),
    updateTimeout: (jobKey, timeout) => tell(() => client.updateJobTimeout({ jobKey, timeout })),
    publish: (message) => tell(() => client.publishMessage(message as never)),
    broadcast: (signalName, variables) =>
      tell(() => client.broadcastSignal({ signalName, variables: variables as never })),
    resolveIncident: (incidentKey) => tell(() => client.resolveIncident({ incidentKey })),
    setVariables: (elementInstanceKey, variables, local) =>
      tell(() => client.setVariables({ elementInstanceKey, variables: variables as never, local })),
    evaluateDecision: (decisionId, variables) =>
      call(async () => {
        const result = decision.parse(await client.evaluateDecision({ decisionId, variables: variables as never }))
        return {
          output: JSON.parse(result.decisionOutput === '' ? 'null' : result.decisionOutput),
          failure: result.failureMessage === '' ? null : result.failureMessage,
          evaluated: result.evaluatedDecisions.map((one) => ({
            decisionId: one.decisionId,
            type: one.decisionType,
            output: JSON.parse(one.decisionOutput === '' ? 'null' : one.decisionOutput),
            inputs: one.evaluatedInputs.map(({ inputValue }) => JSON.parse(inputValue)),
            matchedRules: one.matchedRules.map(({ ruleIndex, evaluatedOutputs }) => ({
              ruleIndex,
              outputs: evaluatedOutputs.map(({ outputValue }) => JSON.parse(outputValue)),
            })),
          })),
        }
      }),
    close: () => camunda.closeAllClients(),
  }
}
