import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  catchEvent,
  end,
  error,
  errorEvent,
  flows,
  job,
  mapping,
  message,
  messageEvent,
  serviceTask,
  signal,
  signalEvent,
  start,
  taskListeners,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { type ServedGateway, startServedGateway } from './served-gateway.ts'

const ONE_TASK = bpmn('one-task', start() + serviceTask('work') + end() + flows('start -> work -> end'))
const TWO_TASKS = bpmn(
  'two-tasks',
  start() + serviceTask('work') + serviceTask('second') + end() + flows('start -> work -> second -> end'),
)
const CATCHING = bpmn(
  'catching',
  start() +
    serviceTask('work') +
    boundary('refused', 'work', errorEvent('e'), true, mapping({ outputs: { reason: '=why' } })) +
    end() +
    end('otherwise') +
    flows('start -> work -> end', 'refused -> otherwise'),
  error('e', 'REFUSED'),
)
const WAITING = bpmn(
  'waiting',
  start() + catchEvent('wait', messageEvent('m')) + end() + flows('start -> wait -> end'),
  message('m', 'paid', '=order'),
)

const ALARMED = bpmn(
  'alarmed',
  start() + catchEvent('wait', signalEvent('s')) + end() + flows('start -> wait -> end'),
  signal('s', 'alarm'),
)

const taking = { worker: 'tester', timeout: 60_000, maxJobsToActivate: 10, requestTimeout: -1 }

