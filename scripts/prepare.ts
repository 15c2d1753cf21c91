// Generates and builds what is not in the repository, each only when its sources changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Step {
  name: string
  sources: string[]
  output: string
  command: string[]
}

const steps: Step[] = [
  {
    name: 'database client',
    sources: ['prisma/schema.prisma', 'src/database/generate.ts', 'package-lock.json'],
    output: 'src/database/generated',
    command: ['node', 'src/database/generate.ts'],
  },
  {
    name: 'web pages',
    sources: ['src/web/**/*', 'src/procedure/**/*.ts', 'src/cases/**/*.ts', 'package-lock.json'],
    output: 'src/web/dist',
    command: ['vite', 'build', '--config', 'src/web/vite.config.ts', '--logLevel', 'warn'],
  },
]

for (const step of steps) {
  const files = step.sources
    .flatMap((pattern) => globSync(pattern))
    .filter((file) => !file.startsWith(join('src', 'web', 'dist')) && /\.[a-z]+$/.test(file))
    .sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update(readFileSync(file))
  const digest = hash.digest('hex')
  const stamp = join('node_modules', '.cache', `prepared-${step.name.replaceAll(' ', '-')}`)
  if (existsSync(step.output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) continue
  // An interrupted step must not pass for done, even when its sources go back to what they were.
  rmSync(stamp, { force: true })
  const [program, ...args] = step.command
  const { status } = spawnSync(join('node_modules', '.bin', program!), args, { stdio: ['ignore', 2, 2] })
  if (status !== 0) {
    console.error(`准备 ${step.name} 失败：${step.command.join(' ')}`)
    process.exit(1)
  }
  mkdirSync(join('node_modules', '.cache'), { recursive: true })
  writeFileSync(stamp, digest)
}
