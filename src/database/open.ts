import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { DatabaseError } from './errors.ts'
import { type Prisma, PrismaClient } from './generated/client.ts'
import { migrate } from './migrate.ts'

/** An open, migrated database. */
export interface Database {
  prisma: PrismaClient
  /** For what speaks SQL itself: the session store, LISTEN, COPY. Shared with `prisma`. */
  pool: pg.Pool
  /** Connection address with password: do not log it. */
  url: string
  /** Closes all connections and, where it is ours, stops the server (fast shutdown). Safe to call twice. */
  close(): Promise<void>
}

/** What a capability takes where it may run inside a caller's transaction. */
export type Transaction = Prisma.TransactionClient

/**
 * Opens the court's database and applies outstanding migrations.
 * @param options.url the court's own server (PostgreSQL 15 or later); without it the embedded server in `directory` is used
 * @param options.directory data directory of the installation (the embedded server lives in its `postgresql` folder)
 * @throws DatabaseError
 */
export async function openDatabase(options: { url?: string; directory: string }): Promise<Database> {
  const server = options.url === undefined ? await startEmbeddedPostgres({ directory: options.directory }) : undefined
  try {
    return await connect(server?.url ?? (options.url as string), server)
  } catch (error) {
    await server?.stop()
    throw error
  }
}

/**
 * Connects to a running server and migrates; `server` is stopped by `close`.
 * @throws DatabaseError
 */
export async function connect(url: string, server?: Pick<EmbeddedPostgres, 'stop'>): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 16,
    connectionTimeoutMillis: 10_000,
    // Prisma's adapter writes and reads times without their zone and takes them for UTC: in a session of the court's own
    // server that keeps Asia/Shanghai every instant would be eight hours off.
    options: '-c TimeZone=UTC',
  })
  // An idle connection that the server drops is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  try {
    const client = await pool.connect().catch((error: Error) => {
      throw unreachable(url, error)
    })
    try {
      await requireVersion(client)
      await migrate(client)
    } catch (error) {
      if (error instanceof DatabaseError) throw error
      const reason = (error as Error).message
      throw new DatabaseError(
        'migration',
        `数据库结构无法建立：${reason}。请确认该用户可在此数据库中建表`,
        `the database's tables cannot be made: check that its user may create them`,
        { cause: error },
      )
    } finally {
      client.release()
    }
  } catch (error) {
    await pool.end()
    throw error
  }
  // The defaults (2 s to begin, 5 s to end) are short for a court's first morning hour on a small machine.
  const transactionOptions = { maxWait: 10_000, timeout: 30_000 }
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions })
  let closing: Promise<void> | undefined
  return {
    prisma,
    pool,
    url,
    close() {
      closing ??= (async () => {
        await prisma.$disconnect()
        if (!pool.ended) await pool.end()
        await server?.stop()
      })()
      return closing
    },
  }
}

async function requireVersion(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ version: string; number: number }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
  )
  const [server] = rows
  if (server && server.number >= 150_000) return
  throw new DatabaseError(
    'unsupported',
    `数据库版本为 PostgreSQL ${server?.version}：需要 15 或更高版本`,
    `the database is PostgreSQL ${server?.version}: 15 or later is needed`,
  )
}

function unreachable(url: string, error: Error): DatabaseError {
  const address = URL.parse(url)
  const where = address ? `${address.hostname}:${address.port || '5432'}${address.pathname}` : 'DATABASE_URL'
  // A refused connection to a host with several addresses is an AggregateError with an empty message.
  const reason = error.message || (error as NodeJS.ErrnoException).code || error.name
  return new DatabaseError(
    'unreachable',
    `无法连接数据库 ${where}：${reason}。请检查 DATABASE_URL 和数据库服务`,
    `cannot connect to the database ${where}: ${reason}; check DATABASE_URL and the server`,
    { cause: error },
  )
}
