import type { DecisionRequirementsGraph } from '../../dmn/index.ts'
import type { ProcessModel } from '../../model/types.ts'
import { CommandRejection } from '../../protocol/rejections.ts'
import type {
  DecisionDefinitionResult,
  DecisionRequirementsResult,
  DeploymentResult,
  FormResult,
  ProcessDefinitionResult,
} from '../../protocol/results.ts'
import { type Key, NO_KEY } from '../../protocol/values.ts'
import { evaluateText } from '../expressions.ts'
import { latestDefinition } from '../process-instances.ts'
import { ElementFailure, type Processing } from '../processing.ts'
import { closeStartEvents } from '../subscriptions.ts'
import { evaluateTimer } from '../timers.ts'

interface ParsedFile {
  readonly name: string
  readonly content: string
  /** SHA-256 of the content. */
  readonly checksum: string
}

/** A file of a deployment, read and checked. */
export type ParsedResource = ParsedFile &
  (
    | { readonly kind: 'process'; readonly models: readonly ProcessModel[] }
    | { readonly kind: 'decision'; readonly graph: DecisionRequirementsGraph }
    | { readonly kind: 'form'; readonly formId: string; readonly versionTag: string | null }
  )

/** Told of each new process, so that its graph need not be read again. */
type ProcessLoaded = (processDefinitionKey: Key, model: ProcessModel) => void

/**
 * Deploys checked files. As on Camunda: when nothing is new nothing is made; when one is new, all get a new version, so
 * that what is bound to this deployment stands together.
 */
export function deployResources(
  processing: Processing,
  resources: readonly ParsedResource[],
  loaded: ProcessLoaded,
): DeploymentResult {
  refuseDuplicates(resources)
  const deploymentKey = processing.nextKey()
  const asNew = resources.some((resource) => !isUnchanged(processing, resource))
  const processes: ProcessDefinitionResult[] = []
  const decisions: DecisionDefinitionResult[] = []
  const decisionRequirements: DecisionRequirementsResult[] = []
  const forms: FormResult[] = []
  for (const resource of resources) {
    if (resource.kind === 'process')
      for (const model of resource.models)
        processes.push(deployProcess(processing, resource, model, deploymentKey, asNew, loaded))
    else if (resource.kind === 'form') forms.push(deployForm(processing, resource, deploymentKey, asNew))
    else {
      const deployed = deployDecisions(processing, resource, deploymentKey, asNew)
      decisionRequirements.push(deployed.requirements)
      decisions.push(...deployed.decisions)
    }
  }
  return { deploymentKey, processes, decisions, decisionRequirements, forms }
}

/** What a file defines, as it is called in messages. */
export function idsOf(resource: ParsedResource): string[] {
  if (resource.kind === 'process') return resource.models.map(({ id }) => `process '${id}'`)
  if (resource.kind === 'form') return [`form '${resource.formId}'`]
  return [
    `decision requirements '${resource.graph.id}'`,
    ...[...resource.graph.decisions.keys()].map((id) => `decision '${id}'`),
  ]
}

function refuseDuplicates(resources: readonly ParsedResource[]): void {
  const owners = new Map<string, string>()
  for (const resource of resources)
    for (const id of idsOf(resource)) {
      const other = owners.get(id)
      if (other !== undefined)
        throw new CommandRejection(
          'INVALID_ARGUMENT',
          'DeployResources',
          `Expected each id once in a deployment, but ${id} is in '${other}' and in '${resource.name}'`,
        )
      owners.set(id, resource.name)
    }
}

function isUnchanged(processing: Processing, resource: ParsedResource): boolean {
  const same = (row: { checksum: string; resourceName: string } | undefined) =>
    row !== undefined && row.checksum === resource.checksum && row.resourceName === resource.name
  if (resource.kind === 'process') return resource.models.every(({ id }) => same(latestDefinition(processing, id)))
  if (resource.kind === 'form') return same(latestForm(processing, resource.formId))
  return same(latestRequirements(processing, resource.graph.id))
}

const latestForm = (processing: Processing, formId: string) =>
  processing.state.forms.findFirst('formId = ? ORDER BY version DESC', formId)
const latestRequirements = (processing: Processing, id: string) =>
  processing.state.decisionRequirements.findFirst('decisionRequirementsId = ? ORDER BY version DESC', id)
const latestDecision = (processing: Processing, id: string) =>
  processing.state.decisions.findFirst('decisionDefinitionId = ? ORDER BY version DESC', id)

