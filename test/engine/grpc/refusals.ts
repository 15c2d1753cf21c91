import {
  bpmn,
  element,
  end,
  flows,
  job,
  message,
  messageEvent,
  serviceTask,
  start,
} from '../../../src/engine/testing/bpmn-builder.ts'
import type { Outcome, RawClient } from './served-gateway.ts'

/** Code and message of an answer; keys of the run are written as N. */
export interface Answer {
  readonly code: string
  readonly details: string
}

/** The real engines that answers were compared with. */
export type RealEngine = '8.8' | '8.6'

/** A call that is refused, with the answer of this engine and, where it is another one, of the real ones. */
export interface Refusal {
  readonly title: string
  readonly method: string
  request(things: Things): object
  readonly answer: Answer
  readonly real?: Partial<Record<RealEngine, Answer>>
}

/** What the calls are about. */
export interface Things {
  readonly processId: string
  readonly messageStartId: string
  readonly jobType: string
  readonly activeInstance: string
  readonly canceledInstance: string
  readonly activeJob: string
  readonly completedJob: string
  /** Failed without retries left. */
  readonly failedJob: string
  /** Has thrown an error that nobody catches. */
  readonly thrownJob: string
  readonly bufferedMessageId: string
}

/** A key that nothing has. */
const NOTHING = '2251799999999999'

/** Deploys and starts what the calls are about. */
export async function prepare(client: RawClient, run: string): Promise<Things> {
  const processId = `grpc-refusals-${run}`
  const messageStartId = `grpc-message-start-${run}`
  const jobType = `grpc-job-${run}`
  await deploy(client, processId, start() + serviceTask('task', job(jobType)) + end() + flows('start -> task -> end'))
  await deploy(
    client,
    messageStartId,
    element('startEvent', { id: 'start' }, messageEvent('m')) + end() + flows('start -> end'),
    message('m', `grpc-start-${run}`),
  )
  const started = async (): Promise<string> =>
    one(await client.call('CreateProcessInstance', { bpmnProcessId: processId, version: -1 })).processInstanceKey
  const newJob = async (): Promise<string> => {
    await started()
    return takeJob(client, jobType)
  }
  const completedJob = await newJob()
  one(await client.call('CompleteJob', { jobKey: completedJob }))
  const failedJob = await newJob()
  one(await client.call('FailJob', { jobKey: failedJob, retries: 0, errorMessage: 'no' }))
  const thrownJob = await newJob()
  one(await client.call('ThrowError', { jobKey: thrownJob, errorCode: 'nobody' }))
  const activeJob = await newJob()
  const canceledInstance = await started()
  one(await client.call('CancelProcessInstance', { processInstanceKey: canceledInstance }))
  const bufferedMessageId = `grpc-message-${run}`
  one(await client.call('PublishMessage', publication(bufferedMessageId)))
  return {
    processId,
    messageStartId,
    jobType,
    activeInstance: await started(),
    canceledInstance,
    activeJob,
    completedJob,
    failedJob,
    thrownJob,
    bufferedMessageId,
  }
}

async function deploy(client: RawClient, id: string, content: string, roots = ''): Promise<void> {
  const resources = [{ name: `${id}.bpmn`, content: Buffer.from(bpmn(id, content, roots)) }]
  one(await client.call('DeployResource', { resources }))
}

async function takeJob(client: RawClient, type: string): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const request = { type, worker: 'test', timeout: 600_000, maxJobsToActivate: 1, requestTimeout: 1_000 }
    const { messages } = await client.call('ActivateJobs', request)
    const [found] = messages.flatMap((response) => response.jobs)
    if (found !== undefined) return found.key
  }
  throw new Error(`no job of type ${type}`)
}

const publication = (messageId: string) => ({
  name: 'grpc-message',
  correlationKey: 'key',
  timeToLive: 600_000,
  messageId,
})

// biome-ignore lint/suspicious/noExplicitAny: the fields of a message are known to who called
function one(outcome: Outcome): any {
  if (outcome.code !== 'OK') throw new Error(`${outcome.code}: ${outcome.details}`)
  return outcome.messages[0]
}

