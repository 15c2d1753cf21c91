/** What happens to random processes: workers, people, messages, the clock, operators, restarts. */
import fc from 'fast-check'
import { CommandRejection } from '../../../src/engine/index.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'

const answer = fc.nat(2)
const which = fc.nat(5)

/** A step of a random story. `which` picks among those that could be meant. */
export const randomAction = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('complete' as const), which, answer }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      which,
      retries: fc.nat(1),
      backOff: fc.constantFrom(0, 20),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('throw' as const), which, code: fc.constantFrom('BAD', 'ODD') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abandon' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('finishTask' as const), which, answer }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('changeTask' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), minutes: fc.integer({ min: 1, max: 120 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      name: fc.constantFrom('go', 'stop', 'note', 'alarm', 'begin'),
      minutes: fc.constantFrom(0, 60),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('correlate' as const), name: fc.constantFrom('go', 'begin') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resolve' as const), which, answer }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set' as const), which, answer, local: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('start' as const), answer }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
)
/** A step of a random story. */
export type RandomAction = typeof randomAction extends fc.Arbitrary<infer Action> ? Action : never

const MINUTE = 60_000

/** The row that `which` means, if there is any. */
function pick(
  test: ProcessTest,
  sql: string,
  which: number,
): { key: number; jobKey: number | null; at: number } | undefined {
  const rows = test.engine.query.all<{ key: number; jobKey: number | null; at: number }>(sql)
  return rows[which % Math.max(rows.length, 1)]
}

const OPEN_JOBS = 'SELECT key FROM job WHERE endTime IS NULL AND (activatable = 1 OR deadline IS NOT NULL) ORDER BY key'
const OPEN_INCIDENTS = "SELECT key, jobKey, elementInstanceKey AS at FROM incident WHERE state = 'ACTIVE' ORDER BY key"
const OPEN_TASKS = "SELECT key FROM user_task WHERE state = 'CREATED' ORDER BY key"
// Variables of a user task can only be set while no listener is asked about it.
const OPEN_ELEMENTS =
  "SELECT key FROM element_instance e WHERE state NOT IN ('COMPLETED', 'TERMINATING', 'TERMINATED') AND NOT EXISTS " +
  '(SELECT 1 FROM user_task WHERE elementInstanceKey = e.key AND change IS NOT NULL) ORDER BY key'
const OPEN_ROOTS =
  "SELECT p.key FROM process_instance p JOIN element_instance e ON e.key = p.key WHERE p.state = 'ACTIVE' " +
  "AND e.state <> 'TERMINATING' AND p.parentProcessInstanceKey IS NULL ORDER BY p.key"
const LIVE_ROOTS =
  "SELECT key FROM process_instance WHERE state = 'ACTIVE' AND parentProcessInstanceKey IS NULL ORDER BY key"

/** Takes a step. A command that the story could not make sensible is left out; any refusal else is a fault. */
export async function perform(test: ProcessTest, action: RandomAction): Promise<void> {
  switch (action.do) {
    case 'complete': {
      const job = pick(test, OPEN_JOBS, action.which)
      if (job) await completeJob(test, job.key, action.answer)
      return
    }
    case 'fail': {
      const job = pick(test, OPEN_JOBS, action.which)
      const { retries, backOff } = action
      if (job)
        await test.execute({
          type: 'FailJob',
          jobKey: job.key,
          retries,
          retryBackOff: backOff * MINUTE,
          variables: { tried: 1 },
        })
      return
    }
    case 'throw': {
      // A listener's job cannot throw a BPMN error.
      const job = pick(test, OPEN_JOBS.replace('ORDER', "AND kind = 'BPMN_ELEMENT' ORDER"), action.which)
      if (job)
        await test.execute({ type: 'ThrowJobError', jobKey: job.key, errorCode: action.code, variables: { thrown: 1 } })
      return
    }
    case 'abandon':
      await test.takeJobs('job', 2)
      return
    case 'finishTask': {
      const task = pick(test, OPEN_TASKS, action.which)
      if (task) await finishTask(test, task.key, action.answer)
      return
    }
    case 'changeTask': {
      const task = pick(test, OPEN_TASKS, action.which)
      if (task === undefined) return
      await asked(
        test,
        test.execute({ type: 'AssignUserTask', userTaskKey: task.key, assignee: `clerk ${action.which}` }),
      )
      if (pick(test, OPEN_TASKS.replace('ORDER', `AND key = ${task.key} ORDER`), 0) === undefined) return
      const changeset = { candidateGroups: ['clerks', `group ${action.which}`], dueDate: '2026-12-01T00:00:00+08:00' }
      await test.execute({ type: 'UpdateUserTask', userTaskKey: task.key, changeset })
      return
    }
    case 'move':
      return test.moveBy(action.minutes * MINUTE)
    case 'publish':
      await publish(test, action.name, action.minutes)
      return
    case 'correlate':
      await test.execute({ type: 'CorrelateMessage', name: action.name, correlationKey: 'k' }).catch(unlessNotFound)
      return
    case 'resolve': {
      const incident = pick(test, OPEN_INCIDENTS, action.which)
      if (incident) await resolve(test, incident, action.answer)
      return
    }
    case 'set': {
      const element = pick(test, OPEN_ELEMENTS, action.which)
      if (element === undefined) return
      const { local, answer } = action
      await test.execute({ type: 'SetVariables', elementInstanceKey: element.key, variables: { answer }, local })
      return
    }
    case 'start':
      await test.start('p', { answer: action.answer })
      return
    case 'cancel': {
      const root = pick(test, OPEN_ROOTS, action.which)
      if (root) await test.execute({ type: 'CancelProcessInstance', processInstanceKey: root.key })
    }
  }
}

