import { readHead } from './head.ts'
import type { DossierCheck, DossierEnvironment } from './types.ts'
import { catalogueOf } from './view.ts'

/** What every closed case's dossier must hold: one of the kinds, signed where the regulation says so. */
const required = [
  {
    kinds: ['reception-transcript', 'no-reception-statement'],
    title: '经签名的初次接待谈话笔录，或者关于案件未进行初次接待原因的说明',
    signed: true,
    article: '第六条、第七条',
  },
  { kinds: ['enforcement-notice'], title: '执行通知书', signed: false, article: '第十一条' },
  { kinds: ['triage-transfer-slip'], title: '案件分流移交单', signed: false, article: '第十六条第二项' },
  { kinds: ['closing-notice'], title: '结案通知书', signed: false, article: '第十一条' },
] as const

/** Deadlines of paper that is still on its way or lent (Arts. 20–24). */
const paperDeadlines = ['paper.transfer', 'paper.scan', 'material.resubmit', 'material.ruling', 'loan.return']

/** Counts the dossier before its conversion: what is missing, and which paper is still expected (Art. 26). */
export async function checkDossier({ prisma }: DossierEnvironment, caseId: string): Promise<DossierCheck> {
  await readHead(prisma, caseId)
  const catalogue = catalogueOf(await prisma.dossierEntry.findMany({ where: { caseId } }))
  const documents = await prisma.document.findMany({ where: { caseId } })
  const missing = required.flatMap(({ kinds, title, signed, article }) => {
    const isKind = ({ kind }: { kind: string }) => kinds.some((candidate) => candidate === kind)
    const entered = catalogue.filter(isKind)
    if (entered.some((entry) => !signed || entry.uploadId !== null)) return []
    const state =
      entered.length > 0 ? '已编入的是未签名的文本' : documents.some(isKind) ? '已制作，尚未编入卷宗' : '尚未制作'
    return [{ kind: kinds[0], title, message: `${title}（${article}）：${state}` }]
  })
  const openPaper = await prisma.nodeEntry.findMany({
    where: { caseId, finishedAt: null, deadlineKey: { in: paperDeadlines } },
    orderBy: { dueAt: 'asc' },
  })
  return {
    complete: missing.length === 0,
    entries: catalogue.length,
    pages: catalogue.reduce((sum, entry) => sum + entry.pages, 0),
    missing,
    remarks: openPaper.map((entry) => `纸质材料节点 ${entry.node}（${entry.elementId}）尚未办结`),
  }
}
