import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** An engine in a process of its own. */
export interface EngineProcess {
  readonly pid: number
  /** Base address of its REST API. */
  readonly url: string
  /** Address of its gRPC gateway. */
  readonly grpcUrl: string
  /** From the start of opening to being served. */
  readonly readyMilliseconds: number
  readonly readyMegabytes: number
  stop(): Promise<void>
}

/** Starts an engine on a directory. @throws {Error} when it ends before it is ready */
export async function startEngineProcess(directory: string): Promise<EngineProcess> {
  const script = fileURLToPath(new URL('served-engine.ts', import.meta.url))
  const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line') as Promise<[string]>,
    exit.then(() => {
      throw new Error('the engine ended before it was ready')
    }),
  ])
  const { url, grpcUrl, milliseconds, megabytes } = JSON.parse(line) as {
    url: string
    grpcUrl: string
    milliseconds: number
    megabytes: number
  }
  return {
    pid: child.pid ?? 0,
    url,
    grpcUrl,
    readyMilliseconds: milliseconds,
    readyMegabytes: megabytes,
    async stop() {
      child.kill('SIGTERM')
      await exit
    },
  }
}

/** Processor time that a process has used since its start, milliseconds, user and system. */
export function cpuMilliseconds(pid: number): number {
  // After the name in brackets; fields 14 and 15 of proc(5), in ticks of a hundredth of a second.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
