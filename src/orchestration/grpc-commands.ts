import type { Camunda8 } from '@camunda8/sdk'
import { z } from 'zod'
import { call } from './call.ts'
import type { JsonValue, Orchestration } from './orchestration.ts'

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
export function grpcCommands(
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
