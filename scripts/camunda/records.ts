import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

const record = z.object({
  position: z.number(),
  key: z.number(),
  timestamp: z.number(),
  valueType: z.string(),
  intent: z.string(),
  recordType: z.string(),
  value: z.record(z.string(), z.json()),
})
const userTask = z.object({
  elementId: z.string(),
  elementInstanceKey: z.number(),
  processInstanceKey: z.number(),
  processDefinitionKey: z.number(),
  bpmnProcessId: z.string(),
  assignee: z.string(),
  candidateGroupsList: z.array(z.string()),
  dueDate: z.string(),
  followUpDate: z.string(),
  formKey: z.number(),
})
const variable = z.object({ scopeKey: z.number(), processInstanceKey: z.number(), name: z.string(), value: z.string() })
const element = z.object({ flowScopeKey: z.number() })
const form = z.object({ formKey: z.number(), formId: z.string() })

/** A user task as the engine's records tell it. */
export interface RecordedTask extends z.output<typeof userTask> {
  key: number
  state: 'CREATED' | 'COMPLETED' | 'CANCELED'
  createdAt: number
  completedAt: number | null
}

/** What a search would know, gathered from the record stream of an engine that has none. */
export class Records {
  private readonly controlUrl: string
  private position = 0
  readonly tasks = new Map<number, RecordedTask>()
  /** Values as JSON text by scope and name. */
  readonly variables = new Map<number, Map<string, string>>()
  readonly formIds = new Map<number, string>()
  readonly incidents: string[] = []
  private readonly parents = new Map<number, number>()

  constructor(controlUrl: string) {
    this.controlUrl = controlUrl
  }

  /** Variables that the scope sees, inner before outer. */
  visible(scopeKey: number): Map<string, string> {
    const seen = new Map<string, string>()
    for (let scope: number | undefined = scopeKey; scope !== undefined && scope > 0; scope = this.parents.get(scope)) {
      for (const [name, value] of this.variables.get(scope) ?? []) if (!seen.has(name)) seen.set(name, value)
    }
    return seen
  }

  /** Sends a command of the control port and waits until the records show that it was carried out. */
  async command(
    taskKey: number,
    action: 'assignment' | 'completion',
    body: object,
    done: (task: RecordedTask) => boolean,
  ): Promise<void> {
    const response = await fetch(`${this.controlUrl}/user-tasks/${taskKey}/${action}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${action} of user task ${taskKey}: ${await response.text()}`)
    for (let tries = 0; tries < 200; tries++) {
      await this.refresh()
      const task = this.tasks.get(taskKey)
      if (task && done(task)) return
      await sleep(25)
    }
    throw new Error(`${action} of user task ${taskKey} was not carried out: ${this.incidents.join('; ')}`)
  }

  /** Reads the records that are new. */
  async refresh(): Promise<void> {
    const lines = (await (await fetch(`${this.controlUrl}/records?from=${this.position}`)).text())
      .split('\n')
      .filter(Boolean)
    for (const line of lines) {
      const one = record.parse(JSON.parse(line))
      this.position = Math.max(this.position, one.position + 1)
      if (one.recordType === 'EVENT') this.apply(one)
    }
  }

  private apply({ key, timestamp, valueType, intent, value }: z.output<typeof record>): void {
    if (valueType === 'USER_TASK') {
      const before = this.tasks.get(key)
      const state =
        intent === 'COMPLETED' ? 'COMPLETED' : intent === 'CANCELED' ? 'CANCELED' : (before?.state ?? 'CREATED')
      this.tasks.set(key, {
        ...userTask.parse(value),
        key,
        state,
        createdAt: before?.createdAt ?? timestamp,
        completedAt: state === 'COMPLETED' ? timestamp : null,
      })
    } else if (valueType === 'VARIABLE') {
      const { scopeKey, name, value: text } = variable.parse(value)
      const scope = this.variables.get(scopeKey) ?? new Map<string, string>()
      this.variables.set(scopeKey, scope.set(name, text))
    } else if (valueType === 'PROCESS_INSTANCE') {
      this.parents.set(key, element.parse(value).flowScopeKey)
    } else if (valueType === 'FORM') {
      const { formKey, formId } = form.parse(value)
      this.formIds.set(formKey, formId)
    } else if (valueType === 'INCIDENT' && intent === 'CREATED') {
      this.incidents.push(`${value.elementId}: ${value.errorMessage}`)
    }
  }
}
