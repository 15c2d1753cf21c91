// Runs a TypeScript entry point on the Node that the project pins, after installing and building what is missing.
// This file itself runs on whatever Node (18 or later) started npm, so it is plain JavaScript.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = join(root, 'node_modules', '.bin')
const node = join(bin, 'node')
const cache = join(root, 'node_modules', '.cache')
const env = {
  ...process.env,
  PATH: bin + delimiter + process.env.PATH,
  NODE_NO_WARNINGS: '1',
  // Compiled modules are kept: the second start is a fifth faster.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(cache, 'compile'),
}
const stamp = join(cache, 'installed')

install()
run('scripts/prepare.ts')
const [entry, ...args] = process.argv.slice(2)
const child = spawn(node, [entry, ...args], { cwd: root, env, stdio: 'inherit' })
// Ctrl-C reaches the child as well: it stops its parts, and we end with its exit code.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)))

/** Installs from the lockfile when it changed since the last time; needs no install scripts. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  console.error('正在安装依赖（npm ci）…')
  // npm passes its own settings to child processes by the environment; they do not concern this install.
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) fail('npm ci 失败，请检查网络与磁盘后重试。')
  if (!existsSync(node))
    fail(`没有适用于 ${process.platform}-${process.arch} 的 Node 24；支持 linux-x64 与 linux-arm64。`)
  mkdirSync(cache, { recursive: true })
  writeFileSync(stamp, lock)
}

function run(script) {
  const { status } = spawnSync(node, [script], { cwd: root, env, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(status ?? 1)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
