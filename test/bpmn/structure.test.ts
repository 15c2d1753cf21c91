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

/** Key and start of the deadline that an activity asks for. */
const deadlineOf = (process: string, id: string): string[] =>
  mappingsOf(node(process, id), 'input')
    .slice(0, 2)
    .map(({ source }) => source)

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

  test('transcript and statement are signed within the same time: the day of filing, or five working days (Art. 9)', () => {
    expect(deadlineOf('initial-reception', 'signTranscript')).toEqual([
      '=if channel = "online" then "transcript.signature" else "reception.offline"',
      '=if channel = "online" then receivedAt else filedAt',
    ])
    expect(deadlineOf('initial-reception', 'signStatement')).toEqual(deadlineOf('initial-reception', 'signTranscript'))
  })
})

describe('triage (Arts. 14–16)', () => {
  test('clues go back to property control before the team is decided', () => {
    expect(ways('case-triage', 'cluesGateway')).toEqual({ 需要: 'supplementSearch', 不需要: 'collectFacts' })
    expect(mappingsOf(node('case-triage', 'supplementSearch'), 'input')).toContainEqual({
      source: '="supplement"',
      target: 'mode',
    })
    expect(mappingsOf(node('case-triage', 'supplementSearch'), 'input')).toContainEqual({
      source: '=preliminaryReview.clues',
      target: 'clues',
    })
  })

  test('follows the first feedback, not the service of the notice; the team begins after both (Art. 16)', () => {
    expect(ways('enforcement-case', 'searchProperty')).toEqual({ '': 'triageCase' })
    expect(ways('enforcement-case', 'triageCase')).toEqual({ '': 'noticeAndTriageJoin' })
    expect(ways('enforcement-case', 'serveNotice')).toEqual({ '': 'noticeAndTriageJoin' })
    expect(ways('enforcement-case', 'noticeAndTriageJoin')).toEqual({ '': 'teamPhase' })
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

describe('archive (Art. 26)', () => {
  test('the handler reviews first; what he finds incomplete is supplemented, counted and reviewed again', () => {
    expect(ways('dossier-archive', 'checkDossier')).toEqual({ '': 'reviewDossier' })
    expect(ways('dossier-archive', 'dossierGateway')).toEqual({ 不完整: 'supplementDossier', 完整: 'conversionFork' })
    expect(ways('dossier-archive', 'supplementDossier')).toEqual({ '': 'checkDossierAgain' })
    expect(ways('dossier-archive', 'checkDossierAgain')).toEqual({ '': 'checkDossier' })
  })

  test('image and paper are made side by side from the reviewed dossier', () => {
    const forked = diagram('dossier-archive')
      .flows.filter((flow) => flow.sourceRef.id === 'conversionFork')
      .map((flow) => flow.targetRef.id)
    expect(forked.sort()).toEqual(['bindPaper', 'renderCatalogue'])
  })

  test('fifteen days run from the closing; after a return, a term of its own runs from the return', () => {
    expect(deadlineOf('dossier-archive', 'convertDossier')).toEqual([
      '=if archiveReturnedAt != null then "archive.resubmit" else "archive.image"',
      '=if archiveReturnedAt != null then archiveReturnedAt else closedAt',
    ])
  })
})

test('a task that is visited again starts without the earlier answer', () => {
  const fresh = [...diagrams.values()].flatMap(({ nodes }) =>
    nodes.flatMap((element) => {
      const inputs = mappingsOf(element, 'input').filter(({ source }) => source === '={}')
      return inputs.map(({ target }) => `${element.id} ${target}`)
    }),
  )
  expect(fresh.sort()).toEqual([
    'approveClosing closingApproval',
    'bindPaper binding',
    'receiveCase receipt',
    'reviewArchive archiveReview',
    'reviewCase preliminaryReview',
    'reviewDossier dossierReview',
    'signStatement signing',
    'signTranscript signing',
    'submitArchive archiveSubmission',
    'superviseNode supervisionDecision',
    'supplementDossier dossierSupplement',
  ])
  for (const entry of fresh) {
    const [id, variable] = entry.split(' ')
    const task = [...diagrams.values()].flatMap(({ nodes }) => nodes).find((element) => element.id === id)
    expect(mappingsOf(task!, 'output'), id).toContainEqual({ source: `=${variable}`, target: variable })
  }
})
