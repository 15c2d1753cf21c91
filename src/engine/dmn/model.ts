/** A DMN file as the engine holds it: compiled once, evaluated often. */
import type { EvaluationOptions, FeelScope, FeelValue, JsonValue } from '../feel/index.ts'

/** The kinds of decision, as Camunda names them. */
export type DecisionType = 'DECISION_TABLE' | 'LITERAL_EXPRESSION' | 'CONTEXT' | 'INVOCATION' | 'LIST' | 'RELATION'

/** A decision requirements graph: the content of one DMN file. */
export interface DecisionRequirementsGraph {
  readonly id: string
  readonly name: string
  /** Target namespace of the file. */
  readonly namespace: string
  /** Decisions by id, in the order of the file. */
  readonly decisions: ReadonlyMap<string, Decision>
}

/** A decision with what it requires. */
export interface Decision {
  readonly id: string
  readonly name: string
  readonly type: DecisionType
  /** Name under which decisions that require this one see its result: the variable's, else the id. */
  readonly resultName: string
  /** Declared type of the result, checked after evaluation. */
  readonly resultType: string | undefined
  /** `zeebe:versionTag` of the decision. */
  readonly versionTag: string | null
  readonly requiredDecisions: readonly Decision[]
  readonly requiredKnowledge: readonly KnowledgeModel[]
  readonly logic: Logic
}

/** A business knowledge model: a function with a name. */
export interface KnowledgeModel {
  readonly id: string
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly requiredKnowledge: readonly KnowledgeModel[]
  readonly body: Logic
}

/** A parameter of a function; its type is checked if it is given. */
export interface Parameter {
  readonly name: string
  readonly type: string | undefined
}

/** What a logic is evaluated in. */
export interface Evaluation {
  readonly scope: FeelScope
  readonly options: EvaluationOptions
  /** Told what a decision table of the decision itself looked at. */
  readonly trace: Trace
  /** Warnings of the expressions, in order. */
  readonly warnings: string[]
}

/** What a decision table looked at and what matched. */
export interface Trace {
  inputs: EvaluatedInput[]
  rules: MatchedRule[]
}

/** Compiled logic of a decision, a function or an entry. @throws DecisionFailure, FeelEvaluationError */
export type Logic = (evaluation: Evaluation) => FeelValue

/** An input of a decision table with the value it had. */
export interface EvaluatedInput {
  readonly id: string
  /** The label, or the expression where there is no label. */
  readonly name: string
  readonly value: JsonValue
}

/** A rule that matched. */
export interface MatchedRule {
  readonly ruleId: string
  /** Position in the table, from 1. */
  readonly ruleIndex: number
  readonly outputs: readonly EvaluatedOutput[]
}

/** An output entry of a matched rule. */
export interface EvaluatedOutput {
  readonly id: string
  readonly name: string
  readonly value: JsonValue
}

/** Why a decision could not be evaluated; the message does not name the decision. */
export class DecisionFailure extends Error {
  override readonly name = 'DecisionFailure'
}
