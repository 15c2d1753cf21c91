import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { ApiClient } from './api-client.ts'
import type { Answers } from './scenario.ts'

const task = z.object({
  taskKey: z.string(),
  elementId: z.string(),
  name: z.string(),
  assignee: z.string().nullable(),
  candidateGroups: z.array(z.string()),
})
const taskPage = z.object({ items: z.array(task) })
const taskDetail = z.object({ schema: z.json(), variables: z.record(z.string(), z.json()) })
const caseState = z.object({ status: z.string(), team: z.string().nullable() })
const documents = z.object({
  items: z.array(z.object({ documentId: z.string(), kind: z.string(), title: z.string() })),
})
const uploaded = z.object({ uploadId: z.string() })

export type OpenTask = z.output<typeof task>
export type CaseState = z.output<typeof caseState>

/** Someone who can be asked to act: which roles he holds decides which tasks he takes. */
export interface Person {
  username: string
  roles: string[]
}

export interface CourtOptions {
  url: string
  password: string
  people: Person[]
  /** How long a task may take to appear while the engine and the workers are busy, milliseconds; 30 s by default. */
  patienceMs?: number
  /** First pause between two looks, milliseconds; 40 by default. It grows while nothing comes: looking costs the server too. */
  pollMs?: number
}

/** The people of a court working through the web application's API. */
export class Court {
  private readonly options: CourtOptions
  private readonly sessions = new Map<string, Promise<ApiClient>>()

  constructor(options: CourtOptions) {
    this.options = options
  }

  /** A session of the person, signed in once. */
  as(username: string): Promise<ApiClient> {
    const session = this.sessions.get(username) ?? ApiClient.signIn(this.options.url, username, this.options.password)
    this.sessions.set(username, session)
    return session
  }

  /** The first person who holds the role. @throws Error when nobody does */
  holderOf(role: string): string {
    const person = this.options.people.find((candidate) => candidate.roles.includes(role))
    if (!person) throw new Error(`nobody in the court holds the role ${role}`)
    return person.username
  }

  async asHolderOf(role: string): Promise<ApiClient> {
    return this.as(this.holderOf(role))
  }

  async openTasks(caseId: string): Promise<OpenTask[]> {
    const supervisor = await this.asHolderOf('node-supervisor')
    return (await supervisor.get(`/api/tasks?scope=supervision&caseId=${caseId}`, taskPage)).items
  }

  async caseState(caseId: string): Promise<CaseState> {
    return (await this.asHolderOf('enforcement-director')).get(`/api/cases/${caseId}`, caseState)
  }

  async documentKinds(caseId: string): Promise<string[]> {
    const director = await this.asHolderOf('enforcement-director')
    return (await director.get(`/api/cases/${caseId}/documents`, documents)).items.map((document) => document.kind)
  }

  /**
   * Waits in real time until `ready` answers something, while engine and workers do their part.
   * @throws Error that says what was waited for and what is open instead
   */
  async waitFor<T>(
    caseId: string,
    what: string,
    ready: (open: OpenTask[]) => T | undefined | Promise<T | undefined>,
  ): Promise<T> {
    const { patienceMs = 30_000, pollMs = 40 } = this.options
    const deadline = performance.now() + patienceMs
    let open: OpenTask[] = []
    let pause = pollMs
    while (performance.now() < deadline) {
      open = await this.openTasks(caseId)
      const result = await ready(open)
      if (result !== undefined) return result
      await sleep(pause)
      pause = Math.min(pause * 1.5, pollMs * 8)
    }
    const names = open.map((one) => `${one.elementId} (${one.name})`).join(', ') || 'no task'
    throw new Error(`waited for ${what}, but open is: ${names}; case ${JSON.stringify(await this.caseState(caseId))}`)
  }

  /** Claims the task where nobody has it, fills its form and submits it. Answers who did it. */
  async answer(caseId: string, open: OpenTask, answers: Answers, by?: string): Promise<string> {
    const username = by ?? open.assignee ?? this.holderOf(open.candidateGroups[0] ?? '')
    const person = await this.as(username)
    if (open.assignee === null) await person.send('POST', `/api/tasks/${open.taskKey}/claim`)
    const { schema, variables } = await person.get(`/api/tasks/${open.taskKey}`, taskDetail)
    const root = rootVariable(schema)
    const prefilled = variables[root]
    const data = merge(isRecord(prefilled) ? prefilled : {}, answers)
    if (hasUpload(schema)) data.uploadId = await this.uploadSigned(caseId, person)
    await person.send('POST', `/api/tasks/${open.taskKey}/complete`, { variables: { [root]: data } })
    return username
  }

  /** Stands in for the scanner: the printed document comes back as the signed copy. */
  private async uploadSigned(caseId: string, person: ApiClient): Promise<string> {
    const director = await this.asHolderOf('enforcement-director')
    const { items } = await director.get(`/api/cases/${caseId}/documents`, documents)
    const printed = items.at(-1)
    if (!printed) throw new Error('there is no printed document to sign')
    const body = new FormData()
    const pdf = await director.download(`/api/documents/${printed.documentId}/content`)
    body.set('file', new File([pdf], `${printed.title}（签名件）.pdf`, { type: 'application/pdf' }))
    return uploaded.parse(await person.send('POST', `/api/cases/${caseId}/uploads`, body)).uploadId
  }
}

/** The one variable that a form fills: the first part of its fields' keys. */
function rootVariable(schema: unknown): string {
  const found = findInForm(schema, (component) => {
    const key = component.key ?? component.path
    return typeof key === 'string' && key.includes('.') ? key.split('.')[0] : undefined
  })
  if (!found) throw new Error('the form has no field with a key such as `reception.place`')
  return found
}

function hasUpload(schema: unknown): boolean {
  return (
    findInForm(schema, (component) =>
      isRecord(component.properties) && component.properties.widget === 'upload' ? true : undefined,
    ) ?? false
  )
}

function findInForm<T>(form: unknown, pick: (component: Record<string, unknown>) => T | undefined): T | undefined {
  if (!isRecord(form)) return undefined
  const own = pick(form)
  if (own !== undefined) return own
  for (const child of Array.isArray(form.components) ? form.components : []) {
    const found = findInForm(child, pick)
    if (found !== undefined) return found
  }
  return undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `changes` laid over `base`, object by object; lists are merged row by row so that a prefilled row keeps its other fields. */
function merge(base: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  const result = { ...base }
  for (const [key, value] of Object.entries(changes)) {
    const before = result[key]
    if (isRecord(before) && isRecord(value)) result[key] = merge(before, value)
    else if (Array.isArray(before) && Array.isArray(value)) {
      result[key] = value.map((row, index) =>
        isRecord(row) && isRecord(before[index]) ? merge(before[index], row) : row,
      )
    } else result[key] = value
  }
  return result
}
