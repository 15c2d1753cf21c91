import type { DeleteResource } from '../../protocol/operations.ts'
import { CommandRejection } from '../../protocol/rejections.ts'
import type { Key } from '../../protocol/values.ts'
import type { ProcessDefinitionRow } from '../../state/rows.ts'
import { isDeleted, latestDefinition } from '../definitions.ts'
import type { Processing } from '../processing.ts'
import { closeStartEvents, openStartEvents } from '../start-events.ts'
import { invalidState } from './reject.ts'

/**
 * Deletes a deployed resource: nothing new refers to it. What it has been part of stays readable as history, and the number
 * of its version is not given again.
 */
export function deleteResource(processing: Processing, { type, resourceKey: key }: DeleteResource): undefined {
  const { processDefinitions, decisionRequirements, forms, resources } = processing.state
  const present = (row: { readonly deletedAt: number | null } | undefined) => row !== undefined && !isDeleted(row)
  const definition = processDefinitions.get(key)
  if (definition !== undefined && !isDeleted(definition)) deleteProcess(processing, type, definition)
  else if (present(decisionRequirements.get(key))) processing.emit({ type: 'DecisionRequirementsDeleted', key })
  else if (present(forms.get(key))) processing.emit({ type: 'FormDeleted', key })
  else if (present(resources.get(key))) processing.emit({ type: 'ResourceDeleted', key })
  else throw notFound(type, key)
}

function notFound(commandType: string, key: Key): CommandRejection {
  return new CommandRejection(
    'NOT_FOUND',
    commandType,
    `Expected to delete resource but no resource found with key \`${key}\``,
  )
}

/** Deletes a version of a process that has no running instance; the version before the newest becomes the newest. */
function deleteProcess(processing: Processing, commandType: string, definition: ProcessDefinitionRow): void {
  const { key, processDefinitionId } = definition
  const running = processing.state.processInstances.findFirst(
    "processDefinitionId = ? AND state = 'ACTIVE' AND processDefinitionKey = ?",
    processDefinitionId,
    key,
  )
  if (running !== undefined)
    throw invalidState(
      commandType,
      `Expected to delete resource with key \`${key}\` but there are still running instances`,
    )
  const wasLatest = latestDefinition(processing, processDefinitionId)?.key === key
  processing.emit({ type: 'ProcessDeleted', key })
  if (!wasLatest) return
  closeStartEvents(processing, processDefinitionId)
  const latest = latestDefinition(processing, processDefinitionId)
  if (latest !== undefined) openStartEvents(processing, commandType, latest.key, processing.models.process(latest))
}
