import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { readDefinitions } from '../../scripts/layout/bpmn-file.ts'
import { layout } from '../../scripts/layout/layout.ts'
import { extension, mappingsOf, propertiesOf } from '../../scripts/lint-bpmn/diagram.ts'
import { type Diagram, readDiagrams } from '../../scripts/lint-bpmn/index.ts'
import { parseBpmn } from '../../src/engine/model/parse-bpmn.ts'
import { nodes as procedureNodes } from '../../src/procedure/nodes.ts'

const root = new URL('../../', import.meta.url).pathname
const files = readdirSync(`${root}bpmn`).filter((file) => file.endsWith('.bpmn'))

let diagrams: Map<string, Diagram>
beforeAll(async () => {
  diagrams = new Map((await readDiagrams(root)).map((diagram) => [diagram.process.id, diagram]))
})

const diagram = (id: string): Diagram => {
  const found = diagrams.get(id)
  if (found === undefined) throw new Error(`no diagram ${id}`)
  return found
}
const node = (process: string, id: string) => {
  const found = diagram(process).nodes.find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(`${process} has no ${id}`)
  return found
}
/** Where a flow leads from an element, by the answer on it. */
const ways = (process: string, id: string): Record<string, string> =>
  Object.fromEntries(
    diagram(process)
      .flows.filter((flow) => flow.sourceRef.id === id)
      .map((flow) => [flow.name ?? '', flow.targetRef.id]),
  )

describe.each(files)('%s', (file) => {
  test('is accepted by the embedded engine', async () => {
    const [model] = await parseBpmn(readFileSync(`${root}bpmn/${file}`, 'utf8'))
    expect(model).toBeDefined()
  })

  test('laying it out changes its drawing only, and always in the same way', async () => {
    const xml = readFileSync(`${root}bpmn/${file}`, 'utf8')
    const again = await layout(xml, file)
    const meaning = (source: string) => source.replace(/<bpmndi:BPMNDiagram[\s\S]*<\/bpmndi:BPMNDiagram>/, '')
    expect(meaning(again)).toBe(meaning(xml))
    const drawn = await layout(again, file)
    expect(drawn).toBe(again)
    await expect(readDefinitions(drawn, file)).resolves.toBeDefined()
  })

  test('has a picture in the documentation', () => {
    expect(existsSync(`${root}docs/diagrams/${file.replace('.bpmn', '.svg')}`)).toBe(true)
  })
})

test('a called process gets the case, and hands back only what its caller asks for', () => {
  const calls = [...diagrams.values()].flatMap(({ nodes }) =>
    nodes.filter(({ $type }) => $type === 'bpmn:CallActivity'),
  )
  expect(calls.length).toBeGreaterThan(15)
  for (const call of calls) {
    expect(
      mappingsOf(call, 'input').map(({ target }) => target),
      call.id,
    ).toEqual(expect.arrayContaining(['caseId', 'caseNumber']))
  }
})

test('every node of the register is watched by some diagram', () => {
  const watched = new Set(
    [...diagrams.values()].flatMap(({ nodes }) => nodes.flatMap((element) => propertiesOf(element).get('node') ?? [])),
  )
  expect([...watched].sort()).toEqual(Object.keys(procedureNodes).sort())
})

describe('reception (Arts. 4–10)', () => {
  test('only papers filed at the window are transferred; both channels are verified', () => {
    expect(ways('initial-reception', 'channelGateway')).toEqual({ 线下: 'receiveMaterials', 线上: 'materialsReceived' })
    expect(ways('initial-reception', 'materialsReceived')).toEqual({ '': 'verifyAndReceive' })
  })

  test('an error goes back to the filing clerk and is checked again', () => {
    expect(ways('initial-reception', 'filingGateway')).toEqual({ 无差错: 'receiveApplicant', 有差错: 'correctFiling' })
    expect(ways('initial-reception', 'correctFiling')).toEqual({ '': 'applyCorrection' })
    expect(ways('initial-reception', 'applyCorrection')).toEqual({ '': 'checkAgain' })
    expect(extension(node('initial-reception', 'correctFiling'), 'zeebe:AssignmentDefinition')?.candidateGroups).toBe(
      'filing-clerk',
    )
  })

  test('a case that was not received gets its statement; both papers enter the dossier', () => {
    expect(ways('initial-reception', 'heldGateway')).toEqual({ 已接待: 'renderTranscript', 未接待: 'renderStatement' })
    expect(ways('initial-reception', 'signTranscript')).toEqual(ways('initial-reception', 'signStatement'))
    expect(ways('initial-reception', 'recordSigned')).toEqual({ '': 'enterDossier' })
  })
})

describe('triage (Arts. 14–16)', () => {
  test('clues go back to property control before the team is decided', () => {
    expect(ways('case-triage', 'cluesGateway')).toEqual({ 需要: 'supplementSearch', 不需要: 'collectFacts' })
    expect(mappingsOf(node('case-triage', 'supplementSearch'), 'input')).toContainEqual({
      source: '="supplement"',
      target: 'mode',
    })
  })

  test('a team may send the case back', () => {
    expect(ways('case-triage', 'acceptedGateway')).toEqual({ 退回: 'decideAgain', 接收: 'assignCase' })
  })
})

describe('supervision (Arts. 13 and 25)', () => {
  test('every answer of the review has its way', () => {
    expect(ways('overdue-supervision', 'actionGateway')).toEqual({
      提醒: 'sendReminder',
      已延期: 'extensionGateway',
      只统计: 'overdueRecorded',
      已办结: 'nodeFinished',
      督办: 'escalationLadder',
    })
  })

  test('a node that ends while its new date is awaited ends the waiting', () => {
    const targets = diagram('overdue-supervision')
      .flows.filter((flow) => flow.sourceRef.id === 'extensionGateway')
      .map((flow) => flow.targetRef.id)
    expect(targets.sort()).toEqual(['newDueDate', 'nodeFinishedInTime'])
  })

  test('every rung ends with a fresh review, and climbing stops when nothing is left to escalate', () => {
    const closing = diagram('overdue-supervision')
      .flows.filter((flow) => flow.targetRef.id === 'rungClosing')
      .map((flow) => flow.sourceRef.id)
    expect(closing.sort()).toEqual(['awaitHandling', 'extendDeadline', 'superviseNodeDue'])
    expect(ways('overdue-supervision', 'rungClosing')).toEqual({ '': 'reviewAfterRung' })
    expect(node('overdue-supervision', 'climbLadder').loopCharacteristics.completionCondition.body).toBe(
      '=review.action != "escalate"',
    )
  })
})

test('the picture of the dossier: image and paper side by side within the fifteen days (Art. 26)', () => {
  const convert = node('dossier-archive', 'convertDossier')
  expect(mappingsOf(convert, 'input').slice(0, 2)).toEqual([
    { source: '="archive.image"', target: 'deadlineKey' },
    { source: '=closedAt', target: 'deadlineFrom' },
  ])
  const forked = diagram('dossier-archive')
    .flows.filter((flow) => flow.sourceRef.id === 'conversionFork')
    .map((flow) => flow.targetRef.id)
  expect(forked.sort()).toEqual(['renderCatalogue', 'reviewDossier'])
})
