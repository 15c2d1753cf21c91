import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startApplication } from './application.ts'
import { loadConfig } from './config.ts'
import { createDemoUsers } from './demo/load.ts'
import { demoUsers } from './demo/users.ts'
import { Court } from './rehearsal/court.ts'
import { rehearse } from './rehearsal/rehearse.ts'
import { readScenario } from './rehearsal/scenario.ts'

const root = join(import.meta.dirname, '..')
const usage = 'npm run rehearse -- scenarios/NAME.yaml [--json]'

/** Rehearses one scenario on a private data directory and answers the exit code. */
async function rehearseCommand(args: string[]): Promise<number> {
  const json = args.includes('--json')
  const files = args.filter((arg) => !arg.startsWith('--'))
  const file = files[0]
  if (!file || files.length > 1) throw new Error(usage)
  const scenario = await readScenario(file)
  const dataDirectory = await mkdtemp(join(tmpdir(), 'rehearsal-'))
  const config = loadConfig(['--data', dataDirectory, '--port', '0', '--demo', 'off', '--allow-clock-control', 'on'], {
    PATH: process.env.PATH,
    CHROMIUM_PATH: process.env.CHROMIUM_PATH,
  })
  try {
    const application = await startApplication(config, pino({ level: 'error' }, pino.destination(2)), root)
    try {
      const password = randomBytes(9).toString('base64url')
      await createDemoUsers(application, password)
      const court = new Court({ url: application.url, password, people: demoUsers })
      const administrator = await court.asHolderOf('system-administrator')
      const result = await rehearse(scenario, {
        court,
        now: () => application.clock.now(),
        moveClock: async (instant) => {
          await administrator.send('PUT', '/api/clock', { instant: instant.toISOString() })
        },
        onStep: (step) =>
          console.log(json ? JSON.stringify(step) : `${step.at}  ${step.what}${step.by ? `　${step.by}` : ''}`),
      })
      console.log(json ? JSON.stringify(result) : summary(result))
      return result.ok ? 0 : 1
    } finally {
      await application.close()
    }
  } finally {
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

function summary({ ok, outcome, documents, differences }: Awaited<ReturnType<typeof rehearse>>): string {
  return [
    `结果 ${outcome}；文书 ${documents.join('、') || '无'}`,
    ...differences,
    ok ? '与预期一致' : '与预期不符',
  ].join('\n')
}

async function main(): Promise<number> {
  const [command, ...args] = process.argv.slice(2)
  if (command === 'rehearse') return rehearseCommand(args)
  throw new Error(usage)
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message)
    process.exit(1)
  },
)