/** A task listener gives no variables, and may deny what can be denied. */
function completeJob(test: ProcessTest, jobKey: number, answer: number) {
  const job = test.engine.query.get<{ kind: string; listenerEventType: string }>(
    'SELECT kind, listenerEventType FROM job WHERE key = ?',
    jobKey,
  )
  if (job?.kind !== 'TASK_LISTENER') return test.execute({ type: 'CompleteJob', jobKey, variables: { answer } })
  const denied = answer === 1 && ['ASSIGNING', 'COMPLETING'].includes(job.listenerEventType)
  return test.execute({ type: 'CompleteJob', jobKey, result: { type: 'userTask', denied } })
}
const finishTask = (test: ProcessTest, userTaskKey: number, answer: number) =>
  asked(test, test.execute({ type: 'CompleteUserTask', userTaskKey, variables: { answer } }))

/** A change of a user task is answered when its listeners have agreed: goes on as soon as it has been carried out. */
async function asked(test: ProcessTest, change: Promise<unknown>): Promise<void> {
  change.catch(unlessRefused)
  await test.takeJobs('none')
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof CommandRejection)) throw error
}
const publish = (test: ProcessTest, name: string, minutes: number) =>
  test.execute({
    type: 'PublishMessage',
    name,
    correlationKey: 'k',
    timeToLive: minutes * MINUTE,
    variables: { [`by_${name}`]: minutes },
  })

async function resolve(
  test: ProcessTest,
  incident: { key: number; jobKey: number | null; at: number },
  answer: number,
) {
  if (incident.jobKey !== null) await test.execute({ type: 'UpdateJob', jobKey: incident.jobKey, retries: 1 })
  else await test.execute({ type: 'SetVariables', elementInstanceKey: incident.at, variables: { answer } })
  await test.execute({ type: 'ResolveIncident', incidentKey: incident.key })
}

function unlessNotFound(error: unknown): void {
  if (!(error instanceof CommandRejection && error.type === 'NOT_FOUND')) throw error
}

/** Publishes what the elements in the flow of random processes wait for. */
export async function sendMessages(test: ProcessTest): Promise<void> {
  for (const name of ['go', 'stop']) await publish(test, name, 0)
}

/**
 * Does all that a process can wait for, again and again.
 * @param afterStep is called after every command
 * @param sendMessages publishes what elements in the flow wait for
 * @returns the keys of the process instances that have not ended after `rounds` rounds
 */
export async function driveToEnd(
  test: ProcessTest,
  rounds: number,
  afterStep: () => void,
  sendMessages: () => Promise<void>,
): Promise<number[]> {
  const open = (sql: string) => test.engine.query.all<{ key: number; jobKey: number | null; at: number }>(sql)
  // An earlier command may have ended what a later one was about.
  const step = async (command: Promise<unknown>) => {
    await command.catch(unlessNotFound)
    afterStep()
  }
  for (let round = 0; round < rounds && open(LIVE_ROOTS).length > 0; round += 1) {
    for (const incident of open(OPEN_INCIDENTS)) await step(resolve(test, incident, 0))
    for (const { key } of open(OPEN_JOBS)) await step(completeJob(test, key, 0))
    for (const { key } of open(OPEN_TASKS)) await step(finishTask(test, key, 0))
    await step(sendMessages())
    await step(test.moveBy(150 * MINUTE))
  }
  return open(LIVE_ROOTS).map(({ key }) => key)
}
