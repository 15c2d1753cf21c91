import type { CaseFilingInput } from '../../src/cases/index.ts'
import type { ElementInstance, ProcessInstance } from '../../src/orchestration/orchestration.ts'
import { inventedIdNumber, smallLoan } from './filing.ts'
import { type HttpCourt, startHttpCourt } from './http-court.ts'
import { onePagePdf } from './pdf.ts'

/** A court with work in every list, so that every page has something to show. */
export interface BusyCourt extends HttpCourt {
  /** The case that has documents, dossier, deadlines and a live diagram. */
  caseId: string
  tasks: { verification: string; reception: string; signing: string; triage: string }
}

const people = ['丙某三', '丁某四', '戊某五', '己某六', '庚某七']

/** Starts it, with the clock at 2026-03-04 10:00 (a Wednesday). */
export async function startBusyCourt(): Promise<BusyCourt> {
  const court = await startHttpCourt()
  const { cases, clock } = court
  clock.moment = new Date('2026-03-02T09:05:00+08:00')
  const main = await cases.file(smallLoan(), 'filing1')
  await cases.markStarted(main.caseId, '1')
  const others: string[] = []
  for (const [index, name] of people.entries()) {
    clock.moment = new Date(clock.moment.getTime() + 3_600_000)
    others.push((await cases.file(otherClaim(name, index), 'filing1')).caseId)
  }
  clock.moment = new Date('2026-03-04T10:00:00+08:00')
  const tasks = placeTasks(court, main.caseId, others)
  placeProcess(court)
  placeIncidents(court, others)
  await placeDeadlines(court, main.caseId)
  await placeDossier(court, main.caseId)
  await placeRegister(court, main.caseId, others)
  return { ...court, caseId: main.caseId, tasks }
}

function otherClaim(name: string, index: number): CaseFilingInput {
  const base = smallLoan()
  return {
    ...base,
    cause:
      ['买卖合同纠纷', '机动车交通事故责任纠纷', '赡养费纠纷', '建设工程施工合同纠纷', '劳动争议'][index] ?? base.cause,
    amount: ['30000.00', '185000.00', '9600.00', '1250000.00', '43210.50'][index],
    basisNumber: `（2025）豫0922民初${100 + index}号`,
    parties: [
      { role: 'applicant', name, kind: 'naturalPerson', idKind: 'residentId', idNumber: inventedIdNumber(10 + index) },
      { role: 'respondent', name: `测试公司${index + 1}`, kind: 'legalPerson', idKind: 'unknown' },
    ],
  } as CaseFilingInput
}

function placeTasks({ engine }: HttpCourt, caseId: string, others: string[]): BusyCourt['tasks'] {
  const reception = { candidateGroups: ['reception-specialist'], processInstanceKey: '2' }
  const verification = engine.addTask({
    ...reception,
    caseId,
    form: 'filing-verification',
    dueAt: '2026-03-04T17:30:00.000+08:00',
    remindAt: '2026-03-04T09:00:00.000+08:00',
    variables: {
      caseId,
      verification: {
        findings: [
          {
            field: 'amount',
            label: '标的金额',
            registered: '28000.00',
            application: '30000.00',
            message: '登记与申请执行书不一致。',
            severity: 'error',
          },
          {
            field: 'parties[1].idNumber',
            label: '被执行人 乙某二 的证件号码',
            registered: inventedIdNumber(2),
            application: '',
            message: '申请执行书没有填写。',
            severity: 'remark',
          },
        ],
        added: [],
      },
    },
  })
  const receive = engine.addTask({
    ...reception,
    caseId: others[0] ?? null,
    name: '初次接待',
    elementId: 'receiveApplicant',
    form: 'initial-reception',
    assignee: 'reception1',
    dueAt: '2026-03-02T24:00:00.000+08:00',
    remindAt: '2026-03-02T16:00:00.000+08:00',
    variables: { caseId: others[0] ?? null, channel: 'window' },
  })
  const signing = engine.addTask({
    ...reception,
    caseId: others[1] ?? null,
    name: '签署并上传笔录',
    elementId: 'signTranscript',
    form: 'document-signing',
    assignee: 'reception1',
    dueAt: '2026-03-09T24:00:00.000+08:00',
    remindAt: '2026-03-06T09:00:00.000+08:00',
    variables: { caseId: others[1] ?? null },
  })
  engine.addTask({
    ...reception,
    caseId: others[2] ?? null,
    name: '流转至繁简分流',
    elementId: 'handOverNode',
    form: 'node-handover',
    assignee: 'reception1',
    dueAt: '2026-03-04T24:00:00.000+08:00',
    remindAt: '2026-03-04T16:00:00.000+08:00',
    variables: { caseId: others[2] ?? null },
  })
  const triage = engine.addTask({
    caseId: others[3] ?? null,
    name: '确定承办团队',
    elementId: 'decideTeam',
    processDefinitionId: 'case-triage',
    form: 'triage-decision',
    candidateGroups: ['triage-specialist'],
    variables: {
      caseId: others[3] ?? null,
      facts: { subjectType: 'money', amount: 1_250_000 },
      triage: {
        team: 'complex',
        order: 9,
        article: '15(3)',
        wording: '标的额超过三十万元',
        criteria: [{ team: 'complex', article: '15(3)', wording: '标的额超过三十万元' }],
        clash: false,
        needsReview: false,
      },
    },
  })
  engine.addTask({
    caseId: others[0] ?? null,
    name: '督办',
    elementId: 'superviseNode',
    processDefinitionId: 'overdue-supervision',
    form: 'supervision',
    candidateGroups: ['node-supervisor'],
    dueAt: '2026-03-04T24:00:00.000+08:00',
    remindAt: '2026-03-04T09:00:00.000+08:00',
    variables: { caseId: others[0] ?? null },
  })
  return {
    verification: verification.taskKey,
    reception: receive.taskKey,
    signing: signing.taskKey,
    triage: triage.taskKey,
  }
}

