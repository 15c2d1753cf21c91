import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDirectory, findJavaHome, freePorts, maven, waitForUrl } from './java.ts'

/** Real Zeebe 8.8.21 in memory: gRPC for the product, a control port for the test. */
export interface InMemoryZeebe {
  grpcAddress: string
  controlUrl: string
  stop(): void
}

/** Fetches, compiles and starts it. @throws Error without JDK 21 and Maven */
export async function startInMemoryZeebe(): Promise<InMemoryZeebe> {
  const java = findJavaHome()
  const libraries = join(cacheDirectory, 'in-memory-zeebe', 'lib')
  const classes = join(cacheDirectory, 'in-memory-zeebe', 'classes')
  const source = join(import.meta.dirname, 'InMemoryZeebe.java')
  const compiled = join(classes, 'io', 'camunda', 'zeebe', 'process', 'test', 'engine', 'InMemoryZeebe.class')
  if (!existsSync(libraries)) {
    maven([
      '-f',
      join(import.meta.dirname, 'pom.xml'),
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${libraries}`,
    ])
  }
  if (!existsSync(compiled) || statSync(compiled).mtimeMs < statSync(source).mtimeMs) {
    mkdirSync(classes, { recursive: true })
    execFileSync(
      join(java, 'bin', 'javac'),
      ['-proc:none', '-nowarn', '-cp', `${libraries}/*`, '-d', classes, source],
      { stdio: 'inherit' },
    )
  }
  const [grpcPort, controlPort] = await freePorts(2)
  const log = openSync(join(cacheDirectory, 'in-memory-zeebe', 'engine.log'), 'w')
  const child = spawn(
    join(java, 'bin', 'java'),
    [
      '-Xmx512m',
      '-cp',
      `${classes}:${libraries}/*`,
      'io.camunda.zeebe.process.test.engine.InMemoryZeebe',
      String(grpcPort),
      String(controlPort),
    ],
    { stdio: ['ignore', log, log] },
  )
  const controlUrl = `http://127.0.0.1:${controlPort}`
  await waitForUrl(`${controlUrl}/health`, 60, () => child.exitCode === null)
  return { grpcAddress: `grpc://127.0.0.1:${grpcPort}`, controlUrl, stop: () => child.kill() }
}
