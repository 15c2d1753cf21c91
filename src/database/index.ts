/**
 * The court's record in PostgreSQL: the Prisma client, its migrations, and a server of our own where the court has none.
 *
 * ```ts
 * const database = await openDatabase({ directory: config.dataDirectory })
 * await database.prisma.case.count()
 * await database.close()
 * ```
 */
export { discardEmbeddedData } from './discard.ts'
export { DatabaseError, type DatabaseErrorCode } from './errors.ts'
export { Prisma, PrismaClient } from './generated/client.ts'
export { type Database, openDatabase, type Transaction } from './open.ts'
