import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Everything that is downloaded or compiled for the real engines lies here, outside the repository's files. */
export const cacheDirectory = join(import.meta.dirname, '..', '..', '.cache', 'camunda')

/** The newest Java on this machine that Camunda 8 runs on. @throws Error when there is none of 21 or later */
export function findJavaHome(): string {
  const candidates = [process.env.JAVA_HOME, ...globSync('/usr/lib/jvm/*')].filter(
    (home) => home && existsSync(join(home, 'bin', 'javac')),
  )
  const versions = candidates.map((home) => {
    const { stderr } = spawnSync(join(home!, 'bin', 'java'), ['-version'], { encoding: 'utf8' })
    return { home: home!, version: Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) }
  })
  const best = versions.sort((a, b) => b.version - a.version)[0]
  if (!best || best.version < 21) throw new Error('real Camunda needs a JDK 21 or later (set JAVA_HOME) and Maven')
  return best.home
}

/** Runs Maven quietly. @throws Error with what it printed */
export function maven(args: string[]): void {
  execFileSync('mvn', ['-q', '-B', ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
}

/** Free ports of 127.0.0.1. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer()
      return new Promise<typeof server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
    }),
  )
  return Promise.all(
    servers.map((server) => {
      const { port } = server.address() as { port: number }
      return new Promise<number>((resolve) => server.close(() => resolve(port)))
    }),
  )
}

/** Waits until `url` answers 2xx. @throws Error after `seconds`, or when `alive` turns false */
export async function waitForUrl(url: string, seconds: number, alive: () => boolean): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  while (performance.now() < deadline && alive()) {
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`${url} did not answer`)
}
