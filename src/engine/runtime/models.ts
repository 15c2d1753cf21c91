import { createHash } from 'node:crypto'
import { type DecisionRequirementsGraph, DmnError, evaluateDecision, parseDmn } from '../dmn/index.ts'
import type { Expression } from '../model/expression.ts'
import { parseBpmn } from '../model/parse-bpmn.ts'
import { ModelError } from '../model/report.ts'
import type { Binding, FlowNode, ProcessModel } from '../model/types.ts'
import { idsOf, type ParsedResource } from '../processing/commands/deploy.ts'
import type { GraphEvaluation } from '../processing/graphs.ts'
import type { Models } from '../processing/processing.ts'
import type { ResourceFile } from '../protocol/commands.ts'
import { MAX_FILE_SIZE, MAX_PROBLEMS, MAX_READY_ELEMENTS, MAX_XML_ELEMENTS } from '../protocol/limits.ts'
import { CommandRejection } from '../protocol/rejections.ts'
import type { JsonValue, Key, Variables } from '../protocol/values.ts'
import { Generations } from '../state/generations.ts'
import type { DecisionRequirementsRow, ProcessDefinitionRow } from '../state/rows.ts'

/** A file of so many characters takes long enough to read that others should have their turn before. */
const LARGE_FILE = 100_000

/** Raised in the middle of a batch when a deployed file has not been read since the start; `load` reads it. */
export class ModelNotLoaded extends Error {
  override readonly name = 'ModelNotLoaded'
  readonly load: () => Promise<void>

  constructor(load: () => Promise<void>) {
    super('a deployed model must be read first')
    this.load = load
  }
}

/** Executable forms of deployed files, read when first needed. */
export class ModelCache implements Models {
  readonly #processes = new Generations<Key, ProcessModel>()
  readonly #graphs = new Generations<Key, DecisionRequirementsGraph>()
  /** Elements of what was read since `trim` last dropped something. */
  #elements = 0

  /** Keeps a process that was just deployed. */
  keep(processDefinitionKey: Key, model: ProcessModel): void {
    this.#processes.set(processDefinitionKey, model)
    this.#elements += model.nodes.size
  }

