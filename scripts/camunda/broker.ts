import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheDirectory, findJavaHome, freePorts, maven, waitForUrl } from './java.ts'

const version = '8.6.0'
const sha1 = '92af49d80c24f2aa108bef7aced320e5f9bb7878'

/** A real Camunda 8.6.0 broker with its gateway, on 127.0.0.1 and a data directory of its own. */
export interface Broker {
  grpcAddress: string
  /** Base address of its REST API. */
  restAddress: string
  /** Of its Java process. */
  pid: number
  /** Its actuator; with `observable` the clock can be moved there. */
  managementAddress: string
  /** With `observable`: every record of its log, one line of JSON each, written as it is exported. */
  recordsFile: string
  stop(): Promise<void>
}

/**
 * Fetches the distribution once, checks it, and starts it.
 * @param options `observable`: its records can be read and its clock moved
 * @throws Error without JDK 21 and Maven, or on a wrong checksum
 */
export async function startBroker(options: { observable?: boolean } = {}): Promise<Broker> {
  const java = findJavaHome()
  const home = join(cacheDirectory, `camunda-zeebe-${version}`)
  if (!existsSync(home)) unpack()
  const [gateway, command, internal, rest, management] = (await freePorts(5)).map(String) as [
    string,
    string,
    string,
    string,
    string,
  ]
  const data = mkdtempSync(join(tmpdir(), 'broker-'))
  const recordsFile = join(data, 'records.jsonl')
  const log = openSync(join(cacheDirectory, 'broker.log'), 'w')
  const child = spawn(join(home, 'bin', 'broker'), [], {
    cwd: data,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      JAVA_HOME: java,
      JAVA_OPTS: '-Xms256m -Xmx1g',
      ZEEBE_BROKER_GATEWAY_ENABLE: 'true',
      ZEEBE_BROKER_NETWORK_HOST: '127.0.0.1',
      ZEEBE_BROKER_NETWORK_ADVERTISEDHOST: '127.0.0.1',
      ZEEBE_BROKER_GATEWAY_NETWORK_HOST: '127.0.0.1',
      ZEEBE_BROKER_GATEWAY_NETWORK_PORT: gateway,
      ZEEBE_BROKER_NETWORK_COMMANDAPI_PORT: command,
      ZEEBE_BROKER_NETWORK_INTERNALAPI_PORT: internal,
      ZEEBE_BROKER_CLUSTER_INITIALCONTACTPOINTS: `127.0.0.1:${internal}`,
      ZEEBE_BROKER_DATA_DIRECTORY: data,
      ZEEBE_BROKER_DATA_DISK_FREESPACE_PROCESSING: '1GB',
      ZEEBE_BROKER_DATA_DISK_FREESPACE_REPLICATION: '500MB',
      SERVER_ADDRESS: '127.0.0.1',
      SERVER_PORT: rest,
      MANAGEMENT_SERVER_ADDRESS: '127.0.0.1',
      MANAGEMENT_SERVER_PORT: management,
      ...(options.observable ? observation(java, home, recordsFile) : {}),
    },
  })
  await waitForUrl(`http://127.0.0.1:${management}/ready`, 120, () => child.exitCode === null)
  return {
    grpcAddress: `grpc://127.0.0.1:${gateway}`,
    restAddress: `http://127.0.0.1:${rest}`,
    // The script replaces itself by Java.
    pid: child.pid ?? 0,
    managementAddress: `http://127.0.0.1:${management}`,
    recordsFile,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          rmSync(data, { recursive: true, force: true })
          resolve()
        })
        child.kill()
      }),
  }
}

/** Settings for an exporter to a file, compiled when it is not yet, and for a clock that can be moved. */
function observation(java: string, home: string, recordsFile: string): Record<string, string> {
  const source = join(import.meta.dirname, 'JsonLinesExporter.java')
  const jar = join(cacheDirectory, 'json-lines-exporter.jar')
  if (!existsSync(jar) || statSync(jar).mtimeMs < statSync(source).mtimeMs) {
    const classes = mkdtempSync(join(tmpdir(), 'exporter-'))
    const classPath = `${join(home, 'lib')}/*`
    execFileSync(
      join(java, 'bin', 'javac'),
      ['-proc:none', '--release', '21', '-cp', classPath, '-d', classes, source],
      { stdio: 'pipe' },
    )
    execFileSync(join(java, 'bin', 'jar'), ['cf', jar, '-C', classes, '.'])
    rmSync(classes, { recursive: true })
  }
  return {
    ZEEBE_BROKER_EXPORTERS_JSONLINES_CLASSNAME: 'JsonLinesExporter',
    ZEEBE_BROKER_EXPORTERS_JSONLINES_JARPATH: jar,
    ZEEBE_BROKER_EXPORTERS_JSONLINES_ARGS_FILE: recordsFile,
    ZEEBE_CLOCK_CONTROLLED: 'true',
  }
}

function unpack(): void {
  mkdirSync(cacheDirectory, { recursive: true })
  maven([
    'dependency:copy',
    `-Dartifact=io.camunda:camunda-zeebe:${version}:tar.gz`,
    `-DoutputDirectory=${cacheDirectory}`,
  ])
  const archive = join(cacheDirectory, `camunda-zeebe-${version}.tar.gz`)
  const found = createHash('sha1').update(readFileSync(archive)).digest('hex')
  if (found !== sha1) throw new Error(`${archive}: checksum ${found}, expected ${sha1}; remove it and try again`)
  execFileSync('tar', ['xzf', archive, '-C', cacheDirectory])
}
