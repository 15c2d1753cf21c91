import { findFlow, type ProcessModel } from '../../model/types.ts'
import type { MigrateProcessInstance } from '../../protocol/operations.ts'
import { CommandRejection } from '../../protocol/rejections.ts'
import { findDefinition } from '../definitions.ts'
import { activeTree } from '../flow-scopes.ts'
import { planElement } from '../migration/element.ts'
import { type Migration, refusal } from '../migration/migration.ts'
import type { Processing } from '../processing.ts'

/**
 * Leads a process instance over to another definition: what is active becomes an instance of what it is mapped to, with its
 * jobs, user tasks, incidents and what it waits for. What has ended stays as it was.
 */
export function migrateProcessInstance(processing: Processing, command: MigrateProcessInstance): undefined {
  const migration = prepareMigration(processing, command)
  const changes = activeTree(processing, command.processInstanceKey).map((row) =>
    planElement(processing, migration, row),
  )
  processing.emit({
    type: 'ProcessInstanceMigrated',
    key: command.processInstanceKey,
    processDefinitionKey: migration.definition.key,
  })
  for (const change of changes) change()
}

function prepareMigration(processing: Processing, command: MigrateProcessInstance): Migration {
  const { processInstanceKey, targetProcessDefinitionKey, mappingInstructions } = command
  const process = processing.state.elements.get(processInstanceKey)
  if (process === undefined || process.type !== 'PROCESS' || process.endDate !== null)
    throw notFound(
      `Expected to migrate process instance but no process instance found with key '${processInstanceKey}'`,
    )
  const definition = findDefinition(processing, { key: targetProcessDefinitionKey })
  if (definition === undefined)
    throw notFound(
      'Expected to migrate process instance to process definition but no process definition found with key ' +
        `'${targetProcessDefinitionKey}'`,
    )
  const sources = mappingInstructions.map(({ sourceElementId }) => sourceElementId)
  const repeated = new Set(sources.filter((id, index) => sources.indexOf(id) !== index))
  if (repeated.size > 0)
    throw refusal(
      command,
      `the mapping instructions contain duplicate source element ids '[${[...repeated].join(', ')}]'.`,
      'INVALID_ARGUMENT',
    )
  const source = processing.model(process.processDefinitionKey)
  const target = processing.models.process(definition)
  for (const { sourceElementId, targetElementId } of mappingInstructions) {
    checkExists(command, source, sourceElementId, 'source')
    checkExists(command, target, targetElementId, 'target')
  }
  const mapped = new Map(mappingInstructions.map((one) => [one.sourceElementId, one.targetElementId]))
  return { processInstanceKey, source, target, definition, mapped }
}

function checkExists(
  command: MigrateProcessInstance,
  model: ProcessModel,
  elementId: string,
  side: 'source' | 'target',
): void {
  if (model.nodes.has(elementId) || findFlow(model, elementId) !== undefined) return
  throw refusal(
    command,
    `mapping instructions contain a non-existing ${side} element id '${elementId}'. Elements provided in mapping ` +
      `instructions must exist in the ${side} process definition.`,
    'INVALID_ARGUMENT',
  )
}

function notFound(reason: string): CommandRejection {
  return new CommandRejection('NOT_FOUND', 'MigrateProcessInstance', reason)
}
