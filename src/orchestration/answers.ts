/** The items of the SDK's answers, read as what the port promises. */
import type { ElementInstance, Incident, ProcessDefinition, ProcessInstance, UserTask } from './orchestration.ts'

/** A text that is there: the engine answers absent ones as empty, null or not at all. */
export const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** A user task; `caseIds` holds the case of each process instance. */
export function toUserTask(task: Record<string, unknown>, caseIds: Map<string, string>): UserTask {
  const processInstanceKey = String(task.processInstanceKey)
  return {
    taskKey: String(task.userTaskKey),
    name: text(task.name) ?? String(task.elementId),
    elementId: String(task.elementId),
    elementInstanceKey: String(task.elementInstanceKey),
    processInstanceKey,
    processDefinitionId: String(task.processDefinitionId),
    processDefinitionKey: String(task.processDefinitionKey),
    caseId: caseIds.get(processInstanceKey) ?? null,
    state: String(task.state),
    assignee: text(task.assignee),
    candidateGroups: (task.candidateGroups as string[] | undefined) ?? [],
    formKey: text(task.formKey),
    createdAt: String(task.creationDate),
    completedAt: text(task.completionDate),
    dueAt: text(task.dueDate),
    remindAt: text(task.followUpDate),
  }
}

/** A process instance. */
export function toProcessInstance(instance: Record<string, unknown>): ProcessInstance {
  return {
    processInstanceKey: String(instance.processInstanceKey),
    processDefinitionId: String(instance.processDefinitionId),
    processDefinitionKey: String(instance.processDefinitionKey),
    processDefinitionName: text(instance.processDefinitionName),
    version: Number(instance.processDefinitionVersion),
    parentProcessInstanceKey: text(instance.parentProcessInstanceKey),
    parentElementInstanceKey: text(instance.parentElementInstanceKey),
    state: String(instance.state),
    startedAt: String(instance.startDate),
    endedAt: text(instance.endDate),
    hasIncident: instance.hasIncident === true,
  }
}

/** An element instance. */
export function toElementInstance(element: Record<string, unknown>): ElementInstance {
  return {
    elementInstanceKey: String(element.elementInstanceKey),
    processInstanceKey: String(element.processInstanceKey),
    processDefinitionKey: String(element.processDefinitionKey),
    processDefinitionId: String(element.processDefinitionId),
    elementId: String(element.elementId),
    elementName: text(element.elementName),
    type: String(element.type),
    state: String(element.state),
    startedAt: String(element.startDate),
    endedAt: text(element.endDate),
    incident: element.hasIncident === true,
  }
}

/** An incident; `caseIds` as for {@link toUserTask}. */
export function toIncident(incident: Record<string, unknown>, caseIds: Map<string, string>): Incident {
  return {
    incidentKey: String(incident.incidentKey),
    processInstanceKey: String(incident.processInstanceKey),
    caseId: caseIds.get(String(incident.processInstanceKey)) ?? null,
    elementId: String(incident.elementId),
    elementInstanceKey: String(incident.elementInstanceKey),
    errorType: String(incident.errorType),
    errorMessage: String(incident.errorMessage ?? ''),
    jobKey: text(incident.jobKey),
    createdAt: String(incident.creationTime),
    state: String(incident.state),
  }
}

/** A deployed process. */
export function toProcessDefinition(definition: Record<string, unknown>): ProcessDefinition {
  return {
    processDefinitionKey: String(definition.processDefinitionKey),
    processDefinitionId: String(definition.processDefinitionId),
    name: text(definition.name),
    version: Number(definition.version),
    resourceName: String(definition.resourceName),
  }
}
