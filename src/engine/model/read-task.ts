import { child, extension, flag, text, type XmlElement } from './moddle.ts'
import { checkExtensions, variableOf } from './read-common.ts'
import { readBinding, readUserTask } from './read-user-task.ts'
import type { Report } from './report.ts'
import type { Loop, Task } from './types.ts'

const COMMON = ['zeebe:IoMapping', 'zeebe:ExecutionListeners']
const JOB = [...COMMON, 'zeebe:TaskDefinition', 'zeebe:TaskHeaders']

/** Reads what an activity does; what is missing or not supported is reported. */
export function readTask(element: XmlElement, report: Report): Task {
  switch (element.$type) {
    case 'bpmn:ServiceTask':
    case 'bpmn:SendTask':
      checkExtensions(element, JOB, report)
      return readJob(element, report)
    case 'bpmn:ScriptTask':
      checkExtensions(element, [...JOB, 'zeebe:Script'], report)
      return extension(element, 'zeebe:Script') === undefined ? readJob(element, report) : readScript(element, report)
    case 'bpmn:BusinessRuleTask':
      checkExtensions(element, [...JOB, 'zeebe:CalledDecision'], report)
      return extension(element, 'zeebe:CalledDecision') === undefined
        ? readJob(element, report)
        : readDecision(element, report)
    case 'bpmn:UserTask':
      return readUserTask(element, report)
    case 'bpmn:CallActivity':
      checkExtensions(element, [...COMMON, 'zeebe:CalledElement'], report)
      return readCall(element, report)
    default:
      checkExtensions(element, COMMON, report)
      return { kind: 'none' }
  }
}

/** Reads a job definition; also of message throw events. */
export function readJob(element: XmlElement, report: Report): Task {
  const definition = extension(element, 'zeebe:TaskDefinition')
  return {
    kind: 'job',
    jobType: report.required(element, definition ?? { $type: 'zeebe:taskDefinition' }, 'type'),
    retries: report.expression(element, text(definition, 'retries') ?? '3'),
  }
}

function readScript(element: XmlElement, report: Report): Task {
  const script = extension(element, 'zeebe:Script')
  if (extension(element, 'zeebe:TaskDefinition') !== undefined)
    report.add(element, 'must have either zeebe:script or zeebe:taskDefinition, not both')
  return {
    kind: 'script',
    expression: report.feel(element, requiredText(element, script, 'expression', report)),
    resultVariable: requiredText(element, script, 'resultVariable', report),
  }
}

function readDecision(element: XmlElement, report: Report): Task {
  const called = extension(element, 'zeebe:CalledDecision')
  if (extension(element, 'zeebe:TaskDefinition') !== undefined)
    report.add(element, 'must have either zeebe:calledDecision or zeebe:taskDefinition, not both')
  return {
    kind: 'decision',
    decisionId: report.required(element, called, 'decisionId'),
    resultVariable: requiredText(element, called, 'resultVariable', report),
    binding: readBinding(element, called, report),
  }
}

function readCall(element: XmlElement, report: Report): Task {
  const called = extension(element, 'zeebe:CalledElement')
  if (called === undefined) report.add(element, 'must have a zeebe:calledElement with a processId')
  if (text(called, 'businessId') !== undefined)
    report.add(element, "attribute 'businessId' of zeebe:calledElement is not supported")
  return {
    kind: 'call',
    processId: called === undefined ? { kind: 'static', source: '' } : report.required(element, called, 'processId'),
    binding: readBinding(element, called, report),
    propagateAllChildVariables: flag(called, 'propagateAllChildVariables', true),
    propagateAllParentVariables: flag(called, 'propagateAllParentVariables', true),
  }
}

function requiredText(element: XmlElement, owner: XmlElement | undefined, property: string, report: Report): string {
  const value = text(owner, property)
  if (value === undefined)
    report.add(element, `attribute '${property}' of ${owner?.$type ?? 'the element'} must be present`)
  return value ?? ''
}

/** Reads a multi-instance marker, if the activity has one. */
export function readLoop(element: XmlElement, report: Report): Loop | undefined {
  const marker = child(element, 'loopCharacteristics')
  if (marker === undefined) return undefined
  if (marker.$type !== 'bpmn:MultiInstanceLoopCharacteristics') {
    report.add(element, `${marker.$type} is not supported: use a multi-instance marker`)
    return undefined
  }
  const loop = extension(marker, 'zeebe:LoopCharacteristics')
  if (loop === undefined) report.add(element, 'a multi-instance marker needs zeebe:loopCharacteristics')
  for (const property of ['loopCardinality', 'inputDataItem', 'loopDataInputRef'])
    if (marker[property] !== undefined) report.add(element, `${property} is not supported: use inputCollection`)
  const outputCollection = text(loop, 'outputCollection')
  const outputElement = text(loop, 'outputElement')
  if ((outputCollection === undefined) !== (outputElement === undefined))
    report.add(element, 'outputCollection and outputElement must be given together')
  const condition = text(child(marker, 'completionCondition'), 'body')
  return {
    sequential: flag(marker, 'isSequential', false),
    inputCollection: report.feel(
      element,
      loop === undefined ? 'null' : requiredText(element, loop, 'inputCollection', report),
    ),
    inputElement: text(loop, 'inputElement'),
    outputCollection,
    outputElement: outputElement === undefined ? undefined : report.feel(element, outputElement),
    outputVariable: variableOf(outputElement),
    completionCondition: condition === undefined ? undefined : report.feel(element, condition),
  }
}