/** Makes the call of a case. */
export async function answerOf(client: RawClient, refusal: Refusal, things: Things): Promise<Answer> {
  const { code, details } = await client.call(refusal.method, refusal.request(things), { deadline: 10_000 })
  return { code, details: normalized(details, things) }
}

function normalized(text: string, things: Things): string {
  return text.replaceAll(/\d{13,}/g, 'N').replaceAll(things.processId.slice('grpc-refusals-'.length), 'RUN')
}

const invalid = (command: string, reason: string): Answer =>
  rejected('INVALID_ARGUMENT', command, 'INVALID_ARGUMENT', reason)
const notFound = (command: string, reason: string): Answer => rejected('NOT_FOUND', command, 'NOT_FOUND', reason)
const wrongState = (command: string, reason: string): Answer =>
  rejected('FAILED_PRECONDITION', command, 'INVALID_STATE', reason)

function rejected(code: string, command: string, type: string, reason: string): Answer {
  return { code, details: `Command '${command}' rejected with code '${type}': ${reason}` }
}

const argument = (details: string): Answer => ({ code: 'INVALID_ARGUMENT', details })
const OK: Answer = { code: 'OK', details: '' }
/** The gateway of the in-memory engine does not check what the real gateway checks. */
const IN_MEMORY_FAULT: Answer = { code: 'UNKNOWN', details: 'Application error processing RPC' }
/** A stream that is open until the deadline of the call. */
const OPEN: Answer = { code: 'DEADLINE_EXCEEDED', details: '' }

const wrongTenant = (method: string): Answer =>
  argument(`Expected to handle gRPC request ${method} with tenant identifier 'other', but multi-tenancy is disabled`)

const activation = { worker: 'test', timeout: 1_000, maxJobsToActivate: 1, requestTimeout: -1 }

