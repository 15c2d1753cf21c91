import type { Command } from '../protocol/commands.ts'
import { MAX_COMMAND_DEPTH, MAX_COMMAND_SIZE, MAX_COMMAND_VARIABLES } from '../protocol/limits.ts'
import { CommandRejection } from '../protocol/rejections.ts'

/**
 * Checks what a caller inside the process could get wrong, and what would take the others' time: size, depth, numbers
 * that are none, values that JSON does not know. Files are checked where they are read.
 * @throws {CommandRejection} INVALID_ARGUMENT naming the field
 */
export function checkLimits(command: Command): void {
  if (command.type === 'DeployResources') return
  let size = 0
  for (const [field, value] of Object.entries(command)) {
    const problem = (reason: string) =>
      new CommandRejection('INVALID_ARGUMENT', command.type, `Expected ${field} ${reason}`)
    if (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER))
      throw problem(`to be a number up to 2^53, but it was ${value}`)
    if (field === 'variables' && isObject(value)) checkVariables(value, problem)
    size += sizeOf(value, 1, problem)
    if (size > MAX_COMMAND_SIZE)
      throw problem(
        `and the other fields to have at most ${MAX_COMMAND_SIZE} characters of JSON: keep large data elsewhere`,
      )
  }
}

type Problem = (reason: string) => CommandRejection

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function checkVariables(variables: Record<string, unknown>, problem: Problem): void {
  const names = Object.keys(variables)
  if (names.length > MAX_COMMAND_VARIABLES)
    throw problem(`to be at most ${MAX_COMMAND_VARIABLES} at a time, but they were ${names.length}`)
  for (const name of names)
    if (variables[name] === undefined) throw problem(`to hold a value for '${name}', but it was undefined: use null`)
}

/** Characters of JSON that a value has at the least. @throws {CommandRejection} when it is none, or too deep */
function sizeOf(value: unknown, depth: number, problem: Problem): number {
  switch (typeof value) {
    case 'string':
      return value.length + 2
    case 'bigint':
    case 'function':
    case 'symbol':
      throw problem(`to hold values of JSON only, but there is a ${typeof value}`)
    case 'number':
      return Math.abs(value) >= 10 && Math.abs(value) < 1e21 ? Math.floor(Math.log10(Math.abs(value))) + 1 : 1
    case 'object':
      break
    default:
      return 4
  }
  // What writes itself as JSON (a date) is not looked into.
  if (value === null || ('toJSON' in value && typeof value.toJSON === 'function')) return 4
  if (depth > MAX_COMMAND_DEPTH)
    throw problem(`to nest lists and objects at most ${MAX_COMMAND_DEPTH} deep, but it is deeper or holds itself`)
  let size = 2
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item, depth + 1, problem) + 1
  else for (const [name, item] of Object.entries(value)) size += name.length + 3 + sizeOf(item, depth + 1, problem)
  // What holds itself many times would never end: its size is bounded before its depth.
  if (size > MAX_COMMAND_SIZE)
    throw problem(`to have at most ${MAX_COMMAND_SIZE} characters of JSON: keep large data elsewhere`)
  return size
}
