import type { Key } from '../protocol/values.ts'
import type {
  DecisionDefinitionRow,
  DecisionRequirementsRow,
  FormRow,
  ProcessDefinitionRow,
  ResourceRow,
} from '../state/rows.ts'
import type { Processing } from './processing.ts'

/** What has been deleted is there for history only. */
const PRESENT = 'deletedAt IS NULL'
const NEWEST = `${PRESENT} ORDER BY version DESC`

/** The newest version of a process that has not been deleted. */
export function latestDefinition(
  processing: Processing,
  processDefinitionId: string,
): ProcessDefinitionRow | undefined {
  return processing.state.processDefinitions.findFirst(`processDefinitionId = ? AND ${NEWEST}`, processDefinitionId)
}

/** A process by key, or by id and version, unless it has been deleted. */
export function findDefinition(
  processing: Processing,
  which: { readonly key: Key } | { readonly id: string; readonly version: number },
): ProcessDefinitionRow | undefined {
  const found =
    'key' in which
      ? processing.state.processDefinitions.get(which.key)
      : processing.state.processDefinitions.findFirst(
          'processDefinitionId = ? AND version = ?',
          which.id,
          which.version,
        )
  return found === undefined || isDeleted(found) ? undefined : found
}

/** The newest version of a decision. */
export function findDecision(processing: Processing, decisionId: string): DecisionDefinitionRow | undefined {
  return processing.state.decisions.findFirst(`decisionDefinitionId = ? AND ${NEWEST}`, decisionId)
}

/** The newest version of a file with decisions. */
export function latestRequirements(processing: Processing, id: string): DecisionRequirementsRow | undefined {
  return processing.state.decisionRequirements.findFirst(`decisionRequirementsId = ? AND ${NEWEST}`, id)
}

/** The newest version of a form. */
export function findForm(processing: Processing, formId: string): FormRow | undefined {
  return processing.state.forms.findFirst(`formId = ? AND ${NEWEST}`, formId)
}

/** The newest version of another kind of resource. */
export function latestResource(processing: Processing, resourceId: string): ResourceRow | undefined {
  return processing.state.resources.findFirst(`resourceId = ? AND ${NEWEST}`, resourceId)
}

/** Whether a row is there for history only. */
export function isDeleted({ deletedAt }: { readonly deletedAt: number | null }): boolean {
  return deletedAt !== null
}

/** The number of a new version; those of deleted ones are not given again. */
export function nextVersion(
  table: { number(expression: string, where: string, id: string): number | undefined },
  idColumn: string,
  id: string,
): number {
  return (table.number('MAX(version)', `${idColumn} = ?`, id) ?? 0) + 1
}
