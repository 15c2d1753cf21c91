import type { DecisionRequirementsGraph } from '../../dmn/index.ts'
import type { ProcessModel } from '../../model/types.ts'
import { CommandRejection } from '../../protocol/rejections.ts'
import type {
  DecisionDefinitionResult,
  DecisionRequirementsResult,
  DeploymentResult,
  FormResult,
  ProcessDefinitionResult,
  ResourceResult,
} from '../../protocol/results.ts'
import type { Key } from '../../protocol/values.ts'
import {
  findDecision,
  findForm,
  latestDefinition,
  latestRequirements,
  latestResource,
  nextVersion,
} from '../definitions.ts'
import type { Processing } from '../processing.ts'
import { closeStartEvents, openStartEvents } from '../start-events.ts'

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
    | { readonly kind: 'other'; readonly resourceId: string; readonly versionTag: string | null }
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
  const others: ResourceResult[] = []
  for (const resource of resources) {
    if (resource.kind === 'process')
      for (const model of resource.models)
        processes.push(deployProcess(processing, resource, model, deploymentKey, asNew, loaded))
    else if (resource.kind === 'form') forms.push(deployForm(processing, resource, deploymentKey, asNew))
    else if (resource.kind === 'other') others.push(deployOther(processing, resource, deploymentKey, asNew))
    else {
      const deployed = deployDecisions(processing, resource, deploymentKey, asNew)
      decisionRequirements.push(deployed.requirements)
      decisions.push(...deployed.decisions)
    }
  }
  return { deploymentKey, processes, decisions, decisionRequirements, forms, resources: others }
}

/** What a file defines, as it is called in messages. */
export function idsOf(resource: ParsedResource): string[] {
  if (resource.kind === 'process') return resource.models.map(({ id }) => `process '${id}'`)
  if (resource.kind === 'form') return [`form '${resource.formId}'`]
  if (resource.kind === 'other') return [`resource '${resource.resourceId}'`]
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
  if (resource.kind === 'form') return same(findForm(processing, resource.formId))
  if (resource.kind === 'other') return same(latestResource(processing, resource.resourceId))
  return same(latestRequirements(processing, resource.graph.id))
}

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
      version: nextVersion(processing.state.processDefinitions, 'processDefinitionId', model.id),
      versionTag: model.versionTag,
      name: model.name,
      resourceName: name,
      checksum,
      content,
      deploymentKey,
      deletedAt: null,
    }
    processing.emit({ type: 'ProcessDeployed', row })
    loaded(row.key, model)
    closeStartEvents(processing, model.id)
    openStartEvents(processing, 'DeployResources', row.key, model)
  }
  return {
    processDefinitionKey: row.key,
    processDefinitionId: row.processDefinitionId,
    processDefinitionVersion: row.version,
    resourceName: row.resourceName,
    versionTag: row.versionTag,
  }
}

function deployForm(
  processing: Processing,
  { name, content, checksum, formId, versionTag }: Extract<ParsedResource, { kind: 'form' }>,
  deploymentKey: Key,
  asNew: boolean,
): FormResult {
  let row = findForm(processing, formId)
  if (asNew || row === undefined) {
    row = {
      key: processing.nextKey(),
      formId,
      version: nextVersion(processing.state.forms, 'formId', formId),
      resourceName: name,
      checksum,
      content,
      deploymentKey,
      versionTag,
      deletedAt: null,
    }
    processing.emit({ type: 'FormDeployed', row })
  }
  return { formKey: row.key, formId, version: row.version, resourceName: row.resourceName }
}

function deployOther(
  processing: Processing,
  { name, content, checksum, resourceId, versionTag }: Extract<ParsedResource, { kind: 'other' }>,
  deploymentKey: Key,
  asNew: boolean,
): ResourceResult {
  let row = latestResource(processing, resourceId)
  if (asNew || row === undefined) {
    row = {
      key: processing.nextKey(),
      resourceId,
      version: nextVersion(processing.state.resources, 'resourceId', resourceId),
      versionTag,
      resourceName: name,
      checksum,
      content,
      deploymentKey,
      deletedAt: null,
    }
    processing.emit({ type: 'ResourceDeployed', row })
  }
  return { resourceKey: row.key, resourceId, version: row.version, resourceName: row.resourceName }
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
      version: nextVersion(processing.state.decisionRequirements, 'decisionRequirementsId', graph.id),
      resourceName: name,
      checksum,
      content,
      deploymentKey,
      deletedAt: null,
    }
    processing.emit({ type: 'DecisionRequirementsDeployed', row: requirements })
  }
  const decisions: DecisionDefinitionResult[] = []
  for (const decision of graph.decisions.values()) {
    let row = findDecision(processing, decision.id)
    if (isNew || row === undefined) {
      row = {
        key: processing.nextKey(),
        decisionDefinitionId: decision.id,
        name: decision.name,
        version: nextVersion(processing.state.decisions, 'decisionDefinitionId', decision.id),
        decisionRequirementsKey: requirements.key,
        decisionRequirementsId: graph.id,
        deploymentKey,
        versionTag: decision.versionTag,
        deletedAt: null,
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
