import { describe, expect, test } from 'vitest'
import { smallLoan } from '../support/filing.ts'
import { startHttpCourt } from '../support/http-court.ts'

const court = await startHttpCourt()
const clerk = await court.as('filing1')
const director = await court.as('director1')

describe('filing', () => {
  test('registers the case, starts its process and answers its number', async () => {
    const response = await clerk.send('POST', '/api/cases', smallLoan())
    expect(response.status).toBe(201)
    const { caseId, caseNumber, started } = (await response.json()) as Record<string, string>
    expect(caseNumber).toMatch(/^（2026）豫0922执\d+号$/)
    expect(started).toBe(true)
    expect(court.engine.messages.at(-1)).toMatchObject({
      name: 'case.filed',
      correlationKey: caseId,
      variables: { caseId, channel: 'window' },
    })
    const detail = (await (await director.get(`/api/cases/${caseId}`)).json()) as { processInstanceKey: string }
    expect(detail.processInstanceKey).toMatch(/^\d+$/)
  })

  test('stands although the engine is away: the process follows at the next start', async () => {
    court.engine.away = true
    const response = await clerk.send('POST', '/api/cases', smallLoan())
    court.engine.away = false
    expect(response.status).toBe(201)
    const { caseId, started } = (await response.json()) as Record<string, string>
    expect(started).toBe(false)
    expect((await court.cases.unstarted()).map((filed) => filed.caseId)).toContain(caseId)
    expect((await director.get(`/api/cases/${caseId}/process`)).status).toBe(409)
  })

  test('names every field that is wrong, deep ones too', async () => {
    const loan = smallLoan()
    const [first, ...rest] = loan.parties
    const response = await clerk.send('POST', '/api/cases', {
      ...loan,
      cause: '',
      amount: '3万',
      parties: [{ ...first, name: ' ' }, ...rest],
    })
    expect(response.status).toBe(422)
    const { errors } = (await response.json()) as { errors: { field: string; message: string }[] }
    expect(errors.map(({ field }) => field).sort()).toEqual(['amount', 'cause', 'parties.0.name'])
    expect(errors.every(({ message }) => /\p{Script=Han}/u.test(message))).toBe(true)
  })
})

describe('the list of cases', () => {
  test('is found by number and party, and shows each user what is his to see', async () => {
    const { caseId, caseNumber } = await court.cases.file({ ...smallLoan(), cause: '测试案由' }, 'filing1')
    const found = async (username: string, query: string) =>
      (
        (await (await (await court.as(username)).get(`/api/cases?${query}`)).json()) as { items: { caseId: string }[] }
      ).items.map((item) => item.caseId)
    expect(await found('director1', `q=${encodeURIComponent(caseNumber)}`)).toEqual([caseId])
    expect(await found('fast-judge1', '')).toEqual([])
    expect(await found('reception1', '')).toEqual([])
    court.engine.addTask({ caseId, candidateGroups: ['reception-specialist'] })
    expect(await found('reception1', '')).toEqual([caseId])
    expect(await found('admin1', '')).toEqual([])
  })

  test.each(['page=0', 'page=x', 'status=unknown', 'size=9999'])(
    'refuses %s with the field at fault',
    async (query) => {
      const response = await director.get(`/api/cases?${query}`)
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({ errors: [{ field: query.split('=')[0] }] })
    },
  )

  test('takes a repeated parameter or an object for no text', async () => {
    expect((await director.get('/api/cases?q=a&q=b')).status).toBe(422)
  })
})

describe('the initial reception register', () => {
  test('is exported so that a spreadsheet shows Chinese and runs no formula', async () => {
    const { caseId } = await court.cases.file(smallLoan(), 'filing1')
    court.clock.moment = new Date('2026-03-10T23:30:00+08:00')
    const reception = { held: 'no', notHeldReason: '=HYPERLINK("http://x")，\n未接通' }
    await court.cases.recordReception({ caseId, reception, elementInstanceKey: '1' })
    const reader = await court.as('reception1')
    const response = await reader.get('/api/registers/initial-reception.csv?from=2026-03-10&to=2026-03-10')
    expect(response.headers.get('content-type')).toMatch('text/csv')
    const text = Buffer.from(await response.arrayBuffer()).toString('utf8')
    expect(text.startsWith('\uFEFF序号,案号,')).toBe(true)
    expect(text).toContain(`"'=HYPERLINK(""http://x"")，\n未接通"`)
    expect(await (await reader.get('/api/registers/initial-reception?from=2026-03-11&to=2026-03-12')).json()).toEqual({
      items: [],
    })
  })

  test('asks for a period that makes sense', async () => {
    const reader = await court.as('reception1')
    const response = await reader.get('/api/registers/initial-reception?from=2026-03-10&to=2026-03-01')
    expect(await response.json()).toMatchObject({ status: 422, errors: [{ field: 'to', message: '止日不能早于起日' }] })
  })
})

test('the clock moves only where the court has allowed it', async () => {
  const admin = await court.as('admin1')
  expect((await admin.send('PUT', '/api/clock', { instant: '2026-03-05T09:00:00+08:00' })).status).toBe(204)
  expect(court.engine.pinned?.toISOString()).toBe('2026-03-05T01:00:00.000Z')
  expect((await admin.send('PUT', '/api/clock', { instant: 'tomorrow' })).status).toBe(422)
  court.dependencies.config.allowClockControl = false
  expect((await admin.send('DELETE', '/api/clock')).status).toBe(403)
  court.dependencies.config.allowClockControl = true
  expect((await admin.send('DELETE', '/api/clock')).status).toBe(204)
  expect(court.engine.pinned).toBeNull()
})
