import type { CaseSummary } from '../cases/index.ts'
import type { HttpDependencies } from './dependencies.ts'

/** The largest page of the register. */
const AT_ONCE = 200

/** Register data of these cases; who may see them is the caller's matter. Null stands for what belongs to no case. */
export async function casesById(
  cases: HttpDependencies['cases'],
  wanted: readonly (string | null)[],
): Promise<Map<string, CaseSummary>> {
  const caseIds = [...new Set(wanted.filter((caseId) => caseId !== null))]
  const found = new Map<string, CaseSummary>()
  for (let from = 0; from < caseIds.length; from += AT_ONCE) {
    const scope = { all: false as const, teams: [], handler: '', caseIds: caseIds.slice(from, from + AT_ONCE) }
    for (const summary of (await cases.list({ scope }, { size: AT_ONCE })).items) found.set(summary.caseId, summary)
  }
  return found
}