  /** Drops what was not used lately when there is too much; between batches, so that a batch keeps what it has read. */
  trim(): void {
    if (this.#elements <= MAX_READY_ELEMENTS) return
    this.#elements = 0
    this.#processes.trim(0)
    this.#graphs.trim(0)
  }

  process(definition: ProcessDefinitionRow): ProcessModel {
    const model = this.#processes.get(definition.key)
    if (model !== undefined) return model
    throw new ModelNotLoaded(async () => {
      const models = await parseBpmn(definition.content)
      const found = models.find(({ id }) => id === definition.processDefinitionId)
      if (found === undefined) throw new Error(`process_definition ${definition.key} does not hold its process`)
      this.keep(definition.key, found)
    })
  }

  readonly graphs = {
    evaluate: (
      requirements: DecisionRequirementsRow,
      decisionId: string,
      variables: Variables,
      options: { readonly clock: { now(): Date }; readonly zone: string },
    ): GraphEvaluation => {
      const graph = this.#graphs.get(requirements.key)
      if (graph === undefined)
        throw new ModelNotLoaded(async () => {
          this.#graphs.set(requirements.key, await parseDmn(requirements.content))
          // A cell of a table is as much as an element of a diagram.
          this.#elements += requirements.content.match(/<\w/g)?.length ?? 0
        })
      const result = evaluateDecision(graph, decisionId, variables, options)
      return {
        output: result.succeeded ? (result.output as JsonValue) : null,
        failure: result.succeeded ? null : { decisionId: result.failedDecisionId, message: result.message },
        evaluated: result.evaluatedDecisions.map((decision) => ({
          decisionDefinitionId: decision.id,
          decisionDefinitionName: decision.name,
          decisionType: decision.type,
          output: decision.output as JsonValue,
          evaluatedInputs: decision.evaluatedInputs.map(({ id, name, value }) => ({
            inputId: id,
            inputName: name,
            inputValue: value as JsonValue,
          })),
          matchedRules: decision.matchedRules.map(({ ruleId, ruleIndex, outputs }) => ({
            ruleId,
            ruleIndex,
            evaluatedOutputs: outputs.map(({ id, name, value }) => ({
              outputId: id,
              outputName: name,
              outputValue: value as JsonValue,
            })),
          })),
        })),
      }
    },
  }
}

/**
 * Reads and checks the files of a deployment.
 * @throws {CommandRejection} INVALID_ARGUMENT naming each file and, inside it, each element with the reason
 */
export async function parseResources(files: readonly ResourceFile[]): Promise<ParsedResource[]> {
  if (files.length === 0) throw refused('Expected to deploy at least one resource, but none given')
  const parsed: ParsedResource[] = []
  const problems: string[] = []
  for (const file of files) {
    // Others have their turn between large files.
    if (file.content.length > LARGE_FILE) await new Promise((resolve) => setImmediate(resolve))
    try {
      parsed.push(await parseResource(file))
    } catch (error) {
      if (error instanceof ModelError) problems.push(...error.problems.map((problem) => `'${file.name}': ${problem}`))
      else if (error instanceof DmnError || error instanceof FileProblem)
        problems.push(`'${file.name}': ${error.message}`)
      else if (error instanceof RangeError)
        problems.push(`'${file.name}': nests too deep to be read (${error.message})`)
      else throw error
    }
  }
  if (problems.length === 0) problems.push(...missingInDeployment(parsed))
  if (problems.length > MAX_PROBLEMS)
    problems.splice(MAX_PROBLEMS, Number.POSITIVE_INFINITY, `and ${problems.length - MAX_PROBLEMS} more`)
  if (problems.length > 0)
    throw refused(`Expected to deploy new resources, but encountered the following errors:\n${problems.join('\n')}`)
  return parsed
}

class FileProblem extends Error {}

async function parseResource({ name, content }: ResourceFile): Promise<ParsedResource> {
  checkSize(content)
  const file = { name, content, checksum: createHash('sha256').update(content).digest('hex') }
  if (/\.bpmn(20\.xml)?$/.test(name)) return { ...file, kind: 'process', models: await parseBpmn(content) }
  if (name.endsWith('.dmn')) return { ...file, kind: 'decision', graph: await parseDmn(content) }
  if (name.endsWith('.form')) return { ...file, kind: 'form', ...readForm(content) }
  if (name.endsWith('.rpa')) return { ...file, kind: 'other', ...readScript(content) }
  throw new FileProblem('the kind of the file is not known: its name must end with .bpmn, .dmn, .form or .rpa')
}

function checkSize(content: string): void {
  if (content.length > MAX_FILE_SIZE)
    throw new FileProblem(`has ${content.length} characters; a file may have ${MAX_FILE_SIZE}`)
  const elements = content.match(/<[\w_]/g)?.length ?? 0
  if (elements > MAX_XML_ELEMENTS)
    throw new FileProblem(`has ${elements} XML elements; a file may have ${MAX_XML_ELEMENTS}`)
}

function readForm(content: string): { formId: string; versionTag: string | null } {
  const { id, versionTag } = readObject('form', content)
  if (typeof id !== 'string' || id === '') throw new FileProblem("the form needs an 'id' of type string")
  return { formId: id, versionTag: typeof versionTag === 'string' && versionTag !== '' ? versionTag : null }
}

/** What is bound to the deployment by a static id must be part of it. */
function missingInDeployment(parsed: readonly ParsedResource[]): string[] {
  const known = new Set(parsed.flatMap(idsOf))
  return parsed.flatMap((resource) =>
    resource.kind !== 'process'
      ? []
      : resource.models.flatMap(({ nodes }) =>
          [...nodes.values()].flatMap((node) =>
            boundTo(node)
              .filter((bound) => !known.has(bound))
              .map(
                (bound) =>
                  `'${resource.name}': ${node.id}: Expected to find ${bound.replace(' ', ' with id ')} in current deployment, but not found.`,
              ),
          ),
        ),
  )
}

function boundTo({ task }: FlowNode): string[] {
  const bound = (kind: string, id: Expression | undefined, binding: Binding) =>
    binding === 'deployment' && id?.kind === 'static' ? [`${kind} '${id.source}'`] : []
  if (task?.kind === 'call') return bound('process', task.processId, task.binding)
  if (task?.kind === 'decision') return bound('decision', task.decisionId, task.binding)
  if (task?.kind === 'user') return bound('form', task.formId, task.formBinding)
  return task?.kind === 'job' && task.userTask !== undefined
    ? bound('form', task.userTask.formId, task.userTask.formBinding)
    : []
}

/** The script of a robot: as for Camunda only its id and version tag matter. */
function readScript(content: string): { resourceId: string; versionTag: string | null } {
  const { id, versionTag } = readObject('resource', content)
  if (id === undefined || id === null) throw new FileProblem('Expected the resource id to be present, but none given')
  const resourceId = String(id)
  if (resourceId.trim() === '') throw new FileProblem('Expected the resource id to be filled, but it is blank')
  return { resourceId, versionTag: typeof versionTag === 'string' ? versionTag : null }
}

function readObject(kind: string, content: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(content)
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch (error) {
    throw new FileProblem(`the ${kind} is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function refused(reason: string): CommandRejection {
  return new CommandRejection('INVALID_ARGUMENT', 'DeployResources', reason)
}
