import { describe, expect, it } from 'vitest'
import {
  caseId,
  caseNumber,
  daysAfter,
  deadlineOf,
  expectSupervisionInTime,
  filedAt,
  nodeJobs,
  openCourt,
} from './court.ts'
import { expectFullCoverage } from './coverage.ts'

/** The case was closed the day before it comes here: what runs from the closing must not run from now. */
const closedAt = daysAfter(filedAt, -1)

async function aClosedCase() {
  const court = await openCourt()
  return court.start('dossier-archive', {
    caseId,
    caseNumber,
    team: 'general',
    handlingJudge: 'general-judge1',
    closedAt,
  })
}

describe('结案归档（第二十六条）', () => {
  it('应在结案后十五日内转为影像卷宗；同时，经办案人员审核', async () => {
    const court = await aClosedCase()

    expect(court.timesThrough('checkDossier')).toBe(1)
    expect(court.inputsOf('document.render')).toMatchObject([{ caseId, documentKind: 'dossier-catalogue' }])
    expect(court.timesThrough('imageDossier'), '影像卷宗与审核同时进行').toBe(1)
    expect(court.waitsAt()).toEqual(['reviewDossier'])
    const task = court.task('reviewDossier')
    expect(task).toMatchObject({
      assignee: 'general-judge1',
      candidateGroups: ['general-team'],
      formId: 'dossier-review',
      ...deadlineOf('archive.image', closedAt),
    })
    expect(task.variables.dossierCheck, '清点结果供承办人审核').toMatchObject({ complete: true, pages: 21 })
  })

  it('由卷宗管理中心集中将纸质材料整理装订，提交档案管理部门', async () => {
    const court = await aClosedCase()
    await court.complete('reviewDossier')
    expect(court.waitsAt()).toEqual(['bindPaper'])
    expect(court.task('bindPaper')).toMatchObject({
      assignee: null,
      candidateGroups: ['dossier-specialist'],
      formId: 'paper-binding',
      ...deadlineOf('archive.image', closedAt),
    })

    await court.complete('bindPaper')
    expect(court.waitsAt(), '影像和纸质都齐备才能提交').toEqual(['submitArchive'])
    expect(court.task('submitArchive')).toMatchObject({
      candidateGroups: ['dossier-specialist'],
      formId: 'archive-submission',
      ...deadlineOf('archive.image', closedAt),
    })
  })

  it('承办人审核认为不齐全的，意见转给卷宗管理专员在整理装订时补正', async () => {
    const court = await aClosedCase()
    await court.complete('reviewDossier', { complete: 'no', opinion: '缺送达回证一份' })

    expect(court.waitsAt()).toEqual(['bindPaper'])
    expect(court.task('bindPaper').variables.dossierReview).toMatchObject({ complete: 'no', opinion: '缺送达回证一份' })
  })

  it('提交档案管理部门审核归档', async () => {
    const court = await aClosedCase()
    const submittedAt = daysAfter(closedAt, 6)
    await court.goOnTo('submitArchive')
    await court.moveTo(submittedAt)
    await court.complete('submitArchive')

    expect(court.waitsAt()).toEqual(['reviewArchive'])
    expect(court.task('reviewArchive')).toMatchObject({
      assignee: null,
      candidateGroups: ['archivist'],
      formId: 'archive-review',
      ...deadlineOf('archive.review', submittedAt),
    })
    await court.complete('reviewArchive', { accepted: 'yes', archiveNumber: '2026-执-0007' })
    expect(court.inputsOf('dossier.archive')).toMatchObject([
      { caseId, archiveReview: { archiveNumber: '2026-执-0007' } },
    ])
    expect(court.isCompleted()).toBe(true)
  })

  it('档案管理部门退回的，重新清点、转化、审核、装订和提交，接收之前不归档', async () => {
    const court = await (await aClosedCase()).goOnTo('reviewArchive')
    await court.answer('reviewArchive', { accepted: 'no', opinion: '目录页码与卷内不符' })

    expect(court.waitsAt()).toEqual(['reviewDossier'])
    expect(court.task('reviewDossier').variables.archiveReview).toMatchObject({ opinion: '目录页码与卷内不符' })
    expect(court.inputsOf('dossier.archive')).toEqual([])
    await court.goOnTo('reviewArchive')
    await court.complete('reviewArchive', { accepted: 'yes' })

    for (const element of ['checkDossier', 'imageDossier', 'reviewDossier', 'bindPaper', 'submitArchive']) {
      expect([element, court.timesThrough(element)]).toEqual([element, 2])
    }
    expect(court.inputsOf('dossier.archive')).toHaveLength(1)
    expect(court.isCompleted()).toBe(true)
  })

  it('转化与提交：临期提醒、到期督办，办理不受影响（第十三条、第二十五条）', async () => {
    await expectSupervisionInTime(await aClosedCase(), {
      activity: 'convertDossier',
      node: 'archive-image',
      key: 'archive.image',
      from: closedAt,
      waiting: ['reviewDossier'],
    })
  })

  it('归档审核：自提交之日起临期提醒、到期督办，办理不受影响（第十三条、第二十五条）', async () => {
    const court = await (await aClosedCase()).goOnTo('submitArchive')
    const submittedAt = daysAfter(closedAt, 3)
    await court.moveTo(submittedAt)
    await court.complete('submitArchive')
    await expectSupervisionInTime(court, {
      activity: 'reviewArchive',
      node: 'archive-review',
      key: 'archive.review',
      from: submittedAt,
      waiting: ['reviewArchive'],
    })
  })

  it('按时办结的节点逐一销号，此后不再提醒或者督办', async () => {
    const court = await aClosedCase()
    await court.goOnToTheEnd()
    await court.moveTo(daysAfter(closedAt, 60))

    expect(court.calls('overdue-supervision')).toEqual([])
    for (const node of ['archive-image', 'archive-review']) expect(nodeJobs(court, node).finished).toHaveLength(1)
  })

  it('每个环节和每条连线都走过', async () => {
    await expectFullCoverage('dossier-archive')
  })
})
