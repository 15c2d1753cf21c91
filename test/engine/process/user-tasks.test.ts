import { describe, expect, it } from 'vitest'
import { bpmn, element, end, flows, mapping, start, userTask } from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const one = (...content: string[]) =>
  bpmn('p', start() + userTask('task', ...content) + end() + flows('start -> task -> end'))
const form = (id: string, text = '') => JSON.stringify({ id, type: 'default', components: [], text })

describe('user task', () => {
  it('is made with all that the diagram says', async () => {
    const test = await engineFor()
    await test.run(
      one(
        '<zeebe:assignmentDefinition assignee="=who" candidateGroups="=groups" candidateUsers="u1, u2"/>',
        '<zeebe:taskSchedule dueDate="=due" followUpDate="2026-11-24T09:00:00+08:00"/>',
        '<zeebe:priorityDefinition priority="=80"/>',
        '<zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders>',
        '<zeebe:formDefinition externalReference="form-x"/>',
      ),
      { who: '甲某一', groups: ['fast-team', 'panel'], due: '2026-11-25T17:30:00+08:00' },
    )
    expect(test.userTask('task')).toMatchObject({
      state: 'CREATED',
      assignee: '甲某一',
      candidateGroups: '["fast-team","panel"]',
      candidateUsers: '["u1","u2"]',
      dueDate: Date.parse('2026-11-25T17:30:00+08:00'),
      dueDateText: '2026-11-25T17:30:00+08:00',
      followUpDate: Date.parse('2026-11-24T09:00:00+08:00'),
      priority: 80,
      customHeaders: '{"k":"v"}',
      externalFormReference: 'form-x',
    })
    const ofGroup = "SELECT userTaskKey FROM user_task_candidate WHERE kind = 'GROUP' AND value = 'panel'"
    expect(test.engine.query.all(ofGroup)).toEqual([{ userTaskKey: test.userTask('task').key }])
  })

  it('has no dates when they are null, and priority 50', async () => {
    const test = await engineFor()
    await test.run(one('<zeebe:taskSchedule dueDate="=missing"/>'))
    expect(test.userTask('task')).toMatchObject({ dueDate: null, followUpDate: null, priority: 50, assignee: null })
  })

  it('completes with variables', async () => {
    const test = await engineFor()
    const key = await test.run(one(mapping({ outputs: { approved: '=decision = "yes"' } })))
    const { key: userTaskKey } = test.userTask('task')
    await test.execute({ type: 'CompleteUserTask', userTaskKey, variables: { decision: 'yes' } })
    expect(test.variables(key)).toEqual({ approved: true })
    expect(test.stateOf(key)).toBe('COMPLETED')
    const again = test.execute({ type: 'CompleteUserTask', userTaskKey })
    await expect(again).rejects.toMatchObject({ type: 'NOT_FOUND' })
  })

  it('is assigned, claimed and given back', async () => {
    const test = await engineFor()
    await test.run(one())
    const { key: userTaskKey } = test.userTask('task')
    const claim = (assignee: string) =>
      test.execute({ type: 'AssignUserTask', userTaskKey, assignee, allowOverride: false })
    await claim('a')
    await claim('a')
    await expect(claim('b')).rejects.toMatchObject({ type: 'INVALID_STATE' })
    await test.execute({ type: 'AssignUserTask', userTaskKey, assignee: 'b' })
    expect(test.userTask('task').assignee).toBe('b')
    await test.execute({ type: 'UnassignUserTask', userTaskKey })
    expect(test.userTask('task').assignee).toBeNull()
    const blank = test.execute({ type: 'AssignUserTask', userTaskKey, assignee: '' })
    await expect(blank).rejects.toMatchObject({ type: 'INVALID_ARGUMENT' })
  })

  it('is updated; what is not named stays', async () => {
    const test = await engineFor()
    await test.run(one('<zeebe:assignmentDefinition candidateGroups="a"/>'))
    const { key: userTaskKey } = test.userTask('task')
    await test.execute({
      type: 'UpdateUserTask',
      userTaskKey,
      changeset: { dueDate: '2026-12-01T00:00:00Z', priority: 1 },
    })
    await test.execute({
      type: 'UpdateUserTask',
      userTaskKey,
      changeset: { candidateGroups: ['b', 'c'], followUpDate: null },
    })
    expect(test.userTask('task')).toMatchObject({
      candidateGroups: '["b","c"]',
      priority: 1,
      dueDate: Date.parse('2026-12-01T00:00:00Z'),
    })
    expect(test.engine.query.all('SELECT value FROM user_task_candidate ORDER BY value')).toEqual([
      { value: 'b' },
      { value: 'c' },
    ])
    const wrong = (changeset: object) => test.execute({ type: 'UpdateUserTask', userTaskKey, changeset })
    await expect(wrong({ priority: 101 })).rejects.toMatchObject({ type: 'INVALID_ARGUMENT' })
    await expect(wrong({ dueDate: 'tomorrow' })).rejects.toThrow('dueDate')
  })

  it('is cancelled with its instance', async () => {
    const test = await engineFor()
    const key = await test.run(one())
    const { key: userTaskKey } = test.userTask('task')
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    const late = test.execute({ type: 'AssignUserTask', userTaskKey, assignee: 'a' })
    await expect(late).rejects.toMatchObject({ type: 'NOT_FOUND' })
    expect(test.engine.query.get('SELECT state FROM user_task')).toEqual({ state: 'CANCELED' })
  })
})

