import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express from 'express'
import { z } from 'zod'
import { type RecordedTask, Records } from './records.ts'

const search = z.object({
  filter: z
    .object({
      state: z.string(),
      assignee: z.union([z.string(), z.object({ $exists: z.boolean() })]),
      candidateGroup: z.object({ $in: z.array(z.string()) }),
      elementId: z.string(),
      processInstanceVariables: z.array(z.object({ name: z.string(), value: z.string() })),
      name: z.string(),
      processInstanceKey: z.object({ $in: z.array(z.string()) }),
    })
    .partial()
    .default({}),
})

/** The part of Camunda's REST API that serves a tasklist, for an engine that has gRPC only. */
export interface TasklistApi {
  url: string
  records: Records
  close(): Promise<void>
}

/** Serves user tasks, their forms and variables from the engine's records; commands go to its control port. */
export async function serveTasklistApi(controlUrl: string, formsDirectory: string): Promise<TasklistApi> {
  const records = new Records(controlUrl)
  const app = express()
  app.use(express.json({ limit: '4mb' }))
  app.use(async (_request, _response, next) => {
    await records.refresh()
    next()
  })

  app.post('/v2/user-tasks/search', (request, response) => {
    const { filter } = search.parse(request.body)
    const items = [...records.tasks.values()].filter((task) => matches(task, filter)).map(taskResult)
    response.json({ items, page: { totalItems: items.length } })
  })
  app.get('/v2/user-tasks/:key', (request, response) => {
    const task = records.tasks.get(Number(request.params.key))
    if (task) response.json(taskResult(task))
    else response.status(404).json({ status: 404, title: 'NOT_FOUND', detail: 'no such user task' })
  })
  app.get('/v2/user-tasks/:key/form', async (request, response) => {
    const { formKey } = taskOf(request.params.key)
    const formId = records.formIds.get(formKey)
    const schema = await readFile(join(formsDirectory, `${formId}.form`), 'utf8')
    response.json({ formId, formKey: String(formKey), schema, version: 1, tenantId: '<default>' })
  })
  app.post('/v2/user-tasks/:key/variables/search', (request, response) => {
    const { elementInstanceKey } = taskOf(request.params.key)
    const items = [...records.visible(elementInstanceKey)].map(([name, value]) => ({ name, value, isTruncated: false }))
    response.json({ items, page: { totalItems: items.length } })
  })
  app.post('/v2/user-tasks/:key/assignment', async (request, response) => {
    const { assignee } = z.object({ assignee: z.string() }).loose().parse(request.body)
    await records.command(Number(request.params.key), 'assignment', { assignee }, (task) => task.assignee === assignee)
    response.status(204).end()
  })
  app.post('/v2/user-tasks/:key/completion', async (request, response) => {
    const { variables } = z.object({ variables: z.json() }).loose().parse(request.body)
    await records.command(Number(request.params.key), 'completion', { variables }, (task) => task.state === 'COMPLETED')
    response.status(204).end()
  })
  app.post('/v2/variables/search', (request, response) => {
    const { filter } = search.parse(request.body)
    const items = (filter.processInstanceKey?.$in ?? []).flatMap((key) => {
      const value = records.variables.get(Number(key))?.get(filter.name ?? '')
      return value === undefined
        ? []
        : [{ name: filter.name, value, scopeKey: key, processInstanceKey: key, isTruncated: false }]
    })
    response.json({ items, page: { totalItems: items.length } })
  })

  function taskOf(key: string): RecordedTask {
    const task = records.tasks.get(Number(key))
    if (!task) throw new Error(`no user task ${key}`)
    return task
  }

  function matches(task: RecordedTask, filter: z.output<typeof search>['filter']): boolean {
    const { assignee } = filter
    return (
      (!filter.state || task.state === filter.state) &&
      (assignee === undefined ||
        (typeof assignee === 'string' ? task.assignee === assignee : (task.assignee !== '') === assignee.$exists)) &&
      (!filter.candidateGroup ||
        task.candidateGroupsList.some((group) => filter.candidateGroup?.$in.includes(group))) &&
      (!filter.elementId || task.elementId === filter.elementId) &&
      (filter.processInstanceVariables ?? []).every(
        ({ name, value }) => records.variables.get(task.processInstanceKey)?.get(name) === value,
      )
    )
  }

  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    records,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function taskResult(task: RecordedTask) {
  return {
    userTaskKey: String(task.key),
    name: task.elementId,
    state: task.state,
    elementId: task.elementId,
    elementInstanceKey: String(task.elementInstanceKey),
    processInstanceKey: String(task.processInstanceKey),
    processDefinitionId: task.bpmnProcessId,
    processDefinitionKey: String(task.processDefinitionKey),
    candidateGroups: task.candidateGroupsList,
    candidateUsers: [],
    creationDate: new Date(task.createdAt).toISOString(),
    ...(task.assignee && { assignee: task.assignee }),
    ...(task.completedAt && { completionDate: new Date(task.completedAt).toISOString() }),
    ...(task.dueDate && { dueDate: task.dueDate }),
    ...(task.followUpDate && { followUpDate: task.followUpDate }),
    ...(task.formKey > 0 && { formKey: String(task.formKey) }),
    tenantId: '<default>',
    priority: 50,
  }
}
