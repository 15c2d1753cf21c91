/** Code of calls. */
import { type Builtin, builtinNamed, callBuiltin, callBuiltinNamed, takes } from './builtins/index.ts'
import { FeelEvaluationError } from './errors.ts'
import type { Code, Frame } from './frame.ts'
import type { Node } from './syntax-tree.ts'
import { describe } from './text.ts'
import { FeelContext, type FeelFunction, type FeelValue } from './values.ts'

/** Compiled arguments of a call. */
export type ArgumentCodes =
  | { readonly kind: 'positional'; readonly values: readonly Code[] }
  | { readonly kind: 'named'; readonly values: readonly { readonly name: string; readonly value: Code }[] }

const missing = (frame: Frame, name: string, args: ArgumentCodes): null =>
  frame.run.warn('NO_FUNCTION_FOUND', missingMessage(name, args))

function missingMessage(name: string, args: ArgumentCodes): string {
  const given =
    args.kind === 'named'
      ? `parameters: ${args.values.map((argument) => argument.name).join(',')}`
      : `${args.values.length} parameters`
  return `No function found with name '${name}' and ${given}`
}

/** `name(…)`: a function among the local names or those that the caller offers, else a built-in one. */
export function callCode(name: string, args: ArgumentCodes): Code {
  const known = builtinNamed(name)
  const builtin = known !== undefined && takes(known, args) ? known : undefined
  const call = builtin === undefined ? undefined : builtinCode(name, builtin, args)
  return (frame) => {
    frame.run.step()
    const own = frame.names.callable(name)
    if (own !== undefined && fits(own, args)) return invoke(frame, own, args)
    return call === undefined ? missing(frame, name, args) : call(frame)
  }
}

function builtinCode(name: string, builtin: Builtin, args: ArgumentCodes): Code {
  if (args.kind === 'named') {
    const { values } = args
    return (frame) => {
      const given = new Map<string, FeelValue>()
      for (const argument of values) given.set(argument.name, argument.value(frame))
      return callBuiltinNamed(frame.run, name, builtin, given)
    }
  }
  const [first, second, ...others] = args.values
  if (first === undefined) return (frame) => callBuiltin(frame.run, name, builtin, [])
  if (second === undefined) return (frame) => callBuiltin(frame.run, name, builtin, [first(frame)])
  if (others.length === 0) return (frame) => callBuiltin(frame.run, name, builtin, [first(frame), second(frame)])
  const { values } = args
  return (frame) =>
    callBuiltin(
      frame.run,
      name,
      builtin,
      values.map((value) => value(frame)),
    )
}

/** `target.name(…)`: a function of a context. Without one the evaluation fails, as in Camunda. */
export function memberCallCode(target: Code, name: string, args: ArgumentCodes): Code {
  return (frame) => {
    frame.run.step()
    const context = target(frame)
    if (!(context instanceof FeelContext)) throw new CallFailure(`Expected context but found '${describe(context)}'`)
    const member = context.functions?.get(name)
    if (member === undefined || !fits(member, args)) throw new CallFailure(missingMessage(name, args))
    return invoke(frame, member, args)
  }
}

/** A call of a member that is not there. It makes the evaluation fail where it is the result or compared; else it is null. */
export class CallFailure extends FeelEvaluationError {}

/** True if a `CallFailure` leaves the node. */
function mayFail(node: Node): boolean {
  switch (node.kind) {
    case 'call':
      return node.target !== null
    case 'path':
      return mayFail(node.target)
    case 'comparison':
      return mayFail(node.left) || mayFail(node.right)
    case 'in':
    case 'instance':
      return mayFail(node.operand)
    default:
      return false
  }
}

/** The code with a failed call of a member as null, with a warning. */
export function lenient(node: Node, code: Code): Code {
  if (!mayFail(node)) return code
  return (frame) => {
    try {
      return code(frame)
    } catch (error) {
      if (error instanceof CallFailure) return frame.run.warn('NO_FUNCTION_FOUND', error.message)
      throw error
    }
  }
}

function fits(callee: FeelFunction, args: ArgumentCodes): boolean {
  if (args.kind === 'positional') return args.values.length === callee.parameters.length
  return args.values.every(({ name }) => callee.parameters.includes(name))
}

function invoke(frame: Frame, callee: FeelFunction, args: ArgumentCodes): FeelValue {
  const given = argumentsOf(frame, callee, args)
  frame.run.enter()
  try {
    return callee.call(given)
  } finally {
    frame.run.leave()
  }
}

function argumentsOf(frame: Frame, callee: FeelFunction, args: ArgumentCodes): FeelValue[] {
  if (args.kind === 'positional') return args.values.map((value) => value(frame))
  const given = new Map(args.values.map((argument) => [argument.name, argument.value(frame)]))
  return callee.parameters.map((key) => given.get(key) ?? null)
}
