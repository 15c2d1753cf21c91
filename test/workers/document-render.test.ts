import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CaseFilingInput } from '../../src/cases/index.ts'
import {
  createDocuments,
  createRenderer,
  type DocumentKindCode,
  type Documents,
  type Renderer,
} from '../../src/documents/index.ts'
import { createDossier } from '../../src/dossier/index.ts'
import { documentRenderWorker } from '../../workers/affairs/document-render.ts'
import { templatesDirectory, temporaryDirectory, textOf } from '../documents/support.ts'
import { openTestDatabase } from '../support/database.ts'
import { complete, courtOf, deliver, expectIncident, fileCase, unknownCase } from './court-case.ts'

const { prisma } = await openTestDatabase()
const { cases, clock } = courtOf(prisma)
const dossier = createDossier({ prisma, clock })

let renderer: Renderer
let documents: Documents
let render: ReturnType<typeof documentRenderWorker>

beforeAll(async () => {
  renderer = createRenderer({
    templatesDirectory,
    cacheDirectory: await temporaryDirectory('documents'),
    court: { name: '清丰县人民法院' },
  })
  documents = createDocuments({ prisma, clock, renderer })
  render = documentRenderWorker({
    cases,
    dossier,
    documents,
    clock,
    displayName: async (username) => ({ reception1: '乙接待一', triage1: '丁分流一' })[username] ?? username,
  })
})

afterAll(() => renderer.close())

/** The entry of a reception with all seven items of Art. 7. */
const reception = {
  held: 'yes',
  mode: 'video',
  startedAt: '2026-03-02T09:10',
  endedAt: '2026-03-02T09:40',
  place: '执行初次接待窗口',
  interviewer: '乙接待一',
  recorder: '丙记录一',
  interviewee: '甲某一',
  recording: { made: 'yes', minutes: 27 },
  delivery: { address: '测试县模拟路1号', recipient: '甲某一', phone: '00000000001', electronic: 'no' },
  filingConfirmed: 'yes',
  respondent: { residence: '测试县虚构街2号', workplace: '', servedByPublication: 'unknown' },
  property: { mortgage: '无', clues: [{ kind: 'vehicle', content: '测试牌号小型轿车一辆' }] },
  requests: ['discredit'],
  auction: { provider: '网络拍卖平台（测试）', priceMethod: 'appraisal' },
  account: { payee: '甲某一', bank: '测试银行模拟支行', number: '000000000000001' },
  other: { riskInformed: 'yes', bankruptcyInformed: 'yes', terminationOpinion: 'disagree' },
  app: { installed: 'no' },
}

const triage = {
  triage: { team: 'fast', criteria: [{ team: 'fast', article: '15', wording: '执行标的为3万元以内的案件' }] },
  triageDecision: { team: 'complex', reason: '被执行人有房产待处置', completedBy: 'triage1' },
}
const closing = { closing: { mode: 'completed', facts: '案款 28000 元已全部发放', opinion: '符合执行完毕结案条件' } }

async function aCase(changes: Partial<CaseFilingInput> = {}) {
  const filed = await fileCase(cases, changes)
  await dossier.open(filed.caseId)
  return filed
}

/** A case that was received in this way. */
async function aReceivedCase(entry: object = reception) {
  const filed = await aCase()
  await cases.recordReception({ caseId: filed.caseId, reception: entry, elementInstanceKey: randomUUID() })
  return filed
}

async function rendered(caseId: string, documentKind: DocumentKindCode, variables: object = {}, key?: string) {
  const { documentId } = await complete(render, { caseId, documentKind, ...variables }, key)
  const document = await documents.read(String(documentId))
  if (!document) throw new Error('no document')
  return { ...document, text: await textOf(document.bytes) }
}

const catalogued = async (caseId: string) => (await dossier.entries(caseId)).map(({ kind, volume }) => [kind, volume])

