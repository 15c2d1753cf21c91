import type { Camunda8 } from '@camunda8/sdk'
import { serveEngine, serveGateway } from '../../src/engine/api/index.ts'
import { createEngineClock, type Engine, openEngine } from '../../src/engine/index.ts'
import { connectCamunda } from '../../src/orchestration/camunda.ts'
import { createOrchestration } from '../../src/orchestration/client.ts'
import { type Orchestration, OrchestrationError, type UserTask } from '../../src/orchestration/orchestration.ts'
import type { Resource } from '../../src/orchestration/resources.ts'

/** An engine in memory, served over HTTP, and the product's own client of it. */
export interface ServedCourt {
  engine: Engine
  camunda: Camunda8
  orchestration: Orchestration
  close(): Promise<void>
}

const startOfDay = new Date('2026-03-02T09:00:00+08:00')

/** Serves an engine whose clock stands at Monday 09:00; the product talks to it by `transport`. */
export async function serveCourt(transport: 'rest' | 'grpc' = 'rest'): Promise<ServedCourt> {
  const clock = createEngineClock()
  const engine = await openEngine({ directory: null, clock, timeZone: 'Asia/Shanghai' })
  await engine.execute({ type: 'PinClock', timestamp: startOfDay.getTime() })
  const basic = { user: 'enforcement', password: 'test-only' }
  const server = await serveEngine(engine, { host: '127.0.0.1', port: 0, credentials: basic })
  const gateway = await serveGateway(engine, { host: '127.0.0.1', port: 0, credentials: basic })
  const camunda = connectCamunda({ restAddress: server.url, grpcAddress: gateway.url, transport, basic })
  return {
    engine,
    camunda,
    orchestration: createOrchestration(camunda, transport),
    close: async () => {
      await server.close()
      await gateway.close()
      await engine.close()
    },
  }
}

const namespaces =
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" targetNamespace="https://example.invalid" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.6.0"'

/**
 * Lending a file: the request is checked by a job, which may refuse it with the BPMN error LOAN_REFUSED; then the director
 * approves, and a called process waits for the return.
 */
const loan = `<bpmn:definitions id="loan-definitions" ${namespaces}>
  <bpmn:message id="loanRequestedMessage" name="loan.requested" />
  <bpmn:error id="loanRefusedError" name="loanRefused" errorCode="LOAN_REFUSED" />
  <bpmn:process id="loan" name="借卷" isExecutable="true">
    <bpmn:startEvent id="loanRequested"><bpmn:messageEventDefinition id="e1" messageRef="loanRequestedMessage" /></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="loanRequested" targetRef="checkLoan" />
    <bpmn:serviceTask id="checkLoan" name="核对借卷申请"><bpmn:extensionElements><zeebe:taskDefinition type="loan.check" retries="3" /></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:boundaryEvent id="loanRefused" attachedToRef="checkLoan"><bpmn:errorEventDefinition id="e2" errorRef="loanRefusedError" /></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="loanRefused" targetRef="refused" />
    <bpmn:endEvent id="refused" />
    <bpmn:sequenceFlow id="f3" sourceRef="checkLoan" targetRef="approveLoan" />
    <bpmn:userTask id="approveLoan" name="审批借卷"><bpmn:extensionElements>
      <zeebe:userTask />
      <zeebe:formDefinition formId="loan-approval" bindingType="deployment" />
      <zeebe:assignmentDefinition candidateGroups="enforcement-director,supervising-leader" />
      <zeebe:taskSchedule dueDate="=dueAt" followUpDate="=remindAt" />
    </bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="f4" sourceRef="approveLoan" targetRef="awaitReturn" />
    <bpmn:callActivity id="awaitReturn"><bpmn:extensionElements>
      <zeebe:calledElement processId="loan-return" propagateAllChildVariables="false" propagateAllParentVariables="false" />
      <zeebe:ioMapping><zeebe:input source="=caseId" target="caseId" /></zeebe:ioMapping>
    </bpmn:extensionElements></bpmn:callActivity>
    <bpmn:sequenceFlow id="f5" sourceRef="awaitReturn" targetRef="returned" />
    <bpmn:endEvent id="returned" />
  </bpmn:process>
</bpmn:definitions>`

