import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from './config.ts'

/**
 * Makes the data directory where it is missing and checks that files can be made in it.
 * @throws ConfigError with one line when it cannot be made or written
 */
export function openDataDirectory(directory: string): void {
  try {
    make(directory)
    accessSync(directory, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new ConfigError([
      `数据目录 ${directory} 无法写入（${(error as NodeJS.ErrnoException).code}）：请检查权限，或用 --data 指定其他目录。`,
    ])
  }
}

/** Like `mkdir -p`; Node's own recursive mkdir never returns below /proc. */
function make(directory: string): void {
  if (existsSync(directory)) return
  make(dirname(directory))
  mkdirSync(directory)
}
