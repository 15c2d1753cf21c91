import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { projectRoot } from './application.ts'

/** The product as `npm start` runs it, in a process of its own that a test may kill. */
export interface ServerProcess {
  url: string
  /** Ends the process without giving it a moment: nothing is flushed or closed. */
  kill(): Promise<void>
  /** Ctrl-C. Answers the exit code. */
  interrupt(): Promise<number | null>
}

/** Starts it and waits for its one line. @throws Error with what it printed when it ends instead */
export async function startServerProcess(dataDirectory: string, flags: string[] = []): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    [
      join('src', 'main.ts'),
      '--data',
      dataDirectory,
      '--port',
      '0',
      '--demo',
      'off',
      '--allow-clock-control',
      'on',
      ...flags,
    ],
    { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1' } },
  )
  const url = await readyLine(child)
  const ended = once(child, 'exit')
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const [code] = await ended
    return code as number | null
  }
  return { url, kill: async () => void (await end('SIGKILL')), interrupt: () => end('SIGINT') }
}

function readyLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const url = /已就绪：(http:\/\/\S+)/.exec(output)?.[1]
      if (url) resolve(url.replace(/　.*$/, ''))
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
}
