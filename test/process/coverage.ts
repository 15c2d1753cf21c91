import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { projectRoot } from '../support/process-driver.ts'
import type { ProcessCoverage } from '../support/process-view.ts'

const nodesSeen = new Set<string>()
const flowsSeen = new Set<string>()

/** Adds what one test went through to what the tests of this file went through. */
export function recordCoverage({ nodes, flows }: ProcessCoverage): void {
  for (const { processId, elementId } of nodes) nodesSeen.add(`${processId}/${elementId}`)
  for (const { processId, elementId } of flows) flowsSeen.add(`${processId}/${elementId}`)
}

/** Prints how much of a diagram the tests of this file went through, and demands all of it. Call it in the file's last test. */
export async function expectFullCoverage(processId: string): Promise<void> {
  const xml = await readFile(join(projectRoot, 'bpmn', `${processId}.bpmn`), 'utf8')
  const flows = idsOf(xml, 'sequenceFlow')
  const nodes = idsOf(
    xml,
    'startEvent|endEvent|boundaryEvent|intermediateCatchEvent|intermediateThrowEvent|(?:user|service|businessRule|script|send|receive|manual)Task|callActivity|subProcess|(?:exclusive|parallel|inclusive|eventBased)Gateway',
  )
  const missedNodes = nodes.filter((id) => !nodesSeen.has(`${processId}/${id}`))
  const missedFlows = flows.filter((id) => !flowsSeen.has(`${processId}/${id}`) && !isEventSeen(xml, processId, id))
  const share = (all: string[], missed: string[]) => `${all.length - missed.length}/${all.length}`
  console.info(`${processId}: flow nodes ${share(nodes, missedNodes)}, sequence flows ${share(flows, missedFlows)}`)
  expect({ missedNodes, missedFlows }).toEqual({ missedNodes: [], missedFlows: [] })
  expect(nodes.length).toBeGreaterThan(0)
  expect(flows.length).toBeGreaterThan(0)
}

/** As on Camunda, a flow from an event-based gateway is not taken: its event happens instead. */
function isEventSeen(xml: string, processId: string, flowId: string): boolean {
  const [, sourceId, targetId] =
    new RegExp(`<bpmn:sequenceFlow id="${flowId}"[^>]* sourceRef="([^"]+)" targetRef="([^"]+)"`).exec(xml) ?? []
  return idsOf(xml, 'eventBasedGateway').includes(sourceId ?? '') && nodesSeen.has(`${processId}/${targetId}`)
}

function idsOf(xml: string, tags: string): string[] {
  return [...xml.matchAll(new RegExp(`<bpmn:(?:${tags}) [^>]*?\\bid="([^"]+)"`, 'g'))].map(
    (match) => match[1] as string,
  )
}