describe('document.render 制作文书', () => {
  it('初次接待谈话笔录：七项内容完整、准确地记录（第七条）', async () => {
    const { caseId, caseNumber } = await aReceivedCase()
    const { text, kind, number } = await rendered(caseId, 'reception-transcript')

    expect([kind, number]).toEqual(['reception-transcript', null])
    for (const part of [
      caseNumber,
      '2026年3月2日',
      '视频连线',
      '27分钟',
      '测试县模拟路1号',
      '测试县虚构街2号',
      '测试牌号小型轿车一辆',
      '网络拍卖平台（测试）',
      '委托评估',
      '测试银行模拟支行',
      '000000000000001',
      '不同意',
      '未下载智慧执行APP',
    ]) {
      expect(text).toContain(part)
    }
    expect(text, '没有问清的，如实记为不清楚').toContain('不清楚')
  })

  it('需要签名的文书，签名件上传之前不入卷（第七条）', async () => {
    const { caseId } = await aReceivedCase()
    await rendered(caseId, 'reception-transcript')

    expect(await catalogued(caseId)).toEqual([])
  })

  it('未进行初次接待的说明：原因、联系经过和说明人（第六条）', async () => {
    const { caseId } = await aReceivedCase({
      held: 'no',
      notHeldReason: '申请执行人下落不明',
      contactAttempts: [{ at: '2026-03-02T10:05', manner: '电话', result: '无人接听' }],
      completedBy: 'reception1',
    })
    const { text } = await rendered(caseId, 'no-reception-statement')

    for (const part of ['申请执行人下落不明', '无人接听', '乙接待一']) expect(text).toContain(part)
  })

  it('执行通知书编号，随即编入正卷（第十一条、第十八条）', async () => {
    const { caseId, caseNumber } = await aCase()
    const { text, number } = await rendered(caseId, 'enforcement-notice')

    expect(number).toBe(`${caseNumber}之一`)
    for (const part of [`${caseNumber}之一`, '（2025）豫0922民初88号', '28000'])
      expect(text.replaceAll(',', '')).toContain(part)
    expect(await catalogued(caseId)).toEqual([['enforcement-notice', 'main']])
  })

  it('编号在一案之内连续（第十一条）', async () => {
    const { caseId, caseNumber } = await aCase()
    await rendered(caseId, 'enforcement-notice')

    expect((await rendered(caseId, 'enforcement-notice')).number).toBe(`${caseNumber}之二`)
  })

  it('案件分流移交单：标准、建议、决定和改变建议的理由，入副卷（第十四条至第十六条）', async () => {
    const { caseId } = await aCase()
    await cases.enterRegister({
      caseId,
      register: 'property-search',
      entry: { feedbackAt: '2026-03-04', found: 'no', results: [] },
      elementInstanceKey: randomUUID(),
    })
    const { text } = await rendered(caseId, 'triage-transfer-slip', triage)

    for (const part of ['执行标的为3万元以内的案件', '速执团队', '精执团队', '被执行人有房产待处置', '丁分流一']) {
      expect(text).toContain(part)
    }
    expect(await catalogued(caseId)).toEqual([['triage-transfer-slip', 'auxiliary']])
  })

  it('结案通知书：结案方式、理由和时间，入正卷', async () => {
    const { caseId } = await aCase()
    await cases.assign({ caseId, team: 'fast', handlingJudge: 'fast-judge1', handlingClerk: 'fast-clerk1' })
    clock.move('2026-05-11T16:30:00+08:00')
    await cases.close({ caseId, mode: 'completed' })
    const { text } = await rendered(caseId, 'closing-notice', closing)

    for (const part of ['执行完毕', '案款28000元已全部发放', '符合执行完毕结案条件']) expect(text).toContain(part)
    expect(await catalogued(caseId)).toEqual([['closing-notice', 'main']])
  })

  it('卷宗目录列出已入卷的材料，本身不入卷（第十八条、第二十六条）', async () => {
    const { caseId } = await aCase()
    await rendered(caseId, 'enforcement-notice')
    const { text } = await rendered(caseId, 'dossier-catalogue')

    expect(text).toContain('执行通知书')
    expect(await catalogued(caseId)).toEqual([['enforcement-notice', 'main']])
  })

  it('delivered twice, gives the same document and enters it once', async () => {
    const { caseId } = await aCase()
    const first = await rendered(caseId, 'enforcement-notice', {}, 'notice-twice')
    const second = await rendered(caseId, 'enforcement-notice', {}, 'notice-twice')

    expect([second.documentId, second.sha256]).toEqual([first.documentId, first.sha256])
    expect(await documents.list(caseId)).toHaveLength(1)
    expect(await catalogued(caseId)).toHaveLength(1)
  })

  it('delivered twice at once, gives one document too', async () => {
    const { caseId } = await aCase()
    const both = await Promise.all(
      [1, 2].map(() => deliver(render, { caseId, documentKind: 'enforcement-notice' }, 'notice-at-once')),
    )

    expect(new Set(both.map((outcome) => outcome.kind === 'complete' && outcome.variables.documentId)).size).toBe(1)
    expect(await catalogued(caseId)).toHaveLength(1)
  })
})

describe('文书缺少内容的，说明缺什么，什么也不留下', () => {
  it.each([
    ['reception-transcript', '初次接待记录'],
    ['no-reception-statement', '初次接待记录'],
    ['triage-transfer-slip', '分流决定'],
    ['closing-notice', '结案意见'],
  ] as const)('%s: %s', async (documentKind, part) => {
    const { caseId } = await aCase()

    await expectIncident(render, { caseId, documentKind }, part)
    expect(await documents.list(caseId)).toEqual([])
    expect(await catalogued(caseId)).toEqual([])
  })

  it('接待记录缺项的，逐项指出', async () => {
    const { account: _, ...withoutAccount } = reception
    const { caseId } = await aReceivedCase({ ...withoutAccount, auction: { provider: '' } })

    await expectIncident(render, { caseId, documentKind: 'reception-transcript' }, 'account', 'auction.provider')
  })

  it('接待过的不能出未接待的说明，没有接待的不能出笔录', async () => {
    const held = await aReceivedCase()
    const notHeld = await aReceivedCase({ held: 'no', notHeldReason: '测试' })

    await expectIncident(render, { caseId: held.caseId, documentKind: 'no-reception-statement' }, '已进行初次接待')
    await expectIncident(render, { caseId: notHeld.caseId, documentKind: 'reception-transcript' }, '未进行初次接待')
  })

  it('尚未结案的不能出结案通知书', async () => {
    const { caseId } = await aCase()

    await expectIncident(render, { caseId, documentKind: 'closing-notice', ...closing }, '结案时间')
  })

  it('没有这种文书、没有这个案件的，指出是哪一个', async () => {
    const { caseId } = await aCase()

    await expectIncident(render, { caseId, documentKind: 'summons' }, 'documentKind')
    expect(await deliver(render, { caseId: unknownCase, documentKind: 'enforcement-notice' })).toMatchObject({
      kind: 'fail',
      retries: 0,
      message: expect.stringContaining(unknownCase),
    })
  })
})
