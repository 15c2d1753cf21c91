import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { describe, expect, test } from 'vitest'
import { openTestBrowser, openWindow, signIn } from '../support/browser.ts'
import { startBusyCourt } from '../support/busy-court.ts'

const court = await startBusyCourt()
const browser = await openTestBrowser()

/** Where pictures of the pages go, for a person to look at; none are taken unless it is set. */
const pictures = process.env.SCREENSHOTS

const sizes = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
]

interface Visit {
  name: string
  user: string
  path: string
  /** Waits until the page shows what it is for. */
  ready(page: Page): Promise<unknown>
}

const heading = (name: string | RegExp) => (page: Page) =>
  page
    .getByRole('heading', { name, exact: typeof name === 'string' })
    .first()
    .waitFor()
const caseTab = (name: string, ready: (page: Page) => Promise<unknown>) => async (page: Page) => {
  await page.getByRole('tab', { name }).click()
  await ready(page)
}
const shown = (selector: string) => (page: Page) => page.locator(selector).first().waitFor()

const visits: Visit[] = [
  {
    name: 'tasks-claimable',
    user: 'reception1',
    path: `/?scope=groups&task=${court.tasks.verification}`,
    ready: shown('.fjs-form-field'),
  },
  {
    name: 'tasks-reception',
    user: 'reception1',
    path: `/?scope=mine&task=${court.tasks.reception}`,
    ready: shown('.fjs-form-field'),
  },
  {
    name: 'tasks-signing',
    user: 'reception1',
    path: `/?scope=mine&task=${court.tasks.signing}`,
    ready: shown('.fjs-form-field'),
  },
  {
    name: 'tasks-triage',
    user: 'triage1',
    path: `/?scope=groups&task=${court.tasks.triage}`,
    ready: shown('.fjs-form-field'),
  },
  { name: 'tasks-empty', user: 'archivist1', path: '/', ready: shown('.state') },
  {
    name: 'task-case',
    user: 'reception1',
    path: `/?scope=groups&task=${court.tasks.verification}`,
    ready: caseTab('案件', heading('立案信息')),
  },
  {
    name: 'task-diagram',
    user: 'reception1',
    path: `/?scope=groups&task=${court.tasks.verification}`,
    ready: caseTab('流程图', shown('.live-canvas .is-active')),
  },
  { name: 'cases', user: 'director1', path: '/cases', ready: shown('tbody tr') },
  { name: 'case', user: 'director1', path: `/cases/${court.caseId}`, ready: heading('立案信息') },
  {
    name: 'case-dossier',
    user: 'director1',
    path: `/cases/${court.caseId}`,
    ready: caseTab('文书与卷宗', shown('.opener')),
  },
  {
    name: 'case-diagram',
    user: 'director1',
    path: `/cases/${court.caseId}`,
    ready: caseTab('流程图', shown('.live-canvas .is-active')),
  },
  {
    name: 'case-nodes',
    user: 'director1',
    path: `/cases/${court.caseId}`,
    ready: caseTab('节点期限', shown('tbody tr')),
  },
  {
    name: 'case-history',
    user: 'director1',
    path: `/cases/${court.caseId}`,
    ready: caseTab('办理记录', shown('tbody tr')),
  },
  { name: 'filing', user: 'filing1', path: '/filing', ready: heading('立案登记') },
  { name: 'register', user: 'reception1', path: '/registers/initial-reception', ready: shown('tbody tr') },
  { name: 'supervision', user: 'node1', path: '/supervision', ready: shown('tbody tr') },
  { name: 'incidents', user: 'admin1', path: '/incidents', ready: shown('tbody tr') },
  { name: 'modeler', user: 'owner1', path: '/modeler', ready: shown('.bio-properties-panel-header') },
  { name: 'not-found', user: 'owner1', path: '/nowhere', ready: heading('没有此页面') },
]

async function picture(page: Page, name: string, size: { width: number }): Promise<void> {
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  await page.waitForTimeout(300)
  await page.screenshot({ path: join(pictures, `${name}-${size.width}.png`) })
}

async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

describe('every page', () => {
  test('登录 is usable by everyone', async () => {
    for (const size of sizes) {
      const { page, context, outside, faults } = await openWindow(browser, court.url, size)
      await page.goto('/')
      await page.getByRole('button', { name: '登录' }).waitFor()
      expect(await seriousViolations(page)).toEqual([])
      await picture(page, 'log-in', size)
      expect({ outside, faults }).toEqual({ outside: [], faults: [] })
      await context.close()
    }
  })

  test.each(visits)(
    '$name shows its content, has no serious accessibility fault, and calls no other host',
    async ({ name, user, path, ready }) => {
      for (const size of pictures ? sizes : sizes.slice(0, 1)) {
        const { page, context, outside, faults } = await openWindow(browser, court.url, size)
        await signIn(page, user, court.password)
        await page.goto(path)
        await ready(page)
        await picture(page, name, size)
        expect(await seriousViolations(page)).toEqual([])
        expect({ outside, faults }).toEqual({ outside: [], faults: [] })
        await context.close()
      }
    },
  )
})
