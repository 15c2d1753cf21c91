import type { Expression } from './expression.ts'
import { children, extension, text, type XmlElement } from './moddle.ts'
import { checkExtensions, readHeaders } from './read-common.ts'
import type { Report } from './report.ts'
import { parseDateTime } from './timer-expression.ts'
import { type Binding, type Listener, TASK_LISTENER_EVENTS, type Task, type TaskListenerEvent } from './types.ts'

const USER_TASK = [
  'zeebe:IoMapping',
  'zeebe:ExecutionListeners',
  'zeebe:TaskListeners',
  'zeebe:UserTask',
  'zeebe:AssignmentDefinition',
  'zeebe:TaskSchedule',
  'zeebe:PriorityDefinition',
  'zeebe:FormDefinition',
  'zeebe:TaskHeaders',
]

/** Reads a user task that the engine manages. */
export function readUserTask(element: XmlElement, report: Report): Task {
  checkExtensions(element, USER_TASK, report)
  if (extension(element, 'zeebe:UserTask') === undefined)
    report.add(element, 'user tasks of job workers are not supported: add zeebe:userTask')
  const assignment = extension(element, 'zeebe:AssignmentDefinition')
  const schedule = extension(element, 'zeebe:TaskSchedule')
  const form = extension(element, 'zeebe:FormDefinition')
  if (text(form, 'formKey') !== undefined)
    report.add(element, "attribute 'formKey' of zeebe:formDefinition is not supported: use formId or externalReference")
  const formId = report.optional(element, form, 'formId')
  const externalFormReference = report.optional(element, form, 'externalReference')
  if (formId !== undefined && externalFormReference !== undefined)
    report.add(element, 'zeebe:formDefinition must have either formId or externalReference, not both')
  const priority = report.optional(element, extension(element, 'zeebe:PriorityDefinition'), 'priority')
  if (priority?.kind === 'static' && !/^(\d{1,2}|100)$/.test(priority.source.trim()))
    report.add(element, `priority must be a number between 0 and 100, not '${priority.source}'`)
  return {
    kind: 'user',
    assignee: report.optional(element, assignment, 'assignee'),
    candidateGroups: report.optional(element, assignment, 'candidateGroups'),
    candidateUsers: report.optional(element, assignment, 'candidateUsers'),
    dueDate: readDate(element, schedule, 'dueDate', report),
    followUpDate: readDate(element, schedule, 'followUpDate', report),
    priority,
    formId,
    formBinding: readBinding(element, form, report),
    externalFormReference,
    listeners: readTaskListeners(element, report),
  }
}

function readDate(
  element: XmlElement,
  schedule: XmlElement | undefined,
  property: 'dueDate' | 'followUpDate',
  report: Report,
): Expression | undefined {
  const date = report.optional(element, schedule, property)
  if (date?.kind === 'static' && parseDateTime(date.source) === undefined)
    report.add(element, `${property} must be a date-time with offset (2026-11-23T15:00:00+08:00), not '${date.source}'`)
  return date
}

/** Reads which version of a process, decision or form is meant. */
export function readBinding(element: XmlElement, owner: XmlElement | undefined, report: Report): Binding {
  const binding = text(owner, 'bindingType') ?? 'latest'
  if (binding === 'latest' || binding === 'deployment') return binding
  report.add(element, `bindingType '${binding}' is not supported: use latest or deployment`)
  return 'latest'
}

/** Names of the events in a diagram; Camunda still takes those of its first versions. */
const EVENT_NAMES: Readonly<Record<string, TaskListenerEvent>> = {
  ...Object.fromEntries(TASK_LISTENER_EVENTS.map((event) => [event.toLowerCase(), event])),
  create: 'CREATING',
  assignment: 'ASSIGNING',
  update: 'UPDATING',
  complete: 'COMPLETING',
  cancel: 'CANCELING',
}

function readTaskListeners(element: XmlElement, report: Report): Record<TaskListenerEvent, Listener[]> {
  const container = extension(element, 'zeebe:TaskListeners')
  const headers = readHeaders(extension(element, 'zeebe:TaskHeaders'))
  const listeners: Record<TaskListenerEvent, Listener[]> = {
    CREATING: [],
    ASSIGNING: [],
    UPDATING: [],
    COMPLETING: [],
    CANCELING: [],
  }
  for (const listener of container === undefined ? [] : children(container, 'listeners')) {
    const given = text(listener, 'eventType') ?? ''
    const event = EVENT_NAMES[given]
    if (event === undefined)
      report.add(
        element,
        `a task listener must have eventType 'creating', 'assigning', 'updating', 'completing' or 'canceling', not '${given}'`,
      )
    else
      listeners[event].push({
        jobType: report.required(element, listener, 'type'),
        retries: report.expression(element, text(listener, 'retries') ?? '3'),
        headers,
      })
  }
  return listeners
}
