import { z } from 'zod'
import { Court, type CourtOptions, type OpenTask } from '../../src/rehearsal/court.ts'
import type { Answers } from '../../src/rehearsal/scenario.ts'

const record = z.object({
  position: z.number(),
  key: z.number(),
  valueType: z.string(),
  intent: z.string(),
  recordType: z.string(),
  value: z.record(z.string(), z.json()),
})
const userTask = z.object({
  elementId: z.string(),
  elementInstanceKey: z.number(),
  processInstanceKey: z.number(),
  assignee: z.string(),
  candidateGroupsList: z.array(z.string()),
  formKey: z.number(),
})
const variable = z.object({ scopeKey: z.number(), processInstanceKey: z.number(), name: z.string(), value: z.string() })

interface ZeebeTask extends OpenTask {
  elementInstanceKey: number
  processInstanceKey: number
}

/**
 * The court on an engine without a tasklist: open tasks are read from the engine's records and completed through its control
 * port; everything else goes through the web application as always.
 */
export class ZeebeCourt extends Court {
  private readonly controlUrl: string
  private readonly rootOf: (elementId: string) => string
  private readonly uploadElements: ReadonlySet<string>
  private position = 0
  private readonly tasks = new Map<string, ZeebeTask>()
  /** Variables by scope, newest value. */
  private readonly variables = new Map<number, Map<string, string>>()

  constructor(
    options: CourtOptions & {
      controlUrl: string
      rootOf: (elementId: string) => string
      uploadElements: ReadonlySet<string>
    },
  ) {
    super(options)
    this.controlUrl = options.controlUrl
    this.rootOf = options.rootOf
    this.uploadElements = options.uploadElements
  }

  override async openTasks(caseId: string): Promise<OpenTask[]> {
    await this.readRecords()
    return [...this.tasks.values()].filter(
      (task) => this.variables.get(task.processInstanceKey)?.get('caseId') === JSON.stringify(caseId),
    )
  }

  override async answer(caseId: string, open: OpenTask, answers: Answers, by?: string): Promise<string> {
    const task = this.tasks.get(open.taskKey)
    if (!task) throw new Error(`task ${open.elementId} is not open`)
    const username = by ?? (open.assignee || this.holderOf(open.candidateGroups[0] ?? ''))
    const root = this.rootOf(open.elementId)
    const prefilled = this.variables.get(task.elementInstanceKey)?.get(root)
    const data = { ...(prefilled ? JSON.parse(prefilled) : {}), ...answers }
    if (this.uploadElements.has(open.elementId))
      data.uploadId = await this.uploadSigned(caseId, await this.as(username))
    const response = await fetch(`${this.controlUrl}/user-tasks/${open.taskKey}/completion`, {
      method: 'POST',
      body: JSON.stringify({ [root]: data }),
    })
    if (!response.ok) throw new Error(`completion of ${open.elementId}: ${await response.text()}`)
    this.tasks.delete(open.taskKey)
    return username
  }

  /** What went wrong in the engine so far, for the error message of a scenario that got stuck. */
  async incidents(): Promise<string[]> {
    const records = await this.fetchRecords(0)
    return records
      .filter((one) => one.valueType === 'INCIDENT' && one.intent === 'CREATED')
      .map((one) => `${one.value.elementId}: ${one.value.errorMessage}`)
  }

  private async readRecords(): Promise<void> {
    for (const one of await this.fetchRecords(this.position)) {
      this.position = Math.max(this.position, one.position + 1)
      if (one.recordType !== 'EVENT') continue
      if (one.valueType === 'VARIABLE' && (one.intent === 'CREATED' || one.intent === 'UPDATED')) {
        const { scopeKey, name, value } = variable.parse(one.value)
        const scope = this.variables.get(scopeKey) ?? new Map<string, string>()
        this.variables.set(scopeKey, scope.set(name, value))
      }
      if (one.valueType !== 'USER_TASK') continue
      if (one.intent === 'CREATED') {
        const value = userTask.parse(one.value)
        this.tasks.set(String(one.key), {
          taskKey: String(one.key),
          elementId: value.elementId,
          name: value.elementId,
          assignee: value.assignee || null,
          candidateGroups: value.candidateGroupsList,
          elementInstanceKey: value.elementInstanceKey,
          processInstanceKey: value.processInstanceKey,
        })
      }
      if (one.intent === 'COMPLETED' || one.intent === 'CANCELED') this.tasks.delete(String(one.key))
    }
  }

  private async fetchRecords(from: number): Promise<z.output<typeof record>[]> {
    const lines = (await (await fetch(`${this.controlUrl}/records?from=${from}`)).text()).split('\n').filter(Boolean)
    return lines.map((line) => record.parse(JSON.parse(line)))
  }
}
