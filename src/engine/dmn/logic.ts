/** The logic of decisions and functions: every boxed expression that Camunda runs (DMN 1.4, chapter 10.2). */
import { FeelContext, FeelFunction, type FeelValue } from '../feel/index.ts'
import { compileDecisionTable } from './decision-table.ts'
import { DmnError } from './errors.ts'
import { compileLiteral } from './expressions.ts'
import {
  DecisionFailure,
  type DecisionType,
  type Evaluation,
  type KnowledgeModel,
  type Logic,
  type Parameter,
} from './model.ts'
import { checkType } from './result-types.ts'
import { contextOf, withNames } from './scope.ts'
import { childOf, childrenOf, type DmnElement, idOf, textOf } from './xml.ts'

const TYPES: Readonly<Record<string, DecisionType>> = {
  'dmn:DecisionTable': 'DECISION_TABLE',
  'dmn:LiteralExpression': 'LITERAL_EXPRESSION',
  'dmn:Context': 'CONTEXT',
  'dmn:Invocation': 'INVOCATION',
  'dmn:List': 'LIST',
  'dmn:Relation': 'RELATION',
}

/** The kind of a decision's logic. @throws DmnError if the engine does not run it */
export function typeOfLogic(logic: DmnElement | undefined, decision: string): DecisionType {
  const type = logic === undefined ? undefined : TYPES[logic.$type]
  if (type !== undefined) return type
  const kind = logic === undefined ? 'none' : logic.$type.replace('dmn:', '')
  throw new DmnError(
    decision,
    `Decision '${decision}': unsupported decision expression '${kind}'; use a decision table, literal expression, context, invocation, list or relation`,
  )
}

/** Compiles a boxed expression. `knowledge` are the functions an invocation may call. @throws DmnError */
export function compileLogic(element: DmnElement, owner: string, knowledge: readonly KnowledgeModel[]): Logic {
  const id = idOf(element) ?? owner
  switch (element.$type) {
    case 'dmn:LiteralExpression':
      return compileLiteral(element, id)
    case 'dmn:DecisionTable':
      return compileDecisionTable(element, id)
    case 'dmn:Context':
      return compileContext(element, id, knowledge)
    case 'dmn:List':
      return compileList(childrenOf(element, 'elements'), id, knowledge)
    case 'dmn:Relation':
      return compileRelation(element, id, knowledge)
    case 'dmn:Invocation':
      return compileInvocation(element, id, knowledge)
    case 'dmn:FunctionDefinition': {
      const definition = compileFunction(element, id, knowledge)
      return (evaluation) => functionValue(definition, evaluation)
    }
    default:
      throw new DmnError(id, `Element '${id}': unsupported expression '${element.$type.replace('dmn:', '')}'`)
  }
}

function compileContext(element: DmnElement, owner: string, knowledge: readonly KnowledgeModel[]): Logic {
  const entries = childrenOf(element, 'contextEntry').map((entry) => {
    const variable = childOf(entry, 'variable')
    const id = idOf(entry) ?? owner
    const value = childOf(entry, 'value')
    if (value === undefined) throw new DmnError(id, `Context entry '${id}' has no expression`)
    const name = variable === undefined ? undefined : textOf(variable, 'name')
    return { name, logic: compileLogic(value, id, knowledge) }
  })
  return (evaluation) => {
    const values = new Map<string, FeelValue>()
    for (const { name, logic } of entries) {
      const value = logic(inside(evaluation, new Map(values)))
      // an entry without a name is the result of the context
      if (name === undefined) return value
      values.set(name, value)
    }
    return contextOf(values)
  }
}

function compileList(elements: readonly DmnElement[], owner: string, knowledge: readonly KnowledgeModel[]): Logic {
  const items = elements.map((item) => compileLogic(item, owner, knowledge))
  return (evaluation) => items.map((item) => item(inside(evaluation, new Map())))
}

function compileRelation(element: DmnElement, owner: string, knowledge: readonly KnowledgeModel[]): Logic {
  const columns = childrenOf(element, 'column').map((column) => textOf(column, 'name') ?? '')
  const rows = childrenOf(element, 'row').map((row) => {
    const cells = childrenOf(row, 'elements')
    if (cells.length !== columns.length)
      throw new DmnError(owner, `Relation '${owner}' has a row of ${cells.length} cells but ${columns.length} columns`)
    return cells.map((cell) => compileLogic(cell, owner, knowledge))
  })
  return (evaluation) =>
    rows.map((row) => {
      const cells = row.map((cell, i): [string, FeelValue] => [columns[i] ?? '', cell(inside(evaluation, new Map()))])
      return new FeelContext(cells)
    })
}

