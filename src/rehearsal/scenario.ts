import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

/** Fields of a task's form. The texts `{today}` and `{now}` stand for the court's date and time when the task is answered. */
const answers = z.record(z.string(), z.json())

/** One thing that happens in a scenario. */
const step = z.union([
  z.strictObject({
    /** Element id of the user task that is answered. */
    task: z.string(),
    /** Who answers; by default the assignee, else the first user who holds the task's role. */
    by: z.string().optional(),
    /** Laid over the usual answers to this task. */
    answers: answers.optional(),
    /** Answers that stand alone, without the usual ones. */
    only: answers.optional(),
  }),
  z.strictObject({
    /** Moves the clock: an ISO-8601 instant, or a duration from now such as `PT2H` or `P2D`. */
    clock: z.string(),
  }),
  z.strictObject({
    /** The task must be open for this role and stay unanswered. */
    await: z.string(),
    role: z.string().optional(),
  }),
  z.strictObject({
    /** Every task is given its usual answers until this one is open, or until the case is `archived`. */
    until: z.string(),
  }),
])

/** What must have come out; only what is written is compared. */
const expectation = z.strictObject({
  outcome: z.string(),
  team: z.string().optional(),
  /** Kinds of documents in the order of their making. */
  documents: z.array(z.string()).optional(),
  /** Roles to which the case was escalated, in order. */
  escalations: z.array(z.string()).optional(),
  /** How often the filing was compared. */
  filingChecks: z.number().optional(),
})

const scenarioFile = z.strictObject({
  title: z.string(),
  /** File with the usual answers, relative to the scenario. */
  usualAnswers: z.string().default('usual-answers.yaml'),
  /** The court's time when the case is filed. */
  start: z.iso.datetime({ offset: true }),
  filing: z.record(z.string(), z.json()),
  steps: z.array(step),
  expect: expectation,
})

export type Step = z.output<typeof step>
export type Expectation = z.output<typeof expectation>
export type Answers = z.output<typeof answers>

/** A whole case as data: filing, answers to tasks, moves of the clock, what must result. */
export interface Scenario extends z.output<typeof scenarioFile> {
  name: string
  /** The usual answers by element id. */
  usual: Record<string, Answers>
}

/**
 * Reads a scenario and the usual answers that it refers to.
 * @throws Error that names the file and each wrong field
 */
export async function readScenario(file: string): Promise<Scenario> {
  const scenario = await readYaml(file, scenarioFile)
  const usual = await readYaml(join(dirname(file), scenario.usualAnswers), z.record(z.string(), answers))
  return { ...scenario, name: basename(file).replace(/\.ya?ml$/, ''), usual }
}

async function readYaml<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.output<Schema>> {
  let content: unknown
  try {
    content = parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  const parsed = schema.safeParse(content)
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}
