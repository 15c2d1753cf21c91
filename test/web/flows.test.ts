import type { Page } from '@playwright/test'
import { describe, expect, test } from 'vitest'
import { openTestBrowser, openWindow, signIn } from '../support/browser.ts'
import { startBusyCourt } from '../support/busy-court.ts'
import { inventedIdNumber } from '../support/filing.ts'
import { onePagePdf } from '../support/pdf.ts'

const court = await startBusyCourt()
const browser = await openTestBrowser()

async function visit(username: string, path: string): Promise<{ page: Page; close(): Promise<void> }> {
  const { page, context, faults } = await openWindow(browser, court.url)
  await signIn(page, username, court.password)
  await page.goto(path)
  return {
    page,
    close: async () => {
      expect(faults).toEqual([])
      await context.close()
    },
  }
}

/** Presses Tab until the focus is where it should be, as somebody without a mouse does. */
async function tabTo(page: Page, target: { role?: string; name: RegExp }): Promise<void> {
  const seen: string[] = []
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      if (!(element instanceof HTMLElement)) return ''
      const labels = (element as HTMLInputElement).labels
      return (
        [...(labels ?? [])].map((label) => label.textContent).join(' ') ||
        (element.getAttribute('aria-label') ?? element.textContent ?? '')
      )
    })
    seen.push(focused.trim().slice(0, 20))
    if (target.name.test(focused)) return
  }
  throw new Error(`Tab never came to ${target.name}; it passed ${seen.join(' → ')}`)
}

test('log-in, claim, fill and submit work with the keyboard alone', async () => {
  const { page, context, faults } = await openWindow(browser, court.url)
  await page.goto('/?scope=groups')
  await page.getByRole('button', { name: '登录' }).waitFor()
  await tabTo(page, { name: /用户名/ })
  await page.keyboard.type('reception1')
  await tabTo(page, { name: /密码/ })
  await page.keyboard.type(court.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '核对立案信息' }).waitFor()

  await tabTo(page, { name: /^签收$/ })
  await page.keyboard.press('Enter')
  await page.getByText('已签收，请办理。').waitFor()
  await page.getByRole('button', { name: '提交并办结' }).waitFor()
  expect(court.engine.tasks.get(court.tasks.verification)?.assignee).toBe('reception1')

  await page.evaluate(() => document.querySelector<HTMLElement>('#main')?.focus())
  await tabTo(page, { name: /确认有差错/ })
  await page.keyboard.press('Space')
  await tabTo(page, { name: /确认有差错/ })
  await page.keyboard.press('ArrowDown')
  await tabTo(page, { name: /排除理由/ })
  await page.keyboard.type('申请书附件已写明')
  await tabTo(page, { name: /提交并办结/ })
  await page.keyboard.press('Enter')
  await page.getByText('“核对立案信息”已办结。').waitFor()

  expect(court.engine.completed.at(-1)).toMatchObject({
    taskKey: court.tasks.verification,
    variables: {
      verification: {
        findings: [
          { severity: 'error', decision: 'confirmed' },
          { severity: 'remark', decision: 'dismissed', reason: '申请书附件已写明' },
        ],
      },
    },
  })
  // The next task of the list takes its place.
  await page.getByRole('heading', { name: '流转至繁简分流' }).waitFor()
  expect(faults).toEqual([])
  await context.close()
})

