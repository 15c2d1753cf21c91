import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ProcessDriver } from '../support/process-driver.ts'
import {
  amountDiffers,
  caseId,
  caseNumber,
  deadlineOf,
  documentId,
  expectSupervisionInTime,
  filedAt,
  filing,
  idUnknown,
  instantOf,
  nodeJobs,
  openCourt,
  signedCopy,
} from './court.ts'
import { expectFullCoverage } from './coverage.ts'

const laterThatMorning = '2026-03-02T10:30:00+08:00'

/** A case filed at the window or online; `findings` is what each comparison of the filing finds, one round after the other. */
async function aCaseFiledAt(channel: 'window' | 'online', ...findings: (typeof amountDiffers | typeof idUnknown)[][]) {
  let round = 0
  const court = await openCourt({
    'filing.check': () => {
      const found = findings[round++] ?? []
      return { filingCheck: { round, checkedAt: filedAt, findings: found }, filing }
    },
  })
  return court.start('initial-reception', { caseId, caseNumber, channel, filedAt })
}

const confirmed = { ...amountDiffers, decision: 'confirmed' }
const dismissed = { ...amountDiffers, decision: 'dismissed', reason: '利息已并入申请金额，核对无误' }

/** What is registered of a case whose applicant was not received (Art. 6). */
const notReceived = { held: 'no', notHeldReason: '三次联系均无法接通', contactAttempts: [] }

/** How an applicant of an online case is received (Art. 5). */
const remotely = { mode: 'video', recording: { made: 'yes', minutes: 25 } }

async function atTheReceptionOf(channel: 'window' | 'online'): Promise<ProcessDriver> {
  return (await aCaseFiledAt(channel)).goOnTo('receiveApplicant')
}

