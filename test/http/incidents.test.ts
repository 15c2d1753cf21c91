import { beforeEach, expect, test } from 'vitest'
import { smallLoan } from '../support/filing.ts'
import { startHttpCourt } from '../support/http-court.ts'

const court = await startHttpCourt()
const { caseId, caseNumber } = await court.cases.file(smallLoan(), 'filing1')
const slip = {
  caseId,
  processDefinitionId: 'case-triage',
  processDefinitionName: '繁简分流',
  elementId: 'renderTransferSlip',
  elementName: '制作移交单',
  errorMessage: '制作文书缺少分流决定',
  jobKey: '4503599627370496',
}

beforeEach(() => {
  court.engine.away = false
  court.engine.incidents.length = 0
  court.engine.resolved.length = 0
})

const retry = async (incidentKey: string) =>
  (await court.as('admin1')).send('POST', `/api/incidents/${incidentKey}/resolution`)
const listed = async () => (await (await court.as('owner1')).get('/api/incidents')).json()

test('what halts is listed with its case number, process and element, and with nothing else of the case', async () => {
  const incident = court.engine.addIncident(slip)
  expect(await listed()).toEqual({
    items: [
      {
        incidentKey: incident.incidentKey,
        caseNumber,
        processName: '繁简分流',
        elementId: 'renderTransferSlip',
        elementName: '制作移交单',
        errorType: 'JOB_NO_RETRIES',
        message: '制作文书缺少分流决定',
        createdAt: '2026-03-02T09:00:00.000+08:00',
        jobKey: '4503599627370496',
      },
    ],
  })
})

test('what belongs to no case, or to one that the register does not know, is listed too', async () => {
  court.engine.addIncident({ ...slip, caseId: null })
  court.engine.addIncident({ ...slip, caseId: '00000000-0000-4000-8000-000000000000' })
  expect(await listed()).toMatchObject({ items: [{ caseNumber: null }, { caseNumber: null }] })
})

test('nothing halts: the list is empty', async () => {
  expect(await listed()).toEqual({ items: [] })
})

test.each(['JOB_NO_RETRIES', 'EXECUTION_LISTENER_NO_RETRIES'])(
  '%s: the job gets its retries back, the list forgets it, the audit trail keeps who did it',
  async (errorType) => {
    const { incidentKey } = court.engine.addIncident({ ...slip, errorType })
    expect((await retry(incidentKey)).status).toBe(204)
    expect(court.engine.resolved).toEqual([{ incidentKey, jobKey: slip.jobKey, retries: 3 }])
    expect(await listed()).toEqual({ items: [] })
    expect(await court.dependencies.audit.list('incident', incidentKey)).toMatchObject([
      {
        actor: 'admin1',
        action: 'incident.resolve',
        detail: { caseId, elementId: 'renderTransferSlip', errorType, message: '制作文书缺少分流决定' },
      },
    ])
  },
)

test('an expression has no job and is only tried again', async () => {
  const { incidentKey } = court.engine.addIncident({ ...slip, errorType: 'EXTRACT_VALUE_ERROR', jobKey: null })
  expect((await retry(incidentKey)).status).toBe(204)
  expect(court.engine.resolved).toEqual([{ incidentKey }])
})

test('an unknown incident, one that is resolved already, and an engine that is away are said in Chinese', async () => {
  const { incidentKey } = court.engine.addIncident(slip)
  await retry(incidentKey)
  for (const [key, status, detail] of [
    ['1', 404, '没有此故障，请刷新后再看。'],
    [incidentKey, 409, '此故障已经处理，请刷新后再看。'],
    ['x1', 422, '请改正标出的内容后再试。'],
  ] as const) {
    const response = await retry(key)
    expect(response.headers.get('content-type')).toMatch('application/problem+json')
    expect(await response.json()).toMatchObject({ status, detail })
  }
  court.engine.away = true
  expect((await retry(incidentKey)).status).toBe(503)
  expect(await court.dependencies.audit.list('incident', incidentKey)).toHaveLength(1)
})