describe('a client of the SDK', () => {
  let served: ServedGateway

  beforeEach(async () => {
    served = await startServedGateway()
  })
  afterEach(() => served.close())

  const deploy = (xml: string) => served.sdk.deployResource({ process: Buffer.from(xml), name: 'test.bpmn' })
  async function run(id: string, xml: string, variables = {}): Promise<string> {
    await deploy(xml)
    const { processInstanceKey } = await served.sdk.createProcessInstance({ bpmnProcessId: id, variables })
    return processInstanceKey
  }
  async function takeJob() {
    const jobs = await served.sdk.activateJobs({ ...taking, type: 'work' })
    expect(jobs).toHaveLength(1)
    return jobs[0]!
  }

  it('sees a cluster of one broker with one healthy partition', async () => {
    const port = Number(new URL(served.gateway.url.replace('grpc:', 'http:')).port)
    expect(await served.sdk.topology()).toEqual({
      brokers: [
        {
          nodeId: 0,
          host: '127.0.0.1',
          port,
          partitions: [{ partitionId: 1, role: 'LEADER', health: 'HEALTHY' }],
          version: '8.8.0',
        },
      ],
      clusterSize: 1,
      partitionsCount: 1,
      replicationFactor: 1,
      gatewayVersion: '8.8.0',
    })
  })

  it('deploys a process, decisions and a form together', async () => {
    const resource = (name: string) => readFile(new URL(`../api/resources/${name}`, import.meta.url))
    const { key, deployments } = await served.sdk.deployResources([
      { name: 'one-task.bpmn', process: Buffer.from(ONE_TASK) },
      { name: 'fine.dmn', decision: await resource('fine.dmn') },
      { name: 'loan-request.form', form: await resource('loan-request.form') },
    ])
    expect(Number(key)).toBeGreaterThan(2 ** 51)
    expect(deployments.map((deployment) => Object.keys(deployment as object)[0])).toEqual([
      'process',
      'decision',
      'decisionRequirements',
      'form',
    ])
    expect(deployments[0]).toMatchObject({
      process: { bpmnProcessId: 'one-task', version: 1, resourceName: 'one-task.bpmn', tenantId: '<default>' },
    })
    expect(deployments[1]).toMatchObject({
      decision: { dmnDecisionId: 'fine-rate', version: 1, tenantId: '<default>' },
    })
    expect(deployments[3]).toMatchObject({ form: { formId: 'loan-request', version: 1, tenantId: '<default>' } })
  })

  it('deploys by the call of older clients', async () => {
    const processes = [{ name: 'one-task.bpmn', definition: Buffer.from(ONE_TASK) }]
    const { code, messages } = await served.raw.call('DeployProcess', { processes })
    expect(code).toBe('OK')
    expect(messages[0].processes).toEqual([
      {
        bpmnProcessId: 'one-task',
        version: 1,
        processDefinitionKey: expect.stringMatching(/^\d{16}$/),
        resourceName: 'one-task.bpmn',
        tenantId: '<default>',
      },
    ])
  })

  it('deletes a process, of which no instance can be started any more', async () => {
    const { deployments } = await deploy(ONE_TASK)
    const { process } = deployments[0] as { process: { processDefinitionKey: string } }
    await served.sdk.deleteResource({ resourceKey: process.processDefinitionKey })
    await expect(served.sdk.createProcessInstance({ bpmnProcessId: 'one-task', variables: {} })).rejects.toThrow(
      "5 NOT_FOUND: Command 'CREATE' rejected with code 'NOT_FOUND': Expected to find process definition with process ID 'one-task'",
    )
  })

  it('starts an instance of the latest version, of a version, and by key', async () => {
    await deploy(ONE_TASK)
    const changed = ONE_TASK.replace('id="work"', 'id="work" name="changed"')
    const second = await deploy(changed)
    const processDefinitionKey = (second.deployments[0] as { process: { processDefinitionKey: string } }).process
      .processDefinitionKey
    const latest = await served.sdk.createProcessInstance({ bpmnProcessId: 'one-task', variables: {} })
    expect(latest).toMatchObject({ bpmnProcessId: 'one-task', version: 2, processDefinitionKey, tenantId: '<default>' })
    const first = await served.sdk.createProcessInstance({ bpmnProcessId: 'one-task', version: 1, variables: {} })
    expect(first.version).toBe(1)
    const { messages } = await served.raw.call('CreateProcessInstance', { processDefinitionKey })
    expect(messages[0]).toMatchObject({ version: 2, processDefinitionKey })
  })

  it('gives an instance tags, which its jobs carry', async () => {
    await deploy(ONE_TASK)
    const request = { bpmnProcessId: 'one-task', version: -1, tags: ['court', 'urgent'] }
    const { messages } = await served.raw.call('CreateProcessInstance', request)
    expect(messages[0].tags).toEqual(['court', 'urgent'])
    const activated = await served.raw.call('ActivateJobs', { ...taking, type: 'work' })
    expect(activated.messages[0].jobs[0].tags).toEqual(['court', 'urgent'])
  })

  it('takes a job with all that belongs to it', async () => {
    const task = serviceTask(
      'work',
      job('work', '5'),
      '<zeebe:taskHeaders><zeebe:header key="colour" value="红"/></zeebe:taskHeaders>',
    )
    const xml = bpmn('headed', start() + task + end() + flows('start -> work -> end'))
    const processInstanceKey = await run('headed', xml, { 金额: 3, list: [1, null] })
    const taken = await takeJob()
    expect(taken).toMatchObject({
      type: 'work',
      processInstanceKey,
      bpmnProcessId: 'headed',
      processDefinitionVersion: 1,
      elementId: 'work',
      customHeaders: { colour: '红' },
      worker: 'tester',
      retries: 5,
      variables: { 金额: 3, list: [1, null] },
      tenantId: '<default>',
    })
    expect(Number(taken.deadline)).toBe(served.engine.clock.now().getTime() + 60_000)
    const again = await served.sdk.activateJobs({ ...taking, type: 'work' })
    expect(again).toEqual([])
  })

  it('takes a job with the variables that it names only', async () => {
    await run('one-task', ONE_TASK, { a: 1, b: 2 })
    const [taken] = await served.sdk.activateJobs({ ...taking, type: 'work', fetchVariable: ['b', 'missing'] })
    expect(taken?.variables).toEqual({ b: 2 })
  })

  it('tells what a job is for', async () => {
    const listener =
      '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="before"/></zeebe:executionListeners>'
    await run(
      'listened',
      bpmn('listened', start() + serviceTask('work', listener) + end() + flows('start -> work -> end')),
    )
    const before = await served.raw.call('ActivateJobs', { ...taking, type: 'before' })
    expect(before.messages[0].jobs[0]).toMatchObject({ kind: 'EXECUTION_LISTENER', listenerEventType: 'START' })
    await served.raw.call('CompleteJob', { jobKey: before.messages[0].jobs[0].key })
    const work = await served.raw.call('ActivateJobs', { ...taking, type: 'work' })
    expect(work.messages[0].jobs[0]).toMatchObject({ kind: 'BPMN_ELEMENT', listenerEventType: 'UNSPECIFIED' })
  })

  it('answers as a task listener: corrects, and denies', async () => {
    const asked = taskListeners('creating:check', 'completing:approve')
    const xml = bpmn('asked', start() + userTask('task', asked) + end() + flows('start -> task -> end'))
    const instance = Number(await run('asked', xml))
    const take = async (type: string) =>
      (await served.raw.call('ActivateJobs', { ...taking, type })).messages[0].jobs[0]
    const check = await take('check')
    expect(check).toMatchObject({
      kind: 'TASK_LISTENER',
      listenerEventType: 'CREATING',
      userTask: { candidateGroups: [], priority: 50, userTaskKey: expect.stringMatching(/^\d{16}$/) },
    })
    const corrections = { assignee: 'ann', candidateGroups: { values: ['judges'] }, priority: 70 }
    await served.raw.call('CompleteJob', { jobKey: check.key, result: { type: 'userTask', corrections } })
    expect(served.inside.userTask('task')).toMatchObject({
      assignee: 'ann',
      candidateGroups: '["judges"]',
      priority: 70,
    })
    const denied = expect(served.inside.completeUserTask('task')).rejects.toThrow("Reason to deny: 'incomplete'")
    const { key } = await take('approve')
    await served.raw.call('CompleteJob', { jobKey: key, result: { denied: true, deniedReason: 'incomplete' } })
    await denied
    expect(served.inside.isWaitingAt(instance, 'task')).toBe(true)
  })

  it('is refused a result of another kind', async () => {
    await run('one-task', ONE_TASK)
    const { key } = await takeJob()
    expect(await served.raw.call('CompleteJob', { jobKey: key, result: { type: 'other' } })).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: "Expected result type to be 'userTask' or 'adHocSubProcess', but it was 'other'",
    })
  })

  it('completes a job with variables', async () => {
    const instance = Number(await run('one-task', ONE_TASK))
    const { key } = await takeJob()
    await served.sdk.completeJob({ jobKey: key, variables: { result: { 文书: '执行通知书' } } })
    expect(served.inside.stateOf(instance)).toBe('COMPLETED')
    expect(served.inside.variables(instance)).toEqual({ result: { 文书: '执行通知书' } })
  })

  it('fails a job, which comes back after its back-off, with variables of its own', async () => {
    const instance = Number(await run('one-task', ONE_TASK))
    const { key } = await takeJob()
    const failure = { jobKey: key, retries: 2, errorMessage: 'not now', retryBackOff: 5_000, variables: { tried: 1 } }
    await served.sdk.failJob(failure)
    expect(await served.sdk.activateJobs({ ...taking, type: 'work' })).toEqual([])
    await served.inside.moveBy(5_000)
    expect(await takeJob()).toMatchObject({ key, retries: 2, variables: { tried: 1 } })
    expect(served.inside.variables(instance)).toEqual({})
  })

  it('fails a job for good, sets its retries, and resolves the incident', async () => {
    const instance = Number(await run('one-task', ONE_TASK))
    const { key } = await takeJob()
    await served.sdk.failJob({ jobKey: key, retries: 0, errorMessage: 'broken', retryBackOff: 0 })
    const [incident] = served.inside.incidents(instance)
    expect(incident).toMatchObject({ errorType: 'JOB_NO_RETRIES', errorMessage: 'broken' })
    await served.sdk.updateJobRetries({ jobKey: key, retries: 4 })
    await served.sdk.resolveIncident({ incidentKey: String(incident?.key) })
    expect(await takeJob()).toMatchObject({ key, retries: 4 })
    expect(served.inside.incidents(instance)).toEqual([])
  })

  it('cannot resolve the incident of a job without retries', async () => {
    const instance = Number(await run('one-task', ONE_TASK))
    const { key } = await takeJob()
    await served.sdk.failJob({ jobKey: key, retries: 0, errorMessage: 'broken', retryBackOff: 0 })
    const incidentKey = served.inside.incidents(instance)[0]?.key
    const { code, details } = await served.raw.call('ResolveIncident', { incidentKey })
    expect(code).toBe('FAILED_PRECONDITION')
    expect(details).toContain("Command 'RESOLVE' rejected with code 'INVALID_STATE'")
  })

  it('throws an error that the diagram catches', async () => {
    const instance = Number(await run('catching', CATCHING))
    const { key } = await takeJob()
    await served.sdk.throwError({ jobKey: key, errorCode: 'REFUSED', errorMessage: 'no', variables: { why: 'no' } })
    expect(served.inside.completed(instance)).toEqual(['start', 'refused', 'otherwise'])
    expect(served.inside.variables(instance)).toEqual({ reason: 'no' })
  })

  it('gives itself more time for a job', async () => {
    await run('one-task', ONE_TASK)
    const { key } = await takeJob()
    await served.sdk.updateJobTimeout({ jobKey: key, timeout: 120_000 })
    await served.inside.moveBy(119_000)
    expect(await served.sdk.activateJobs({ ...taking, type: 'work' })).toEqual([])
    await served.inside.moveBy(1_000)
    expect(await takeJob()).toMatchObject({ key })
  })

  it('waits for the result of an instance', async () => {
    const xml = bpmn(
      'result',
      start() + serviceTask('work', mapping({ outputs: { sum: '=a + b' } })) + end() + flows('start -> work -> end'),
    )
    await deploy(xml)
    served.sdk.createWorker({ taskType: 'work', taskHandler: (taken) => taken.complete({ b: 2 }) })
    const all = await served.sdk.createProcessInstanceWithResult({
      bpmnProcessId: 'result',
      variables: { a: 1 },
      requestTimeout: 30_000,
    })
    expect(all).toMatchObject({ bpmnProcessId: 'result', version: 1, variables: { a: 1, sum: 3 } })
    const some = await served.sdk.createProcessInstanceWithResult({
      bpmnProcessId: 'result',
      variables: { a: 5 },
      fetchVariables: ['sum'],
      requestTimeout: 30_000,
    })
    expect(some.variables).toEqual({ sum: 7 })
  })

  it('does not wait for a result longer than it wants; the instance goes on', async () => {
    await deploy(ONE_TASK)
    const request = { bpmnProcessId: 'one-task', version: -1 }
    const { code, details } = await served.raw.call('CreateProcessInstanceWithResult', { request, requestTimeout: 30 })
    expect(code).toBe('DEADLINE_EXCEEDED')
    expect(details).toMatch(/^The process instance '\d+' did not complete within 30 ms$/)
    expect(await takeJob()).toMatchObject({ bpmnProcessId: 'one-task' })
  })

  it('is told when the instance was canceled whose result it waits for', async () => {
    await deploy(ONE_TASK)
    const request = { bpmnProcessId: 'one-task', version: -1 }
    const waiting = served.raw.call('CreateProcessInstanceWithResult', { request, requestTimeout: 60_000 })
    const [taken] = await served.sdk.activateJobs({ ...taking, type: 'work', requestTimeout: 60_000 })
    await served.sdk.cancelProcessInstance(String(taken?.processInstanceKey))
    const { code, details } = await waiting
    expect(code).toBe('FAILED_PRECONDITION')
    expect(details).toContain('was terminated before it completed')
  })

  it('cancels an instance', async () => {
    const instance = await run('one-task', ONE_TASK)
    await served.sdk.cancelProcessInstance(instance)
    expect(served.inside.stateOf(Number(instance))).toBe('TERMINATED')
  })

  it('starts an instance in its middle, and ends it after an element', async () => {
    await deploy(TWO_TASKS)
    const { messages } = await served.raw.call('CreateProcessInstance', {
      bpmnProcessId: 'two-tasks',
      version: -1,
      startInstructions: [{ elementId: 'second' }],
      runtimeInstructions: [{ terminate: { afterElementId: 'second' } }],
    })
    const instance = Number(messages[0].processInstanceKey)
    expect(served.inside.waitingAt(instance)).toEqual(['second'])
    await served.inside.completeJob('second')
    expect(served.inside.stateOf(instance)).toBe('TERMINATED')
  })

  it('moves an instance to another element, with variables for it', async () => {
    const instance = await run('two-tasks', TWO_TASKS)
    const [first] = served.engine.query.all<{ key: number }>(
      "SELECT key FROM element_instance WHERE elementId = 'work'",
    )
    await served.sdk.modifyProcessInstance({
      processInstanceKey: instance,
      activateInstructions: [
        {
          elementId: 'second',
          ancestorElementInstanceKey: '-1',
          variableInstructions: [{ variables: { a: 1 }, scopeId: 'second' }],
        },
      ],
      terminateInstructions: [{ elementInstanceKey: String(first?.key) }],
    })
    expect(served.inside.waitingAt(Number(instance))).toEqual(['second'])
    expect(served.inside.variables(Number(instance), 'second')).toEqual({ a: 1 })
    expect(served.inside.variables(Number(instance))).toEqual({})
  })

  it('leads an instance over to another version', async () => {
    const instance = await run('two-tasks', TWO_TASKS)
    const { deployments } = await deploy(TWO_TASKS.replaceAll('"work"', '"renamed"').replaceAll('work', 'renamed'))
    const { process } = deployments[0] as { process: { processDefinitionKey: string } }
    await served.sdk.migrateProcessInstance({
      processInstanceKey: instance,
      migrationPlan: {
        targetProcessDefinitionKey: process.processDefinitionKey,
        mappingInstructions: [{ sourceElementId: 'work', targetElementId: 'renamed' }],
      },
    })
    expect(served.inside.waitingAt(Number(instance))).toEqual(['renamed'])
  })

  it('sets variables, where they are or in one scope only', async () => {
    const instance = await run('one-task', ONE_TASK, { a: 1 })
    const { elementInstanceKey } = await takeJob()
    await served.sdk.setVariables({ elementInstanceKey, variables: { a: 2, c: 3 }, local: false })
    await served.sdk.setVariables({ elementInstanceKey, variables: { a: 9 }, local: true })
    expect(served.inside.variables(Number(instance))).toEqual({ a: 2, c: 3 })
    expect(served.inside.variables(Number(instance), 'work')).toEqual({ a: 9 })
  })

  it('publishes a message that goes on to who waits for it', async () => {
    const instance = Number(await run('waiting', WAITING, { order: 'o-1' }))
    const publication = { name: 'paid', correlationKey: 'o-1', variables: { amount: 7 }, timeToLive: 0 }
    const { key } = await served.sdk.publishMessage(publication)
    expect(Number(key)).toBeGreaterThan(2 ** 51)
    expect(served.inside.stateOf(instance)).toBe('COMPLETED')
    expect(served.inside.variables(instance)).toEqual({ order: 'o-1', amount: 7 })
  })

  it('publishes a message that is kept as long as it says', async () => {
    await served.sdk.publishMessage({ name: 'paid', correlationKey: 'o-1', variables: {}, timeToLive: 60_000 })
    await served.inside.moveBy(59_000)
    expect(served.inside.stateOf(Number(await run('waiting', WAITING, { order: 'o-1' })))).toBe('COMPLETED')
  })

  it('broadcasts a signal, which all that wait for it get', async () => {
    await deploy(ALARMED)
    const waiting = await Promise.all([1, 2].map(() => served.inside.start('alarmed')))
    const { key } = await served.sdk.broadcastSignal({ signalName: 'alarm', variables: { loud: true } })
    expect(Number(key)).toBeGreaterThan(2 ** 51)
    for (const instance of waiting) {
      expect(served.inside.stateOf(instance)).toBe('COMPLETED')
      expect(served.inside.variables(instance)).toEqual({ loud: true })
    }
  })

  it('evaluates a decision, with how it came to the result', async () => {
    const decision = await readFile(new URL('../api/resources/fine.dmn', import.meta.url))
    await served.sdk.deployResource({ decision, name: 'fine.dmn' })
    const result = await served.sdk.evaluateDecision({ decisionId: 'fine-rate', variables: { days: 7 } })
    expect(result).toMatchObject({
      decisionId: 'fine-rate',
      decisionVersion: 1,
      failedDecisionId: '',
      decisionOutput: '2',
    })
    expect(result.evaluatedDecisions[0]).toMatchObject({
      evaluatedInputs: [{ inputValue: '7' }],
      matchedRules: [{ ruleIndex: 2, evaluatedOutputs: [{ outputValue: '2' }] }],
    })
    const { messages } = await served.raw.call('EvaluateDecision', { decisionKey: result.decisionKey, variables: '{}' })
    expect(messages[0].decisionInstanceKey).toBe(messages[0].decisionEvaluationKey)
    expect(messages[0].evaluatedDecisions[0].decisionEvaluationInstanceKey).toBe(
      `${messages[0].decisionEvaluationKey}-1`,
    )
  })

  it('works off jobs with a polling worker', async () => {
    await deploy(ONE_TASK)
    served.sdk.createWorker({ taskType: 'work', taskHandler: (taken) => taken.complete({ done: taken.key }) })
    const instances = await Promise.all(
      Array.from({ length: 50 }, () => served.sdk.createProcessInstance({ bpmnProcessId: 'one-task', variables: {} })),
    )
    await expect
      .poll(() => instances.map(({ processInstanceKey }) => served.inside.stateOf(Number(processInstanceKey))), {
        timeout: 30_000,
      })
      .toEqual(instances.map(() => 'COMPLETED'))
  })

  it('works off jobs with a streaming worker', async () => {
    await deploy(ONE_TASK)
    const before = await served.sdk.createProcessInstance({ bpmnProcessId: 'one-task', variables: {} })
    const worker = await served.sdk.streamJobs({
      type: 'work',
      worker: 'streaming',
      timeout: 60_000,
      tenantIds: [],
      taskHandler: (taken) => taken.complete({ done: taken.key }),
    })
    const instances = [
      before,
      ...(await Promise.all(
        Array.from({ length: 50 }, () =>
          served.sdk.createProcessInstance({ bpmnProcessId: 'one-task', variables: {} }),
        ),
      )),
    ]
    await expect
      .poll(() => instances.map(({ processInstanceKey }) => served.inside.stateOf(Number(processInstanceKey))), {
        timeout: 30_000,
      })
      .toEqual(instances.map(() => 'COMPLETED'))
    worker.close()
  })
})
