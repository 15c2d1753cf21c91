import { bpmn, end, mapping, start, userTask } from '../../../src/engine/testing/bpmn-builder.ts'
import { headers, line } from '../diagrams.ts'
import { group, scenario } from '../scenario.ts'

const ask = (...content: string[]) => start() + userTask('ask', ...content) + end() + line('ask')
const assignment = (values: Record<string, string>) =>
  `<zeebe:assignmentDefinition${Object.entries(values)
    .map(([name, value]) => ` ${name}="${value.replaceAll('"', '&quot;')}"`)
    .join('')}/>`
const form = '{"id":"request","type":"default","components":[]}'

/** User tasks of the engine: attributes, assignment, completion. */
export const userTasks = group('user-tasks', [
  scenario('a person completes the task with variables', async (t) => {
    await t.run(ask(), { known: 1 })
    await t.completeUserTask('ask', { known: 2, fresh: 3 })
  }),
  scenario('assignee, groups, users, dates and priority', async (t) => {
    await t.run(
      ask(
        assignment({ assignee: 'anna', candidateGroups: 'clerks, judges', candidateUsers: 'bert' }),
        '<zeebe:taskSchedule dueDate="2026-12-01T10:00:00+08:00" followUpDate="2026-11-30T10:00:00Z"/>',
        '<zeebe:priorityDefinition priority="80"/>',
        headers({ room: '7' }),
      ),
    )
    await t.completeUserTask('ask')
  }),
  scenario('attributes by expression', async (t) => {
    await t.run(
      ask(
        assignment({ assignee: '=who', candidateGroups: '=groups', candidateUsers: '=["u1", who]' }),
        '<zeebe:taskSchedule dueDate="=due" followUpDate="=date and time(due) - duration(&quot;P1D&quot;)"/>',
        '<zeebe:priorityDefinition priority="=base + 5"/>',
      ),
      { who: 'anna', groups: ['g1', 'g2'], due: '2026-12-01T10:00:00Z', base: 10 },
    )
  }),
  scenario('attributes that are null are left out', async (t) => {
    await t.run(ask('<zeebe:taskSchedule dueDate="=due"/>'))
  }),
  scenario('an assignee that is null makes an incident', async (t) => {
    await t.run(ask(assignment({ assignee: '=who' })))
  }),
  scenario('candidate groups that are no list make an incident', async (t) => {
    await t.run(ask(assignment({ candidateGroups: '=groups' })), { groups: 'clerks' })
    await t.setVariables('p', { groups: ['clerks'] })
    await t.resolveIncident('ask')
  }),
  scenario('candidate groups of other things than text make an incident', (t) =>
    t.run(ask(assignment({ candidateGroups: '=groups' })), { groups: [1] }),
  ),
  scenario('a due date that is none makes an incident', async (t) => {
    await t.run(ask('<zeebe:taskSchedule dueDate="=due"/>'), { due: 'tomorrow' })
  }),
  scenario('a priority out of range makes an incident', async (t) => {
    await t.run(ask('<zeebe:priorityDefinition priority="=base"/>'), { base: 101 })
  }),
  scenario('a priority that is no number makes an incident', (t) =>
    t.run(ask('<zeebe:priorityDefinition priority="=base"/>'), { base: 'high' }),
  ),
  scenario('a form of the engine', async (t) => {
    await t.deploy({ 'request.form': form, 'p.bpmn': bpmn('p', ask('<zeebe:formDefinition formId="request"/>')) })
    await t.start('p')
    await t.deploy({ 'request.form': form.replace('[]', '[{"type":"textfield","key":"a"}]') })
    await t.start('p')
  }),
  scenario('a form that is bound to the deployment', async (t) => {
    await t.deploy({
      'request.form': form,
      'p.bpmn': bpmn('p', ask('<zeebe:formDefinition formId="request" bindingType="deployment"/>')),
    })
    await t.deploy({ 'request.form': form.replace('[]', '[{"type":"textfield","key":"a"}]') })
    await t.start('p')
  }),
  scenario('a form that is not there makes an incident', async (t) => {
    await t.run(ask('<zeebe:formDefinition formId="request"/>'))
    await t.deploy({ 'request.form': form })
    await t.resolveIncident('ask')
  }),
  scenario('a form outside', (t) =>
    t.run(ask('<zeebe:formDefinition externalReference="=&quot;page-&quot; + kind"/>'), { kind: 'a' }),
  ),
  scenario('a task is assigned, given to another, and taken off', async (t) => {
    await t.run(ask())
    await t.assignUserTask('ask', 'anna')
    await t.assignUserTask('ask', 'bert')
    await t.unassignUserTask('ask')
    await t.completeUserTask('ask')
  }),
  scenario('a task is claimed; another cannot claim it', async (t) => {
    await t.run(ask())
    await t.assignUserTask('ask', 'anna', { claim: true })
    await t.assignUserTask('ask', 'bert', { claim: true })
    await t.assignUserTask('ask', 'anna', { claim: true })
  }),
  scenario('attributes of a task are changed', async (t) => {
    await t.run(ask(assignment({ candidateGroups: 'g' })))
    await t.updateUserTask('ask', { candidateGroups: ['x', 'y'], candidateUsers: ['u'], priority: 7 })
    await t.updateUserTask('ask', { dueDate: '2026-12-01T10:00:00Z', followUpDate: '2026-11-01T10:00:00Z' })
    await t.updateUserTask('ask', { candidateGroups: [], dueDate: '' })
  }),
  scenario('a completed task takes no more commands', async (t) => {
    await t.run(ask())
    await t.completeUserTask('ask')
    await t.completeUserTask('ask')
    await t.assignUserTask('ask', 'anna')
    await t.updateUserTask('ask', { priority: 1 })
  }),
  scenario('a task is cancelled with its instance', async (t) => {
    await t.run(ask(assignment({ assignee: 'anna' })))
    await t.cancel()
    await t.completeUserTask('ask')
  }),
  scenario('completion with output mappings', async (t) => {
    await t.run(ask(mapping({ outputs: { done: '=answer' } })))
    await t.completeUserTask('ask', { answer: 1, other: 2 })
  }),
])
