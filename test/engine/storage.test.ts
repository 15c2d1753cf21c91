import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEngine } from '../../src/engine/index.ts'
import { bpmn, end, flows, serviceTask, start } from '../../src/engine/testing/bpmn-builder.ts'
import { ProcessTest } from '../../src/engine/testing/process-test.ts'
import { canMount, inChild, onSmallDisk, withFileSizeLimit } from './storage/small-disk.ts'

let directory: string
let file: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'storage-'))
  file = join(directory, 'engine.db')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const unharmed = { readable: true, worksAgain: true, faults: [] }

describe('a disk', () => {
  it.runIf(canMount)('that is full refuses commands until there is space; nothing is lost, reads go on', () => {
    const story = onSmallDisk('3m', 'full-disk')
    expect(story).toMatchObject({ ...unharmed, refused: { type: 'RESOURCE_EXHAUSTED' } })
    expect(story).toHaveProperty('refused.message', expect.stringMatching(/engine\.db: .* is full: make space on it/))
  })

  it('on which files may not grow refuses commands until they may', () => {
    const story = withFileSizeLimit(2_000, 'file-size')
    expect(story).toMatchObject({ ...unharmed, refused: { type: 'UNAVAILABLE' } })
    expect(story).toHaveProperty('refused.message', expect.stringContaining('look at the disk, at quotas'))
  })

  it('that becomes read-only refuses commands until it can be written', () => {
    const story = inChild('read-only')
    expect(story).toMatchObject({ ...unharmed, refused: { type: 'UNAVAILABLE' } })
    expect(story).toHaveProperty('refused.message', expect.stringContaining('engine.db: '))
  })

  it.runIf(canMount)('that is read-only from the start is named', () => {
    const [known, unknown] = onSmallDisk('3m', 'read-only-start') as [string, string]
    expect(known).toMatch(/cannot be opened: .*\/data\/engine\.db: .* must be writable$/)
    expect(unknown).toMatch(/cannot be opened: .*\/new\/engine\.lock: /)
  })
})

describe('a directory', () => {
  it('of an engine that was killed is refused until it is dead, and free then', async () => {
    const index = new URL('../../src/engine/index.ts', import.meta.url).href
    const opens = `const { openEngine } = await import(${JSON.stringify(index)}); const engine = await openEngine({ directory: ${JSON.stringify(directory)} }); console.log('open')`
    const run = (rest: string) => ['--input-type=module', '-e', opens + rest]
    const first = spawn(process.execPath, run('; setInterval(() => {}, 1000)'), {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(first.stdout, 'data')
    const second = () => spawnSync(process.execPath, run('; await engine.close()'), { encoding: 'utf8' })
    expect(second().stderr).toContain('in use by another process')
    first.kill('SIGKILL')
    await once(first, 'exit')
    expect(second()).toMatchObject({ status: 0, stdout: 'open\n' })
  })

  it('that is a file is named', async () => {
    writeFileSync(join(directory, 'data'), 'text')
    await expect(openEngine({ directory: join(directory, 'data') })).rejects.toThrow(
      /the engine cannot be opened: .*data\/engine\.lock: (EEXIST|ENOTDIR)/,
    )
  })
})

describe('a file', () => {
  const refusal = async () => {
    try {
      await (await openEngine({ directory })).close()
      return 'opened'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  it('that is no database is named and left as it is', async () => {
    writeFileSync(file, 'a letter, not a database. '.repeat(500))
    expect(await refusal()).toBe(
      `the engine cannot be opened: ${file}: file is not a database: the file is no database: stop the engine and put a backup in its place`,
    )
    expect(readFileSync(file, 'utf8')).toBe('a letter, not a database. '.repeat(500))
  })

  it('of another program is named and left as it is', async () => {
    const other = new DatabaseSync(file)
    other.exec('CREATE TABLE meta (name, value); INSERT INTO meta VALUES (1, 2)')
    other.close()
    expect(await refusal()).toContain(`${file}: the file belongs to another program`)
    const after = new DatabaseSync(file)
    expect(after.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'meta' }])
    after.close()
  })

  it('of a newer version is named, and its directory is free again', async () => {
    await (await openEngine({ directory })).close()
    const setVersion = (sql: string) => {
      const database = new DatabaseSync(file)
      database.exec(`UPDATE meta SET value = ${sql} WHERE name = 'schemaVersion'`)
      database.close()
    }
    setVersion('value + 100')
    expect(await refusal()).toMatch(
      /engine\.db: the data are of schema version 1\d\d, .*: start the version of the program/,
    )
    setVersion('value - 100')
    expect(await refusal()).toBe('opened')
  })

  it('that is damaged gives errors that name it, and harms nobody else', async () => {
    const test = await ProcessTest.open({ directory })
    const xml = bpmn('p', start() + serviceTask('work') + end() + flows('start -> work -> end'))
    await test.deploy({ 'p.bpmn': xml })
    for (let count = 0; count < 200; count += 1) await test.start('p', { text: 'x'.repeat(500) })
    const [page] = test.engine.query.all<{ rootpage: number }>("SELECT rootpage FROM sqlite_schema WHERE name = 'job'")
    await test.close()
    const bytes = readFileSync(file)
    bytes.fill(0xa5, ((page?.rootpage ?? 0) - 1) * 4096, (page?.rootpage ?? 0) * 4096)
    writeFileSync(file, bytes)
    const after = await ProcessTest.open({ directory })
    await expect(after.takeJobs('work')).rejects.toMatchObject({
      type: 'UNAVAILABLE',
      message: expect.stringMatching(/engine\.db: .*: the file is damaged: stop the engine and put a backup/),
    })
    await after.execute({ type: 'PublishMessage', name: 'm', timeToLive: 1_000 })
    expect(after.engine.query.all('SELECT key FROM process_instance')).toHaveLength(200)
    await after.close()
  })

  it('that was cut off gives an error that names it', async () => {
    const test = await ProcessTest.open({ directory })
    await test.deploy({ 'p.bpmn': bpmn('p', start() + serviceTask('work') + end() + flows('start -> work -> end')) })
    for (let count = 0; count < 50; count += 1) await test.start('p', { text: 'x'.repeat(2_000) })
    await test.close()
    truncateSync(file, 6_000)
    expect(await refusal()).toMatch(/the engine cannot be opened: .*engine\.db: .*damaged: stop the engine/)
  })

  it('is not looked for in a folder of that name', async () => {
    mkdirSync(file)
    expect(await refusal()).toMatch(/engine\.db: .*: the file cannot be opened/)
  })
})
