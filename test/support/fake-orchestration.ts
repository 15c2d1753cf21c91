import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ElementInstance,
  type Incident,
  type JsonValue,
  type Orchestration,
  OrchestrationError,
  type ProcessDefinition,
  type ProcessInstance,
  type UserTask,
  type UserTaskFilter,
} from '../../src/orchestration/orchestration.ts'

type JobVariables = Record<string, JsonValue>

const root = join(import.meta.dirname, '../..')

/** What a test puts into the fake: a task with its form and what it sees. */
export interface FakeTask extends Partial<UserTask> {
  /** File name in `forms/` without its ending; none for a task without a form. */
  form?: string
  /** A form of the test's own. */
  schema?: JsonValue
  variables?: Record<string, JsonValue>
}

/** What a test puts into the fake: an incident, and of its process and element what lists show. */
export interface FakeIncident extends Partial<Omit<Incident, 'processInstanceKey'>> {
  processDefinitionId: string
  processDefinitionName: string
  elementId: string
  elementName: string
}

interface StoredTask extends UserTask {
  schema: JsonValue | null
  formId: string
  variables: Record<string, JsonValue>
}

/**
 * The port to Camunda 8, in memory: tasks that a test places, the deployed diagrams from `bpmn/`, and what was asked of it.
 * It runs no process; tests of whole cases use the embedded engine.
 */
export class FakeOrchestration implements Orchestration {
  readonly tasks = new Map<string, StoredTask>()
  readonly messages: { name: string; correlationKey: string; variables?: JobVariables }[] = []
  readonly completed: { taskKey: string; variables: JobVariables }[] = []
  processTree: ProcessInstance[] = []
  elements: ElementInstance[] = []
  incidents: Incident[] = []
  /** Processes beside the tree: those that an incident halts. */
  readonly halted: ProcessInstance[] = []
  readonly resolved: { incidentKey: string; jobKey?: string; retries?: number }[] = []
  /** The engine cannot be reached. */
  away = false
  pinned: Date | null = null
  #lastKey = 2_251_799_813_685_000

  /** Places a task; answers it. */
  addTask(task: FakeTask): UserTask {
    const taskKey = task.taskKey ?? this.newKey()
    const schema =
      task.schema ??
      (task.form === undefined ? null : JSON.parse(readFileSync(join(root, 'forms', `${task.form}.form`), 'utf8')))
    const stored: StoredTask = {
      taskKey,
      name: '核对立案信息',
      elementId: 'verifyFiling',
      elementInstanceKey: this.newKey(),
      processInstanceKey: '1',
      processDefinitionId: 'initial-reception',
      processDefinitionKey: 'initial-reception',
      caseId: null,
      state: 'CREATED',
      assignee: null,
      candidateGroups: [],
      formKey: null,
      createdAt: '2026-03-02T09:00:00.000+08:00',
      completedAt: null,
      dueAt: null,
      remindAt: null,
      variables: {},
      formId: task.form ?? 'own',
      ...task,
      schema,
    }
    this.tasks.set(taskKey, stored)
    return stored
  }

  /** Places an incident in a process instance of its own; answers it. */
  addIncident({ processDefinitionId, processDefinitionName, elementName, ...given }: FakeIncident): Incident {
    const incident: Incident = {
      incidentKey: this.newKey(),
      processInstanceKey: this.newKey(),
      caseId: null,
      elementInstanceKey: this.newKey(),
      errorType: 'JOB_NO_RETRIES',
      errorMessage: '制作文书缺少分流决定',
      jobKey: null,
      createdAt: '2026-03-02T09:00:00.000+08:00',
      state: 'ACTIVE',
      ...given,
    }
    const { processInstanceKey, elementInstanceKey, elementId, createdAt: startedAt } = incident
    const instance = { processInstanceKey, processDefinitionId, processDefinitionKey: processDefinitionId, startedAt }
    this.halted.push({
      ...instance,
      processDefinitionName,
      version: 1,
      parentProcessInstanceKey: null,
      parentElementInstanceKey: null,
      state: 'ACTIVE',
      endedAt: null,
      hasIncident: true,
    })
    this.elements.push({
      ...instance,
      elementInstanceKey,
      elementId,
      elementName,
      type: 'TASK',
      state: 'ACTIVE',
      endedAt: null,
      incident: true,
    })
    this.incidents.push(incident)
    return incident
  }