/** Every refusal that a client can meet. */
export const REFUSALS: readonly Refusal[] = [
  {
    title: 'a deployment of nothing',
    method: 'DeployResource',
    request: () => ({}),
    answer: invalid('CREATE', 'Expected to deploy at least one resource, but none given'),
  },
  {
    title: 'a deployment for another tenant',
    method: 'DeployResource',
    request: () => ({ tenantId: 'other', resources: [{ name: 'a.form', content: Buffer.from('{"id":"a"}') }] }),
    answer: wrongTenant('DeployResource'),
    real: { '8.8': OK },
  },
  {
    title: 'deletion of nothing',
    method: 'DeleteResource',
    request: () => ({ resourceKey: NOTHING }),
    answer: notFound('DELETE', 'Expected to delete resource but no resource found with key `N`'),
  },
  {
    title: 'an instance of an unknown process',
    method: 'CreateProcessInstance',
    request: () => ({ bpmnProcessId: 'grpc-unknown', version: -1 }),
    answer: notFound('CREATE', "Expected to find process definition with process ID 'grpc-unknown', but none found"),
  },
  {
    title: 'an instance of an unknown version',
    method: 'CreateProcessInstance',
    request: ({ processId }) => ({ bpmnProcessId: processId, version: 77 }),
    answer: notFound(
      'CREATE',
      "Expected to find process definition with process ID 'grpc-refusals-RUN' and version '77', but none found",
    ),
  },
  {
    title: 'an instance of version 0, which is a version and not the latest',
    method: 'CreateProcessInstance',
    request: ({ processId }) => ({ bpmnProcessId: processId }),
    answer: notFound(
      'CREATE',
      "Expected to find process definition with process ID 'grpc-refusals-RUN' and version '0', but none found",
    ),
  },
  {
    title: 'an instance of an unknown key',
    method: 'CreateProcessInstance',
    request: () => ({ processDefinitionKey: 1234 }),
    answer: notFound('CREATE', "Expected to find process definition with key '1234', but none found"),
  },
  {
    title: 'an instance of nothing',
    method: 'CreateProcessInstance',
    request: () => ({}),
    answer: notFound('CREATE', "Expected to find process definition with key '0', but none found"),
  },
  {
    title: 'an instance of no id and no key',
    method: 'CreateProcessInstance',
    request: () => ({ processDefinitionKey: -1 }),
    answer: invalid('CREATE', 'Expected at least a bpmnProcessId or a key greater than -1, but none given'),
  },
  {
    title: 'an instance of a process without none start event',
    method: 'CreateProcessInstance',
    request: ({ messageStartId }) => ({ bpmnProcessId: messageStartId, version: -1 }),
    answer: wrongState(
      'CREATE',
      'Expected to create instance of process with none start event, but there is no such event',
    ),
  },
  {
    title: 'variables that are a list',
    method: 'CreateProcessInstance',
    request: ({ processId }) => ({ bpmnProcessId: processId, version: -1, variables: '[1]' }),
    answer: argument("Property 'variables' is invalid: Expected document to be a root level object, but was 'ARRAY'"),
    real: { '8.8': IN_MEMORY_FAULT },
  },
  {
    title: 'variables that are a text',
    method: 'CreateProcessInstance',
    request: ({ processId }) => ({ bpmnProcessId: processId, version: -1, variables: '"x"' }),
    answer: argument("Property 'variables' is invalid: Expected document to be a root level object, but was 'STRING'"),
    real: { '8.8': IN_MEMORY_FAULT },
  },
  {
    title: 'an instance for another tenant',
    method: 'CreateProcessInstance',
    request: ({ processId }) => ({ bpmnProcessId: processId, version: -1, tenantId: 'other' }),
    answer: wrongTenant('CreateProcessInstance'),
    real: { '8.8': OK },
  },
  {
    title: 'a result of an unknown process',
    method: 'CreateProcessInstanceWithResult',
    request: () => ({ request: { bpmnProcessId: 'grpc-unknown', version: -1 } }),
    answer: notFound(
      'CREATE_WITH_AWAITING_RESULT',
      "Expected to find process definition with process ID 'grpc-unknown', but none found",
    ),
  },
  {
    title: 'cancellation of nothing',
    method: 'CancelProcessInstance',
    request: () => ({ processInstanceKey: NOTHING }),
    answer: notFound('CANCEL', "Expected to cancel a process instance with key 'N', but no such process was found"),
  },
  {
    title: 'cancellation again',
    method: 'CancelProcessInstance',
    request: ({ canceledInstance }) => ({ processInstanceKey: canceledInstance }),
    answer: notFound('CANCEL', "Expected to cancel a process instance with key 'N', but no such process was found"),
  },
  {
    title: 'an instance that starts at an unknown element',
    method: 'CreateProcessInstance',
    request: ({ processId }) => ({
      bpmnProcessId: processId,
      version: -1,
      startInstructions: [{ elementId: 'nowhere' }],
    }),
    answer: invalid(
      'CREATE',
      "Expected to create instance of process with start instructions but no element found with id 'nowhere'.",
    ),
  },
  {
    title: 'modification of nothing',
    method: 'ModifyProcessInstance',
    request: () => ({ processInstanceKey: NOTHING }),
    answer: notFound('MODIFY', "Expected to modify process instance but no process instance found with key 'N'"),
  },
  {
    title: 'modification that activates an unknown element',
    method: 'ModifyProcessInstance',
    request: ({ activeInstance }) => ({
      processInstanceKey: activeInstance,
      activateInstructions: [{ elementId: 'nowhere' }],
    }),
    answer: invalid(
      'MODIFY',
      "Expected to modify instance of process 'grpc-refusals-RUN' but it contains one or more activate instructions with an element that could not be found: 'nowhere'",
    ),
  },
  {
    title: 'modification that terminates an unknown element instance',
    method: 'ModifyProcessInstance',
    request: ({ activeInstance }) => ({
      processInstanceKey: activeInstance,
      terminateInstructions: [{ elementInstanceKey: NOTHING }],
    }),
    answer: invalid(
      'MODIFY',
      "Expected to modify instance of process 'grpc-refusals-RUN' but it contains one or more terminate instructions with an element instance that could not be found: 'N'",
    ),
  },
  {
    title: 'migration of nothing',
    method: 'MigrateProcessInstance',
    request: () => ({ processInstanceKey: NOTHING, migrationPlan: { targetProcessDefinitionKey: 1 } }),
    answer: notFound('MIGRATE', "Expected to migrate process instance but no process instance found with key 'N'"),
  },
  {
    title: 'migration without a plan',
    method: 'MigrateProcessInstance',
    request: ({ activeInstance }) => ({ processInstanceKey: activeInstance }),
    answer: notFound(
      'MIGRATE',
      "Expected to migrate process instance to process definition but no process definition found with key '0'",
    ),
  },
  {
    title: 'variables of nothing',
    method: 'SetVariables',
    request: () => ({ elementInstanceKey: NOTHING, variables: '{"a":1}' }),
    answer: notFound('UPDATE', "Expected to update variables for element with key 'N', but no such element was found"),
  },
  {
    title: 'resolution of nothing',
    method: 'ResolveIncident',
    request: () => ({ incidentKey: NOTHING }),
    answer: notFound('RESOLVE', "Expected to resolve incident with key 'N', but no such incident was found"),
  },
  {
    title: 'activation without type',
    method: 'ActivateJobs',
    request: () => activation,
    answer: invalid('ACTIVATE', 'Expected to activate job batch with type to be present, but it was blank'),
  },
  {
    title: 'activation without timeout',
    method: 'ActivateJobs',
    request: ({ jobType }) => ({ ...activation, type: jobType, timeout: 0 }),
    answer: invalid('ACTIVATE', "Expected to activate job batch with timeout to be greater than zero, but it was '0'"),
  },
  {
    title: 'activation of no jobs',
    method: 'ActivateJobs',
    request: ({ jobType }) => ({ ...activation, type: jobType, maxJobsToActivate: 0 }),
    answer: invalid(
      'ACTIVATE',
      "Expected to activate job batch with max jobs to activate to be greater than zero, but it was '0'",
    ),
    // Its gateway never asks the engine.
    real: { '8.6': OK },
  },
  {
    title: 'activation for another tenant',
    method: 'ActivateJobs',
    request: ({ jobType }) => ({ ...activation, type: jobType, tenantIds: ['<default>', 'other'] }),
    answer: wrongTenant('ActivateJobs'),
    real: { '8.8': OK },
  },
  {
    title: 'a stream without type',
    method: 'StreamActivatedJobs',
    request: () => ({ timeout: 1_000 }),
    answer: argument('Expected to stream activated jobs with type to be present, but it was blank'),
    real: { '8.8': OPEN },
  },
  {
    title: 'a stream without timeout',
    method: 'StreamActivatedJobs',
    request: ({ jobType }) => ({ type: jobType }),
    answer: argument('Expected to stream activated jobs with timeout to be greater than zero, but it was 0'),
    real: { '8.8': OPEN },
  },
  {
    title: 'a stream for another tenant',
    method: 'StreamActivatedJobs',
    request: ({ jobType }) => ({ type: jobType, timeout: 1_000, tenantIds: ['other'] }),
    answer: wrongTenant('StreamActivatedJobs'),
    real: { '8.8': OPEN },
  },
  {
    title: 'completion of nothing',
    method: 'CompleteJob',
    request: () => ({ jobKey: NOTHING }),
    answer: notFound('COMPLETE', "Expected to complete job with key 'N', but no such job was found"),
  },
  {
    title: 'completion again',
    method: 'CompleteJob',
    request: ({ completedJob }) => ({ jobKey: completedJob }),
    answer: notFound('COMPLETE', "Expected to complete job with key 'N', but no such job was found"),
  },
  {
    title: 'completion of a failed job',
    method: 'CompleteJob',
    request: ({ failedJob }) => ({ jobKey: failedJob }),
    answer: wrongState('COMPLETE', "Expected to complete job with key 'N', but it is in state 'FAILED'"),
  },
  {
    title: 'completion of a job that threw an error',
    method: 'CompleteJob',
    request: ({ thrownJob }) => ({ jobKey: thrownJob }),
    answer: wrongState('COMPLETE', "Expected to complete job with key 'N', but it is in state 'ERROR_THROWN'"),
  },
  {
    title: 'completion with variables that are a list',
    method: 'CompleteJob',
    request: ({ activeJob }) => ({ jobKey: activeJob, variables: '[]' }),
    answer: argument("Property 'variables' is invalid: Expected document to be a root level object, but was 'ARRAY'"),
    real: { '8.8': IN_MEMORY_FAULT },
  },
  {
    title: 'failure of nothing',
    method: 'FailJob',
    request: () => ({ jobKey: NOTHING, retries: 1 }),
    answer: notFound('FAIL', "Expected to fail job with key 'N', but no such job was found"),
  },
  {
    title: 'failure of a failed job',
    method: 'FailJob',
    request: ({ failedJob }) => ({ jobKey: failedJob, retries: 1 }),
    answer: wrongState('FAIL', "Expected to fail job with key 'N', but it is in state 'FAILED'"),
  },
  {
    title: 'an error of nothing',
    method: 'ThrowError',
    request: () => ({ jobKey: NOTHING, errorCode: 'x' }),
    answer: notFound('THROW_ERROR', "Expected to throw an error for job with key 'N', but no such job was found"),
  },
  {
    title: 'an error again',
    method: 'ThrowError',
    request: ({ thrownJob }) => ({ jobKey: thrownJob, errorCode: 'x' }),
    answer: wrongState(
      'THROW_ERROR',
      "Expected to throw an error for job with key 'N', but it is in state 'ERROR_THROWN'",
    ),
  },
  {
    title: 'retries of nothing',
    method: 'UpdateJobRetries',
    request: () => ({ jobKey: NOTHING, retries: 1 }),
    answer: notFound('UPDATE_RETRIES', "Expected to update job with key 'N', but no such job was found"),
  },
  {
    title: 'no retries',
    method: 'UpdateJobRetries',
    request: ({ activeJob }) => ({ jobKey: activeJob, retries: 0 }),
    answer: invalid(
      'UPDATE_RETRIES',
      "Expected to update retries for job with key 'N' with a positive amount of retries, but the amount given was '0'",
    ),
  },
  {
    title: 'timeout of nothing',
    method: 'UpdateJobTimeout',
    request: () => ({ jobKey: NOTHING, timeout: 1 }),
    answer: notFound('UPDATE_TIMEOUT', "Expected to update job with key 'N', but no such job was found"),
  },
  {
    title: 'timeout of a job that no worker has',
    method: 'UpdateJobTimeout',
    request: ({ failedJob }) => ({ jobKey: failedJob, timeout: 1 }),
    answer: wrongState('UPDATE_TIMEOUT', "Expected to update the timeout of job with key 'N', but it is not active"),
  },
  {
    title: 'a message with the id of a buffered one',
    method: 'PublishMessage',
    request: ({ bufferedMessageId }) => publication(bufferedMessageId),
    answer: rejected(
      'ALREADY_EXISTS',
      'PUBLISH',
      'ALREADY_EXISTS',
      "Expected to publish a new message with id 'grpc-message-RUN', but a message with that id was already published",
    ),
  },
  {
    title: 'a message for another tenant',
    method: 'PublishMessage',
    request: () => ({ name: 'a', tenantId: 'other' }),
    answer: wrongTenant('PublishMessage'),
    real: { '8.8': OK },
  },
  {
    title: 'a signal for another tenant',
    method: 'BroadcastSignal',
    request: () => ({ signalName: 'a', tenantId: 'other' }),
    answer: wrongTenant('BroadcastSignal'),
    real: { '8.8': OK },
  },
  {
    title: 'an unknown decision',
    method: 'EvaluateDecision',
    request: () => ({ decisionId: 'grpc-unknown' }),
    answer: notFound(
      'EVALUATE',
      "Expected to evaluate decision 'grpc-unknown', but no decision found for id 'grpc-unknown'",
    ),
    real: {
      '8.6': invalid(
        'EVALUATE',
        "Expected to evaluate decision 'grpc-unknown', but no decision found for id 'grpc-unknown'",
      ),
    },
  },
  {
    title: 'an unknown key of a decision, also with an id',
    method: 'EvaluateDecision',
    request: () => ({ decisionKey: NOTHING, decisionId: 'x' }),
    answer: notFound('EVALUATE', "Expected to evaluate decision 'N', but no decision found for key 'N'"),
    real: {
      '8.6': invalid('EVALUATE', "Expected to evaluate decision 'x', but no decision found for id 'x'"),
    },
  },
  {
    title: 'no decision',
    method: 'EvaluateDecision',
    request: () => ({}),
    answer: invalid('EVALUATE', 'Expected either a decision id or a valid decision key, but none provided'),
    real: {
      '8.6': invalid('EVALUATE', "Expected to evaluate decision '0', but no decision found for key '0'"),
    },
  },
]