/** The main case stands at 核对立案信息, two processes deep. */
function placeProcess({ engine }: HttpCourt): void {
  const instance = (key: string, id: string, name: string, parent: [string, string] | null): ProcessInstance => ({
    processInstanceKey: key,
    processDefinitionId: id,
    processDefinitionKey: String(
      [
        'case-closing',
        'case-triage',
        'dossier-archive',
        'enforcement-case',
        'fast-enforcement',
        'initial-reception',
      ].indexOf(id) + 1,
    ),
    processDefinitionName: name,
    version: 1,
    parentProcessInstanceKey: parent?.[0] ?? null,
    parentElementInstanceKey: parent?.[1] ?? null,
    state: 'ACTIVE',
    startedAt: '2026-03-02T09:05:00.000+08:00',
    endedAt: null,
    hasIncident: false,
  })
  engine.processTree = [
    instance('1', 'enforcement-case', '执行案件总流程', null),
    instance('2', 'initial-reception', '初次接待', ['1', '102']),
  ]
  const element = (process: string, key: string, elementId: string, state: string): ElementInstance => ({
    elementInstanceKey: key,
    processInstanceKey: process,
    processDefinitionKey: '',
    processDefinitionId: '',
    elementId,
    elementName: null,
    type: 'TASK',
    state,
    startedAt: '2026-03-02T09:05:00.000+08:00',
    endedAt: null,
    incident: false,
  })
  engine.elements = [
    element('1', '100', 'caseFiled', 'COMPLETED'),
    element('1', '101', 'openDossier', 'COMPLETED'),
    element('1', '102', 'receiveCase', 'ACTIVE'),
    element('2', '201', 'receiveMaterials', 'COMPLETED'),
    element('2', '202', 'verifyAndReceive', 'ACTIVE'),
    element('2', '203', 'checkFiling', 'COMPLETED'),
    element('2', '203', 'checkFiling', 'COMPLETED'),
    element('2', '204', 'verifyFiling', 'ACTIVE'),
  ]
}

/** Two cases are halted: the one by a job that failed for good, the other by an expression. */
function placeIncidents({ engine }: HttpCourt, others: string[]): void {
  engine.addIncident({
    caseId: others[3] ?? null,
    processDefinitionId: 'case-triage',
    processDefinitionName: '繁简分流',
    elementId: 'renderTransferSlip',
    elementName: '制作移交单',
    errorType: 'JOB_NO_RETRIES',
    errorMessage: '制作文书缺少分流决定',
    jobKey: '700',
    createdAt: '2026-03-04T09:40:00.000+08:00',
  })
  engine.addIncident({
    caseId: others[4] ?? null,
    processDefinitionId: 'initial-reception',
    processDefinitionName: '初次接待',
    elementId: 'channelGateway',
    elementName: '立案渠道',
    errorType: 'EXTRACT_VALUE_ERROR',
    errorMessage:
      "Expected result of the expression 'channel = \"window\"' to be 'BOOLEAN', but was 'NULL'. The evaluation reported: no variable found for name 'channel'",
    createdAt: '2026-03-03T16:05:00.000+08:00',
  })
}

