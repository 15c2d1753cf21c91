import { describe, expect, it } from 'vitest'
import { caseId, caseNumber, daysAfter, filedAt, openCourt } from './court.ts'
import { expectFullCoverage } from './coverage.ts'

async function aCaseToClose(team = 'fast', handlingJudge = 'fast-judge1') {
  const court = await openCourt()
  return court.start('case-closing', { caseId, caseNumber, team, handlingJudge })
}

describe('结案（第十三条）', () => {
  it('承办法官拟定结案意见，由执行局长审批', async () => {
    const court = await aCaseToClose()
    expect(court.waitsAt()).toEqual(['proposeClosing'])
    expect(court.task('proposeClosing')).toMatchObject({
      assignee: 'fast-judge1',
      candidateGroups: ['fast-team'],
      formId: 'closing-proposal',
    })
    expect(await court.reads('proposeClosing'), '尚未退回').not.toContain('退回')

    await court.complete('proposeClosing')
    expect(court.waitsAt()).toEqual(['approveClosing'])
    expect(court.task('approveClosing')).toMatchObject({
      assignee: null,
      candidateGroups: ['enforcement-director'],
      formId: 'closing-approval',
    })
    expect(court.task('approveClosing').variables.closing).toMatchObject({ mode: 'completed' })
    expect(court.opensWith('approveClosing')).toEqual({})
  })

  it.each([
    ['general', 'general-judge1'],
    ['complex', 'complex-judge1'],
  ])('结案意见由承办团队自己拟定：%s', async (team, judge) => {
    const court = await aCaseToClose(team, judge)

    expect(court.task('proposeClosing')).toMatchObject({ assignee: judge, candidateGroups: [`${team}-team`] })
  })

  it('批准的，登记结案，制作结案通知书；结案时间随案流转', async () => {
    const court = await aCaseToClose()
    const approvedAt = daysAfter(filedAt, 40)
    await court.complete('proposeClosing', { mode: 'terminated', facts: '被执行人死亡且无遗产' })
    await court.moveTo(approvedAt)
    await court.complete('approveClosing', { approved: 'yes' })

    expect(court.inputsOf('case.close')).toMatchObject([{ caseId, closing: { mode: 'terminated' } }])
    expect(court.inputsOf('document.render')).toMatchObject([
      { documentKind: 'closing-notice', closing: { mode: 'terminated', facts: '被执行人死亡且无遗产' } },
    ])
    expect(court.isCompleted()).toBe(true)
    expect(court.variables().closedAt).toBe(approvedAt)
  })

  it('不批准的，退回承办法官，按修改后的意见重新审批；批准之前不结案', async () => {
    const court = await aCaseToClose()
    await court.complete('proposeClosing', { mode: 'completed' })
    await court.complete('approveClosing', { approved: 'no', opinion: '案款尚未全部发放' })

    expect(court.waitsAt()).toEqual(['proposeClosing'])
    expect(await court.reads('proposeClosing'), '承办法官看得到退回的意见').toContain('案款尚未全部发放')
    expect(court.opensWith('proposeClosing'), '在自己原来的意见上修改').toMatchObject({ mode: 'completed' })
    expect(court.inputsOf('case.close')).toEqual([])

    await court.complete('proposeClosing', { mode: 'cancelled' })
    expect(court.opensWith('approveClosing'), '不带上次的审批意见').toEqual({})
    await court.complete('approveClosing', { approved: 'yes' })
    expect(court.timesThrough('approveClosing')).toBe(2)
    expect(court.inputsOf('case.close')).toMatchObject([{ closing: { mode: 'cancelled' } }])
    expect(court.isCompleted()).toBe(true)
  })

  it('没有审批意见的，不得当作批准', async () => {
    const court = await aCaseToClose()
    await court.complete('proposeClosing')

    await expect(court.complete('approveClosing', { approved: null })).rejects.toThrow('closingApproval.approved')
    expect(court.waitsAt()).toEqual(['approveClosing'])
    expect(court.inputsOf('case.close')).toEqual([])
  })

  it('每个环节和每条连线都走过', async () => {
    await expectFullCoverage('case-closing')
  })
})
