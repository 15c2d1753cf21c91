import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'

const side = z.enum(['left', 'right', 'top', 'bottom'])
const grid = z.array(z.array(z.string().nullable()))
const hintsSchema = z.strictObject({
  /** Rows from top to bottom, columns from left to right; `~` is an empty cell. What hangs on boundary events is not listed. */
  grid,
  /** The same for the inside of each expanded subprocess. */
  subprocesses: z.record(z.string(), z.strictObject({ grid })).default({}),
  /** Sides of the few flows that the rules do not draw well. */
  flows: z.record(z.string(), z.strictObject({ exit: side, enter: side })).default({}),
})

/** Where the elements of one diagram stand. */
export type Hints = z.infer<typeof hintsSchema>

/** Rows of element ids; null is an empty cell. */
export type Grid = z.infer<typeof grid>

/**
 * Reads the layout hints of a process from `hints/<process id>.yaml`.
 * @throws {Error} when there are none or they are not valid
 */
export function readHints(processId: string): Hints {
  const file = new URL(`./hints/${processId}.yaml`, import.meta.url)
  if (!existsSync(file)) throw new Error(`${processId}: no layout hints; write scripts/layout/hints/${processId}.yaml`)
  const result = hintsSchema.safeParse(parse(readFileSync(file, 'utf8')))
  if (!result.success) throw new Error(`scripts/layout/hints/${processId}.yaml: ${z.prettifyError(result.error)}`)
  return result.data
}
