/**
 * Scenarios of a run share one engine, so the names that an engine shares between processes (process ids, job types, message and
 * signal names, decision and form ids) get a suffix of their scenario. A scenario writes plain names; inside of a FEEL text it
 * writes `~` where the suffix is to stand.
 */
export class Names {
  readonly suffix: string

  /** @param suffix letters, digits and `_` */
  constructor(suffix: string) {
    this.suffix = suffix
  }

  /** A name as the engine knows it. */
  own(name: string): string {
    return name.includes('~') ? name.replaceAll('~', this.suffix) : name + this.suffix
  }

  /** A file's content with the names as the engine knows them. */
  file(content: string): string {
    return SHARED.reduce(
      (text, pattern) =>
        text.replace(pattern, (all: string, before: string, name: string, after: string) =>
          name.startsWith('=') || name.includes('~') ? all : `${before}${name}${this.suffix}${after}`,
        ),
      content,
    ).replaceAll('~', this.suffix)
  }

  /** Whether a name is of this scenario. */
  isOwn = (name: string): boolean => name.endsWith(this.suffix)

  /** A value with plain names, and with keys in its texts replaced by `KEY`. */
  plain<T>(value: T): T {
    const text = JSON.stringify(value, (_name, part: unknown) =>
      typeof part === 'string' ? part.replaceAll(this.suffix, '').replaceAll(KEY, 'KEY') : part,
    )
    return JSON.parse(text.replaceAll(this.suffix, '')) as T
  }
}

/** JSON with the members of objects in order of their names: engines keep them in different ones. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/** Keys of partition 1 have 16 digits. */
const KEY = /(?<![\d.])\d{16}(?![\d.])/g

const shared = (element: string, attribute: string) =>
  new RegExp(`(<${element}\\s(?:[^>]*\\s)?${attribute}=")([^"]*)(")`, 'g')

/** Where such names stand in files. */
const SHARED: readonly RegExp[] = [
  shared('bpmn:process', 'id'),
  shared('bpmn:message', 'name'),
  shared('bpmn:signal', 'name'),
  shared('zeebe:calledElement', 'processId'),
  shared('zeebe:calledDecision', 'decisionId'),
  shared('zeebe:formDefinition', 'formId'),
  shared('zeebe:(?:taskDefinition|executionListener|taskListener)', 'type'),
  shared('(?:definitions|decision)', 'id'),
  // A required decision names it by reference.
  /(<requiredDecision href="#)([^"]*)(")/g,
  // The form's own id stands first.
  /(^\{"id":")([^"]*)(")/g,
]