describe('a form', () => {
  test('says what is missing at the field, and sends nothing', async () => {
    const { page, close } = await visit('reception1', `/?scope=mine&task=${court.tasks.reception}`)
    const before = court.engine.completed.length
    await page.getByText('是否进行初次接待').waitFor()
    await page.getByRole('button', { name: '提交并办结' }).click()
    await page.getByText('有内容需要改正').waitFor()
    const field = page.locator('.fjs-has-errors', { hasText: '是否进行初次接待' })
    expect(await field.locator('.fjs-form-field-error').textContent()).toBe('此项必填。')
    expect(court.engine.completed).toHaveLength(before)
    await close()
  })

  test('takes a scanned file, shows the server’s refusal at its field, and accepts the right one', async () => {
    const { page, close } = await visit('reception1', `/?scope=mine&task=${court.tasks.signing}`)
    const { caseId } = court.engine.tasks.get(court.tasks.signing) ?? {}
    await court.dossier.open(caseId ?? '')
    const input = page.getByLabel('签名件')
    await input.setInputFiles({ name: '笔录.pdf', mimeType: 'application/pdf', buffer: Buffer.from('not a pdf') })
    await page.locator('.fjs-form-field-error', { hasText: /\p{Script=Han}/u }).waitFor()
    await input.setInputFiles({
      name: '笔录.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from(await onePagePdf()),
    })
    await page.getByText('已上传：笔录.pdf（1 页）').waitFor()
    await page.getByLabel('签署日期').fill('2026/03/04')
    await page.getByLabel('签署日期').press('Enter')

    // Meanwhile the upload is moved to another case: only the server can know.
    const upload = await court.database.prisma.upload.findFirstOrThrow({ where: { caseId: caseId ?? '' } })
    await court.database.prisma.upload.update({ where: { id: upload.id }, data: { caseId: court.caseId } })
    await page.getByRole('button', { name: '提交并办结' }).click()
    await page.locator('.fjs-has-errors', { hasText: '签名件' }).getByText('请上传本案的文件。').waitFor()

    await court.database.prisma.upload.update({ where: { id: upload.id }, data: { caseId: caseId ?? '' } })
    await page.getByRole('button', { name: '提交并办结' }).click()
    await page.getByText('“签署并上传笔录”已办结。').waitFor()
    expect(court.engine.completed.at(-1)?.variables).toMatchObject({
      signing: { uploadId: upload.id, signedAt: '2026-03-04' },
    })
    await close()
  })

  test('is kept by 暂存 and comes back with the next visit', async () => {
    const first = await visit('reception1', `/?scope=mine&task=${court.tasks.reception}`)
    await first.page.getByLabel('未进行初次接待').check()
    await first.page.getByLabel('未进行初次接待的原因').fill('电话三次未接')
    await first.page.getByLabel('未进行初次接待的原因').blur()
    await first.page.getByRole('button', { name: '暂存' }).click()
    await first.page.getByText('已暂存。').waitFor()
    await first.close()
    const second = await visit('reception1', `/?scope=mine&task=${court.tasks.reception}`)
    await second.page.getByText('已载入上次暂存的内容。').waitFor()
    expect(await second.page.getByLabel('未进行初次接待的原因').inputValue()).toBe('电话三次未接')
    await second.close()
  })

  test('that somebody else finished meanwhile is said so, and the page shows how it stands', async () => {
    const task = court.engine.addTask({
      caseId: court.caseId,
      name: '流转至繁简分流',
      form: 'node-handover',
      candidateGroups: ['reception-specialist'],
      assignee: 'reception1',
    })
    const { page, close } = await visit('reception1', `/?scope=mine&task=${task.taskKey}`)
    await page.getByLabel('初次接待事项已全部办结，同意流转').check()
    await court.engine.completeUserTask(task.taskKey, {})
    await page.getByRole('button', { name: '提交并办结' }).click()
    await page.getByText('此任务已经办结或者撤销。').or(page.getByText('此任务已经办结。')).first().waitFor()
    await page.getByRole('button', { name: '提交并办结' }).waitFor({ state: 'detached' })
    await close()
  })
})

describe('立案', () => {
  test('leads to the fields at fault, warns of a wrong check digit, and files the case', async () => {
    const { page, close } = await visit('filing1', '/filing')
    await page.getByRole('button', { name: '立案', exact: true }).click()
    await page.getByText(/有 \d+ 处需要改正/).waitFor()
    await page.locator('[aria-invalid="true"]:focus').waitFor()

    await page.getByLabel('案由 *', { exact: true }).fill('民间借贷纠纷')
    await page.getByLabel('案由类别').selectOption('other')
    await page.getByLabel('标的种类 *', { exact: true }).selectOption('money')
    await page.getByLabel('标的金额（元） *', { exact: true }).fill('28000')
    await page.getByLabel('执行依据文号 *', { exact: true }).fill('（2025）豫0922民初88号')
    await page.getByLabel('执行依据内容 *', { exact: true }).fill('偿还借款28000元。')
    for (const button of await page.locator('.pair').getByRole('button', { name: '与登记一致' }).all())
      await button.click()
    for (const [index, name] of ['甲某一', '乙某二'].entries()) {
      const party = page.getByRole('group', { name: `当事人 ${index + 1}` })
      await party.getByLabel('姓名（名称） *', { exact: true }).fill(name)
      await party.getByLabel('类别').selectOption('naturalPerson')
      await party.getByLabel('证件种类').selectOption('residentId')
      const number = party.getByLabel('证件号码 *', { exact: true })
      await number.fill(`${inventedIdNumber(index + 1).slice(0, 17)}?`)
      await number.fill(`${`99010119800101${index}00${index}`.slice(0, 17)}X`)
      await party
        .getByText('校验码错误')
        .or(party.getByText('不是 18 位'))
        .or(party.getByText('中的出生日期'))
        .first()
        .waitFor()
      await number.fill(inventedIdNumber(index + 1))
      await party.getByRole('button', { name: '与登记一致' }).click()
    }
    await page.getByRole('button', { name: '立案', exact: true }).click()
    await page.getByText(/已立案：（2026）豫0922执\d+号/).waitFor()
    await page.getByRole('link', { name: '查看案件' }).click()
    await page.getByRole('heading', { name: /（2026）豫0922执\d+号/ }).waitFor()
    expect(court.engine.messages.at(-1)?.name).toBe('case.filed')
    await close()
  })
})

