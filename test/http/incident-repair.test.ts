import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readResources } from '../../src/orchestration/index.ts'
import { readScenario } from '../../src/rehearsal/scenario.ts'
import { projectRoot, startTestApplication } from '../support/application.ts'
import { openTestDatabase } from '../support/database.ts'

const database = await openTestDatabase()
const application = await startTestApplication(database.url)
afterAll(() => application.close())
const { court, orchestration } = application
const scenario = await readScenario(join(projectRoot, 'scenarios/window-small-loan.yaml'))
const administrator = await court.asHolderOf('system-administrator')

const incidents = z.object({
  items: z.array(
    z.object({
      incidentKey: z.string(),
      caseNumber: z.string(),
      processName: z.string(),
      elementName: z.string(),
      errorType: z.string(),
      message: z.string(),
      jobKey: z.string(),
    }),
  ),
})

const waitForIncident = (caseId: string) =>
  court.waitFor(caseId, 'an incident', async () => (await administrator.get('/api/incidents', incidents)).items[0])
const waitForTask = (caseId: string, elementId: string) =>
  court.waitFor(caseId, elementId, (open) => open.find((task) => task.elementId === elementId))
const retry = (incidentKey: string) => administrator.send('POST', `/api/incidents/${incidentKey}/resolution`)

/** Deploys the table of deadlines, without the rule for handing over the filed materials where it is to be at fault. */
async function deployDeadlines(fault: boolean): Promise<void> {
  const table = (await readResources(projectRoot)).find(({ name }) => name === 'deadlines.dmn')
  const text = Buffer.from(table?.content ?? []).toString()
  const faulty = text.replace('<text>"filing.transfer"</text>', '<text>"filing.elsewhere"</text>')
  expect(faulty).not.toBe(text)
  await orchestration.deploy([{ name: 'deadlines.dmn', content: Buffer.from(fault ? faulty : text) }])
}

test('a case that halts at a listener, then at a worker, goes on each time once the cause is repaired and it is retried', {
  timeout: 120_000,
}, async () => {
  await orchestration.pinClock(new Date(scenario.start))
  await deployDeadlines(true)
  const clerk = await court.asHolderOf('filing-clerk')
  const filed = z.object({ caseId: z.uuid(), caseNumber: z.string() })
  const { caseId, caseNumber } = filed.parse(await clerk.send('POST', '/api/cases', scenario.filing))

  const listener = await waitForIncident(caseId)
  expect(listener).toMatchObject({
    caseNumber,
    processName: '初次接待',
    elementName: '接收立案材料',
    errorType: 'EXECUTION_LISTENER_NO_RETRIES',
  })
  expect(listener.message).toMatch('filing.transfer')

  await retry(listener.incidentKey)
  const again = await waitForIncident(caseId)
  expect(again, 'the cause is still there').toMatchObject({ message: listener.message, jobKey: listener.jobKey })
  expect(again.incidentKey).not.toBe(listener.incidentKey)

  await deployDeadlines(false)
  await retry(again.incidentKey)
  const materials = await waitForTask(caseId, 'receiveMaterials')
  expect(await administrator.get('/api/incidents', incidents)).toEqual({ items: [] })

  const { application: written } = await database.prisma.case.findUniqueOrThrow({ where: { id: caseId } })
  await database.prisma.case.update({ where: { id: caseId }, data: { application: {} } })
  await court.answer(caseId, materials, scenario.usual.receiveMaterials ?? {})
  const worker = await waitForIncident(caseId)
  expect(worker).toMatchObject({ caseNumber, elementName: '比对立案信息', errorType: 'JOB_NO_RETRIES' })

  await database.prisma.case.update({ where: { id: caseId }, data: { application: written as object } })
  await retry(worker.incidentKey)
  await waitForTask(caseId, 'verifyFiling')
  expect(await administrator.get('/api/incidents', incidents)).toEqual({ items: [] })
  await expect(retry(worker.incidentKey)).rejects.toMatchObject({ status: 409 })
})
