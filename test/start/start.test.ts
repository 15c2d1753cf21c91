import { chmod, chown, mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ApiClient } from '../../src/rehearsal/api-client.ts'
import { launchServer, removeServerData, runningIn, startServerProcess } from '../support/server-process.ts'

/** An ordinary user without a home: `nobody` on every Linux. */
const NOBODY = 65534

const session = z.object({ user: z.object({ username: z.string() }) })

describe('npm start', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'start-'))
  })

  afterEach(async () => {
    // Nothing may outlive the server, however it ended.
    expect(await removeServerData(folder)).toEqual([])
  })

  /** Starts the server, which must refuse: one line on stderr, exit code 1. Answers the line. */
  async function refusal(data: string, options: Parameters<typeof launchServer>[1] = {}): Promise<string> {
    const { code, stdout, stderr } = await launchServer(data, options).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(1)
    return lines[0] ?? ''
  }

  it('refuses a port that is taken, and stops what it had started', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    try {
      expect(await refusal(folder, { flags: ['--port', String(port)] })).toBe(
        `端口 ${port} 已被占用：请用 --port 或 PORT 指定其他端口。`,
      )
    } finally {
      other.close()
    }
  })

  it('refuses a data directory that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '')
    const directory = join(folder, 'file', 'data')
    expect(await refusal(directory)).toBe(
      `数据目录 ${directory} 无法写入（ENOTDIR）：请检查权限，或用 --data 指定其他目录。`,
    )
  })

  it.runIf(process.getuid?.() === 0)('refuses a data directory that its user may not write', async () => {
    expect(await refusal(folder, { uid: NOBODY })).toBe(
      `数据目录 ${folder} 无法写入（EACCES）：请检查权限，或用 --data 指定其他目录。`,
    )
  })

  it('refuses a database that does not answer', async () => {
    // Port 9 (discard) is served nowhere any more.
    const line = await refusal(folder, { env: { DATABASE_URL: 'postgresql://court:secret@127.0.0.1:9/court' } })
    expect(line).toMatch(/^无法连接数据库 127\.0\.0\.1:9\/court：.*ECONNREFUSED.*。请检查 DATABASE_URL 和数据库服务/)
    expect(line).not.toContain('secret')
  })

  it('refuses flags that it does not know and values that they cannot take', async () => {
    expect(await refusal(folder, { flags: ['--prot', '8080'] })).toMatch(
      /^Unknown option '--prot' \(known flags.*--port/,
    )
    expect(await refusal(folder, { flags: ['--port', 'http'] })).toBe(
      'flag --port or environment variable PORT: must be a whole number from 0 to 65535, got "http"',
    )
  })

  it('lists its flags with --help and starts nothing', async () => {
    const { code, stdout, stderr } = await launchServer(folder, { flags: ['--help'] }).ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const flag of ['--data', '--port', '--host', '--log-level', '--demo', '--allow-clock-control']) {
      expect(stdout).toContain(flag)
    }
  })

  it('lets nobody else use the data directory, and keeps everything for the next start', async () => {
    const first = await startServerProcess(folder)
    expect(await refusal(folder)).toContain(
      `数据目录 ${folder} 正被另一个进程（${first.pid}）使用：请先停止它，或用 --data 指定其他目录`,
    )
    const password = /密码 (\S+?)（/.exec(first.line)?.[1] ?? ''
    expect(await first.interrupt('SIGINT')).toMatchObject({ code: 0, stderr: '' })
    expect(runningIn(folder)).toEqual([])

    const second = await startServerProcess(folder)
    // The password was told once.
    expect(second.line).toBe(`已就绪：${second.url}　`)
    const administrator = await ApiClient.signIn(second.url, 'admin', password)
    expect((await administrator.get('/api/session', session)).user.username).toBe('admin')
    expect(await second.interrupt('SIGTERM')).toMatchObject({ code: 0, stderr: '' })
  })

  it('stops cleanly when it is interrupted while it starts', async () => {
    const { child, ended } = launchServer(folder)
    // The database's own directory appears when its server is about to be started.
    while (runningIn(folder).length < 2 && child.exitCode === null)
      await new Promise((resolve) => setImmediate(resolve))
    child.kill('SIGINT')
    expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it.runIf(process.getuid?.() === 0)('works as an ordinary user without a home', async () => {
    await chown(folder, NOBODY, NOBODY)
    await chmod(folder, 0o700)
    const server = await startServerProcess(folder, { uid: NOBODY })
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(await server.interrupt()).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('the demonstration court', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-'))
  })

  afterEach(async () => {
    expect(await removeServerData(folder)).toEqual([])
  })

  it('is loaded anew when its loading was interrupted, and stays as it is afterwards', {
    timeout: 240_000,
  }, async () => {
    const demo = { flags: ['--demo', 'on'] }
    const interrupted = launchServer(folder, demo)
    await new Promise((resolve) => interrupted.child.stderr?.once('data', resolve))
    interrupted.child.kill('SIGINT')
    expect(await interrupted.ended).toMatchObject({ code: 0, stdout: '' })

    const { child, ready, ended } = launchServer(folder, demo)
    const line = await ready
    const password = /密码 (\S+)$/.exec(line)?.[1] ?? ''
    expect(line).toContain('演示账号 filing1、')
    const url = /http:\/\/\S+?(?=　)/.exec(line)?.[0] ?? ''
    const director = await ApiClient.signIn(url, 'director1', password)
    const { items } = await director.get('/api/cases', z.object({ items: z.array(z.object({ status: z.string() })) }))
    expect(items.map(({ status }) => status).sort()).toEqual([
      ...['archived', 'archived', 'closed', 'enforcing', 'enforcing', 'enforcing'],
      ...['filed', 'filed', 'filed', 'received', 'received', 'received'],
    ])
    const overdue = z.object({ items: z.array(z.object({ escalations: z.array(z.object({ role: z.string() })) })) })
    const late = (await director.get('/api/supervision/overdue', overdue)).items
    expect(late.some(({ escalations }) => escalations.length > 1)).toBe(true)
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect(code).toBe(0)
    expect(stderr.trimEnd().split('\n')).toEqual([
      '上次装载演示法院时被中断，现重新装载。',
      expect.stringContaining('正在装载演示法院（12 件案件'),
    ])
  })
})