describe('the case page', () => {
  test('opens a document beside the catalogue', async () => {
    const { page, close } = await visit('director1', `/cases/${court.caseId}`)
    await page.getByRole('tab', { name: '文书与卷宗' }).click()
    await page.getByRole('button', { name: '执行申请书' }).click()
    const address = await page.locator('iframe').getAttribute('src')
    const answer = await page.request.get(`${court.url}${address}`)
    expect(answer.headers()['content-type']).toBe('application/pdf')
    await close()
  })

  test('goes down into a called process and marks what is late', async () => {
    const { page, close } = await visit('director1', `/cases/${court.caseId}`)
    await page.getByRole('tab', { name: '流程图' }).click()
    await page.locator('[data-element-id="receiveCase"].is-drillable').click()
    await page.locator('[data-element-id="verifyAndReceive"].is-overdue').waitFor()
    expect(await page.locator('.badge.overdue').textContent()).toBe('超期1日')
    expect(await page.getByRole('button', { name: /初次接待/ }).getAttribute('aria-pressed')).toBe('true')
    expect(await page.locator('.bjs-powered-by').isVisible()).toBe(true)
    await close()
  })
})

describe('流程故障', () => {
  test('is retried with the keyboard: the result is said and holds the focus, the list forgets it', async () => {
    const { page, close } = await visit('admin1', '/')
    await page.getByRole('link', { name: '流程故障' }).click()
    await page.getByText('制作文书缺少分流决定').waitFor()
    await tabTo(page, { name: /^重试.*制作移交单/ })
    await page.keyboard.press('Enter')
    const result = page.getByRole('status').getByText('的“制作移交单”。再次失败的，会重新列出。')
    await result.waitFor()
    expect(await result.evaluate((element) => element === document.activeElement)).toBe(true)
    await page.getByText('制作文书缺少分流决定').waitFor({ state: 'detached' })
    expect(court.engine.resolved).toMatchObject([{ jobKey: '700', retries: 3 }])
    await close()
  })

  test('that somebody else retried meanwhile is said so; when nothing halts any more, the page says that', async () => {
    const { page, close } = await visit('owner1', '/incidents')
    await page.getByRole('cell', { name: '立案渠道', exact: true }).waitFor()
    for (const { incidentKey } of await court.engine.searchIncidents({ state: 'ACTIVE' }))
      await (await court.as('admin1')).send('POST', `/api/incidents/${incidentKey}/resolution`)
    await page.getByRole('button', { name: /^重试/ }).click()
    await page.getByText('此故障已经处理，请刷新后再看。').waitFor()
    await page.getByText('没有流程故障。').waitFor()
    await close()
  })

  test('is no page for others', async () => {
    const { page, close } = await visit('director1', '/incidents')
    await page.getByText('您的岗位没有此项权限。').waitFor()
    expect(await page.getByRole('link', { name: '流程故障' }).count()).toBe(0)
    await close()
  })
})

describe('the pages', () => {
  test('keep their tabs under the arrow keys', async () => {
    const { page, close } = await visit('director1', `/cases/${court.caseId}`)
    await page.getByRole('tab', { name: '案情' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('文书与卷宗')
    await page.keyboard.press('End')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('办理记录')
    await close()
  })

  test('return to log-in when the session has ended, without losing the address', async () => {
    const { page, context } = await openWindow(browser, court.url)
    await signIn(page, 'director1', court.password)
    await page.goto('/cases')
    await page.locator('tbody tr').first().waitFor()
    await context.clearCookies()
    await page.getByRole('link', { name: '督办' }).click()
    await page.getByRole('button', { name: '登录' }).waitFor()
    await page.getByLabel('用户名').fill('director1')
    await page.getByLabel('密码').fill(court.password)
    await page.getByRole('button', { name: '登录' }).click()
    await page.getByRole('heading', { name: '超期节点' }).waitFor()
    await context.close()
  })

  test('show a failure with a way to try again', async () => {
    const { page, context } = await openWindow(browser, court.url)
    await signIn(page, 'director1', court.password)
    court.engine.away = true
    await page.goto('/')
    await page.getByText('流程引擎暂时无法处理').waitFor()
    court.engine.away = false
    await page.getByRole('button', { name: '重试' }).click()
    await page.getByText('没有您正在办理的任务。').waitFor()
    await context.close()
  })
})
