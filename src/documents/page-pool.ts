import type { Browser, HTTPRequest, Page } from 'puppeteer'
import { type BrowserOptions, launchBrowser } from './browser.ts'
import { BrowserError, DocumentRenderError } from './errors.ts'

/** How documents are printed. */
export interface PagePoolOptions extends BrowserOptions {
  /** Documents printed at the same time; 2 unless told. */
  readonly concurrency?: number
  /** Milliseconds that one document may take before the page is given up; 12 000 unless told. */
  readonly timeout?: number
  /** Starts the browser; {@link launchBrowser} unless told. */
  readonly launch?: (options: BrowserOptions) => Promise<Browser>
}

/** Prints HTML with one browser and a few pages that are used again. */
export interface PagePool {
  /**
   * Prints one self-contained HTML document as PDF.
   *
   * @throws DocumentRenderError when the document asks for anything outside itself, or the browser fails twice
   * @throws BrowserError when no browser can be started, or the pool is closed
   */
  print(html: string): Promise<Uint8Array>
  close(): Promise<void>
}

/** A name that no resolver knows (RFC 2606); the page gets its content by interception. */
const documentUrl = 'http://document.invalid/'

interface Sheet {
  readonly page: Page
  /** The document being printed and what it asked for in vain. */
  html: string
  refused: string[]
}

/** Makes a pool; the browser starts with the first document and is started again after a crash. */
export function createPagePool(options: PagePoolOptions): PagePool {
  const concurrency = options.concurrency ?? 2
  const timeout = options.timeout ?? 12_000
  const launch = options.launch ?? launchBrowser
  let browser: Promise<Browser> | undefined
  let closing: Promise<void> | undefined
  let idle: Sheet[] = []
  let busy = 0
  const waiting: (() => void)[] = []
  let emptied: (() => void) | undefined

  function currentBrowser(): Promise<Browser> {
    browser ??= start()
    return browser
  }

  function start(): Promise<Browser> {
    // No name resolves, also for what interception does not see (preconnect).
    const started = launch({ ...options, args: [...(options.args ?? []), '--host-resolver-rules=MAP * ~NOTFOUND'] })
    const forget = () => {
      if (browser === started) browser = undefined
      // The pages of a dead browser are dead too.
      idle = []
    }
    started.then((known) => known.once('disconnected', forget), forget)
    return started
  }

  async function openSheet(): Promise<Sheet> {
    const known = idle.pop()
    if (known !== undefined && !known.page.isClosed()) return known
    const page = await (await currentBrowser()).newPage()
    const sheet: Sheet = { page, html: '', refused: [] }
    page.setDefaultTimeout(timeout)
    await page.setJavaScriptEnabled(false)
    await page.setRequestInterception(true)
    page.on('request', (request) => answer(request, sheet))
    return sheet
  }

  async function printOnce(html: string): Promise<Uint8Array> {
    const sheet = await openSheet()
    sheet.html = html
    sheet.refused = []
    try {
      await sheet.page.goto(documentUrl, { waitUntil: 'load', timeout })
      // The fonts are the system's: nothing loads later, and the page's own scripts, which waiting needs, are off.
      const pdf = await sheet.page.pdf({ preferCSSPageSize: true, printBackground: true, waitForFonts: false, timeout })
      if (sheet.refused.length > 0) {
        throw new DocumentRenderError(`文书不得引用外部内容，已拒绝：${sheet.refused.join('、')}`)
      }
      idle.push(sheet)
      return pdf
    } catch (cause) {
      // A page that hangs or crashed is not used again; closing it may fail with its browser.
      await sheet.page.close().catch(() => undefined)
      throw cause
    }
  }

  async function withTurn<T>(work: () => Promise<T>): Promise<T> {
    if (closing !== undefined) throw new BrowserError('文书打印已停止')
    if (busy >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) busy--
      else next()
      if (busy === 0) emptied?.()
    }
  }

  return {
    print: (html) =>
      withTurn(async () => {
        try {
          return await printOnce(html)
        } catch (first) {
          if (first instanceof DocumentRenderError || first instanceof BrowserError) throw first
          // Most likely the browser crashed with another document: once more, with a new one if need be.
          return await printOnce(html).catch((cause) => {
            if (cause instanceof DocumentRenderError || cause instanceof BrowserError) throw cause
            throw new DocumentRenderError(`文书打印失败：${cause instanceof Error ? cause.message : String(cause)}`, {
              cause,
            })
          })
        }
      }),
    close() {
      closing ??= (async () => {
        if (busy > 0) await new Promise<void>((resolve) => (emptied = resolve))
        const known = await browser?.catch(() => undefined)
        await known?.close()
      })()
      return closing
    },
  }
}

function answer(request: HTTPRequest, sheet: Sheet): void {
  const isDocument =
    request.isNavigationRequest() && request.frame() === sheet.page.mainFrame() && request.url() === documentUrl
  const reply = isDocument
    ? request.respond({
        status: 200,
        contentType: 'text/html; charset=utf-8',
        body: sheet.html,
      })
    : request.abort('blockedbyclient')
  if (!isDocument) sheet.refused.push(request.url())
  // The page may be gone meanwhile; then its navigation fails and says so.
  reply.catch(() => undefined)
}
