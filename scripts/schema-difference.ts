import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { migrate, migrationsDirectory } from '../src/database/migrate.ts'

const schemaFile = path.resolve(import.meta.dirname, '../prisma/schema.prisma')

/**
 * Migrates the database at `url` and compares it with prisma/schema.prisma.
 * @returns SQL that would make the database equal to the schema; empty when it is
 */
export async function schemaDifference(url: string): Promise<string> {
  const pool = new DescriberPool({ connectionString: url })
  try {
    if (existsSync(migrationsDirectory)) {
      const client = await pool.connect()
      try {
        await migrate(client)
      } finally {
        client.release()
      }
    }
    const files = [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }]
    const adapter = bindMigrationAwareSqlAdapterFactory(describerAdapter(pool))
    const SchemaEngine = await loadSchemaEngine()
    const engine = await SchemaEngine.new(
      { datamodels: files.map((file) => [file.path, file.content]) },
      () => {},
      adapter,
    )
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: path.dirname(schemaFile) },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    return stdout === null || stdout.trim() === '-- This is an empty migration.' ? '' : stdout
  } finally {
    if (!pool.ended) await pool.end()
  }
}

const internalChar = 18
const text = 25

/** The adapter refuses PostgreSQL's internal one-byte type, in which the catalogue is written: hands it over as text. */
class DescriberPool extends pg.Pool {
  /** Columns of the last result that are of that type. */
  charColumns = new Set<string>()

  // biome-ignore lint/suspicious/noExplicitAny: pg declares a dozen overloads; all of them pass through.
  override query(...args: any[]): any {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const result = (super.query as (...args: any[]) => any)(...args)
    return result?.then?.((answer: pg.QueryResult) => {
      const fields = answer.fields.filter((field) => field.dataTypeID === internalChar)
      this.charColumns = new Set(fields.map(({ name }) => name))
      for (const field of fields) field.dataTypeID = text
      return answer
    })
  }
}

/** The adapter as the schema engine's catalogue queries need it: columns of the internal type are named characters. */
function describerAdapter(pool: DescriberPool): PrismaPg {
  const factory = new PrismaPg(pool)
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query)
      const columnTypes = result.columnTypes.map((type, index) =>
        pool.charColumns.has(result.columnNames[index] ?? '') ? ColumnTypeEnum.Character : type,
      )
      return { ...result, columnTypes }
    }
    return adapter
  }
  return factory
}

interface SchemaEngine {
  diff(request: object): Promise<{ stdout: string | null }>
}

interface SchemaEngineClass {
  new: (
    configuration: { datamodels: (readonly [string, string])[] },
    log: (message: string) => void,
    adapter: unknown,
  ) => Promise<SchemaEngine>
}

let schemaEngine: Promise<SchemaEngineClass> | undefined

/** One for the process: the JavaScript half keeps its WebAssembly half in a variable, and frees objects in what is there. */
function loadSchemaEngine(): Promise<SchemaEngineClass> {
  schemaEngine ??= instantiateSchemaEngine()
  return schemaEngine
}

/** The package is made for bundlers; here its WebAssembly module and its JavaScript half are put together by hand. */
async function instantiateSchemaEngine(): Promise<SchemaEngineClass> {
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const glue = (await import(script)) as {
    __wbg_set_wasm(exports: WebAssembly.Exports): void
    SchemaEngine: SchemaEngineClass
  }
  const module = new WebAssembly.Module(readFileSync(path.join(path.dirname(script), 'schema_engine_bg.wasm')))
  const instance = new WebAssembly.Instance(module, {
    './schema_engine_bg.js': glue as unknown as WebAssembly.ModuleImports,
  })
  glue.__wbg_set_wasm(instance.exports)
  ;(instance.exports as { __wbindgen_start(): void }).__wbindgen_start()
  return glue.SchemaEngine
}
