/** A line of the path with what decides on which others its place depends. */
export interface TraceEvent {
  readonly line: string
  /** Instance that it is about; none for a sequence flow. */
  readonly key: number | undefined
  readonly scopeKey: number
  /** The scopes around it, innermost first. */
  readonly ancestors: readonly number[]
  readonly elementId: string
  readonly elementType: string
  readonly state: string
}

/** Which elements follow each other: `a b` for a flow, a boundary event and its activity, a flow and its ends. */
export type Neighbours = ReadonlySet<string>

/** Reads from diagrams which elements follow each other. */
export function readNeighbours(xmls: readonly string[]): Neighbours {
  const pairs = new Set<string>()
  const add = (...ids: (string | undefined)[]) => {
    for (const a of ids) for (const b of ids) if (a !== b) pairs.add(`${a} ${b}`)
  }
  const attribute = (tag: string, name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  for (const xml of xmls)
    for (const [tag] of xml.matchAll(/<bpmn:(sequenceFlow|boundaryEvent|association)\s[^>]*>/g))
      add(
        attribute(tag, 'id'),
        attribute(tag, 'sourceRef') ?? attribute(tag, 'attachedToRef'),
        attribute(tag, 'targetRef'),
      )
  return pairs
}

/**
 * The path in normal form. Parallel branches may advance in any order; what depends on each other keeps its order: states of
 * one instance, a scope and what is in it, elements joined by a flow, instances of one element, what an event interrupts.
 * Of all orders that keep this the alphabetically first is taken.
 */
export function normalForm(events: readonly TraceEvent[], neighbours: Neighbours): string[] {
  const rest = [...events]
  const result: string[] = []
  while (rest.length > 0) {
    let next = 0
    for (let i = 1; i < rest.length; i += 1) {
      const candidate = rest[i]!
      if (candidate.line >= rest[next]!.line) continue
      if (!rest.slice(0, i).some((earlier) => depends(earlier, candidate, neighbours))) next = i
    }
    // The first of all is always free, and what was chosen was free of everything before it.
    result.push(...rest.splice(next, 1).map(({ line }) => line))
  }
  return result
}

const HAND_OVER = new Set(['INTERMEDIATE_THROW_EVENT', 'INTERMEDIATE_CATCH_EVENT'])

function depends(a: TraceEvent, b: TraceEvent, neighbours: Neighbours): boolean {
  if (a.key !== undefined && (a.key === b.key || b.ancestors.includes(a.key))) return true
  if (b.key !== undefined && a.ancestors.includes(b.key)) return true
  if (a.scopeKey !== b.scopeKey) return false
  if (a.elementId === b.elementId || neighbours.has(`${a.elementId} ${b.elementId}`)) return true
  if (HAND_OVER.has(a.elementType) && HAND_OVER.has(b.elementType)) return true
  return interrupts(a, b) || interrupts(b, a)
}

/** Whether `a` may end what `b` is about. */
function interrupts(a: TraceEvent, b: TraceEvent): boolean {
  return a.elementType === 'EVENT_SUB_PROCESS' || (a.elementType === 'END_EVENT' && b.state === 'terminated')
}
