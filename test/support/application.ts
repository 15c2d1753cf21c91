import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Application, startApplication } from '../../src/application.ts'
import { loadConfig } from '../../src/config.ts'
import { createDemoUsers } from '../../src/demo/load.ts'
import { demoUsers } from '../../src/demo/users.ts'
import { Court } from '../../src/rehearsal/court.ts'

/** The password of everybody in a test court. */
export const testPassword = 'test-court-2022'

export const projectRoot = join(import.meta.dirname, '..', '..')

/** The whole product on a private data directory, with the demonstration court's people and a movable clock. */
export interface TestApplication extends Application {
  court: Court
  dataDirectory: string
}

/**
 * Starts it; `close` also removes the data.
 * @param databaseUrl a database that the test looks into; unless given, one inside the data directory
 */
export async function startTestApplication(databaseUrl?: string): Promise<TestApplication> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'court-'))
  const config = loadConfig(
    ['--data', dataDirectory, '--port', '0', '--demo', 'off', '--allow-clock-control', 'on'],
    // The rest of the environment must not leak into tests.
    { CHROMIUM_PATH: process.env.CHROMIUM_PATH, DATABASE_URL: databaseUrl },
  )
  const application = await startApplication(config, pino({ level: 'silent' }), projectRoot)
  await createDemoUsers(application, testPassword)
  const court = new Court({ url: application.url, password: testPassword, people: demoUsers })
  return {
    ...application,
    court,
    dataDirectory,
    close: async () => {
      await application.close()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}
