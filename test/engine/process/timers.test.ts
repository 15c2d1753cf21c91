import { describe, expect, it } from 'vitest'
import {
  boundary,
  bpmn,
  catchEvent,
  element,
  end,
  eventSubprocess,
  flows,
  mapping,
  serviceTask,
  start,
  timer,
  userTask,
} from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const wait = (definition: string) =>
  bpmn('p', start() + catchEvent('wait', definition) + end() + flows('start -> wait -> end'))

describe('timer catch event', () => {
  it.each([
    ['date with offset', timer('timeDate', '2026-11-24T10:00:00+08:00'), '2026-11-24T10:00:00+08:00'],
    ['date with zone', timer('timeDate', '=at'), '2026-11-24T15:00:00+08:00'],
    ['duration', timer('timeDuration', 'PT90M'), '2026-11-23T10:30:00+08:00'],
    ['FEEL duration', timer('timeDuration', '=duration("P" + string(days) + "D")'), '2026-11-26T09:00:00+08:00'],
    ['calendar months', timer('timeDuration', 'P3M'), '2027-02-23T09:00:00+08:00'],
    ['FEEL date', timer('timeDate', '=now() + duration("PT1H")'), '2026-11-23T10:00:00+08:00'],
  ])('waits until the %s', async (_name, definition, due) => {
    const test = await engineFor()
    const key = await test.run(wait(definition), { days: 3, at: '2026-11-24T15:00:00+08:00[Asia/Shanghai]' })
    expect(test.engine.query.all('SELECT dueAt FROM timer')).toEqual([{ dueAt: Date.parse(due) }])
    await test.moveTo(new Date(Date.parse(due) - 1).toISOString())
    expect(test.stateOf(key)).toBe('ACTIVE')
    await test.moveTo(due)
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('fires at once when the date is past', async () => {
    const test = await engineFor()
    const key = await test.run(wait(timer('timeDate', '2020-01-01T00:00:00Z')))
    await test.moveBy(0)
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it.each([
    [
      'null',
      '=missing',
      "Expected result of the expression 'missing' to be one of '[DATE_TIME, STRING]', but was 'NULL'",
    ],
    ['without offset', '="2026-01-01T10:00:00"', "Invalid date-time format '2026-01-01T10:00:00'"],
  ])('makes an incident of a date that is %s', async (_name, expression, expected) => {
    const test = await engineFor()
    const key = await test.run(wait(timer('timeDate', expression)))
    expect(test.incidents(key)).toMatchObject([{ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'wait' }])
    expect(test.incidents(key)[0]?.errorMessage).toContain(expected)
  })

  it('is armed when the incident is resolved', async () => {
    const test = await engineFor()
    const key = await test.run(wait(timer('timeDate', '=due')))
    await test.execute({
      type: 'SetVariables',
      elementInstanceKey: key,
      variables: { due: '2026-11-23T12:00:00+08:00' },
    })
    await test.resolveIncident(key)
    expect(test.waitingAt(key)).toEqual(['wait'])
    await test.moveTo('2026-11-23T12:00:00+08:00')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})

describe('timer boundary event', () => {
  const guarded = (definition: string, interrupting: boolean) =>
    bpmn(
      'p',
      start() +
        serviceTask('work', mapping({ inputs: { due: '=begin' } })) +
        boundary('late', 'work', definition, interrupting) +
        end() +
        end('escalated') +
        flows('start -> work -> end', 'late -> escalated'),
    )

  it('interrupts: the task is cancelled', async () => {
    const test = await engineFor()
    const key = await test.run(guarded(timer('timeDate', '=due'), true), { begin: '2026-11-23T18:00:00+08:00' })
    const { jobKey } = await test.takeJob('work')
    await test.moveTo('2026-11-23T18:00:00+08:00')
    expect(test.terminated(key)).toEqual(['work'])
    expect(test.completed(key)).toEqual(['start', 'late', 'escalated'])
    expect(test.stateOf(key)).toBe('COMPLETED')
    await expect(test.execute({ type: 'CompleteJob', jobKey })).rejects.toMatchObject({ type: 'NOT_FOUND' })
  })

  it('does not interrupt: the task stays open', async () => {
    const test = await engineFor()
    const key = await test.run(guarded(timer('timeDate', '=due'), false), { begin: '2026-11-23T18:00:00+08:00' })
    await test.moveTo('2026-11-23T18:00:00+08:00')
    expect(test.waitingAt(key)).toEqual(['work'])
    await test.completeJob('work')
    expect(test.completed(key)).toEqual(['start', 'work', 'late', 'escalated', 'end'])
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('is forgotten when the task is done in time', async () => {
    const test = await engineFor()
    const key = await test.run(guarded(timer('timeDuration', 'PT1H'), true), { begin: null })
    await test.completeJob('work')
    await test.moveBy(7_200_000)
    expect(test.completed(key)).toEqual(['start', 'work', 'end'])
  })

  it('repeats as often as its cycle says', async () => {
    const test = await engineFor()
    const key = await test.run(guarded(timer('timeCycle', 'R3/PT1H'), false), { begin: null })
    await test.moveBy(3_600_000)
    expect(test.completed(key).filter((id) => id === 'late')).toHaveLength(1)
    await test.moveBy(36_000_000)
    expect(test.completed(key).filter((id) => id === 'late')).toHaveLength(3)
    expect(test.waitingAt(key)).toEqual(['work'])
  })
})

describe('timer start event', () => {
  const every = (cycle: string) =>
    bpmn('p', start('start', timer('timeCycle', cycle)) + userTask('do') + end() + flows('start -> do -> end'))
  const count = (test: Awaited<ReturnType<typeof engineFor>>) =>
    test.engine.query.all('SELECT * FROM process_instance').length

  it('starts an instance every time', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': every('R2/PT1H') } })
    await test.moveBy(3_600_000)
    expect(count(test)).toBe(1)
    await test.moveBy(7_200_000)
    expect(count(test)).toBe(2)
  })

  it('with a duration starts one instance, that long after the deployment', async () => {
    const once = every('R2/PT1H').replace('timeCycle', 'timeDuration').replace('timeCycle', 'timeDuration')
    const test = await engineFor({ resources: { 'p.bpmn': once.replace('R2/PT1H', 'PT1H') } })
    await test.moveBy(3_599_999)
    expect(count(test)).toBe(0)
    await test.moveBy(1)
    await test.moveBy(7_200_000)
    expect(count(test)).toBe(1)
  })

  it('follows a cron expression in the zone of the engine', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': every('0 30 8 * * MON') } })
    await test.moveTo('2026-11-30T08:29:59+08:00')
    expect(count(test)).toBe(0)
    await test.moveTo('2026-11-30T08:30:00+08:00')
    expect(count(test)).toBe(1)
    await test.moveTo('2026-12-07T08:30:00+08:00')
    expect(count(test)).toBe(2)
  })

  it('makes up for what was missed once, then goes on', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': every('R/PT1H') } })
    await test.moveBy(5.5 * 3_600_000)
    expect(count(test)).toBe(2)
    await test.moveBy(3_600_000)
    expect(count(test)).toBe(3)
  })

  it('belongs to the latest version only', async () => {
    const test = await engineFor({ resources: { 'p.bpmn': every('R/PT1H') } })
    await test.deploy({ 'p.bpmn': every('R/PT2H') })
    await test.moveBy(3_600_000)
    expect(count(test)).toBe(0)
    await test.moveBy(3_600_000)
    expect(count(test)).toBe(1)
  })
})

describe('timer start event of an event subprocess', () => {
  const withReminder = (interrupting: boolean) =>
    bpmn(
      'p',
      start() +
        serviceTask('work') +
        end() +
        flows('start -> work -> end') +
        eventSubprocess(
          'reminder',
          element('startEvent', { id: 'due', isInterrupting: interrupting }, timer('timeDuration', 'PT1H')) +
            serviceTask('remind') +
            end('reminded') +
            flows('due -> remind -> reminded'),
        ),
    )

  it('interrupting: ends the normal flow', async () => {
    const test = await engineFor()
    const key = await test.run(withReminder(true))
    await test.moveBy(3_600_000)
    expect(test.terminated(key)).toEqual(['work'])
    expect(test.waitingAt(key)).toEqual(['remind'])
    await test.completeJob('remind')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })

  it('not interrupting: the instance ends when both have ended', async () => {
    const test = await engineFor()
    const key = await test.run(withReminder(false))
    await test.moveBy(3_600_000)
    await test.completeJob('work')
    expect(test.stateOf(key)).toBe('ACTIVE')
    await test.completeJob('remind')
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})