async function placeDeadlines({ database }: HttpCourt, caseId: string): Promise<void> {
  const entry = {
    caseId,
    processInstanceKey: '2',
    kind: 'hard',
    handlerRole: 'reception-specialist',
    provisional: false,
    startedAt: new Date('2026-03-02T09:05:00+08:00'),
    runsFrom: new Date('2026-03-02T09:05:00+08:00'),
  }
  await database.prisma.nodeEntry.createMany({
    data: [
      {
        ...entry,
        node: 'filing-transfer',
        elementId: 'receiveMaterials',
        elementInstanceKey: '201',
        deadlineKey: 'filing.transfer',
        kind: 'soft',
        dueAt: new Date('2026-03-02T10:05:00+08:00'),
        remindAt: new Date('2026-03-02T09:35:00+08:00'),
        explanation: ['自 2026年3月2日 9时05分 起算，1 个工作小时。'],
        finishedAt: new Date('2026-03-02T09:20:00+08:00'),
      },
      {
        ...entry,
        node: 'reception',
        elementId: 'verifyAndReceive',
        elementInstanceKey: '202',
        deadlineKey: 'reception.offline',
        dueAt: new Date('2026-03-02T24:00:00+08:00'),
        remindAt: new Date('2026-03-02T16:00:00+08:00'),
        explanation: ['自 2026年3月2日 起算，当日办结。', '该日为工作日，不顺延。'],
        overdueAt: new Date('2026-03-03T00:00:00+08:00'),
      },
    ],
  })
  const late = await database.prisma.nodeEntry.findFirstOrThrow({ where: { caseId, node: 'reception' } })
  await database.prisma.escalation.create({
    data: {
      nodeEntryId: late.id,
      elementInstanceKey: '900',
      rung: 1,
      role: 'node-supervisor',
      raisedAt: new Date('2026-03-03T00:00:00+08:00'),
    },
  })
}

async function placeDossier({ dossier, documents }: HttpCourt, caseId: string): Promise<void> {
  await dossier.open(caseId)
  const document = await documents.issue({
    caseId,
    kind: 'enforcement-notice',
    elementInstanceKey: '301',
    data: () => ({}) as never,
  })
  await dossier.enter({
    caseId,
    volume: 'main',
    title: document.title,
    kind: document.kind,
    source: 'system',
    documentId: document.documentId,
    enteredBy: 'system',
  })
  const { uploadId } = await dossier.storeUpload({
    caseId,
    fileName: '执行申请书.pdf',
    mediaType: 'application/pdf',
    bytes: await onePagePdf(),
    uploadedBy: 'reception1',
  })
  await dossier.enter({
    caseId,
    volume: 'main',
    title: '执行申请书',
    kind: 'application',
    source: 'scan',
    uploadId,
    enteredBy: 'reception1',
  })
  await dossier.enter({
    caseId,
    volume: 'auxiliary',
    title: '内部审批表',
    kind: 'approval',
    source: 'upload',
    bytes: await onePagePdf(),
    mediaType: 'application/pdf',
    enteredBy: 'dossier1',
  })
}

async function placeRegister({ cases, clock }: HttpCourt, caseId: string, others: string[]): Promise<void> {
  const now = clock.moment
  clock.moment = new Date('2026-03-03T11:00:00+08:00')
  const held = {
    held: 'yes',
    mode: 'onSite',
    startedAt: '2026-03-03T10:00+08:00',
    endedAt: '2026-03-03T10:40+08:00',
    interviewer: '乙接待',
    recorder: '丙记录',
    interviewee: '甲某一',
  }
  const notHeld = { held: 'no', notHeldReason: '三次拨打申请执行人电话均未接通。' }
  await cases.recordReception({ caseId, reception: held, elementInstanceKey: '401' })
  await cases.recordReception({ caseId: others[4] ?? '', reception: notHeld, elementInstanceKey: '402' })
  clock.moment = now
}