function deployProcess(
  processing: Processing,
  { name, content, checksum }: ParsedFile,
  model: ProcessModel,
  deploymentKey: Key,
  asNew: boolean,
  loaded: ProcessLoaded,
): ProcessDefinitionResult {
  let row = latestDefinition(processing, model.id)
  if (asNew || row === undefined) {
    row = {
      key: processing.nextKey(),
      processDefinitionId: model.id,
      version: (row?.version ?? 0) + 1,
      versionTag: model.versionTag,
      name: model.name,
      resourceName: name,
      checksum,
      content,
      deploymentKey,
    }
    processing.emit({ type: 'ProcessDeployed', row })
    loaded(row.key, model)
    closeStartEvents(processing, model.id)
    openStartEvents(processing, row.key, model)
  }
  return {
    processDefinitionKey: row.key,
    processDefinitionId: row.processDefinitionId,
    processDefinitionVersion: row.version,
    resourceName: row.resourceName,
    versionTag: row.versionTag,
  }
}

const NO_VARIABLES = { get: () => undefined }

function openStartEvents(processing: Processing, processDefinitionKey: Key, model: ProcessModel): void {
  for (const start of model.process.startEvents) {
    const place = { elementId: start.id, processDefinitionKey, processDefinitionId: model.id }
    try {
      if (start.event?.kind === 'timer') {
        const schedule = evaluateTimer(processing, start.event, NO_VARIABLES)
        if (schedule === undefined) continue
        processing.emit({
          type: 'TimerCreated',
          row: {
            key: processing.nextKey(),
            ...schedule,
            ...place,
            elementInstanceKey: NO_KEY,
            processInstanceKey: NO_KEY,
          },
        })
      } else if (start.event?.kind === 'message') {
        const messageName = evaluateText(processing, start.event.name, NO_KEY)
        processing.emit({ type: 'StartSubscriptionOpened', row: { key: processing.nextKey(), messageName, ...place } })
      } else if (start.event?.kind === 'signal') {
        const signalName = evaluateText(processing, start.event.name, NO_KEY)
        const waiting = { ...place, elementInstanceKey: NO_KEY, processInstanceKey: NO_KEY, interrupting: 0 } as const
        processing.emit({
          type: 'SignalSubscriptionOpened',
          row: { key: processing.nextKey(), signalName, ...waiting },
        })
      }
    } catch (error) {
      if (!(error instanceof ElementFailure)) throw error
      throw new StartEventProblem(`${start.id}: ${error.message}`)
    }
  }
}

/** A start event cannot be evaluated: the whole deployment is undone and refused. */
export class StartEventProblem extends Error {
  override readonly name = 'StartEventProblem'
}

function deployForm(
  processing: Processing,
  { name, content, checksum, formId, versionTag }: Extract<ParsedResource, { kind: 'form' }>,
  deploymentKey: Key,
  asNew: boolean,
): FormResult {
  let row = latestForm(processing, formId)
  if (asNew || row === undefined) {
    row = {
      key: processing.nextKey(),
      formId,
      version: (row?.version ?? 0) + 1,
      resourceName: name,
      checksum,
      content,
      deploymentKey,
      versionTag,
    }
    processing.emit({ type: 'FormDeployed', row })
  }
  return { formKey: row.key, formId, version: row.version, resourceName: row.resourceName }
}

function deployDecisions(
  processing: Processing,
  { name, content, checksum, graph }: Extract<ParsedResource, { kind: 'decision' }>,
  deploymentKey: Key,
  asNew: boolean,
): { requirements: DecisionRequirementsResult; decisions: DecisionDefinitionResult[] } {
  let requirements = latestRequirements(processing, graph.id)
  const isNew = asNew || requirements === undefined
  if (requirements === undefined || isNew) {
    requirements = {
      key: processing.nextKey(),
      decisionRequirementsId: graph.id,
      name: graph.name,
      version: (requirements?.version ?? 0) + 1,
      resourceName: name,
      checksum,
      content,
      deploymentKey,
    }
    processing.emit({ type: 'DecisionRequirementsDeployed', row: requirements })
  }
  const decisions: DecisionDefinitionResult[] = []
  for (const decision of graph.decisions.values()) {
    let row = latestDecision(processing, decision.id)
    if (isNew || row === undefined) {
      row = {
        key: processing.nextKey(),
        decisionDefinitionId: decision.id,
        name: decision.name,
        version: (row?.version ?? 0) + 1,
        decisionRequirementsKey: requirements.key,
        decisionRequirementsId: graph.id,
        deploymentKey,
        versionTag: decision.versionTag,
      }
      processing.emit({ type: 'DecisionDeployed', row })
    }
    const { key, decisionDefinitionId, version, decisionRequirementsKey, decisionRequirementsId } = row
    decisions.push({
      decisionDefinitionKey: key,
      decisionDefinitionId,
      name: row.name,
      version,
      decisionRequirementsKey,
      decisionRequirementsId,
    })
  }
  return {
    decisions,
    requirements: {
      decisionRequirementsKey: requirements.key,
      decisionRequirementsId: requirements.decisionRequirementsId,
      decisionRequirementsName: requirements.name,
      version: requirements.version,
      resourceName: requirements.resourceName,
    },
  }
}
