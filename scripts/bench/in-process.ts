// Throughput of the engine inside this process: group commit, fsync on, a real directory.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Engine, openEngine } from '../../src/engine/index.ts'
import {
  boundary,
  bpmn,
  end,
  flows,
  gateway,
  serviceTask,
  start,
  timer,
  userTask,
} from '../../src/engine/testing/bpmn-builder.ts'
import type { Measurement } from './measurement.ts'

export const THREE_TASKS = bpmn(
  'three-tasks',
  start() + serviceTask('a') + serviceTask('b') + serviceTask('c') + end() + flows('start -> a -> b -> c -> end'),
)

const MIXED = bpmn(
  'mixed',
  start() +
    serviceTask('a') +
    gateway('exclusive', 'choice', 'choice-skip') +
    serviceTask('b') +
    serviceTask('skip') +
    userTask('review') +
    boundary('late', 'review', timer('timeDuration', 'P30D')) +
    serviceTask('c') +
    end() +
    end('late-end') +
    flows(
      'start -> a -> choice',
      'choice -> b [=amount > 100]',
      'choice -> skip',
      'b -> review -> c -> end',
      'skip -> end',
      'late -> late-end',
    ),
)

interface Throughput {
  readonly instances: number
  readonly seconds: number
  readonly instancesPerSecond: number
  /** Of the whole process, user and system. */
  readonly cpuMillisecondsAnInstance: number
}

/** Runs `instances` of a process to their end, `width` at a time. */
export async function runInstances(
  engine: Engine,
  processDefinitionId: string,
  instances: number,
  width: number,
): Promise<Throughput> {
  const cpu = process.cpuUsage()
  const begin = performance.now()
  for (let done = 0; done < instances; done += width) {
    await Promise.all(
      Array.from({ length: width }, (_, index) =>
        engine.execute({
          type: 'CreateProcessInstance',
          processDefinitionId,
          variables: { amount: 500, caseId: `case-${done + index}` },
        }),
      ),
    )
    for (const jobType of ['a', 'b']) await completeAll(engine, jobType, width)
    if (processDefinitionId === 'mixed') {
      const tasks = engine.query.all<{ key: number }>(
        "SELECT key FROM user_task WHERE state = 'CREATED' LIMIT ?",
        width,
      )
      await Promise.all(
        tasks.map(({ key }) => engine.execute({ type: 'CompleteUserTask', userTaskKey: key, variables: { ok: true } })),
      )
    }
    await completeAll(engine, 'c', width)
  }
  const seconds = (performance.now() - begin) / 1000
  const used = process.cpuUsage(cpu)
  return {
    instances,
    seconds,
    instancesPerSecond: instances / seconds,
    cpuMillisecondsAnInstance: (used.user + used.system) / 1000 / instances,
  }
}

async function completeAll(engine: Engine, jobType: string, width: number): Promise<void> {
  const { jobs } = await engine.execute({
    type: 'ActivateJobs',
    jobType,
    worker: 'bench',
    timeout: 60_000,
    maxJobs: width,
  })
  if (jobs.length !== width) throw new Error(`${jobs.length} jobs of type ${jobType}, expected ${width}`)
  await Promise.all(
    jobs.map(({ jobKey }) => engine.execute({ type: 'CompleteJob', jobKey, variables: { [`${jobType}Done`]: true } })),
  )
}

/** Both processes on a fresh engine below `parent`, after warming up. */
export async function benchInProcess(parent: string, instances = 10_000, width = 200): Promise<Measurement[]> {
  const directory = mkdtempSync(join(parent, 'bench-'))
  const engine = await openEngine({ directory })
  const measurements: Measurement[] = []
  try {
    const files = { 'three-tasks.bpmn': THREE_TASKS, 'mixed.bpmn': MIXED }
    const resources = Object.entries(files).map(([name, content]) => ({ name, content }))
    await engine.execute({ type: 'DeployResources', resources })
    for (const { id, what, atLeast, atMost } of PROCESSES) {
      await runInstances(engine, id, 1_000, width)
      const { instancesPerSecond, cpuMillisecondsAnInstance } = await runInstances(engine, id, instances, width)
      measurements.push(
        { what: `in process: ${what}`, value: instancesPerSecond, unit: 'instances/s', target: { atLeast } },
        { what: `in process, CPU: ${what}`, value: cpuMillisecondsAnInstance, unit: 'ms', target: { atMost } },
      )
    }
    return measurements
  } finally {
    await engine.close()
    rmSync(directory, { recursive: true })
  }
}

const PROCESSES = [
  { id: 'three-tasks', what: '3 service tasks', atLeast: 2_500, atMost: 0.8 },
  { id: 'mixed', what: '3 service tasks, gateway, user task, timer', atLeast: 2_000, atMost: 1 },
]