describe('form of a user task', () => {
  const withForm = (binding = '') => one(`<zeebe:formDefinition formId="check" ${binding}/>`)
  const formVersion = (test: Awaited<ReturnType<typeof engineFor>>) =>
    test.engine.query.get<{ version: number }>(
      'SELECT version FROM form WHERE key = (SELECT MAX(formKey) FROM user_task WHERE key = (SELECT MAX(key) FROM user_task))',
    )?.version

  it('is the latest version, or that of the deployment', async () => {
    const bound = withForm('bindingType="deployment"').replaceAll('"p"', '"bound"')
    const test = await engineFor({
      resources: { 'bound.bpmn': bound, 'p.bpmn': withForm(), 'check.form': form('check') },
    })
    await test.deploy({ 'check.form': form('check', 'newer') })
    await test.start('p')
    expect(formVersion(test)).toBe(2)
    await test.start('bound')
    expect(formVersion(test)).toBe(1)
  })

  it('that is not deployed makes an incident', async () => {
    const test = await engineFor()
    const key = await test.run(withForm())
    expect(test.incidents(key)).toMatchObject([{ errorType: 'FORM_NOT_FOUND', elementId: 'task' }])
    await test.deploy({ 'check.form': form('check') })
    await test.resolveIncident(key)
    expect(test.waitingAt(key)).toEqual(['task'])
  })
})

describe('attributes that cannot be evaluated', () => {
  it.each([
    ['an assignee that is null', '<zeebe:assignmentDefinition assignee="=missing"/>'],
    ['groups that are null', '<zeebe:assignmentDefinition candidateGroups="=missing"/>'],
    ['a form that is null', '<zeebe:formDefinition formId="=missing"/>'],
    ['a group that is no list', '<zeebe:assignmentDefinition candidateGroups="=1"/>'],
    ['a due date without offset', '<zeebe:taskSchedule dueDate="=&quot;2026-01-01T00:00&quot;"/>'],
    ['a priority out of range', '<zeebe:priorityDefinition priority="=101"/>'],
  ])('%s makes an incident', async (_name, extension) => {
    const test = await engineFor()
    const key = await test.run(
      bpmn(
        'p',
        start() +
          element('userTask', { id: 'task' }, '<zeebe:userTask/>', extension) +
          end() +
          flows('start -> task -> end'),
      ),
    )
    expect(test.incidents(key)).toMatchObject([{ errorType: 'EXTRACT_VALUE_ERROR', elementId: 'task' }])
    expect(test.engine.query.all('SELECT key FROM user_task')).toEqual([])
  })
})
