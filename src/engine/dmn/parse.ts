/** DMN XML → decision requirements graph. */
import { DmnError } from './errors.ts'
import { compileFunction, compileLogic, typeOfLogic } from './logic.ts'
import type { Decision, DecisionRequirementsGraph, KnowledgeModel } from './model.ts'
import { childOf, childrenOf, type DmnElement, idOf, readDmnXml, textOf } from './xml.ts'

/**
 * Reads and compiles a DMN file (DMN 1.1 to 1.5).
 * @throws DmnError naming the element that the engine cannot run, and why
 */
export async function parseDmn(xml: string): Promise<DecisionRequirementsGraph> {
  const root = await readDmnXml(xml)
  if (root.$type !== 'dmn:Definitions') throw new DmnError(undefined, `The file is no DMN: its root is ${root.$type}`)
  const id = idOf(root)
  if (id === undefined) throw new DmnError(undefined, 'The definitions have no id')
  return new GraphBuilder(root).build(id)
}

class GraphBuilder {
  readonly #root: DmnElement
  readonly #elements = new Map<string, DmnElement>()
  readonly #decisions = new Map<string, Decision>()
  readonly #knowledge = new Map<string, KnowledgeModel>()
  /** Elements under construction, to notice a cycle. */
  readonly #open = new Set<string>()

  constructor(root: DmnElement) {
    this.#root = root
    for (const element of childrenOf(root, 'drgElement')) {
      const id = idOf(element)
      if (id === undefined) throw new DmnError(undefined, `An element of type ${element.$type} has no id`)
      if (this.#elements.has(id)) throw new DmnError(id, `The id '${id}' is used twice`)
      this.#elements.set(id, element)
    }
  }

  build(id: string): DecisionRequirementsGraph {
    const decisions = new Map<string, Decision>()
    for (const [key, element] of this.#elements)
      if (element.$type === 'dmn:Decision') decisions.set(key, this.#decision(key, element))
    if (decisions.size === 0) throw new DmnError(id, `The file '${id}' holds no decision`)
    return {
      id,
      name: textOf(this.#root, 'name') ?? id,
      namespace: textOf(this.#root, 'namespace') ?? '',
      decisions,
    }
  }

  #decision(id: string, element: DmnElement): Decision {
    const known = this.#decisions.get(id)
    if (known !== undefined) return known
    return this.#within(id, () => {
      const requiredDecisions = this.#required(
        element,
        id,
        'informationRequirement',
        'requiredDecision',
        'dmn:Decision',
      )
      const decisions = requiredDecisions.map(([key, required]) => this.#decision(key, required))
      const knowledge = this.#knowledgeOf(element, id)
      const logic = childOf(element, 'decisionLogic')
      const type = typeOfLogic(logic, id)
      const variable = childOf(element, 'variable')
      const resultType = variable === undefined ? undefined : textOf(variable, 'typeRef')
      const resultName = variable === undefined ? undefined : textOf(variable, 'name')
      const decision: Decision = {
        id,
        name: textOf(element, 'name') ?? id,
        type,
        resultName: resultName ?? id,
        resultType,
        versionTag: versionTagOf(element),
        requiredDecisions: decisions,
        requiredKnowledge: knowledge,
        // typeOfLogic has refused a decision without logic
        logic: compileLogic(logic!, id, knowledge),
      }
      this.#decisions.set(id, decision)
      return decision
    })
  }

  #knowledgeOf(element: DmnElement, id: string): KnowledgeModel[] {
    const required = this.#required(
      element,
      id,
      'knowledgeRequirement',
      'requiredKnowledge',
      'dmn:BusinessKnowledgeModel',
    )
    return required.map(([key, model]) => this.#model(key, model))
  }

  #model(id: string, element: DmnElement): KnowledgeModel {
    const known = this.#knowledge.get(id)
    if (known !== undefined) return known
    return this.#within(id, () => {
      const definition = childOf(element, 'encapsulatedLogic')
      if (definition === undefined) throw new DmnError(id, `Business knowledge model '${id}' has no logic`)
      const compiled = compileFunction(definition, id, this.#knowledgeOf(element, id))
      const model: KnowledgeModel = { id, name: textOf(element, 'name') ?? id, ...compiled }
      this.#knowledge.set(id, model)
      return model
    })
  }

  /** The elements that `element` requires through one kind of requirement. */
  #required(
    element: DmnElement,
    id: string,
    requirement: string,
    reference: string,
    type: string,
  ): [string, DmnElement][] {
    return childrenOf(element, requirement).flatMap((item): [string, DmnElement][] => {
      const target = childOf(item, reference)
      const href = target === undefined ? undefined : textOf(target, 'href')
      if (href === undefined) return [] // requires an input: nothing to evaluate
      // A reference may spell out the namespace of its own file.
      const [file = '', key = ''] = href.split('#')
      if (file !== '' && file !== textOf(this.#root, 'namespace'))
        throw new DmnError(id, `Element '${id}' requires '${href}' of another file; imports are not supported`)
      const found = this.#elements.get(key)
      if (found === undefined) throw new DmnError(id, `Element '${id}' requires '${key}', which is not in the file`)
      if (found.$type !== type)
        throw new DmnError(
          id,
          `Element '${id}' requires '${key}' as ${type.slice(4)}, but it is ${found.$type.slice(4)}`,
        )
      return [[key, found]]
    })
  }

  #within<T>(id: string, body: () => T): T {
    if (this.#open.has(id))
      throw new DmnError(id, `Element '${id}' requires itself: ${[...this.#open, id].join(' → ')}; remove the cycle`)
    this.#open.add(id)
    try {
      return body()
    } finally {
      this.#open.delete(id)
    }
  }
}

function versionTagOf(element: DmnElement): string | null {
  const extensions = childOf(element, 'extensionElements')
  const tag = (extensions === undefined ? [] : childrenOf(extensions, 'values')).find(
    ({ $type }) => $type.toLowerCase() === 'zeebe:versiontag',
  )
  return (tag && textOf(tag, 'value')) ?? null
}
