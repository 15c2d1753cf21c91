import { spawnSync } from 'node:child_process'
import { chownSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { DatabaseError } from './errors.ts'

/** How to run PostgreSQL: it refuses to run as root, and everyone else runs it as himself. */
export interface PostgresAccount {
  /** Program and arguments that run `file` under this account. */
  command(file: string, args: readonly string[]): { file: string; args: string[]; uid?: number; gid?: number }
  /** Gives a file or directory (with all that is in it) to the account. */
  own(target: string): void
}

// "nobody": every Linux has it, and nothing else of ours belongs to it.
const nobody = 65_534

const self: PostgresAccount = {
  command: (file, args) => ({ file, args: [...args] }),
  own: () => {},
}

/**
 * Chooses the account: ourselves, or "nobody" when we are root. Below a directory that only root may enter (such as
 * /root) "nobody" finds neither the programs nor the data; then it gets the one capability that lets it pass.
 * @param paths what the account must reach
 * @throws DatabaseError `unsupported` when root's directories bar the way and no capability can be given
 */
export function postgresAccount(paths: readonly string[]): PostgresAccount {
  if (process.getuid?.() !== 0) return self
  const barred = paths.map(firstBarred).find((directory) => directory !== undefined)
  if (barred === undefined) {
    return { command: (file, args) => ({ file, args: [...args], uid: nobody, gid: nobody }), own: ownByNobody }
  }
  const privileges = [
    `--reuid=${nobody}`,
    `--regid=${nobody}`,
    '--clear-groups',
    '--inh-caps=-all,+dac_override',
    '--ambient-caps=-all,+dac_override',
  ]
  const tried = spawnSync('setpriv', [...privileges, 'true'])
  if (tried.status !== 0) {
    throw new DatabaseError(
      'unsupported',
      `以 root 运行时，数据库改用 nobody 身份，但该身份无法进入 ${barred}：请换用其他数据目录和安装目录、以普通用户运行，或执行 chmod o+x ${barred}`,
      `as root the database runs as nobody, who cannot enter ${barred}: install and keep data elsewhere, run as an ordinary user, or chmod o+x ${barred}`,
    )
  }
  return { command: (file, args) => ({ file: 'setpriv', args: [...privileges, file, ...args] }), own: ownByNobody }
}

/** The first directory on the way to `target` that others may not enter, or the target itself if they may not read it. */
function firstBarred(target: string): string | undefined {
  const ways: string[] = []
  for (let way = path.resolve(target); ; way = path.dirname(way)) {
    ways.unshift(way)
    if (way === path.dirname(way)) break
  }
  return ways.find((way) => {
    const { mode, uid } = statSync(way)
    return (mode & 0o001) === 0 && uid !== nobody
  })
}

function ownByNobody(target: string): void {
  const info = statSync(target)
  if (info.uid !== nobody) chownSync(target, nobody, nobody)
  if (info.isDirectory()) for (const name of readdirSync(target)) ownByNobody(path.join(target, name))
}
