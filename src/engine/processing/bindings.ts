import type { Binding } from '../model/types.ts'
import type { Key } from '../protocol/values.ts'
import type { Processing } from './processing.ts'

/** What is deployed in versions: a process, a decision or a form. */
interface Versions<Row> {
  findFirst(where: string, ...parameters: (string | Key | null)[]): Row | undefined
}

/** Why nothing was found for a binding other than `latest`, in Camunda's words. */
export function notBound(
  processing: Processing,
  found: { readonly wanted: string; readonly kind: string; readonly use: string },
  binding: Exclude<Binding, 'latest'>,
  processDefinitionKey: Key,
): string {
  const { wanted, kind, use } = found
  if (binding !== 'deployment')
    return (
      `Expected to ${wanted} and version tag '${binding.versionTag}', but no such ${kind} found. To resolve ${kind === 'form' ? 'the' : 'this'} incident, ` +
      `deploy a ${kind} with the given ${kind === 'process' ? 'process id' : 'id'} and version tag.`
    )
  const deploymentKey = processing.state.processDefinitions.get(processDefinitionKey)?.deploymentKey
  return (
    `Expected to ${wanted} with binding type 'deployment', but no such ${kind} found in the deployment with key ` +
    `${deploymentKey} which contained the current process. To resolve this incident, migrate the process instance to a ` +
    `process definition that is deployed together with the intended ${kind === 'process' ? 'process definition' : kind} to ${use}.`
  )
}

/**
 * Finds the version that a binding means, of those that have not been deleted.
 * @param idColumn column of the id, trusted text
 * @param processDefinitionKey the process that is bound
 */
export function findBound<Row>(
  processing: Processing,
  versions: Versions<Row>,
  idColumn: string,
  id: string,
  binding: Binding,
  processDefinitionKey: Key,
): Row | undefined {
  if (binding === 'latest') return versions.findFirst(`${idColumn} = ? AND deletedAt IS NULL ORDER BY version DESC`, id)
  if (binding === 'deployment') {
    const deploymentKey = processing.state.processDefinitions.get(processDefinitionKey)?.deploymentKey ?? null
    return versions.findFirst(`${idColumn} = ? AND deploymentKey = ? AND deletedAt IS NULL`, id, deploymentKey)
  }
  return versions.findFirst(
    `${idColumn} = ? AND versionTag = ? AND deletedAt IS NULL ORDER BY version DESC`,
    id,
    binding.versionTag,
  )
}
