import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { afterAll } from 'vitest'
import { browserEnvironment } from '../../src/documents/browser.ts'

/** The browser from npm with the product's fonts, under Playwright; it ends with the test file. */
export async function openTestBrowser(): Promise<Browser> {
  const cacheDirectory = mkdtempSync(path.join(os.tmpdir(), 'test-browser-'))
  const environment = await browserEnvironment({ cacheDirectory, chromiumPath: process.env.CHROMIUM_PATH })
  const browser = await chromium.launch({
    executablePath: environment.executablePath,
    args: environment.args,
    env: environment.env,
  })
  afterAll(async () => {
    await browser.close()
    await environment.close()
    rmSync(cacheDirectory, { recursive: true, force: true })
  })
  return browser
}

/** A Chinese browser window that may call nobody but the application; `outside` collects attempts, `faults` script errors. */
export async function openWindow(browser: Browser, url: string, size = { width: 1366, height: 768 }) {
  const context: BrowserContext = await browser.newContext({
    baseURL: url,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: size,
  })
  const outside: string[] = []
  const faults: string[] = []
  await context.route(
    (address) => address.origin !== new URL(url).origin && address.protocol.startsWith('http'),
    async (route) => {
      outside.push(route.request().url())
      await route.abort()
    },
  )
  const page: Page = await context.newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text())
  })
  return { page, context, outside, faults }
}

/** Signs in through the log-in page. */
export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.goto('/')
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('密码').fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('navigation', { name: '主导航' }).waitFor()
}
