import { describe, expect, it } from 'vitest'
import type { JobScript } from '../support/process-driver.ts'
import {
  caseId,
  caseNumber,
  daysAfter,
  deadlineOf,
  expectSupervisionInTime,
  filedAt,
  instantOf,
  nodeJobs,
  openCourt,
} from './court.ts'
import { expectFullCoverage } from './coverage.ts'

/** The case was closed the day before it comes here: what runs from the closing must not run from now. */
const closedAt = daysAfter(filedAt, -1)

async function aClosedCase(scripts: Record<string, JobScript> = {}) {
  const court = await openCourt(scripts)
  return court.start('dossier-archive', {
    caseId,
    caseNumber,
    team: 'general',
    handlingJudge: 'general-judge1',
    closedAt,
  })
}

const returned = { accepted: 'no', opinion: '目录页码与卷内不符' }

async function atTheArchivist() {
  return (await aClosedCase()).goOnTo('reviewArchive')
}

describe('结案归档（第二十六条）', () => {
  describe('经办案人员审核', () => {
    it('先清点卷宗，由承办人审核，十五日自结案起算；审核之前不转影像、不装订', async () => {
      const court = await aClosedCase()

      expect(court.timesThrough('checkDossier')).toBe(1)
      expect(court.waitsAt()).toEqual(['reviewDossier'])
      const task = court.task('reviewDossier')
      expect(task).toMatchObject({
        assignee: 'general-judge1',
        candidateGroups: ['general-team'],
        formId: 'dossier-review',
        ...deadlineOf('archive.image', closedAt),
      })
      expect(task.variables.dossierCheck, '清点结果供承办人审核').toMatchObject({ complete: true, pages: 21 })
      expect(court.opensWith('reviewDossier')).toEqual({})
      expect(await court.reads('reviewDossier'), '首次审核没有什么要交代').not.toMatch(/退回|补正情况|清点提示/)
      expect([court.inputsOf('document.render'), court.inputsOf('dossier.image')]).toEqual([[], []])
    })

    it('清点发现缺少材料的，承办人审核时看得到', async () => {
      const message = '缺少执行通知书的送达回证'
      const court = await aClosedCase({
        'dossier.check': () => ({
          dossierCheck: {
            complete: false,
            entries: 4,
            pages: 21,
            missing: [{ kind: 'service-receipt', title: '送达回证', message }],
            remarks: [],
          },
        }),
      })

      expect(await court.reads('reviewDossier')).toContain(message)
    })

    it('认为不完整的，由卷宗管理专员按其意见补正；补正之前不转影像、不装订、不提交', async () => {
      const court = await aClosedCase()
      await court.complete('reviewDossier', { complete: 'no', opinion: '缺送达回证一份' })

      expect(court.waitsAt()).toEqual(['supplementDossier'])
      expect(court.task('supplementDossier')).toMatchObject({
        assignee: null,
        candidateGroups: ['dossier-specialist'],
        formId: 'dossier-supplement',
        ...deadlineOf('archive.image', closedAt),
      })
      expect(court.opensWith('supplementDossier')).toEqual({})
      expect(await court.reads('supplementDossier')).toContain('缺送达回证一份')
      expect([court.inputsOf('document.render'), court.inputsOf('dossier.image')]).toEqual([[], []])
    })

    it('补正后重新清点、重新审核；仍不完整的再补正，完整了才转影像和装订', async () => {
      let pages = 20
      const court = await aClosedCase({
        'dossier.check': () => ({
          dossierCheck: { complete: true, entries: 4, pages: ++pages, missing: [], remarks: [] },
        }),
      })
      for (const [opinion, content] of [
        ['缺送达回证一份', '已补入送达回证'],
        ['送达回证未签名', '已补签名'],
      ] as const) {
        await court.complete('reviewDossier', { complete: 'no', opinion })
        expect(court.opensWith('supplementDossier'), '不带上次的补正情况').toEqual({})
        expect(await court.reads('supplementDossier')).toContain(opinion)
        await court.complete('supplementDossier', { content })

        expect(court.waitsAt()).toEqual(['reviewDossier'])
        expect(court.opensWith('reviewDossier'), '不带上次的审核意见').toEqual({})
        expect(await court.reads('reviewDossier')).toContain(content)
        expect(court.inputsOf('dossier.image')).toEqual([])
      }
      expect(court.task('reviewDossier').variables.dossierCheck, '补正后的清点结果').toMatchObject({ pages: 23 })

      await court.complete('reviewDossier', { complete: 'yes' })
      expect(court.waitsAt()).toEqual(['bindPaper'])
      for (const [element, times] of [
        ['checkDossier', 3],
        ['reviewDossier', 3],
        ['supplementDossier', 2],
        ['renderCatalogue', 1],
        ['imageDossier', 1],
      ] as const) {
        expect([element, court.timesThrough(element)]).toEqual([element, times])
      }
      expect(nodeJobs(court, 'archive-image').computed, '补正不另起期限').toHaveLength(1)
    })

    it('没有审核结论的，不得当作完整', async () => {
      const court = await aClosedCase()

      await expect(court.complete('reviewDossier', { complete: null })).rejects.toThrow('dossierReview.complete')
      expect(court.waitsAt()).toEqual(['reviewDossier'])
      expect(court.inputsOf('dossier.image')).toEqual([])
    })
  })

  describe('转为影像卷宗；纸质材料整理装订后同步归档', () => {
    it('审核完整的，编制卷宗目录、转为影像卷宗，同时由卷宗管理中心整理装订纸质材料', async () => {
      const court = await aClosedCase()
      await court.complete('reviewDossier')

      expect(court.inputsOf('document.render')).toMatchObject([{ caseId, documentKind: 'dossier-catalogue' }])
      expect(court.inputsOf('dossier.image')).toMatchObject([{ caseId }])
      expect(court.waitsAt()).toEqual(['bindPaper'])
      expect(court.task('bindPaper')).toMatchObject({
        assignee: null,
        candidateGroups: ['dossier-specialist'],
        formId: 'paper-binding',
        ...deadlineOf('archive.image', closedAt),
      })
    })

    it('纸质材料装订后，由卷宗管理专员一并提交', async () => {
      const court = await (await aClosedCase()).goOnTo('bindPaper')
      await court.complete('bindPaper')

      expect(court.waitsAt()).toEqual(['submitArchive'])
      expect(court.task('submitArchive')).toMatchObject({
        assignee: null,
        candidateGroups: ['dossier-specialist'],
        formId: 'archive-submission',
        ...deadlineOf('archive.image', closedAt),
      })
    })

    it('纸质材料已经装订、影像卷宗尚未转成的，不得提交', async () => {
      let waiting: string[] | undefined
      const court = await aClosedCase({
        'dossier.image': async (_, driver) => {
          await driver.complete('bindPaper')
          waiting = driver.waitsAt()
          return {}
        },
      })
      await court.complete('reviewDossier')

      expect(waiting).toEqual([])
      expect(court.waitsAt()).toEqual(['submitArchive'])
    })
  })

  describe('提交档案管理部门审核归档', () => {
    it('由档案管理部门审核，期限自提交起算；接收的归档', async () => {
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
      expect(court.inputsOf('dossier.archive')).toEqual([])
      await court.complete('reviewArchive', { accepted: 'yes', archiveNumber: '2026-执-0007' })
      expect(court.inputsOf('dossier.archive')).toMatchObject([
        { caseId, archiveReview: { archiveNumber: '2026-执-0007', completedBy: 'archivist1' } },
      ])
      expect(court.isCompleted()).toBe(true)
    })

    it('退回的，重新清点、审核、转化、装订和提交，各环节看得到退回的意见；接收之前不归档', async () => {
      const court = await atTheArchivist()
      await court.answer('reviewArchive', returned)

      for (const element of ['reviewDossier', 'bindPaper', 'submitArchive']) {
        expect(court.waitsAt()).toEqual([element])
        expect([element, court.opensWith(element)], '不带上次的办理内容').toEqual([element, {}])
        expect(await court.reads(element), element).toContain(returned.opinion)
        await court.complete(element)
      }
      expect(court.waitsAt()).toEqual(['reviewArchive'])
      expect(court.opensWith('reviewArchive'), '不带上次的退回意见').toEqual({})
      expect(court.inputsOf('dossier.archive')).toEqual([])
      await court.complete('reviewArchive', { accepted: 'yes' })

      for (const element of ['checkDossier', 'renderCatalogue', 'imageDossier', 'reviewArchive']) {
        expect([element, court.timesThrough(element)]).toEqual([element, 2])
      }
      expect(court.inputsOf('dossier.archive')).toHaveLength(1)
      expect(court.isCompleted()).toBe(true)
    })

    it('退回后承办人认为不完整的，同样先补正再审核', async () => {
      const court = await atTheArchivist()
      await court.answer('reviewArchive', returned)
      await court.complete('reviewDossier', { complete: 'no', opinion: '应重编页码' })

      expect(court.waitsAt()).toEqual(['supplementDossier'])
      const text = await court.reads('supplementDossier')
      expect(text).toContain('应重编页码')
      expect(text).toContain(returned.opinion)
      await court.goOnToTheEnd()
      expect([court.timesThrough('checkDossier'), court.timesThrough('imageDossier')]).toEqual([3, 2])
      expect(court.isCompleted()).toBe(true)
    })

    it('退回的，重新提交的期限自退回起算，每次退回重新起算', async () => {
      const court = await atTheArchivist()
      const returnedAt = [daysAfter(closedAt, 4), daysAfter(closedAt, 9)] as const
      for (const instant of returnedAt) {
        await court.moveTo(instant)
        await court.answer('reviewArchive', returned)
        for (const element of ['reviewDossier', 'bindPaper', 'submitArchive']) {
          expect(court.task(element), element).toMatchObject(deadlineOf('archive.resubmit', instant))
          await court.complete(element)
        }
      }

      const { computed, finished } = nodeJobs(court, 'archive-image')
      expect(
        computed.map(({ deadlineKey, deadlineFrom }) => [deadlineKey, instantOf(deadlineFrom)]),
        '首次提交自结案起算',
      ).toEqual([
        ['archive.image', closedAt],
        ['archive.resubmit', returnedAt[0]],
        ['archive.resubmit', returnedAt[1]],
      ])
      expect(finished).toHaveLength(3)
    })
  })

  describe('期限：临期提醒、到期督办，办理不受影响（第十三条、第二十五条）', () => {
    it('转化与提交', async () => {
      await expectSupervisionInTime(await aClosedCase(), {
        activity: 'convertDossier',
        node: 'archive-image',
        key: 'archive.image',
        from: closedAt,
        waiting: ['reviewDossier'],
      })
    })

    it('补正期间，转化与提交的期限照常进行', async () => {
      const court = await aClosedCase()
      await court.complete('reviewDossier', { complete: 'no', opinion: '缺送达回证一份' })
      await expectSupervisionInTime(court, {
        activity: 'convertDossier',
        node: 'archive-image',
        key: 'archive.image',
        from: closedAt,
        waiting: ['supplementDossier'],
      })
    })

    it('按期提交、十五日之后才退回的，不因首次期限已过而督办，只按重新提交的期限督办', async () => {
      const court = await atTheArchivist()
      const returnedAt = daysAfter(closedAt, 20)
      await court.moveTo(returnedAt)
      await court.answer('reviewArchive', returned)
      await expectSupervisionInTime(court, {
        activity: 'convertDossier',
        node: 'archive-image',
        key: 'archive.resubmit',
        from: returnedAt,
        waiting: ['reviewDossier'],
      })
    })

    it('归档审核：自提交之日起', async () => {
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
      const court = await atTheArchivist()
      await court.answer('reviewArchive', returned)
      await court.goOnToTheEnd()
      await court.moveTo(daysAfter(closedAt, 60))

      expect(court.calls('overdue-supervision')).toEqual([])
      for (const node of ['archive-image', 'archive-review']) {
        const { computed, finished } = nodeJobs(court, node)
        expect([node, computed.length, finished.length]).toEqual([node, 2, 2])
      }
    })
  })

  it('每个环节和每条连线都走过', async () => {
    await expectFullCoverage('dossier-archive')
  })
})