const loanReturn = `<bpmn:definitions id="loan-return-definitions" ${namespaces}>
  <bpmn:message id="loanReturnedMessage" name="loan.returned"><bpmn:extensionElements><zeebe:subscription correlationKey="=caseId" /></bpmn:extensionElements></bpmn:message>
  <bpmn:process id="loan-return" name="还卷" isExecutable="true">
    <bpmn:startEvent id="lent" />
    <bpmn:sequenceFlow id="g1" sourceRef="lent" targetRef="fileReturned" />
    <bpmn:intermediateCatchEvent id="fileReturned"><bpmn:messageEventDefinition id="e3" messageRef="loanReturnedMessage" /></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="g2" sourceRef="fileReturned" targetRef="closed" />
    <bpmn:endEvent id="closed" />
  </bpmn:process>
</bpmn:definitions>`

const loanForm = JSON.stringify({
  id: 'loan-approval',
  type: 'default',
  schemaVersion: 18,
  executionPlatform: 'Camunda Cloud',
  executionPlatformVersion: '8.6.0',
  components: [{ type: 'textfield', id: 'opinion', key: 'approval.opinion', label: '意见' }],
})

const loanDays = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="loanRules" name="借卷" namespace="https://example.invalid">
  <decision id="loanDays" name="借卷天数"><decisionTable id="loanDaysTable">
    <input id="i1"><inputExpression id="x1" typeRef="string"><text>reason</text></inputExpression></input>
    <output id="o1" name="days" typeRef="number" />
    <rule id="r1"><inputEntry id="c1"><text>"trip"</text></inputEntry><outputEntry id="v1"><text>5</text></outputEntry></rule>
  </decisionTable></decision>
  <decision id="loanFault" name="总是出错"><literalExpression id="l1"><text>assert(reason, false, "没有借卷事由")</text></literalExpression></decision>
</definitions>`

/** Everything above, as it would lie on disk. */
export const loanResources: Resource[] = [
  { name: 'loan.bpmn', content: Buffer.from(loan) },
  { name: 'loan-return.bpmn', content: Buffer.from(loanReturn) },
  { name: 'loan-days.dmn', content: Buffer.from(loanDays) },
  { name: 'loan-approval.form', content: Buffer.from(loanForm) },
]

export const caseId = '00000000-0000-4000-8000-000000000001'
export const otherCaseId = '00000000-0000-4000-8000-000000000002'
/** When a loan's approval is due, and when somebody is reminded of it. */
export const dates = { dueAt: '2026-03-03T17:30:00+08:00', remindAt: '2026-03-03T08:30:00+08:00' }

/** Starts a loan; with `checked` its check is done and the director is asked. Answers the process instance's key. */
export async function startLoan(
  { engine, orchestration }: ServedCourt,
  { id = caseId, checked = true } = {},
): Promise<string> {
  const { processInstanceKey } = await orchestration.correlateMessage({
    name: 'loan.requested',
    correlationKey: id,
    variables: { caseId: id, reason: 'trip', ...dates },
  })
  if (checked) {
    const { jobs } = await engine.execute({
      type: 'ActivateJobs',
      jobType: 'loan.check',
      worker: 'test',
      timeout: 60_000,
      maxJobs: 10,
    })
    for (const { jobKey } of jobs) await engine.execute({ type: 'CompleteJob', jobKey })
  }
  return processInstanceKey ?? ''
}

/** The oldest open task of a case. @throws Error when there is none */
export async function theTask({ orchestration }: ServedCourt, id = caseId): Promise<UserTask> {
  const { items } = await orchestration.searchUserTasks({ caseId: id, state: 'CREATED' })
  const [task] = items
  if (!task) throw new Error('no task')
  return task
}

/** The HTTP status with which a call is refused, "accepted" when it is not; what is no refusal is thrown on. */
export function refusal(call: Promise<unknown>): Promise<number | 'accepted'> {
  return call.then(
    () => 'accepted' as const,
    (error: unknown) => {
      if (error instanceof OrchestrationError) return error.status
      throw error
    },
  )
}
