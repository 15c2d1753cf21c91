/** DMN XML as elements with checked access. */
import { DmnModdle } from 'dmn-moddle'
import { DmnError } from './errors.ts'

/** An element as dmn-moddle gives it; its properties are read through the functions below, which check them. */
export interface DmnElement {
  readonly $type: string
  readonly [property: string]: unknown
}

let reader: DmnModdle | undefined

/** DMN 1.1 to 1.5 differ in the namespace; what the engine evaluates has the same elements. */
const NAMESPACES: readonly (readonly [RegExp, string])[] = [
  [/https?:\/\/www\.omg\.org\/spec\/DMN\/\d{8}\/(MODEL\/|dmn\.xsd)/g, 'https://www.omg.org/spec/DMN/20191111/MODEL/'],
  [/https?:\/\/www\.omg\.org\/spec\/DMN\/\d{8}\/DMNDI\//g, 'https://www.omg.org/spec/DMN/20191111/DMNDI/'],
]

/** Reads DMN XML. @throws DmnError when it is not well-formed or no DMN file */
export async function readDmnXml(xml: string): Promise<DmnElement> {
  if (/<!DOCTYPE/i.test(xml)) throw new DmnError(undefined, 'A document type declaration is not allowed')
  const normalized = NAMESPACES.reduce((text, [pattern, uri]) => text.replace(pattern, uri), xml)
  reader ??= new DmnModdle()
  let result: Awaited<ReturnType<DmnModdle['fromXML']>>
  try {
    result = await reader.fromXML(normalized)
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error)
    throw new DmnError(undefined, `The file is no DMN: ${reason}`)
  }
  // Elements that the library does not know are passed over here; a decision without known logic is refused later.
  const malformed = result.warnings.find(
    ({ message }) => /nested error/.test(message) && !/unknown|unrecognized/.test(message),
  )
  if (malformed !== undefined)
    throw new DmnError(undefined, `The file is not well-formed XML: ${malformed.message.replace(/\s+/g, ' ')}`)
  return result.rootElement
}

/** A text property; undefined where absent. */
export function textOf(element: DmnElement, property: string): string | undefined {
  const value = element[property]
  return typeof value === 'string' ? value : undefined
}

/** The id; undefined where absent or empty. */
export const idOf = (element: DmnElement): string | undefined => textOf(element, 'id') || undefined

const isElement = (value: unknown): value is DmnElement =>
  typeof value === 'object' && value !== null && '$type' in value && typeof value.$type === 'string'

/** A child element; undefined where absent. */
export function childOf(element: DmnElement, property: string): DmnElement | undefined {
  const value = element[property]
  return isElement(value) ? value : undefined
}

/** Child elements; empty where absent. */
export function childrenOf(element: DmnElement, property: string): DmnElement[] {
  const value = element[property]
  return Array.isArray(value) ? value.filter(isElement) : []
}
