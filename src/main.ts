import { openSync } from 'node:fs'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { type Application, openDataDirectory, startApplication } from './application.ts'
import { type Config, ConfigError, configHelp, loadConfig } from './config.ts'
import { discardUnfinishedCourt, prepareCourt } from './demo/load.ts'

const root = join(import.meta.dirname, '..')

/** `npm start`: starts everything, prints one line, and stops everything on Ctrl-C. */
async function main(): Promise<void> {
  const argv = process.argv.slice(2)
  if (argv.includes('--help')) {
    console.log(['npm start -- [flags]', ...configHelp()].join('\n'))
    return
  }
  const config = loadConfig(argv, process.env)
  openDataDirectory(config.dataDirectory)
  const logger = openLog(config)

  // From the first moment on: a database that is just starting must not outlive us.
  let interrupted = false
  let application: Application | undefined
  const stop = async () => {
    if (interrupted) return
    interrupted = true
    await application?.close()
    if (application) process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  await discardUnfinishedCourt(config)
  application = await startApplication(config, logger, root)
  if (interrupted) {
    await application.close()
    process.exit(0)
  }
  const started = application
  const logIns = await prepareCourt(started, config, root).catch(async (error: Error) => {
    // What is closed while it loads fails in many ways; all of them mean that somebody pressed Ctrl-C.
    if (interrupted) return new Promise<never>(() => {})
    await started.close()
    throw error
  })
  console.log(`已就绪：${application.url}　${logIns}`)
}

function openLog(config: Config): Logger {
  const file = join(config.dataDirectory, 'application.log')
  try {
    return pino({ level: config.logLevel }, pino.destination({ fd: openSync(file, 'a', 0o600), sync: false }))
  } catch (error) {
    throw new ConfigError([`日志文件 ${file} 无法写入（${(error as NodeJS.ErrnoException).code}）：请检查权限。`])
  }
}

main().catch((error: Error) => {
  // One line for what a person can mend; the stack only for what he cannot.
  const expected = ['ConfigError', 'StartError', 'DatabaseError'].includes(error.name)
  console.error(expected ? error.message : (error.stack ?? error.message))
  process.exit(1)
})
