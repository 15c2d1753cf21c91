import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import puppeteer, { type Browser } from 'puppeteer'
import { BrowserError } from './errors.ts'
import { writeFontConfiguration } from './fonts.ts'

/** Where to find a browser and where it may write. */
export interface BrowserOptions {
  /** Directory for the unpacked browser and its fonts' cache (kept), and for its profile (removed on close). */
  readonly cacheDirectory: string
  /** A Chromium or chrome-headless-shell to use instead of the packaged one (the setting `CHROMIUM_PATH`). */
  readonly chromiumPath?: string | undefined
  /** Directories with official fonts outside the system's font directories. */
  readonly fontDirectories?: readonly string[] | undefined
  /** More command-line switches. */
  readonly args?: readonly string[] | undefined
}

/** What any driver (puppeteer, Playwright) needs to start the same browser with the same fonts. */
export interface BrowserEnvironment {
  readonly executablePath: string
  readonly args: string[]
  readonly env: Record<string, string>
  /** The profile's directory, inside the private directory of this environment. */
  readonly userDataDirectory: string
  /** Removes the private directory; call it when the browser has ended. */
  close(): Promise<void>
}

/** Names of a system's browser, the lighter first: full Chromium prints eight times slower than the headless shell. */
const systemBrowsers = [
  'chromium-headless-shell',
  'chrome-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
]

const commonArguments = [
  // The pages are the product's own, without scripts or network; inside a container or as root no sandbox can be made.
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
  '--lang=zh-CN',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
]

/**
 * Finds a browser on a machine that may have nothing but npm: `chromiumPath`, else the one in `@sparticuz/chromium`
 * (x64 Linux, unpacked once into the cache directory), else a system browser. Gives it fonts through a private fontconfig.
 *
 * @throws BrowserError naming what was tried
 */
export async function browserEnvironment(options: BrowserOptions): Promise<BrowserEnvironment> {
  // Relative paths would be read by the browser from another working directory.
  const cache = resolve(options.cacheDirectory)
  await mkdir(cache, { recursive: true }).catch((cause) => {
    throw new BrowserError(`无法写入浏览器缓存目录 ${cache}，请检查权限`, { cause })
  })
  const found = await findBrowser(cache, options.chromiumPath)
  const fontConfiguration = await writeFontConfiguration(join(cache, 'fontconfig'), options.fontDirectories)
  await removeRunsOfDeadPrograms(cache)
  const run = await mkdtemp(join(cache, `run-${process.pid}-`))
  return {
    executablePath: found.executablePath,
    args: [...commonArguments, ...(options.args ?? [])],
    env: {
      ...definedVariables(process.env),
      // Chromium writes into its home (.config, .pki) and its temporary directory: both go with the run.
      HOME: run,
      TMPDIR: run,
      FONTCONFIG_FILE: fontConfiguration,
      ...(found.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath(found.libraryPath) }),
    },
    userDataDirectory: join(run, 'profile'),
    close: () => rm(run, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  }
}

/**
 * Starts the browser of {@link browserEnvironment} under puppeteer, over a pipe (no port is opened). Its private
 * directory is removed when the browser ends, however it ends.
 *
 * @throws BrowserError when none is found or it does not start
 */
export async function launchBrowser(options: BrowserOptions): Promise<Browser> {
  const environment = await browserEnvironment(options)
  try {
    const browser = await puppeteer.launch({
      browser: 'chrome',
      headless: 'shell',
      executablePath: environment.executablePath,
      args: environment.args,
      env: environment.env,
      userDataDir: environment.userDataDirectory,
      pipe: true,
      // Ending the program is the program's business; it closes the browser itself.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    })
    const removed = new Promise<void>((resolve, reject) => {
      browser.once('disconnected', () => removeAfterExit(browser, environment).then(resolve, reject))
    })
    // Whoever closes the browser may end the program next: closing means that nothing is left behind.
    const close = browser.close.bind(browser)
    browser.close = async () => {
      await close()
      await removed
    }
    // After a crash nobody waits; what could not be removed then is removed at the next start.
    removed.catch(() => undefined)
    return browser
  } catch (cause) {
    await environment.close()
    throw new BrowserError(
      `浏览器 ${environment.executablePath} 无法启动：${reason(cause)}。可用 CHROMIUM_PATH 指定另一个 Chromium`,
      { cause },
    )
  }
}

/** A program that was killed could not remove its private directory. */
async function removeRunsOfDeadPrograms(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const owner = /^run-(\d+)-/.exec(name)?.[1]
    if (owner !== undefined && !isRunning(Number(owner))) await rm(join(cache, name), { recursive: true, force: true })
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function removeAfterExit(browser: Browser, environment: BrowserEnvironment): Promise<void> {
  const child = browser.process()
  if (child !== null && child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => child.once('exit', resolve))
  }
  await environment.close()
}

interface FoundBrowser {
  readonly executablePath: string
  /** Directory of shared libraries that came with it. */
  readonly libraryPath?: string
}

async function findBrowser(cache: string, chromiumPath: string | undefined): Promise<FoundBrowser> {
  if (chromiumPath !== undefined && chromiumPath !== '') {
    const executablePath = resolve(chromiumPath)
    if (!(await isExecutable(executablePath))) {
      throw new BrowserError(`CHROMIUM_PATH 指定的 ${executablePath} 不存在或不可执行`)
    }
    return { executablePath }
  }
  const tried: string[] = []
  if (platform() === 'linux' && arch() === 'x64') {
    try {
      return await unpackedChromium(cache)
    } catch (cause) {
      tried.push(`@sparticuz/chromium：${reason(cause)}`)
    }
  } else tried.push(`@sparticuz/chromium：不支持 ${platform()} ${arch()}`)
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of systemBrowsers) {
      const executablePath = join(directory, name)
      if (directory !== '' && (await isExecutable(executablePath))) return { executablePath }
    }
  }
  throw new BrowserError(
    `没有找到可用的浏览器（${tried.join('；')}；系统中也没有 ${systemBrowsers.join('、')}）。` +
      '请安装 chromium-headless-shell，或用 CHROMIUM_PATH 指定',
  )
}

/**
 * The browser of `@sparticuz/chromium`, unpacked on first use. The package writes into the temporary directory of its
 * process and changes that process's environment, so a process of its own unpacks it into a staging directory, which is
 * then renamed: two programs may start at the same time, and one that is killed leaves nothing half done.
 */
async function unpackedChromium(cache: string): Promise<FoundBrowser> {
  const entry = import.meta.resolve('@sparticuz/chromium')
  const { version } = JSON.parse(await readFile(join(dirname(fileURLToPath(entry)), '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const directory = join(cache, `chromium-${version}`)
  const found = { executablePath: join(directory, 'chromium'), libraryPath: join(directory, 'al2023', 'lib') }
  if (await isExecutable(found.executablePath)) return found

  const staging = await mkdtemp(join(cache, 'unpack-'))
  try {
    const script = `const { default: chromium } = await import(${JSON.stringify(entry)}); await chromium.executablePath()`
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...definedVariables(process.env), NODE_OPTIONS: '', TMPDIR: staging, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' },
    })
    await rename(staging, directory)
  } catch (cause) {
    await rm(staging, { recursive: true, force: true })
    // Somebody else was faster: what is there now is complete.
    if (!(await isExecutable(found.executablePath))) throw cause
  }
  return found
}

function libraryPath(own: string): string {
  const inherited = process.env.LD_LIBRARY_PATH
  return inherited === undefined || inherited === '' ? own : `${own}:${inherited}`
}

function definedVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined))
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
