import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { BrowserError, browserEnvironment, launchBrowser } from '../../src/documents/index.ts'
import { temporaryDirectory } from './support.ts'

let cacheDirectory: string
beforeAll(async () => {
  cacheDirectory = await temporaryDirectory('browser')
})

const runs = async () => (await readdir(cacheDirectory)).filter((name) => name.startsWith('run-'))

test('two programs that unpack the browser at the same time both get it, and nothing half done stays', async () => {
  const [one, other] = await Promise.all([
    browserEnvironment({ cacheDirectory }),
    browserEnvironment({ cacheDirectory }),
  ])
  expect(other.executablePath).toBe(one.executablePath)
  await Promise.all([one.close(), other.close()])
  expect((await readdir(cacheDirectory)).filter((name) => name.startsWith('unpack-'))).toEqual([])
})

test('a launched browser has the fonts of the documents, and leaves only the cache when closed', async () => {
  const browser = await launchBrowser({ cacheDirectory })
  const page = await browser.newPage()
  await page.setContent(
    '<p style="font: 20px Noto Serif SC">国</p><p style="font: 20px no-such-font, monospace">国</p>',
  )
  const session = await page.createCDPSession()
  await session.send('DOM.enable')
  await session.send('CSS.enable')
  const { root } = await session.send('DOM.getDocument')
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'p' })
  const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId })
  expect(fonts.map((font) => font.familyName)).toEqual(['Noto Serif SC'])
  expect(await runs()).toHaveLength(1)
  await browser.close()
  expect(await runs()).toEqual([])
})

test('the private directory of a killed program is removed at the next start', async () => {
  // No process has this number: Linux numbers stay below 2^22.
  await mkdir(join(cacheDirectory, 'run-9999999-abc'))
  const environment = await browserEnvironment({ cacheDirectory })
  expect(await runs()).toHaveLength(1)
  await environment.close()
})

test('the one that the settings name is used; one that is not there is an error', async () => {
  const chromiumPath = join(cacheDirectory, 'my-chromium')
  await writeFile(chromiumPath, '#!/bin/sh\nexit 3\n')
  await expect(browserEnvironment({ cacheDirectory, chromiumPath })).rejects.toThrow(
    `CHROMIUM_PATH 指定的 ${chromiumPath} 不存在或不可执行`,
  )

  await chmod(chromiumPath, 0o755)
  const environment = await browserEnvironment({ cacheDirectory, chromiumPath })
  expect(environment.executablePath).toBe(chromiumPath)
  await environment.close()

  const failed = await launchBrowser({ cacheDirectory, chromiumPath }).catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(BrowserError)
  expect(String(failed)).toContain(`浏览器 ${chromiumPath} 无法启动`)
  expect(await runs()).toEqual([])
  await rm(chromiumPath)
})

test('a cache that cannot be written is named', async () => {
  const file = join(cacheDirectory, 'a-file')
  await writeFile(file, '')
  await expect(browserEnvironment({ cacheDirectory: join(file, 'cache') })).rejects.toThrow('无法写入浏览器缓存目录')
})
