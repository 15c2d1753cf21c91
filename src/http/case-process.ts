import type { Clock } from '../calendar/index.ts'
import type { ElementInstance, Orchestration, ProcessInstance } from '../orchestration/orchestration.ts'
import type { NodeEntryView } from '../supervision/index.ts'
import { type DeadlineState, deadlineState } from './deadline-state.ts'

/** How an element of a diagram stands in one process instance. */
export interface ElementState {
  elementId: string
  active: number
  completed: number
  incident: boolean
  /** Of the open activity that is nearest its date. */
  deadline: (DeadlineState & { dueAt: string }) | null
}

export interface InstanceState {
  processInstanceKey: string
  processDefinitionKey: string
  processDefinitionId: string
  name: string
  state: string
  startedAt: string
  endedAt: string | null
  parentProcessInstanceKey: string | null
  /** The call activity in the parent's diagram; null for the root. */
  calledBy: string | null
  elements: ElementState[]
  incidents: { elementId: string; message: string; createdAt: string }[]
}

/** Everything that the live diagram of a case shows: its process and all that it called, root first, and their diagrams. */
export interface CaseProcess {
  instances: InstanceState[]
  definitions: Record<string, { processDefinitionId: string; xml: string }>
}

/** Reads where a case stands from the engine and marks what the node register knows to be near or past its date. */
export async function caseProcess(
  orchestration: Orchestration,
  rootProcessInstanceKey: string,
  nodeEntries: NodeEntryView[],
  clock: Clock,
): Promise<CaseProcess> {
  const tree = await orchestration.getProcessTree(rootProcessInstanceKey)
  const keys = tree.map(({ processInstanceKey }) => processInstanceKey)
  const [elements, incidents, definitions] = await Promise.all([
    Promise.all(keys.map((processInstanceKey) => orchestration.searchElementInstances({ processInstanceKey }))),
    orchestration.searchIncidents({ processInstanceKeys: keys, state: 'ACTIVE' }),
    definitionsOf(orchestration, tree),
  ])
  const elementOf = new Map(elements.flat().map((element) => [element.elementInstanceKey, element.elementId]))
  const open = nodeEntries.filter(({ finishedAt }) => finishedAt === null)
  return {
    instances: tree.map((instance, index) => ({
      processInstanceKey: instance.processInstanceKey,
      processDefinitionKey: instance.processDefinitionKey,
      processDefinitionId: instance.processDefinitionId,
      name: instance.processDefinitionName ?? instance.processDefinitionId,
      state: instance.state,
      startedAt: instance.startedAt,
      endedAt: instance.endedAt,
      parentProcessInstanceKey: instance.parentProcessInstanceKey,
      calledBy: elementOf.get(instance.parentElementInstanceKey ?? '') ?? null,
      elements: elementStates(elements[index] ?? [], open, clock),
      incidents: incidents
        .filter(({ processInstanceKey }) => processInstanceKey === instance.processInstanceKey)
        .map(({ elementId, errorMessage, createdAt }) => ({ elementId, message: errorMessage, createdAt })),
    })),
    definitions,
  }
}

async function definitionsOf(
  orchestration: Orchestration,
  tree: ProcessInstance[],
): Promise<CaseProcess['definitions']> {
  const idOfKey = new Map(tree.map((instance) => [instance.processDefinitionKey, instance.processDefinitionId]))
  const entries = await Promise.all(
    [...idOfKey].map(async ([key, processDefinitionId]) => {
      const xml = await orchestration.getProcessDefinitionXml(key)
      return [key, { processDefinitionId, xml }] as const
    }),
  )
  return Object.fromEntries(entries)
}

function elementStates(elements: ElementInstance[], open: NodeEntryView[], clock: Clock): ElementState[] {
  const states = new Map<string, ElementState>()
  for (const element of elements) {
    const { elementId } = element
    const state = states.get(elementId) ?? { elementId, active: 0, completed: 0, incident: false, deadline: null }
    if (element.state === 'ACTIVE') {
      state.active++
      const entry = open
        .filter((candidate) => candidate.elementId === elementId)
        .toSorted((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))[0]
      const deadline = entry && deadlineState(entry.dueAt, entry.remindAt, clock)
      if (entry && deadline) state.deadline = { ...deadline, dueAt: entry.dueAt }
    }
    if (element.state === 'COMPLETED') state.completed++
    state.incident ||= element.incident
    states.set(elementId, state)
  }
  return [...states.values()]
}
