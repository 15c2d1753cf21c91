import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { afterAll, expect, test } from 'vitest'
import type { CaseFilingInput } from '../../src/cases/index.ts'
import { atTime, momentAfter } from '../../src/rehearsal/rehearse.ts'
import { readScenario } from '../../src/rehearsal/scenario.ts'
import { projectRoot, startTestApplication, testPassword } from '../support/application.ts'
import { openTestBrowser, openWindow, signIn } from '../support/browser.ts'
import { fillForm } from '../support/form-filler.ts'

const application = await startTestApplication()
afterAll(() => application.close())
const browser = await openTestBrowser()
const scenario = await readScenario(join(projectRoot, 'scenarios/window-small-loan.yaml'))

const pages = new Map<string, Page>()

/** A window of the person's own, signed in once. */
async function windowOf(username: string): Promise<Page> {
  const known = pages.get(username)
  if (known) return known
  const { page } = await openWindow(browser, application.url)
  await signIn(page, username, testPassword)
  pages.set(username, page)
  return page
}

async function fileByHand(page: Page, filing: CaseFilingInput): Promise<string> {
  await page.getByRole('link', { name: '立案', exact: true }).click()
  await page.getByLabel('立案渠道').selectOption(filing.channel)
  await page.getByLabel('收到申请书时间').fill(filing.applicationReceivedAt.slice(0, 16))
  await page.getByLabel('案由 *', { exact: true }).fill(filing.cause)
  await page.getByLabel('案由类别').selectOption(filing.causeCategory)
  await page.getByLabel('标的种类 *', { exact: true }).selectOption(filing.subjectType)
  await page.getByLabel('标的金额（元） *', { exact: true }).fill(filing.amount ?? '')
  await page.getByLabel('执行依据文号 *', { exact: true }).fill(filing.basisNumber)
  await page.getByLabel('执行依据内容 *', { exact: true }).fill(filing.basisContent)
  for (const button of await page.locator('.pair').getByRole('button', { name: '与登记一致' }).all())
    await button.click()
  for (const [index, party] of filing.parties.entries()) {
    const group = page.getByRole('group', { name: `当事人 ${index + 1}` })
    await group.getByLabel('诉讼地位').selectOption(party.role)
    await group.getByLabel('姓名（名称） *', { exact: true }).fill(party.name)
    await group.getByLabel('类别').selectOption(party.kind)
    await group.getByLabel('证件种类').selectOption(party.idKind)
    await group.getByLabel('证件号码 *', { exact: true }).fill(party.idNumber ?? '')
    await group.getByRole('button', { name: '与登记一致' }).click()
  }
  await page.getByRole('button', { name: '立案', exact: true }).click()
  await page.getByRole('link', { name: '查看案件' }).click()
  await page.getByRole('heading', { name: /执\d+号/ }).waitFor()
  return new URL(page.url()).pathname.split('/')[2] ?? ''
}

/** Form ids by the name of the element that they are for, as deployed. */
const forms = new Map(
  readdirSync(join(projectRoot, 'forms')).map((file) => [
    file.replace('.form', ''),
    JSON.parse(readFileSync(join(projectRoot, 'forms', file), 'utf8')) as unknown,
  ]),
)

async function doTask(caseId: string, elementId: string, answers: Record<string, unknown>): Promise<void> {
  const { court } = application
  const task = await court.waitFor(caseId, elementId, (open) => open.find((one) => one.elementId === elementId))
  const username = task.assignee ?? court.holderOf(task.candidateGroups[0] ?? '')
  const page = await windowOf(username)
  await page.goto(`/?scope=${task.assignee ? 'mine' : 'groups'}&task=${task.taskKey}`)
  const details = page.waitForResponse((response) => response.url().endsWith(`/api/tasks/${task.taskKey}`))
  await page.reload()
  const { formId } = (await (await details).json()) as { formId: string }
  if (task.assignee === null) {
    await page.getByRole('button', { name: '签收' }).click()
    await page.getByText('已签收，请办理。').waitFor()
  }
  await fillForm(page, forms.get(formId), answers)
  await page.getByRole('button', { name: '提交并办结' }).click()
  await page.getByText(`“${task.name}”已办结。`).waitFor()
}

test('a case goes from 立案 to 归档 by hand, in the browser, each person at his own window', {
  timeout: 300_000,
}, async () => {
  const { clock, orchestration } = application
  await orchestration.pinClock(new Date(scenario.start))
  const caseId = await fileByHand(await windowOf('filing1'), scenario.filing as CaseFilingInput)
  for (const step of scenario.steps) {
    if ('clock' in step) await orchestration.pinClock(momentAfter(step.clock, clock.now()))
    if (!('task' in step)) continue
    const answers = atTime({ ...scenario.usual[step.task], ...step.answers }, clock.now())
    const uploads = ['signTranscript', 'signStatement'].includes(step.task) ? { uploadId: 'a scan' } : {}
    await doTask(caseId, step.task, { ...answers, ...uploads })
  }
  await application.court.waitFor(caseId, 'the archive', async () =>
    (await application.court.caseState(caseId)).status === 'archived' ? true : undefined,
  )

  const page = await windowOf('director1')
  await page.goto(`/cases/${caseId}`)
  await page.getByText('已归档').first().waitFor()
  await page.getByRole('tab', { name: '文书与卷宗' }).click()
  await page.getByText('校验通过').waitFor()
  const titles = await page.locator('.opener').allTextContents()
  for (const title of ['初次接待谈话笔录', '执行通知书', '案件分流移交单', '结案通知书', '卷宗目录'])
    expect(titles).toContain(title)
  await page.getByRole('tab', { name: '流程图' }).click()
  await page.getByText('此流程已经结束。').waitFor()
  await page.locator('[data-element-id="receiveCase"].is-completed').waitFor()
})
