import { readFile } from 'node:fs/promises'
import { evaluateDecision, parseDmn } from '../../src/engine/dmn/index.ts'

/** The product's decision tables, evaluated by the engine without a deployment. */
export async function readDecisions(...files: string[]) {
  const graphs = await Promise.all(
    files.map(async (file) =>
      parseDmn(await readFile(new URL(`../../bpmn/decisions/${file}`, import.meta.url), 'utf8')),
    ),
  )
  return async (decisionId: string, variables: Record<string, string | null>): Promise<unknown> => {
    const graph = graphs.find(({ decisions }) => decisions.has(decisionId))
    if (graph === undefined) throw new Error(`no decision ${decisionId}`)
    const evaluated = evaluateDecision(graph, decisionId, variables, { clock: { now: () => new Date(0) } })
    if (!evaluated.succeeded) throw new Error(evaluated.message)
    return evaluated.output
  }
}
