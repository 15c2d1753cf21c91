import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { startApplication } from './application.ts'
import { ConfigError, configHelp, loadConfig } from './config.ts'
import { prepareCourt } from './demo/load.ts'

const root = join(import.meta.dirname, '..')

/** `npm start`: starts everything, prints one line, and stops everything on Ctrl-C. */
async function main(): Promise<void> {
  const argv = process.argv.slice(2)
  if (argv.includes('--help')) {
    console.log(['npm start -- [flags]', ...configHelp()].join('\n'))
    return
  }
  const config = loadConfig(argv, process.env)
  try {
    mkdirSync(config.dataDirectory, { recursive: true })
  } catch (error) {
    throw new ConfigError([
      `数据目录 ${config.dataDirectory} 不可写（${(error as Error).message}）：请用 --data 或 DATA_DIRECTORY 指定其他目录。`,
    ])
  }
  const logger = pino(
    { level: config.logLevel },
    pino.destination({ dest: join(config.dataDirectory, 'application.log'), sync: false }),
  )
  const application = await startApplication(config, logger, root)

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await application.close()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  const logIns = await prepareCourt(application, config, root)
  console.log(`已就绪：${application.url}　${logIns}`)
}

main().catch((error: Error) => {
  // One line for what a person can mend; the stack only for what he cannot.
  const expected = ['ConfigError', 'StartError', 'DatabaseError'].includes(error.name)
  console.error(expected ? error.message : (error.stack ?? error.message))
  process.exit(1)
})
