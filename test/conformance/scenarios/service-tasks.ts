import {
  boundary,
  end,
  error,
  errorEvent,
  flows,
  job,
  mapping,
  serviceTask,
  start,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { headers, jobTask, line } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const onlyTask = start() + serviceTask('work') + end() + line('work')
const one = (task: string) => start() + task + end() + line('work')

/** Tasks that job workers do, and the life of their jobs. */
export const serviceTasks = group('service-tasks', [
  scenario('a worker completes the task and its variables go to the process', async (t) => {
    await t.run(onlyTask, { amount: 3 })
    await t.completeJob('work', { result: 'done', amount: 4 })
  }),
  scenario('a worker sees the variables, headers and retries', async (t) => {
    await t.run(one(serviceTask('work', job('work', '5'), headers({ channel: 'mail', to: 'clerk' }))), {
      text: 'hi',
      list: [1, 2.5, null],
      deep: { a: { b: true } },
    })
    await t.take('work')
  }),
  scenario('a worker that names variables sees only those', async (t) => {
    await t.run(onlyTask, { a: 1, b: 2, c: 3 })
    await t.take('work', { fetchVariables: ['a', 'c', 'missing'] })
  }),
  scenario('type and retries are expressions', async (t) => {
    await t.run(one(serviceTask('work', job('="work-" + kind + "~"', '=count * 2'))), { kind: 'fast', count: 2 })
    await t.completeJob('work-fast')
  }),
  scenario('a type that is no text makes an incident until the variable is there', async (t) => {
    await t.run(one(serviceTask('work', job('=kind'))))
    await t.setVariables('p', { kind: 'other' })
    await t.resolveIncident('work')
    await t.cancel()
  }),
  scenario('retries that are no number make an incident', async (t) => {
    await t.run(one(serviceTask('work', job('work', '=count'))), { count: 'many' })
    await t.setVariables('p', { count: 1 })
    await t.resolveIncident('work')
    await t.take('work')
  }),
  scenario('retries of zero leave a job that nobody can take', async (t) => {
    await t.run(one(serviceTask('work', job('work', '0'))))
    await t.takeAll('work')
    await t.updateRetries('work', 1)
    await t.takeAll('work')
  }),
  scenario('a failure with retries left brings the job back at once', async (t) => {
    await t.run(onlyTask)
    await t.failJob('work', { retries: 2, errorMessage: 'try again' })
    await t.take('work')
  }),
  scenario('a failure with a back-off brings the job back later', async (t) => {
    await t.run(onlyTask)
    await t.failJob('work', { retries: 1, backOff: 'PT10M' })
    await t.takeAll('work')
    await t.moveClock('PT11M')
    await t.completeJob('work')
  }),
  scenario('a failure without retries makes an incident; retries and resolving bring the job back', async (t) => {
    await t.run(onlyTask)
    await t.failJob('work', { errorMessage: 'no connection' })
    await t.takeAll('work')
    await t.updateRetries('work', 1)
    await t.resolveIncident('work')
    await t.completeJob('work')
  }),
  scenario('a failure without retries and words', async (t) => {
    await t.run(onlyTask)
    await t.failJob('work')
  }),
  scenario(
    'resolving without new retries makes the incident again',
    async (t) => {
      await t.run(onlyTask)
      await t.failJob('work')
      await t.resolveIncident('work')
      await t.takeAll('work')
    },
    { changedSince86: 'the refusal was of another kind' },
  ),
  scenario('negative retries count as none', async (t) => {
    await t.run(onlyTask)
    await t.failJob('work', { retries: -1, errorMessage: 'broken' })
  }),
  scenario('variables of a failure stay at the task', async (t) => {
    await t.run(onlyTask, { a: 1 })
    await t.failJob('work', { retries: 1, variables: { a: 2, reason: 'busy' } })
    await t.take('work')
    await t.completeJob(await t.take('work'))
  }),
  scenario('a job that was not completed in time comes back', async (t) => {
    await t.run(onlyTask)
    const first = await t.take('work', { timeout: 'PT5M' })
    await t.takeAll('work')
    await t.moveClock('PT6M')
    await t.take('work', { timeout: 'PT5M' })
    await t.completeJob(first)
  }),
  scenario('a longer timeout keeps the job', async (t) => {
    await t.run(onlyTask)
    await t.take('work', { timeout: 'PT5M' })
    await t.updateTimeout('work', 'PT1H')
    await t.moveClock('PT30M')
    await t.takeAll('work')
    await t.moveClock('PT31M')
    await t.takeAll('work')
  }),
  scenario('the timeout of a job that nobody has cannot be changed', async (t) => {
    await t.run(onlyTask)
    await t.updateTimeout('work', 'PT1H')
  }),
  scenario('a job can be completed once', async (t) => {
    await t.run(onlyTask)
    const work = await t.take('work')
    await t.completeJob(work)
    await t.completeJob(work)
    await t.failJob(work)
    await t.throwError(work, 'late')
    await t.updateRetries('work', 3)
  }),
  scenario('a failed job without retries cannot be completed', async (t) => {
    await t.run(onlyTask)
    const work = await t.take('work')
    await t.failJob(work)
    await t.completeJob(work)
    await t.failJob(work)
    await t.throwError(work, 'late')
  }),
  scenario('a failed job with retries left can be completed by who had it', async (t) => {
    await t.run(onlyTask)
    const work = await t.take('work')
    await t.failJob(work, { retries: 1 })
    await t.completeJob(work)
  }),
  scenario('retries must be positive', async (t) => {
    await t.run(onlyTask)
    await t.updateRetries('work', 0)
    await t.updateRetries('work', -1)
    await t.updateRetries('work', 9)
    await t.take('work')
  }),
  scenario('cancelling the instance cancels its job', async (t) => {
    await t.run(onlyTask)
    const work = await t.take('work')
    await t.cancel()
    await t.completeJob(work)
  }),
  scenario('cancelling resolves the incident', async (t) => {
    await t.run(onlyTask)
    await t.failJob('work')
    await t.cancel()
    await t.resolveIncident('work')
  }),
  scenario('send, script and business rule tasks can be jobs too', async (t) => {
    await t.run(
      start() +
        jobTask('sendTask', 'send') +
        jobTask('scriptTask', 'calculate') +
        jobTask('businessRuleTask', 'decide', headers({ table: 'x' })) +
        end() +
        line('send', 'calculate', 'decide'),
    )
    await t.completeJob('send', { sent: true })
    await t.failJob('calculate', { retries: 1 })
    await t.completeJob('calculate')
    await t.completeJob('decide')
  }),
  scenario('a thrown error without a catcher is an incident; resolving offers the job again', async (t) => {
    await t.run(onlyTask)
    await t.throwError('work', 'unknown', 'what happened')
    await t.takeAll('work')
    await t.resolveIncident('work')
    await t.takeAll('work')
    await t.completeJob('work')
  }),
  scenario('a thrown error is caught by its code and brings variables', async (t) => {
    await t.run(
      start() +
        serviceTask('work', mapping({ inputs: { local: '=1' } })) +
        boundary('rejected', 'work', errorEvent('e')) +
        end() +
        end('end2') +
        flows('start -> work -> end', 'rejected -> end2'),
      { known: 1 },
      error('e', 'rejected'),
    )
    await t.throwError('work', 'rejected', 'not good', { reason: 'too late', known: 2, local: 3 })
  }),
  scenario('jobs of one type are given out oldest first', async (t) => {
    await t.run(onlyTask, { number: 1 })
    await t.start('p', { number: 2 })
    await t.start('p', { number: 3 })
    await t.takeAll('work', { max: 2 })
    await t.takeAll('work')
  }),
])
