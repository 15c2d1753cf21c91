import { describe, expect, test } from 'vitest'
import { demoUsers } from '../../src/demo/users.ts'
import { createHttpApplication } from '../../src/http/index.ts'
import { smallLoan } from '../support/filing.ts'
import { startHttpCourt } from '../support/http-court.ts'
import { onePagePdf } from '../support/pdf.ts'

const court = await startHttpCourt()
const { caseId } = await court.cases.file(smallLoan(), 'filing1')
await court.cases.markStarted(caseId, '1')
const { taskKey } = court.engine.addTask({ caseId, form: 'node-handover', candidateGroups: ['reception-specialist'] })
await court.dossier.open(caseId)
const material = {
  caseId,
  kind: 'application',
  source: 'scan',
  mediaType: 'application/pdf',
  enteredBy: 'reception1',
} as const
const bytes = await onePagePdf()
const main = await court.dossier.enter({ ...material, volume: 'main', title: '执行申请书', bytes })
const auxiliary = await court.dossier.enter({ ...material, volume: 'auxiliary', title: '内部审批表', bytes })
const { documentId } = await court.documents.issue({
  caseId,
  kind: 'enforcement-notice',
  elementInstanceKey: '1',
  data: () => ({}) as never,
})

const everyone = demoUsers.map(({ username }) => username)
const leaders = ['director1', 'leader1', 'president1']
/** Who reads the case: leaders, the dossier centre, supervisors of quality and nodes, who handles its task, who filed it. */
const caseReaders = [...leaders, 'dossier1', 'quality1', 'node1', 'reception1', 'filing1']
const dossierReaders = [...leaders, 'dossier1', 'quality1', 'node1', 'reception1']
/** Who repairs what halted a process, without seeing the case. */
const operators = ['admin1', 'owner1']
const supervisors = [...leaders, 'quality1', 'node1', 'dossier1']

interface Route {
  method: string
  path: string
  body?: unknown
  /** Who is let in; everybody else gets `refusal`. */
  allowed: string[]
  refusal: number
}

const routes: Route[] = [
  { method: 'GET', path: '/api/session', allowed: everyone, refusal: 401 },
  { method: 'GET', path: '/api/users?role=fast-team', allowed: everyone, refusal: 401 },
  { method: 'GET', path: '/api/users', allowed: everyone, refusal: 401 },
  { method: 'GET', path: '/api/processes', allowed: everyone, refusal: 401 },
  { method: 'GET', path: '/api/processes/1/xml', allowed: everyone, refusal: 401 },
  { method: 'GET', path: '/api/tasks?scope=mine', allowed: everyone, refusal: 401 },
  { method: 'GET', path: '/api/tasks?scope=groups', allowed: everyone, refusal: 401 },
  { method: 'GET', path: '/api/tasks?scope=done', allowed: everyone, refusal: 401 },
  { method: 'GET', path: '/api/cases', allowed: everyone, refusal: 401 },
  { method: 'GET', path: '/api/tasks?scope=supervision', allowed: supervisors, refusal: 403 },
  { method: 'GET', path: '/api/supervision/overdue', allowed: supervisors, refusal: 403 },
  { method: 'GET', path: '/api/incidents', allowed: operators, refusal: 403 },
  { method: 'POST', path: '/api/incidents/no-number/resolution', allowed: operators, refusal: 403 },
  { method: 'GET', path: `/api/tasks/${taskKey}`, allowed: [...leaders, 'node1', 'reception1'], refusal: 404 },
  { method: 'POST', path: '/api/cases', body: {}, allowed: ['filing1'], refusal: 403 },
  { method: 'GET', path: `/api/cases/${caseId}`, allowed: caseReaders, refusal: 404 },
  { method: 'GET', path: `/api/cases/${caseId}/documents`, allowed: caseReaders, refusal: 404 },
  { method: 'GET', path: `/api/cases/${caseId}/dossier`, allowed: caseReaders, refusal: 404 },
  { method: 'GET', path: `/api/cases/${caseId}/history`, allowed: caseReaders, refusal: 404 },
  { method: 'GET', path: `/api/cases/${caseId}/nodes`, allowed: caseReaders, refusal: 404 },
  { method: 'GET', path: `/api/cases/${caseId}/process`, allowed: caseReaders, refusal: 404 },
  { method: 'GET', path: `/api/documents/${documentId}/content`, allowed: dossierReaders, refusal: 404 },
  {
    method: 'GET',
    path: '/api/registers/initial-reception?from=2026-03-01&to=2026-03-31',
    allowed: [...supervisors, 'reception1'],
    refusal: 403,
  },
  {
    method: 'GET',
    path: '/api/registers/initial-reception.csv?from=2026-03-01&to=2026-03-31',
    allowed: [...supervisors, 'reception1'],
    refusal: 403,
  },
  {
    method: 'PUT',
    path: '/api/clock',
    body: { instant: '2026-03-03T09:00:00+08:00' },
    allowed: ['admin1'],
    refusal: 403,
  },
  { method: 'DELETE', path: '/api/clock', allowed: ['admin1'], refusal: 403 },
]

/** Routes whose right depends on the task or the session itself; tasks.test.ts and session.test.ts show who may use them. */
const elsewhere = [
  'POST /session',
  'DELETE /session',
  'POST /tasks/:taskKey/claim',
  'POST /tasks/:taskKey/release',
  'POST /tasks/:taskKey/complete',
  'POST /tasks/:taskKey/draft',
  'PUT /tasks/:taskKey/draft',
  'GET /cases/:caseId/dossier/:entryId/content',
  'POST /cases/:caseId/uploads',
]

