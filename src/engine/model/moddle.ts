import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { BpmnModdle } from 'bpmn-moddle'

/** An element as bpmn-moddle gives it; properties are read through the functions below, which check them. */
export interface XmlElement {
  readonly $type: string
  readonly id?: string
  readonly name?: string
  readonly [property: string]: unknown
}

interface ModdleReader {
  fromXML(xml: string): Promise<{
    rootElement: XmlElement
    warnings: { message: string; element?: XmlElement }[]
  }>
}

const require = createRequire(import.meta.url)
let reader: ModdleReader | undefined

/** Raised when a text is not BPMN at all. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

/**
 * Reads BPMN XML into elements.
 * @throws {XmlError} when it is not well-formed, has unresolved references, or is not a BPMN file
 */
export async function readXml(xml: string): Promise<XmlElement> {
  if (/<!DOCTYPE/i.test(xml)) throw new XmlError('a document type declaration is not allowed')
  reader ??= new BpmnModdle({
    zeebe: JSON.parse(readFileSync(require.resolve('zeebe-bpmn-moddle/resources/zeebe.json'), 'utf8')),
  }) as unknown as ModdleReader
  let result: Awaited<ReturnType<ModdleReader['fromXML']>>
  try {
    result = await reader.fromXML(xml)
  } catch (error) {
    throw new XmlError(error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error))
  }
  // Diagram interchange may point anywhere; it is not executed.
  const problem = result.warnings.find(({ message }) => !/bpmndi:|dc:|di:|<bpmnElement>/.test(message))
  if (problem !== undefined)
    throw new XmlError(`${problem.element?.id ? `${problem.element.id}: ` : ''}${problem.message.replace(/\s+/g, ' ')}`)
  return result.rootElement
}

/** A child element, or none. */
export function child(element: XmlElement, property: string): XmlElement | undefined {
  const value = element[property]
  return typeof value === 'object' && value !== null ? (value as XmlElement) : undefined
}

/** Child elements; an empty list when there are none. */
export function children(element: XmlElement, property: string): readonly XmlElement[] {
  const value = element[property]
  return Array.isArray(value) ? (value as XmlElement[]) : []
}

/** A text attribute, or none; empty text counts as none. */
export function text(element: XmlElement | undefined, property: string): string | undefined {
  const value = element?.[property]
  if (typeof value === 'string') return value.trim() === '' ? undefined : value
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value)
}

/** A boolean attribute, with what an absent one means. */
export function flag(element: XmlElement | undefined, property: string, absent: boolean): boolean {
  const value = element?.[property]
  return typeof value === 'boolean' ? value : absent
}

/** Extension elements of an element. */
export function extensions(element: XmlElement): readonly XmlElement[] {
  const container = child(element, 'extensionElements')
  return container === undefined ? [] : children(container, 'values')
}

/** The extension element of a type, e.g. `zeebe:TaskDefinition`. */
export function extension(element: XmlElement, type: string): XmlElement | undefined {
  return extensions(element).find((candidate) => candidate.$type === type)
}
