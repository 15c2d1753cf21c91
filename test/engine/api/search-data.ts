import { bpmn, end, flows, message, messageEvent, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { resourceFiles, type ServedEngine } from './served-engine.ts'

const T0 = Date.UTC(2026, 10, 23, 1)
const HOUR = 3_600_000

/** A process that a message starts. */
const ARRIVAL = bpmn(
  'arrival',
  start('arrived', messageEvent('m')) + end() + flows('arrived -> end'),
  message('m', 'book-arrived'),
)

/** A library at work: something of everything that searches find, with and without each property, in each state. */
export async function fillLibrary(served: ServedEngine): Promise<void> {
  const { client, send } = served
  let now = T0
  const later = async (hours = 1) => {
    now += hours * HOUR
    await client.pinClock({ timestamp: now })
  }
  await later(0)
  const files = await resourceFiles(
    'loan.bpmn',
    'reminder.bpmn',
    'fine.bpmn',
    'fine.dmn',
    'loan-approval.form',
    'loan-request.form',
  )
  const fine = await files[2]?.text()
  const tagged = fine
    ?.replace('<bpmn:extensionElements>', '<bpmn:extensionElements>')
    .replace(
      /(<bpmn:process id="fine"[^>]*>)/,
      '$1<bpmn:extensionElements><zeebe:versionTag value="v1.0"/></bpmn:extensionElements>',
    )
  await client.createDeployment({
    resources: [...files, new File([ARRIVAL], 'arrival.bpmn')],
  })
  await client.createDeployment({ resources: [new File([tagged ?? ''], 'fine.bpmn')] })

  const loans: string[] = []
  for (let index = 0; index < 9; index++) {
    await later()
    const variables = {
      loanId: `L-${index}`,
      branch: ['east', 'west', '[odd]*'][index % 3] ?? '',
      dueAt: `2026-12-0${1 + (index % 4)}T17:00:00+08:00`,
      note: index % 4 === 0 ? 'x'.repeat(9_000) : null,
    }
    const tags = index % 2 === 0 ? ['even', `n:${index}`] : []
    loans.push(
      (await client.createProcessInstance({ processDefinitionId: 'loan', variables, tags })).processInstanceKey,
    )
  }
  // Jobs: completed, failed with and without retries, thrown, timed out, updated, still there.
  const { jobs } = await client.activateJobs({
    type: 'fetch-book',
    timeout: 5 * HOUR,
    maxJobsToActivate: 8,
    worker: 'cart',
  })
  await later()
  for (const { jobKey } of jobs.slice(0, 4)) await client.completeJob({ jobKey })
  await client.failJob({ jobKey: jobs[4]?.jobKey ?? '', retries: 2, errorMessage: 'shelf is empty' })
  await client.failJob({ jobKey: jobs[5]?.jobKey ?? '', retries: 0, errorMessage: 'no such shelf: 书架' })
  await client.throwJobError({ jobKey: jobs[6]?.jobKey ?? '', errorCode: 'book-lost', errorMessage: 'lost' })
  await client.updateJob({ jobKey: jobs[7]?.jobKey ?? '', changeset: { retries: 5 } })
  // User tasks: assigned, claimed by others, changed, completed, canceled with their instance.
  const tasks: { userTaskKey: string; processInstanceKey: string }[] = (await send('POST', '/v2/user-tasks/search', {}))
    .body.items
  await client.assignUserTask({ userTaskKey: tasks[0]?.userTaskKey ?? '', assignee: 'lee' })
  await client.assignUserTask({ userTaskKey: tasks[1]?.userTaskKey ?? '', assignee: 'a.b*c' })
  await later()
  await client.updateUserTask({
    userTaskKey: tasks[1]?.userTaskKey ?? '',
    changeset: {
      priority: 10,
      followUpDate: '2026-11-30T08:00:00.000Z',
      candidateGroups: ['archive'],
      candidateUsers: [],
    },
  } as never)
  await client.completeUserTask({ userTaskKey: tasks[2]?.userTaskKey ?? '', variables: { approved: true } })
  await client.completeUserTask({ userTaskKey: tasks[3]?.userTaskKey ?? '', variables: { approved: false } })
  await later()
  // Messages: one loan ends by one, one waits on; one starts a process; one subscription ends unheard.
  const returned = (await send('POST', '/v2/message-subscriptions/search', {})).body.items
  await client.correlateMessage({ name: 'book-returned', correlationKey: returned[0].correlationKey })
  await client.publishMessage({ name: 'book-arrived', correlationKey: 'box-1', timeToLive: HOUR })
  await client.cancelProcessInstance({ processInstanceKey: tasks[0]?.processInstanceKey ?? '' })
  // Called processes: one completes, one has an incident; decisions, good and failed.
  for (const variables of [{ days: 7 }, {}, { days: 'x' }]) {
    await client.createProcessInstance({ processDefinitionId: 'reminder', variables: variables as never })
  }
  await send('POST', '/v2/decision-definitions/evaluation', {
    decisionDefinitionId: 'fine-rate',
    variables: { days: 2 },
  })
  await later(11 * 24)
  await client.createProcessInstance({ processDefinitionId: 'fine', variables: { days: 3 } })
  const incidents: { incidentKey: string; elementId: string }[] = (await send('POST', '/v2/incidents/search', {})).body
    .items
  const atFetch = incidents.find(({ elementId }) => elementId === 'fetch')
  await later()
  await client.updateJob({ jobKey: jobs[5]?.jobKey ?? '', changeset: { retries: 1 } })
  await client.resolveIncident({ incidentKey: atFetch?.incidentKey ?? '' })
  const last = loans.at(-1) ?? ''
  await client.cancelProcessInstance({ processInstanceKey: last })
}
