import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'

/** Everything that the environment and the flags decide; nothing else in the product reads `process.env`. */
export interface Config {
  /** Address to listen on; only this machine unless the court opens it. */
  host: string
  port: number
  /** Absolute path: database, engine store, generated secrets, caches. */
  dataDirectory: string
  logLevel: LogLevel
  /** The court's own PostgreSQL; absent = the embedded one in the data directory. */
  databaseUrl?: string
  camunda: CamundaConfig
  /** Port of the embedded engine's REST API on 127.0.0.1; 0 = any free one. */
  enginePort: number
  /** How long the embedded engine keeps ended process instances, ISO-8601; absent = for ever. */
  historyRetention?: string
  /** Port of the embedded engine's gRPC gateway on 127.0.0.1; 0 = any free one. */
  engineGrpcPort: number
  chromiumPath?: string
  court: { name: string; code: string }
  /** Whether a system administrator may move the clock: rehearsals and training only. */
  allowClockControl: boolean
  /** Whether pages are served through an HTTPS proxy of the court: session cookies then travel by https only. */
  behindHttps: boolean
  /** Whether the demonstration court is loaded into an empty database. */
  demo: boolean
}

/** `embedded` unless `CAMUNDA_REST_ADDRESS` or `CAMUNDA_GRPC_ADDRESS` names a cluster. */
export interface CamundaConfig {
  mode: 'embedded' | 'cluster'
  restAddress?: string
  grpcAddress?: string
  transport: 'rest' | 'grpc'
  /** The `CAMUNDA_*` and `ZEEBE_*` variables as found, for the SDK: it reads authentication and TLS from them. */
  sdkEnvironment: Record<string, string>
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** What is wrong with flags or environment: one line for each, naming flag and variable. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: string[]
  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

interface Setting {
  flag?: string
  variable: string
}

const settings = {
  host: { flag: 'host', variable: 'HOST' },
  port: { flag: 'port', variable: 'PORT' },
  dataDirectory: { flag: 'data', variable: 'DATA_DIRECTORY' },
  logLevel: { flag: 'log-level', variable: 'LOG_LEVEL' },
  databaseUrl: { variable: 'DATABASE_URL' },
  camundaRestAddress: { variable: 'CAMUNDA_REST_ADDRESS' },
  camundaGrpcAddress: { variable: 'CAMUNDA_GRPC_ADDRESS' },
  camundaTransport: { variable: 'CAMUNDA_TRANSPORT' },
  enginePort: { variable: 'ENGINE_PORT' },
  historyRetention: { flag: 'history-retention', variable: 'HISTORY_RETENTION' },
  engineGrpcPort: { variable: 'ENGINE_GRPC_PORT' },
  chromiumPath: { variable: 'CHROMIUM_PATH' },
  courtName: { variable: 'COURT_NAME' },
  courtCode: { variable: 'COURT_CODE' },
  allowClockControl: { flag: 'allow-clock-control', variable: 'ALLOW_CLOCK_CONTROL' },
  behindHttps: { flag: 'behind-https', variable: 'BEHIND_HTTPS' },
  demo: { flag: 'demo', variable: 'DEMO' },
} satisfies Record<string, Setting>

type SettingName = keyof typeof settings

const portNumber = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a whole number from 0 to 65535')
  .transform(Number)
  .refine((port) => port <= 65_535, 'must be a whole number from 0 to 65535')

const address = (protocols: string[]) =>
  z.string().refine(
    (text) => {
      const url = URL.parse(text)
      return url !== null && protocols.includes(url.protocol)
    },
    `must be an address starting with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  )

const onOff = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['on', 'off', 'true', 'false', 'yes', 'no', '1', '0'], 'must be on or off'))
  .transform((text) => ['on', 'true', 'yes', '1'].includes(text))

const schema = z.object({
  host: z.string().default('127.0.0.1'),
  port: portNumber.default(8080),
  dataDirectory: z.string().default('./data'),
  logLevel: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  databaseUrl: address(['postgresql:', 'postgres:']).optional(),
  camundaRestAddress: address(['http:', 'https:']).optional(),
  camundaGrpcAddress: address(['grpc:', 'grpcs:', 'http:', 'https:']).optional(),
  camundaTransport: z.enum(['rest', 'grpc'], 'must be rest or grpc').default('rest'),
  enginePort: portNumber.default(0),
  historyRetention: z
    .string()
    .regex(/^P(?=\d)(\d+Y)?(\d+M)?(\d+D)?$/, 'must be an ISO-8601 duration of years, months and days, e.g. P5Y')
    .optional(),
  engineGrpcPort: portNumber.default(0),
  chromiumPath: z.string().optional(),
  courtName: z.string().default('清丰县人民法院'),
  courtCode: z
    .string()
    .regex(/^\p{Script=Han}\d{2,4}$/u, 'must be a province character and 2 to 4 digits, e.g. 豫0922')
    .default('豫0922'),
  allowClockControl: onOff.default(false),
  behindHttps: onOff.default(false),
  demo: onOff.default(true),
})

/**
 * Reads flags (they win) and environment; an empty variable counts as not set.
 * @param argv arguments after the script's name
 * @throws ConfigError with one line for every problem
 */
export function loadConfig(argv: readonly string[], environment: Readonly<Record<string, string | undefined>>): Config {
  const { flags, problems } = readFlags(argv)
  const raw: Partial<Record<SettingName, string>> = {}
  for (const name of Object.keys(settings) as SettingName[]) {
    const value = flags[name] ?? environment[settings[name].variable]
    if (value !== undefined && value !== '') raw[name] = value
  }
  const parsed = schema.safeParse(raw)
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path[0] as SettingName
    problems.push(`${settingLabel(settings[name])}: ${issue.message}, got ${JSON.stringify(raw[name])}`)
  }
  // The embedded engine tells its own address.
  if (
    parsed.success &&
    parsed.data.camundaTransport === 'grpc' &&
    parsed.data.camundaRestAddress &&
    !parsed.data.camundaGrpcAddress
  ) {
    problems.push(
      'environment variable CAMUNDA_TRANSPORT: grpc needs CAMUNDA_GRPC_ADDRESS, e.g. grpc://camunda.example:26500',
    )
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  const data = parsed.data
  return {
    host: data.host,
    port: data.port,
    dataDirectory: path.resolve(data.dataDirectory),
    logLevel: data.logLevel,
    ...(data.databaseUrl && { databaseUrl: data.databaseUrl }),
    camunda: {
      mode: data.camundaRestAddress || data.camundaGrpcAddress ? 'cluster' : 'embedded',
      ...(data.camundaRestAddress && { restAddress: data.camundaRestAddress }),
      ...(data.camundaGrpcAddress && { grpcAddress: data.camundaGrpcAddress }),
      transport: data.camundaTransport,
      sdkEnvironment: sdkEnvironment(environment),
    },
    enginePort: data.enginePort,
    ...(data.historyRetention && { historyRetention: data.historyRetention }),
    engineGrpcPort: data.engineGrpcPort,
    ...(data.chromiumPath && { chromiumPath: data.chromiumPath }),
    court: { name: data.courtName, code: data.courtCode },
    allowClockControl: data.allowClockControl,
    behindHttps: data.behindHttps,
    demo: data.demo,
  }
}

/**
 * The key that signs session cookies: made on first use, kept in a file that only the owner reads.
 * @throws ConfigError when the data directory cannot be written
 */
export function sessionSecret(dataDirectory: string): string {
  const file = path.join(dataDirectory, 'session-secret')
  try {
    mkdirSync(dataDirectory, { recursive: true })
    try {
      // "wx": when two processes start at once, the second reads what the first wrote.
      writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const secret = readFileSync(file, 'utf8')
    if (secret.length < 32)
      throw new ConfigError([`${file} is damaged: remove it and start again (everyone signs in anew)`])
    return secret
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError([
      `flag --data or environment variable DATA_DIRECTORY: cannot write ${file} (${(error as Error).message})`,
    ])
  }
}

/** The lines that `--help` prints. */
export function configHelp(): string[] {
  return Object.values(settings).map(settingLabel)
}

function readFlags(argv: readonly string[]): { flags: Partial<Record<SettingName, string>>; problems: string[] } {
  const options: Record<string, { type: 'string' }> = {}
  for (const setting of Object.values(settings)) if ('flag' in setting) options[setting.flag] = { type: 'string' }
  const flags: Partial<Record<SettingName, string>> = {}
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false })
    for (const [name, setting] of Object.entries(settings)) {
      const value = 'flag' in setting ? values[setting.flag] : undefined
      if (typeof value === 'string') flags[name as SettingName] = value
    }
    return { flags, problems: [] }
  } catch (error) {
    const known = Object.keys(options).map((flag) => `--${flag}`)
    const reason = (error as Error).message.split('. ')[0]
    return { flags, problems: [`${reason} (known flags, each with a value: ${known.join(', ')})`] }
  }
}

function settingLabel(setting: Setting): string {
  const variable = `environment variable ${setting.variable}`
  return setting.flag ? `flag --${setting.flag} or ${variable}` : variable
}

function sdkEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && /^(CAMUNDA|ZEEBE)_/.test(name)) passed[name] = value
  }
  return passed
}