test('the table names every route that there is', () => {
  const pattern = (path: string) => new RegExp(`^/api${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`)
  const untested = routesOf(createHttpApplication(court.dependencies).router)
    .filter((route) => !['GET /healthz', 'GET /readyz', 'GET /{*page}', ...elsewhere].includes(route))
    .filter((route) => {
      const [method = '', path = ''] = route.split(' ')
      return !routes.some((row) => row.method === method && pattern(path).test(row.path.split('?')[0] ?? ''))
    })
  expect(untested).toEqual([])
})

/** What of express's router says which routes there are. */
interface Layer {
  route?: { path: string; methods: Record<string, boolean> }
  handle: { stack?: Layer[] }
}

function routesOf(router: unknown): string[] {
  return ((router as { stack?: Layer[] }).stack ?? []).flatMap(({ route, handle }) => {
    if (!route) return routesOf(handle)
    return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`)
  })
}

/** An answer to someone who was let in: success, or that what he sent was not in order. */
const letIn = (status: number) => status < 400 || status === 422

describe.each(routes)('$method $path', ({ method, path, body, allowed, refusal }) => {
  test('lets in exactly those whose position allows it', async () => {
    const found: string[] = []
    for (const username of everyone) {
      const { status } = await (await court.as(username)).send(method, path, body)
      if (letIn(status)) found.push(username)
      else expect({ username, status }).toEqual({ username, status: refusal })
    }
    expect(found.sort()).toEqual([...new Set(allowed)].sort())
  })

  test('lets nobody in who is not signed in', async () => {
    expect((await court.visitor().send(method, path, body)).status).toBe(401)
  })
})

describe('the dossier', () => {
  const content = (entryId: string) => `/api/cases/${caseId}/dossier/${entryId}/content`
  const statusFor = async (username: string, path: string) => (await (await court.as(username)).get(path)).status

  test('shows 正卷 to who handles the case, and 副卷 to leaders and the dossier centre', async () => {
    expect(await statusFor('reception1', content(main.entryId))).toBe(200)
    expect(await statusFor('reception1', content(auxiliary.entryId))).toBe(403)
    expect(await statusFor('director1', content(auxiliary.entryId))).toBe(200)
    expect(await statusFor('dossier1', content(auxiliary.entryId))).toBe(200)
    expect(await statusFor('quality1', content(auxiliary.entryId))).toBe(403)
    expect(await statusFor('filing1', content(main.entryId))).toBe(403)
    expect(await statusFor('admin1', content(main.entryId))).toBe(404)
  })

  test('says how many entries it does not show', async () => {
    const answer = await (await (await court.as('reception1')).get(`/api/cases/${caseId}/dossier`)).json()
    expect(answer).toMatchObject({ hidden: 1, entries: [{ title: '执行申请书' }], verification: { intact: true } })
  })

  test('does not open an entry through another case', async () => {
    const other = await court.cases.file(smallLoan(), 'filing1')
    const path = `/api/cases/${other.caseId}/dossier/${main.entryId}/content`
    expect(await statusFor('director1', path)).toBe(404)
  })

  test('records every reading, with who and what', async () => {
    await statusFor('director1', content(auxiliary.entryId))
    await statusFor('director1', `/api/documents/${documentId}/content`)
    const entries = await court.dependencies.audit.list('case', caseId)
    const readings = entries.filter(({ actor, action }) => actor === 'director1' && action.endsWith('.read'))
    expect(readings.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['dossier.read', 'document.read', 'dossier.catalogue.read', 'case.read']),
    )
    expect(readings.find(({ action }) => action === 'dossier.read')?.detail).toMatchObject({ title: '内部审批表' })
  })
})

describe('an upload', () => {
  const form = (file: File) => {
    const body = new FormData()
    body.set('file', file)
    return body
  }
  const pdf = new File([bytes], '申请书 扫描件.pdf', { type: 'application/pdf' })
  const send = async (username: string, body: FormData) =>
    (await court.as(username)).send('POST', `/api/cases/${caseId}/uploads`, body)

  test('is taken from who holds a task of the case, and from nobody else', async () => {
    expect((await send('reception1', form(pdf))).status).toBe(403)
    await (await court.as('reception1')).send('POST', `/api/tasks/${taskKey}/claim`)
    const taken = await send('reception1', form(pdf))
    expect(taken.status).toBe(201)
    const { uploadId } = (await taken.json()) as { uploadId: string }
    const stored = await court.database.prisma.upload.findUniqueOrThrow({ where: { id: uploadId } })
    expect(stored).toMatchObject({ caseId, fileName: '申请书 扫描件.pdf', uploadedBy: 'reception1' })
    expect((await send('director1', form(pdf))).status).toBe(403)
    expect((await send('admin1', form(pdf))).status).toBe(404)
  })

  test('is refused when it is not what its name says', async () => {
    const script = new File(['<script>alert(1)</script>'], '申请书.pdf', { type: 'application/pdf' })
    expect((await send('reception1', form(script))).status).toBe(415)
  })

  test('is refused without a file, and with two', async () => {
    expect((await send('reception1', new FormData())).status).toBe(400)
    const two = form(pdf)
    two.append('file', pdf)
    expect((await send('reception1', two)).status).toBe(400)
  })
})
