import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ConfigError, loadConfig, sessionSecret } from '../../src/config.ts'

function problemsOf(argv: string[], environment: Record<string, string> = {}): string[] {
  try {
    loadConfig(argv, environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('configuration', () => {
  test('without flags and environment it is the demonstration on this machine', () => {
    expect(loadConfig([], {})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDirectory: path.resolve('data'),
      logLevel: 'info',
      camunda: { mode: 'embedded', transport: 'rest', sdkEnvironment: {} },
      enginePort: 0,
      engineGrpcPort: 0,
      court: { name: '清丰县人民法院', code: '豫0922' },
      allowClockControl: false,
      behindHttps: false,
      demo: true,
    })
  })

  test('the environment is read, flags win over it, an empty variable counts as not set', () => {
    const environment = { PORT: '9000', LOG_LEVEL: 'debug', DATA_DIRECTORY: '', DEMO: 'off', ALLOW_CLOCK_CONTROL: 'on' }
    const config = loadConfig(['--port', '9001', '--data=elsewhere'], environment)
    expect(config).toMatchObject({ port: 9001, logLevel: 'debug', demo: false, allowClockControl: true })
    expect(config.dataDirectory).toBe(path.resolve('elsewhere'))
  })

  test('a Camunda address switches to the cluster and hands its authentication to the SDK', () => {
    const environment = {
      CAMUNDA_REST_ADDRESS: 'https://camunda.example/v2',
      CAMUNDA_AUTH_STRATEGY: 'BASIC',
      CAMUNDA_BASIC_AUTH_PASSWORD: 'secret',
      HOME: '/somewhere',
    }
    expect(loadConfig([], environment).camunda).toEqual({
      mode: 'cluster',
      restAddress: 'https://camunda.example/v2',
      transport: 'rest',
      sdkEnvironment: {
        CAMUNDA_REST_ADDRESS: 'https://camunda.example/v2',
        CAMUNDA_AUTH_STRATEGY: 'BASIC',
        CAMUNDA_BASIC_AUTH_PASSWORD: 'secret',
      },
    })
  })

  test('every problem is one line that names flag, variable and value', () => {
    const problems = problemsOf(['--port', '70000', '--log-level', 'loud'], {
      DATABASE_URL: 'mysql://x',
      DEMO: 'maybe',
    })
    expect(problems).toEqual([
      'flag --port or environment variable PORT: must be a whole number from 0 to 65535, got "70000"',
      expect.stringMatching(
        /^flag --log-level or environment variable LOG_LEVEL: must be one of fatal, .*, got "loud"$/,
      ),
      expect.stringMatching(
        /^environment variable DATABASE_URL: must be an address starting with postgresql:\/\/.*"mysql:/,
      ),
      'flag --demo or environment variable DEMO: must be on or off, got "maybe"',
    ])
  })

  test('an unknown flag is refused and the known ones are named', () => {
    expect(problemsOf(['--prot', '1'])).toEqual([expect.stringMatching(/--prot.*known flags.*--port/)])
  })

  test('gRPC transport to a cluster needs the address that it goes to; the embedded engine tells its own', () => {
    const cluster = { CAMUNDA_TRANSPORT: 'grpc', CAMUNDA_REST_ADDRESS: 'http://camunda.example' }
    expect(problemsOf([], cluster)).toEqual([expect.stringContaining('CAMUNDA_GRPC_ADDRESS')])
    expect(loadConfig([], { CAMUNDA_TRANSPORT: 'grpc' }).camunda).toMatchObject({ mode: 'embedded', transport: 'grpc' })
  })
})

describe('session secret', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'session-secret-'))
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  test('is made once, kept for the next start, and readable by its owner only', () => {
    const first = sessionSecret(directory)
    expect(first).toMatch(/^[\w-]{43}$/)
    expect(sessionSecret(directory)).toBe(first)
    expect(statSync(path.join(directory, 'session-secret')).mode & 0o777).toBe(0o600)
  })

  test('a data directory that cannot be one is named', () => {
    const file = path.join(os.tmpdir(), `not-a-directory-${process.pid}`)
    writeFileSync(file, '')
    expect(() => sessionSecret(file)).toThrow(/--data or environment variable DATA_DIRECTORY/)
    rmSync(file)
  })
})
