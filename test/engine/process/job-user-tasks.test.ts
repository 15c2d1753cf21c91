import { describe, expect, it } from 'vitest'
import { bpmn, element, end, flows, multiInstance, start } from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from './support.ts'

const JOB = 'io.camunda.zeebe:userTask'
const around = (...content: string[]) =>
  bpmn(
    'p',
    '<bpmn:extensionElements><zeebe:userTaskForm id="a">{}</zeebe:userTaskForm><zeebe:userTaskForm id="b">{}</zeebe:userTaskForm></bpmn:extensionElements>' +
      start() +
      element('userTask', { id: 'task' }, ...content) +
      end() +
      flows('start -> task -> end'),
  )

describe('a user task of a job worker', () => {
  it('is a job with one try, whose worker is told of it in headers', async () => {
    const test = await engineFor()
    const key = await test.run(
      around(
        '<zeebe:assignmentDefinition assignee="=who" candidateGroups="=groups" candidateUsers="u1, u2"/>',
        '<zeebe:taskSchedule dueDate="=due" followUpDate="2026-12-01T12:34:56+08:00"/>',
        '<zeebe:formDefinition formKey="camunda-forms:bpmn:a"/>',
        '<zeebe:taskHeaders><zeebe:header key="zone" value="reception"/></zeebe:taskHeaders>',
      ),
      { who: 'ann', groups: ['clerks'], due: '2026-12-02T00:00:00Z' },
    )
    const job = await test.takeJob(JOB)
    expect(job).toMatchObject({ kind: 'BPMN_ELEMENT', retries: 1, elementId: 'task' })
    expect(job.customHeaders).toEqual({
      zone: 'reception',
      'io.camunda.zeebe:assignee': 'ann',
      'io.camunda.zeebe:candidateGroups': '["clerks"]',
      'io.camunda.zeebe:candidateUsers': '["u1","u2"]',
      'io.camunda.zeebe:dueDate': '2026-12-02T00:00:00Z',
      'io.camunda.zeebe:followUpDate': '2026-12-01T12:34:56+08:00',
      'io.camunda.zeebe:formKey': 'camunda-forms:bpmn:a',
    })
    expect(test.engine.query.all('SELECT key FROM user_task')).toEqual([])
    await test.execute({ type: 'CompleteJob', jobKey: job.jobKey, variables: { done: true } })
    expect(test.stateOf(key)).toBe('COMPLETED')
    expect(test.variables(key).done).toBe(true)
  })

  it('names the form of the engine by its key', async () => {
    const test = await engineFor()
    const { forms } = await test.deploy({ 'f.form': JSON.stringify({ id: 'f', components: [] }) })
    await test.run(around('<zeebe:formDefinition formId="f"/>'))
    const { customHeaders } = await test.takeJob(JOB)
    expect(customHeaders).toEqual({ 'io.camunda.zeebe:formKey': String(forms[0]?.formKey) })
  })

  it.each([
    ['assignee that is null', '<zeebe:assignmentDefinition assignee="=null"/>', 'EXTRACT_VALUE_ERROR'],
    ['group that is no list', '<zeebe:assignmentDefinition candidateGroups="=5"/>', 'EXTRACT_VALUE_ERROR'],
    ['date that is none', '<zeebe:taskSchedule dueDate="=&quot;soon&quot;"/>', 'EXTRACT_VALUE_ERROR'],
    ['form that is not deployed', '<zeebe:formDefinition formId="f"/>', 'FORM_NOT_FOUND'],
  ])('with an %s makes an incident', async (_what, content, errorType) => {
    const test = await engineFor()
    const key = await test.run(around(content))
    expect(test.incidents(key)).toMatchObject([{ errorType, elementId: 'task' }])
  })

  it('is ended with its process', async () => {
    const test = await engineFor()
    const key = await test.run(around(multiInstance({ inputCollection: '=[1,2]' })))
    expect(await test.takeJobs(JOB, 1)).toHaveLength(1)
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    expect(test.engine.query.all("SELECT key FROM job WHERE state <> 'CANCELED'")).toEqual([])
  })
})
