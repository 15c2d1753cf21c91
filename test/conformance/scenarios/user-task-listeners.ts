import {
  boundary,
  end,
  flows,
  start,
  taskListeners,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import type { JobResult } from '../clients/client.ts'
import { line } from '../diagrams.ts'
import { group, type Scenario, scenario } from '../scenario.ts'

const ask = (...content: string[]) => start() + userTask('ask', ...content) + end() + line('ask')
const assignee = (name: string) => `<zeebe:assignmentDefinition assignee="${name}"/>`
const says = (result: Omit<JobResult, 'type'>): JobResult => ({ type: 'userTask', ...result })
const nothing = says({})

/** A scenario of what no version before 8.8 has. */
const listening = (title: string, tell: Scenario['tell']) =>
  scenario(title, tell, { since: { version: '8.8', reason: 'user task listeners' } })

/** Listeners of user tasks: each event, denial, corrections, failure. */
export const userTaskListeners = group('user-task-listeners', [
  listening('listeners of creation and completion', async (t) => {
    await t.run(ask(taskListeners('creating:created', 'completing:checked')))
    await t.completeJob('created', {}, nothing)
    await t.completeUserTask('ask', { answer: 1 })
    await t.completeJob('checked', {}, nothing)
  }),
  listening('several listeners of one event, one after the other', async (t) => {
    await t.run(ask(taskListeners('completing:first', 'completing:second')))
    await t.completeUserTask('ask', { answer: 1 })
    await t.completeJob('first', {}, nothing)
    await t.completeJob('second', {}, nothing)
  }),
  listening('a listener job that is completed without a result', async (t) => {
    await t.run(ask(taskListeners('creating:created')))
    await t.completeJob('created')
    await t.completeUserTask('ask')
  }),
  listening('variables of a listener job are refused', async (t) => {
    await t.run(ask(taskListeners('creating:created')))
    const job = await t.take('created')
    await t.completeJob(job, { a: 1 }, nothing)
    await t.completeJob(job, {}, nothing)
  }),
  listening('what a listener job gets to see', async (t) => {
    await t.run(ask(assignee('anna'), taskListeners('completing:checked')), { known: 1 })
    await t.completeUserTask('ask', { answer: 1 })
    await t.completeJob(await t.take('checked'), {}, nothing)
  }),
  listening('a listener denies the completion', async (t) => {
    await t.run(ask(taskListeners('completing:checked')))
    await t.completeUserTask('ask', { answer: 1 })
    await t.completeJob('checked', {}, says({ denied: true, deniedReason: 'not yet' }))
    await t.completeUserTask('ask', { answer: 2 })
    await t.completeJob('checked', {}, nothing)
  }),
  listening('a denial ends the listeners after it', async (t) => {
    await t.run(ask(taskListeners('completing:first', 'completing:second')))
    await t.completeUserTask('ask')
    await t.completeJob('first', {}, says({ denied: true }))
    await t.completeJob('second', {}, nothing)
  }),
  listening('a listener denies an assignment', async (t) => {
    await t.run(ask(taskListeners('assigning:checked')))
    await t.assignUserTask('ask', 'anna')
    await t.completeJob('checked', {}, says({ denied: true, deniedReason: 'not her' }))
    await t.assignUserTask('ask', 'bert')
    await t.completeJob('checked', {}, nothing)
  }),
  listening('a listener denies an update', async (t) => {
    await t.run(ask(taskListeners('updating:checked')))
    await t.updateUserTask('ask', { priority: 7 })
    await t.completeJob('checked', {}, says({ denied: true, deniedReason: 'no' }))
    await t.completeUserTask('ask')
  }),
  listening('creation and cancelling cannot be denied', async (t) => {
    await t.run(ask(taskListeners('creating:created', 'canceling:told')))
    const created = await t.take('created')
    await t.completeJob(created, {}, says({ denied: true }))
    await t.completeJob(created, {}, nothing)
    await t.cancel()
    const told = await t.take('told')
    await t.completeJob(told, {}, says({ denied: true }))
    await t.completeJob(told, {}, nothing)
  }),
  listening('a denial with corrections is refused', async (t) => {
    await t.run(ask(taskListeners('completing:checked')))
    await t.completeUserTask('ask')
    const job = await t.take('checked')
    await t.completeJob(job, {}, says({ denied: true, corrections: { priority: 9 } }))
    await t.completeJob(job, {}, nothing)
  }),
  listening('a listener corrects the assignee', async (t) => {
    await t.run(ask(taskListeners('assigning:checked')))
    await t.assignUserTask('ask', 'anna')
    await t.completeJob('checked', {}, says({ corrections: { assignee: 'bert', priority: 9 } }))
    await t.completeUserTask('ask')
  }),
  listening('a listener corrects all attributes at the creation', async (t) => {
    await t.run(ask(taskListeners('creating:created')))
    await t.completeJob(
      'created',
      {},
      says({
        corrections: {
          assignee: 'anna',
          candidateGroups: ['clerks'],
          candidateUsers: ['bert'],
          dueDate: '2026-12-01T10:00:00Z',
          followUpDate: '2026-11-30T10:00:00Z',
          priority: 80,
        },
      }),
    )
    await t.completeUserTask('ask')
  }),
  listening('corrections of one listener are seen by the next', async (t) => {
    await t.run(ask(taskListeners('completing:first', 'completing:second')))
    await t.completeUserTask('ask')
    await t.completeJob('first', {}, says({ corrections: { priority: 9 } }))
    await t.completeJob(await t.take('second'), {}, nothing)
  }),
  listening('a correction clears an attribute', async (t) => {
    await t.run(ask(assignee('anna'), taskListeners('updating:checked')))
    await t.updateUserTask('ask', { candidateGroups: ['x'], dueDate: '2026-12-01T10:00:00Z' })
    await t.completeJob('checked', {}, says({ corrections: { assignee: '', candidateGroups: [], dueDate: '' } }))
  }),
  listening('an assignee of the diagram is assigned with listeners', async (t) => {
    await t.run(ask(assignee('anna'), taskListeners('creating:created', 'assigning:assigned')))
    await t.completeJob('created', {}, nothing)
    await t.completeJob('assigned', {}, nothing)
    await t.completeUserTask('ask')
  }),
  listening('claiming and taking off ask the listeners of assigning', async (t) => {
    await t.run(ask(taskListeners('assigning:assigned')))
    await t.assignUserTask('ask', 'anna', { claim: true })
    await t.completeJob('assigned', {}, nothing)
    await t.unassignUserTask('ask')
    await t.completeJob('assigned', {}, nothing)
  }),
  listening('a listener of updating', async (t) => {
    await t.run(ask(taskListeners('updating:checked')))
    await t.updateUserTask('ask', { candidateGroups: ['x'], priority: 7 })
    await t.completeJob('checked', {}, nothing)
  }),
  listening('variables set at the task are an update', async (t) => {
    await t.run(ask(taskListeners('creating:created')))
    await t.completeJob('created', {}, nothing)
    await t.setVariables('ask', { draft: 1 }, { local: true })
    await t.completeUserTask('ask')
  }),
  listening('a listener of cancelling', async (t) => {
    await t.run(ask(taskListeners('canceling:told')))
    await t.cancel()
    await t.completeJob('told', {}, nothing)
  }),
  listening('a boundary event waits for the listener of cancelling', async (t) => {
    await t.run(
      start() +
        userTask('ask', taskListeners('canceling:told')) +
        boundary('late', 'ask', timer('timeDuration', 'PT1H')) +
        end() +
        end('given-up') +
        flows('start -> ask -> end', 'late -> given-up'),
    )
    await t.moveClock('PT1H')
    await t.completeJob('told', {}, nothing)
  }),
  listening('cancelling while a listener is asked', async (t) => {
    await t.run(ask(taskListeners('completing:checked', 'canceling:told')))
    await t.completeUserTask('ask')
    await t.cancel()
    await t.completeJob('told', {}, nothing)
  }),
  listening('commands while a listener is asked are refused', async (t) => {
    await t.run(ask(taskListeners('creating:created', 'completing:checked')))
    await t.completeUserTask('ask')
    await t.assignUserTask('ask', 'anna')
    await t.completeJob('created', {}, nothing)
    await t.completeUserTask('ask')
    await t.completeUserTask('ask')
    await t.assignUserTask('ask', 'anna')
    await t.updateUserTask('ask', { priority: 7 })
    await t.completeJob('checked', {}, nothing)
  }),
  listening('a listener without retries makes an incident', async (t) => {
    await t.run(ask(taskListeners('creating:created')))
    await t.failJob('created', { errorMessage: 'broken' })
    await t.updateRetries('created', 1)
    await t.resolveIncident('ask')
    await t.completeJob('created', {}, nothing)
    await t.completeUserTask('ask')
  }),
  listening('a listener of completion that fails is asked again', async (t) => {
    await t.run(ask(taskListeners('completing:checked')))
    await t.completeUserTask('ask', { answer: 1 })
    await t.failJob('checked', { retries: 1, errorMessage: 'once' })
    await t.failJob('checked', { errorMessage: 'broken' })
    await t.updateRetries('checked', 1)
    await t.resolveIncident('ask')
    await t.completeJob('checked', {}, nothing)
  }),
  listening('no error can be thrown from a listener', async (t) => {
    await t.run(ask(taskListeners('creating:created')))
    const job = await t.take('created')
    await t.throwError(job, 'oops')
    await t.completeJob(job, {}, nothing)
  }),
  listening('a listener whose type is an expression', async (t) => {
    await t.run(ask(taskListeners('completing:=kind + "~"')), { kind: 'checked' })
    await t.completeUserTask('ask')
    await t.completeJob('checked', {}, nothing)
  }),
  listening('a listener whose type cannot be read makes an incident', async (t) => {
    await t.run(ask(taskListeners('completing:=kind')))
    await t.completeUserTask('ask')
    await t.setVariables('p', { kind: 'x' })
    await t.resolveIncident('ask')
  }),
])