  newKey(): string {
    this.#lastKey += 1
    return String(this.#lastKey)
  }

  async deploy(): Promise<{ processes: ProcessDefinition[] }> {
    return { processes: await this.searchProcessDefinitions() }
  }

  async correlateMessage(message: { name: string; correlationKey: string; variables: JobVariables }) {
    this.#reach()
    this.messages.push(message)
    return { processInstanceKey: this.newKey() }
  }

  async publishMessage(message: { name: string; correlationKey: string; variables?: JobVariables }): Promise<void> {
    this.#reach()
    this.messages.push(message)
  }

  async evaluateDecision(): Promise<JsonValue> {
    throw new OrchestrationError(404, 'the fake evaluates no decisions')
  }

  async searchUserTasks(filter: UserTaskFilter, page = { from: 0, limit: 1_000 }) {
    this.#reach()
    const items = [...this.tasks.values()].filter(
      (task) =>
        (filter.state === undefined || task.state === filter.state) &&
        (filter.assignee === undefined || task.assignee === filter.assignee) &&
        (!filter.unassigned || task.assignee === null) &&
        (filter.candidateGroups === undefined ||
          filter.candidateGroups.some((group) => task.candidateGroups.includes(group))) &&
        (filter.caseId === undefined || task.caseId === filter.caseId) &&
        (filter.elementId === undefined || task.elementId === filter.elementId),
    )
    return { items: items.slice(page.from, page.from + page.limit).map((task) => ({ ...task })), total: items.length }
  }

  async getUserTask(taskKey: string): Promise<UserTask> {
    return { ...this.#task(taskKey) }
  }

  async getUserTaskForm(taskKey: string) {
    const { formId, schema } = this.#task(taskKey)
    return schema === null ? null : { formId, schema }
  }

  async getUserTaskVariables(taskKey: string) {
    return structuredClone(this.#task(taskKey).variables)
  }

  async assignUserTask(taskKey: string, assignee: string): Promise<void> {
    const task = this.#open(taskKey)
    if (task.assignee !== null && task.assignee !== assignee) throw new OrchestrationError(409, 'already assigned')
    task.assignee = assignee
  }

  async unassignUserTask(taskKey: string): Promise<void> {
    this.#open(taskKey).assignee = null
  }

  async completeUserTask(taskKey: string, variables: JobVariables): Promise<void> {
    this.#open(taskKey).state = 'COMPLETED'
    this.completed.push({ taskKey, variables })
  }

  async searchProcessInstances(filter: Parameters<Orchestration['searchProcessInstances']>[0]) {
    const items = [...this.processTree, ...this.halted].filter(
      ({ processInstanceKey }) => filter.processInstanceKeys?.includes(processInstanceKey) ?? true,
    )
    return { items, total: items.length }
  }

  async getProcessTree(): Promise<ProcessInstance[]> {
    this.#reach()
    return this.processTree
  }

  async searchElementInstances({ processInstanceKey }: { processInstanceKey: string }): Promise<ElementInstance[]> {
    return this.elements.filter((element) => element.processInstanceKey === processInstanceKey)
  }

  async searchIncidents(filter: Parameters<Orchestration['searchIncidents']>[0]): Promise<Incident[]> {
    this.#reach()
    return this.incidents.filter(
      (incident) =>
        (filter.incidentKey === undefined || incident.incidentKey === filter.incidentKey) &&
        (filter.processInstanceKeys === undefined ||
          filter.processInstanceKeys.includes(incident.processInstanceKey)) &&
        (filter.state === undefined || incident.state === filter.state),
    )
  }

  async resolveIncident(incidentKey: string, options: { jobKey?: string; retries?: number } = {}): Promise<void> {
    const incident = this.incidents.find((candidate) => candidate.incidentKey === incidentKey)
    if (incident?.state !== 'ACTIVE') throw new OrchestrationError(404, 'no such incident')
    if (incident.jobKey !== null && (options.jobKey !== incident.jobKey || !options.retries))
      throw new OrchestrationError(409, 'no retries left')
    incident.state = 'RESOLVED'
    this.resolved.push({ incidentKey, ...options })
  }

  /** The key of a definition is its process id. */
  async searchProcessDefinitions(): Promise<ProcessDefinition[]> {
    this.#reach()
    return readdirSync(join(root, 'bpmn'))
      .filter((file) => file.endsWith('.bpmn'))
      .map((file, index) => ({
        processDefinitionKey: String(index + 1),
        processDefinitionId: file.replace('.bpmn', ''),
        name: /<bpmn:process [^>]*name="([^"]+)"/.exec(readFileSync(join(root, 'bpmn', file), 'utf8'))?.[1] ?? null,
        version: 1,
        resourceName: file,
      }))
  }

  async getProcessDefinitionXml(processDefinitionKey: string): Promise<string> {
    const found = (await this.searchProcessDefinitions()).find(
      (definition) => definition.processDefinitionKey === processDefinitionKey,
    )
    if (!found) throw new OrchestrationError(404, 'no such process definition')
    return readFileSync(join(root, 'bpmn', found.resourceName), 'utf8')
  }

  async pinClock(instant: Date): Promise<void> {
    this.pinned = instant
  }

  async resetClock(): Promise<void> {
    this.pinned = null
  }

  async ready(): Promise<boolean> {
    return !this.away
  }

  #reach(): void {
    if (this.away) throw new OrchestrationError(503, 'the engine is away')
  }

  #task(taskKey: string): StoredTask {
    this.#reach()
    const task = this.tasks.get(taskKey)
    if (!task) throw new OrchestrationError(404, 'no such task')
    return task
  }

  #open(taskKey: string): StoredTask {
    const task = this.#task(taskKey)
    if (task.state !== 'CREATED') throw new OrchestrationError(409, 'not open')
    return task
  }
}