describe('初次接待（第二条至第十条）', () => {
  describe('立案渠道', () => {
    it('线下立案后，相关材料应立即移送执行初次接待窗口（第四条）', async () => {
      const court = await aCaseFiledAt('window')

      expect(court.waitsAt()).toEqual(['receiveMaterials'])
      expect(court.task('receiveMaterials')).toMatchObject({
        candidateGroups: ['reception-specialist'],
        assignee: null,
        formId: 'materials-receipt',
        ...deadlineOf('filing.transfer', filedAt),
      })

      await court.complete('receiveMaterials', { pages: 7 })
      expect(court.waitsAt()).toEqual(['verifyFiling'])
      expect(court.variables().materials).toMatchObject({ pages: 7 })
    })

    it('网上所立执行案件没有纸质移送，直接由初次接待事务专员核对（第五条）', async () => {
      const court = await aCaseFiledAt('online')

      expect(court.waitsAt()).toEqual(['verifyFiling'])
      expect(court.timesThrough('receiveMaterials')).toBe(0)
    })

    it('立案渠道不明的，停下并指出立案渠道，不得擅自当作线下或者线上', async () => {
      const court = await openCourt()

      await expect(court.start('initial-reception', { caseId, caseNumber, channel: 'post', filedAt })).rejects.toThrow(
        /channelGateway/,
      )
    })
  })

  describe('核对立案信息', () => {
    it('初次接待事务专员负责核对立案信息，比对结果预填供其确认（第八条）', async () => {
      const court = await aCaseFiledAt('online', [amountDiffers])

      const task = court.task('verifyFiling')
      expect(task).toMatchObject({ candidateGroups: ['reception-specialist'], formId: 'filing-verification' })
      expect(task.variables.verification).toEqual({ findings: [amountDiffers], added: [] })
      expect(task.variables.filing).toEqual(filing)
    })

    it('立案信息经核对无差错的，进行初次接待（第八条）', async () => {
      const court = await aCaseFiledAt('online')
      await court.complete('verifyFiling')

      expect(court.waitsAt()).toEqual(['receiveApplicant'])
      expect(court.timesThrough('correctFiling')).toBe(0)
    })

    it('立案信息经核对有差错的，应立即要求立案人员予以纠正（第八条）', async () => {
      const court = await aCaseFiledAt('online', [amountDiffers])
      await court.moveTo(laterThatMorning)
      await court.complete('verifyFiling', { findings: [confirmed] })

      expect(court.waitsAt()).toEqual(['correctFiling'])
      const task = court.task('correctFiling')
      expect(task).toMatchObject({
        candidateGroups: ['filing-clerk'],
        formId: 'filing-correction',
        ...deadlineOf('filing.correction', laterThatMorning),
      })
      expect(court.opensWith('correctFiling'), '现登记内容预填').toEqual(filing)
      expect(await court.reads('correctFiling'), '立案人员看得到是什么差错').toContain(amountDiffers.message)
      expect(instantOf(court.variables().verifiedAt)).toBe(laterThatMorning)
    })

    it('纠正后重新比对、重新核对；再有差错的再纠正，无差错才能接待（第八条）', async () => {
      const court = await aCaseFiledAt('online', [amountDiffers], [amountDiffers], [])
      for (const amount of ['26000.00', '25000.00']) {
        await court.complete('verifyFiling', { findings: [confirmed] })
        await court.complete('correctFiling', { amount, note: '按申请执行书更正' })
      }

      expect(court.waitsAt()).toEqual(['verifyFiling'])
      expect(court.task('verifyFiling').variables.verification).toEqual({ findings: [], added: [] })
      const corrections = court.inputsOf('filing.correct')
      expect(corrections.map(({ correction }) => correction)).toMatchObject([
        { amount: '26000.00' },
        { amount: '25000.00' },
      ])
      expect(corrections.map(({ verification }) => verification)).toMatchObject([
        { findings: [confirmed] },
        { findings: [confirmed] },
      ])

      await court.complete('verifyFiling')
      expect(court.waitsAt()).toEqual(['receiveApplicant'])
      expect([court.timesThrough('checkFiling'), court.timesThrough('correctFiling')]).toEqual([3, 2])
    })

    it('机器比对的差错由专员写明理由后排除的，不退回立案人员（第八条）', async () => {
      const court = await aCaseFiledAt('online', [amountDiffers])
      await court.complete('verifyFiling', { findings: [dismissed] })

      expect(court.waitsAt()).toEqual(['receiveApplicant'])
    })

    it('被执行人证件不明只是提示，确认后不退回立案人员（第八条）', async () => {
      const court = await aCaseFiledAt('online', [idUnknown])
      await court.complete('verifyFiling', { findings: [{ ...idUnknown, decision: 'confirmed' }] })

      expect(court.waitsAt()).toEqual(['receiveApplicant'])
    })

    it('专员另行发现差错的，同样要求立案人员纠正（第八条）', async () => {
      const court = await aCaseFiledAt('online', [])
      await court.complete('verifyFiling', { added: [{ field: '执行依据内容', message: '执行依据内容漏列利息' }] })

      expect(court.waitsAt()).toEqual(['correctFiling'])
      expect(await court.reads('correctFiling')).toContain('执行依据内容漏列利息')
    })

    it('几项差错中有一项属实的，就要纠正（第八条）', async () => {
      const court = await aCaseFiledAt('online', [amountDiffers, idUnknown])
      await court.complete('verifyFiling', {
        findings: [confirmed, { ...idUnknown, decision: 'dismissed', reason: '申请执行人已当场补充' }],
      })

      expect(court.waitsAt()).toEqual(['correctFiling'])
      const text = await court.reads('correctFiling')
      expect(text).toContain(amountDiffers.message)
      expect(text, '排除的不要求纠正').not.toContain(idUnknown.message)
    })
  })

  describe('初次接待与笔录', () => {
    it('核对与接待由同一节点办理，期限自立案之日起算（第九条）', async () => {
      const offline = await atTheReceptionOf('window')
      expect(offline.task('receiveApplicant')).toMatchObject({
        candidateGroups: ['reception-specialist'],
        formId: 'initial-reception',
        ...deadlineOf('reception.offline', filedAt),
      })

      const online = await atTheReceptionOf('online')
      expect(online.task('receiveApplicant')).toMatchObject(deadlineOf('reception.online', filedAt))
      expect(nodeJobs(online, 'reception').computed).toMatchObject([
        { deadlineKey: 'reception.online', deadlineFrom: filedAt, caseId },
      ])
    })

    it('对每个案件初次接待单独登记；制作谈话笔录，于立案当日签名上传，编入正卷（第六条、第七条、第九条）', async () => {
      const court = await atTheReceptionOf('window')
      await court.moveTo(laterThatMorning)
      await court.complete('receiveApplicant', { interviewer: '乙接待一' })

      expect(court.inputsOf('register.enter')).toMatchObject([
        { caseId, register: 'initial-reception', entry: { held: 'yes', interviewer: '乙接待一' } },
      ])
      expect(court.inputsOf('document.render').map((input) => input.documentKind)).toEqual(['reception-transcript'])
      expect(court.waitsAt()).toEqual(['signTranscript'])
      expect(court.task('signTranscript')).toMatchObject({
        candidateGroups: ['reception-specialist'],
        formId: 'document-signing',
        ...deadlineOf('reception.offline', filedAt),
      })
      expect(court.opensWith('signTranscript')).toEqual({})

      await court.complete('signTranscript')
      expect(court.inputsOf('dossier.enter')).toEqual([
        { caseId, documentId: documentId('reception-transcript'), uploadId: signedCopy },
      ])
    })

    it('线上接待的笔录另有签署期限，自接待之日起算（第五条、第七条）', async () => {
      const court = await atTheReceptionOf('online')
      await court.moveTo(laterThatMorning)
      await court.complete('receiveApplicant', remotely)

      expect(court.task('signTranscript')).toMatchObject(deadlineOf('transcript.signature', laterThatMorning))
    })

    it('未进行初次接待的案件应逐案说明原因，说明由专员于立案当日签名上传并入正卷（第六条、第九条）', async () => {
      const court = await atTheReceptionOf('window')
      await court.moveTo(laterThatMorning)
      await court.answer('receiveApplicant', notReceived)

      expect(court.inputsOf('register.enter')).toMatchObject([{ register: 'initial-reception', entry: notReceived }])
      expect(court.inputsOf('document.render').map((input) => input.documentKind)).toEqual(['no-reception-statement'])
      expect(court.waitsAt()).toEqual(['signStatement'])
      expect(court.task('signStatement')).toMatchObject({
        candidateGroups: ['reception-specialist'],
        formId: 'document-signing',
        ...deadlineOf('reception.offline', filedAt),
      })
      expect(court.opensWith('signStatement')).toEqual({})

      await court.complete('signStatement')
      expect(court.inputsOf('dossier.enter')).toEqual([
        { caseId, documentId: documentId('no-reception-statement'), uploadId: signedCopy },
      ])
      expect(court.timesThrough('signTranscript')).toBe(0)
      await court.complete('handOverNode')
      expect(court.isCompleted()).toBe(true)
      expect(court.variables().payeeAccount).toBeNull()
    })

    it('线上未进行初次接待的，说明的签署期限与线上笔录相同（第五条、第六条）', async () => {
      const court = await atTheReceptionOf('online')
      await court.moveTo(laterThatMorning)
      await court.answer('receiveApplicant', notReceived)

      expect(court.task('signStatement')).toMatchObject(deadlineOf('transcript.signature', laterThatMorning))
    })

    it('初次接待事务专员负责繁简分流节点的流转，让执行局可接收到案件（第十条）', async () => {
      const court = await atTheReceptionOf('window')
      await court.moveTo(laterThatMorning)
      await court.complete('receiveApplicant')
      await court.complete('signTranscript')

      expect(court.task('handOverNode')).toMatchObject({
        candidateGroups: ['reception-specialist'],
        formId: 'node-handover',
        ...deadlineOf('node.handover', laterThatMorning),
      })
      await court.complete('handOverNode')

      expect(court.isCompleted()).toBe(true)
      expect(court.timesThrough('receptionHandedOver')).toBe(1)
    })

    it('确认的收款账户随案流转，供发放案款使用（第七条第五项）', async () => {
      const account = { payee: '甲某一', bank: '测试银行', number: '000000000000009' }
      const court = await atTheReceptionOf('window')
      await court.complete('receiveApplicant', { account })
      await court.goOnToTheEnd()

      expect(court.variables().payeeAccount).toEqual(account)
    })
  })

  describe('期限：临期提醒、到期督办，办理不受影响（第九条、第十三条、第二十五条）', () => {
    it('接收立案材料', async () => {
      const court = await aCaseFiledAt('window')
      await expectSupervisionInTime(court, {
        activity: 'receiveMaterials',
        node: 'filing-transfer',
        key: 'filing.transfer',
        from: filedAt,
        waiting: ['receiveMaterials'],
      })
    })

    it('核对与初次接待，网上立案限定二日内完成', async () => {
      const court = await aCaseFiledAt('online')
      await expectSupervisionInTime(court, {
        activity: 'verifyAndReceive',
        node: 'reception',
        key: 'reception.online',
        from: filedAt,
        waiting: ['verifyFiling'],
      })
    })

    it('纠正期间接待期限照常进行，两个节点各自督办', async () => {
      const court = await aCaseFiledAt('online', [amountDiffers])
      await court.complete('verifyFiling', { findings: [confirmed] })
      await expectSupervisionInTime(court, {
        activity: 'correctFiling',
        node: 'filing-correction',
        key: 'filing.correction',
        from: filedAt,
        waiting: ['correctFiling'],
      })
      await court.moveTo(deadlineOf('reception.online', filedAt).dueAt)

      expect(court.calls('overdue-supervision').map(({ variables }) => variables.node)).toEqual([
        'filing-correction',
        'filing-correction',
        'reception',
        'reception',
      ])
      expect(court.waitsAt()).toEqual(['correctFiling'])
    })

    it('签署并上传笔录', async () => {
      const court = await atTheReceptionOf('online')
      await court.complete('receiveApplicant', remotely)
      await expectSupervisionInTime(court, {
        activity: 'signTranscript',
        node: 'transcript-signature',
        key: 'transcript.signature',
        from: filedAt,
        waiting: ['signTranscript'],
      })
    })

    it('签署并上传未接待的说明', async () => {
      const court = await atTheReceptionOf('window')
      await court.answer('receiveApplicant', notReceived)
      await expectSupervisionInTime(court, {
        activity: 'signStatement',
        node: 'statement-signature',
        key: 'reception.offline',
        from: filedAt,
        waiting: ['signStatement'],
      })
    })

    it('流转至繁简分流', async () => {
      const court = await (await aCaseFiledAt('window')).goOnTo('handOverNode')
      await expectSupervisionInTime(court, {
        activity: 'handOverNode',
        node: 'node-handover',
        key: 'node.handover',
        from: filedAt,
        waiting: ['handOverNode'],
      })
    })

    it('超期之后办结的，正在进行的督办随即终止，案件照常流转', async () => {
      const court = await aCaseFiledAt('window')
      const { remindAt, dueAt } = deadlineOf('filing.transfer', filedAt)
      const { deadline } = court.task('receiveMaterials').variables
      const { entryId } = z.object({ entryId: z.string() }).parse(deadline)
      court.script('deadline.review', ({ variables }, { engine }) => {
        const overdue = variables.node === 'filing-transfer' && engine.clock.now() >= new Date(dueAt)
        const action = overdue ? 'escalate' : 'remind'
        return { review: { action, entryId, dueAt, handlerRole: 'reception-specialist', ladder: 'enforcement' } }
      })
      await court.moveTo(remindAt)
      await court.moveTo(dueAt)
      expect(court.waitsAt()).toEqual(['receiveMaterials', 'superviseNode'])

      await court.complete('receiveMaterials')
      expect(court.waitsAt(), '督办任务已经撤销').toEqual(['verifyFiling'])
      expect(court.calls('overdue-supervision').every(({ state }) => state === 'COMPLETED')).toBe(true)
      expect(court.isCompleted()).toBe(false)
    })

    it('按时办结的节点逐一销号，此后不再提醒或者督办', async () => {
      const court = await aCaseFiledAt('window', [amountDiffers])
      await court.complete('receiveMaterials')
      await court.complete('verifyFiling', { findings: [confirmed] })
      await court.goOnToTheEnd()
      await court.moveTo('2027-03-02T09:00:00+08:00')

      expect(court.calls('overdue-supervision')).toEqual([])
      for (const node of [
        'filing-transfer',
        'filing-correction',
        'reception',
        'transcript-signature',
        'node-handover',
      ]) {
        const { computed, finished } = nodeJobs(court, node)
        expect([node, computed.length, finished.length]).toEqual([node, 1, 1])
      }
    })
  })

  it('未接待的说明按时签署上传的，节点销号，此后不再提醒或者督办（第六条、第九条）', async () => {
    const court = await atTheReceptionOf('online')
    await court.answer('receiveApplicant', notReceived)
    await court.goOnToTheEnd()
    await court.moveTo('2027-03-02T09:00:00+08:00')

    expect(court.calls('overdue-supervision')).toEqual([])
    const { computed, finished } = nodeJobs(court, 'statement-signature')
    expect([computed.length, finished.length]).toEqual([1, 1])
  })

  it('每个环节和每条连线都走过', async () => {
    await expectFullCoverage('initial-reception')
  })
})
