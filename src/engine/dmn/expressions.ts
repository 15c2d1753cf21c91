/** Literal expressions of a DMN file, compiled; a text that is no FEEL is refused with the element's id. */
import { type CompiledUnaryTests, compileExpression, compileUnaryTests, FeelSyntaxError } from '../feel/index.ts'
import { DmnError } from './errors.ts'
import type { Logic } from './model.ts'
import { type DmnElement, idOf, textOf } from './xml.ts'

/** Compiles a literal expression. @throws DmnError */
export function compileLiteral(element: DmnElement | undefined, owner: string): Logic {
  const id = element === undefined ? owner : (idOf(element) ?? owner)
  if (element === undefined) throw new DmnError(owner, `Element '${owner}' has no expression`)
  checkLanguage(element, id)
  const source = textOf(element, 'text')
  if (source === undefined || source.trim() === '')
    throw new DmnError(id, `Element '${id}' has an empty expression; write a FEEL expression (null for no value)`)
  const expression = compiling(id, 'FEEL expression', () => compileExpression(source))
  return ({ scope, options, warnings }) => {
    const result = expression.evaluate(scope, options)
    for (const warning of result.warnings) warnings.push(warning)
    return result.feel
  }
}

/** Compiles an input entry; an empty one accepts everything. @throws DmnError */
export function compileInputEntry(element: DmnElement, owner: string): CompiledUnaryTests {
  const id = idOf(element) ?? owner
  checkLanguage(element, id)
  const source = textOf(element, 'text')?.trim() ?? ''
  return compiling(id, 'FEEL unary-tests', () => compileUnaryTests(source === '' ? '-' : source))
}

function compiling<T>(id: string, kind: string, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    if (error instanceof FeelSyntaxError) throw new DmnError(id, `Element '${id}': ${kind}: ${error.message}`)
    throw error
  }
}

function checkLanguage(element: DmnElement, id: string): void {
  const language = textOf(element, 'expressionLanguage')
  if (language !== undefined && !/feel/i.test(language))
    throw new DmnError(id, `Element '${id}': Expression language '${language}' is not supported; use FEEL`)
}