function compileInvocation(element: DmnElement, owner: string, knowledge: readonly KnowledgeModel[]): Logic {
  const called = childOf(element, 'calledFunction')
  const name = called === undefined ? undefined : textOf(called, 'text')?.trim()
  const model = knowledge.find((candidate) => candidate.name === name)
  if (model === undefined)
    throw new DmnError(
      owner,
      `Invocation '${owner}' calls '${name ?? ''}', which is no business knowledge model that the decision requires`,
    )
  const bindings = childrenOf(element, 'binding').map((binding) => {
    const parameter = childOf(binding, 'parameter')
    return {
      name: parameter === undefined ? '' : (textOf(parameter, 'name') ?? ''),
      value: compileBinding(binding, owner, knowledge),
    }
  })
  return (evaluation) => {
    const given = new Map(bindings.map(({ name, value }) => [name, value(inside(evaluation, new Map()))]))
    const args = model.parameters.map(({ name, type }) => {
      if (!given.has(name)) throw new DecisionFailure(`no parameter found with name '${name}'`)
      return checkType(given.get(name) ?? null, type)
    })
    return call(model, args, evaluation)
  }
}

function compileBinding(binding: DmnElement, owner: string, knowledge: readonly KnowledgeModel[]): Logic {
  const formula = childOf(binding, 'bindingFormula')
  if (formula === undefined) throw new DmnError(owner, `A binding of invocation '${owner}' has no expression`)
  return compileLogic(formula, owner, knowledge)
}

type FunctionLogic = Pick<KnowledgeModel, 'parameters' | 'body' | 'requiredKnowledge'>

/** Compiles a function definition. @throws DmnError */
export function compileFunction(
  definition: DmnElement,
  owner: string,
  knowledge: readonly KnowledgeModel[],
): FunctionLogic {
  const kind = textOf(definition, 'kind')
  if (kind !== undefined && kind !== 'FEEL')
    throw new DmnError(owner, `Function '${owner}': functions of kind '${kind}' are not supported; use FEEL`)
  const body = childOf(definition, 'body')
  if (body === undefined) throw new DmnError(owner, `Function '${owner}' has no body`)
  const parameters = childrenOf(definition, 'formalParameter').map((parameter): Parameter => {
    return { name: textOf(parameter, 'name') ?? '', type: textOf(parameter, 'typeRef') }
  })
  return { parameters, body: compileLogic(body, owner, knowledge), requiredKnowledge: knowledge }
}

/** The function as a FEEL value, called with the names that are visible where it is defined. */
function functionValue(definition: FunctionLogic, evaluation: Evaluation): FeelFunction {
  const names = definition.parameters.map((parameter) => parameter.name)
  return new FeelFunction(names, (args) => {
    // An argument of another type than declared makes the call null, as in Camunda.
    try {
      definition.parameters.forEach(({ type }, i) => {
        checkType(args[i] ?? null, type)
      })
    } catch (error) {
      if (!(error instanceof DecisionFailure)) throw error
      evaluation.warnings.push(`[FUNCTION_INVOCATION_FAILURE] ${error.message}`)
      return null
    }
    return call(definition, args, evaluation)
  })
}

function call(definition: FunctionLogic, args: readonly FeelValue[], evaluation: Evaluation): FeelValue {
  const values = new Map(definition.parameters.map(({ name }, i): [string, FeelValue] => [name, args[i] ?? null]))
  const functions = knowledgeValues(definition.requiredKnowledge, evaluation)
  return definition.body(inside(evaluation, new Map([...functions, ...values])))
}

/** The functions that knowledge models offer, by name. */
export function knowledgeValues(models: readonly KnowledgeModel[], evaluation: Evaluation): Map<string, FeelValue> {
  return new Map(models.map((model): [string, FeelValue] => [model.name, functionValue(model, evaluation)]))
}

/** The evaluation with further names; what a nested table matches is not the decision's own trace. */
const inside = (evaluation: Evaluation, names: ReadonlyMap<string, FeelValue>): Evaluation => ({
  ...evaluation,
  scope: withNames(evaluation.scope, names),
  trace: { inputs: [], rules: [] },
})
