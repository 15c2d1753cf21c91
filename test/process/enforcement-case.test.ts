import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/engine/index.ts'
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

const applicationReceivedAt = '2026-02-27T16:00:00+08:00'

async function aFiledCase(channel: 'window' | 'online' = 'window') {
  const court = await openCourt()
  const variables = { caseId, caseNumber, channel, filedAt, applicationReceivedAt }
  return court.startByMessage('enforcement-case', 'case.filed', caseId, variables)
}

async function aReceivedCase() {
  const court = await aFiledCase()
  await court.goOnTo('handOverNode')
  return court.complete('handOverNode')
}

type Team = 'fast' | 'general' | 'complex'

/** The answers that bring a case to a team. */
const sentTo = (team: Team): Record<string, Record<string, JsonValue>> => ({
  decideTeam: { team, ...(team === 'fast' ? {} : { reason: '测试分流' }) },
  receiveCase: { accepted: 'yes', handlingJudge: `${team}-judge1`, handlingClerk: `${team}-clerk1` },
})

const enforcedBy = { fast: 'chooseMeasure', general: 'enforceByGeneralTeam', complex: 'enforceByComplexTeam' } as const

async function aCaseOfTheTeam(team: Team) {
  return (await aFiledCase()).goOnTo(enforcedBy[team], sentTo(team))
}

describe('执行案件总流程（第一条至第二十六条）', () => {
  describe('立案与初次接待（第二条至第十条）', () => {
    it('立案后即建立电子卷宗，随即进入初次接待（第三条、第四条）', async () => {
      const court = await aFiledCase()

      expect(court.inputsOf('dossier.open')).toEqual([{ caseId }])
      expect(court.calls('initial-reception')).toMatchObject([
        { calledBy: 'receiveCase', variables: { caseId, caseNumber, channel: 'window', filedAt } },
      ])
      expect(court.waitsAt()).toEqual(['receiveMaterials'])
    })

    it('网上所立执行案件由初次接待事务专员远程核对（第五条）', async () => {
      const court = await aFiledCase('online')

      expect(court.calls('initial-reception')).toMatchObject([{ variables: { channel: 'online' } }])
      expect(court.waitsAt()).toEqual(['verifyFiling'])
    })

    it('同一案件的立案消息重复送达的，不会立成两件', async () => {
      const court = await aFiledCase()
      await court.startByMessage('enforcement-case', 'case.filed', caseId, {
        caseId,
        caseNumber,
        channel: 'window',
        filedAt,
        applicationReceivedAt,
      })

      expect(court.inputsOf('dossier.open')).toHaveLength(1)
      expect(court.waitsAt()).toEqual(['receiveMaterials'])
    })
  })

  describe('送达执行通知与首次查控同时进行（第十一条）', () => {
    it('初次接待流转之后才发出执行通知、安排查控', async () => {
      const court = await (await aFiledCase()).goOnTo('handOverNode')
      expect([court.timesThrough('renderEnforcementNotice'), court.calls('property-control')]).toEqual([0, []])

      await court.complete('handOverNode')
      expect(court.waitsAt().sort()).toEqual(['recordSearchFeedback', 'serveNotice'])
    })

    it('执行通知由格式化文书制作专员送达，期限自收到申请之日起算（第十二条，民诉法解释第四百八十条）', async () => {
      const court = await aReceivedCase()

      expect(court.inputsOf('document.render').at(-1)).toMatchObject({ documentKind: 'enforcement-notice' })
      expect(court.task('serveNotice')).toMatchObject({
        candidateGroups: ['document-specialist'],
        assignee: null,
        formId: 'notice-service',
        ...deadlineOf('notice.outer', applicationReceivedAt),
      })
      await court.complete('serveNotice', { method: 'electronic' })
      expect(court.variables().noticeService).toMatchObject({ method: 'electronic' })
    })

    it('首次查控的期限自立案起算', async () => {
      const court = await aReceivedCase()

      expect(court.calls('property-control')).toMatchObject([
        { calledBy: 'searchProperty', variables: { caseId, caseNumber, mode: 'first', filedAt } },
      ])
      expect(court.task('recordSearchFeedback')).toMatchObject(deadlineOf('property.network-check', filedAt))
    })

    it('首次查控反馈后即转繁简分流，不等执行通知送达（第十六条）', async () => {
      const court = await aReceivedCase()
      expect(court.calls('case-triage')).toEqual([])
      await court.complete('recordSearchFeedback')

      expect(court.calls('case-triage')).toHaveLength(1)
      expect(court.waitsAt().sort()).toEqual(['reviewCase', 'serveNotice'])
    })

    it('执行通知已经送达、首次查控尚未反馈的，不转繁简分流（第十六条）', async () => {
      const court = await aReceivedCase()
      await court.complete('serveNotice')
      expect(court.calls('case-triage')).toEqual([])
      expect(court.waitsAt()).toEqual(['recordSearchFeedback'])

      await court.complete('recordSearchFeedback')
      expect(court.waitsAt()).toEqual(['reviewCase'])
    })

    it('执行通知在期限最后一日送达的，不影响在期限内确定承办人（第十六条，法发〔2006〕35号第二条）', async () => {
      const court = await aReceivedCase()
      for (const element of ['recordSearchFeedback', 'reviewCase', 'decideTeam', 'receiveCase']) {
        await court.complete(element, sentTo('fast')[element])
      }
      await court.moveToJust(-1, deadlineOf('notice.outer', applicationReceivedAt).dueAt)
      await court.complete('serveNotice')

      const late = court.calls('overdue-supervision').filter(({ calledBy }) => calledBy !== 'serveNoticeSupervision')
      expect(late).toEqual([])
      expect(nodeJobs(court, 'handler-assignment').finished).toHaveLength(1)
    })
  })

  it('转繁简分流时带去立案时间和首次反馈时间，分案期限自立案起算（第十四条，法发〔2006〕35号第二条）', async () => {
    const court = await aReceivedCase()
    const fedBackAt = daysAfter(filedAt, 2)
    await court.moveTo(fedBackAt)
    await court.complete('recordSearchFeedback')

    const [call] = court.calls('case-triage')
    expect(call).toMatchObject({ calledBy: 'triageCase', variables: { caseId, caseNumber, filedAt } })
    expect(instantOf(call?.variables.firstFeedbackAt)).toBe(fedBackAt)
    expect(nodeJobs(court, 'handler-assignment').computed).toMatchObject([
      { deadlineKey: 'handler.assign', deadlineFrom: filedAt },
    ])
  })

  describe('团队办理（第十五条）', () => {
    it.each([
      ['serveNotice', 'receiveCase'],
      ['receiveCase', 'serveNotice'],
    ])('执行通知送达、承办人确定之后才进入团队办理：先 %s，后 %s（第十一条、第十六条）', async (first, second) => {
      const court = await aReceivedCase()
      for (const element of ['recordSearchFeedback', 'reviewCase', 'decideTeam']) {
        await court.complete(element, sentTo('general')[element])
      }
      await court.complete(first, sentTo('general')[first])
      expect(court.waitsAt()).toEqual([second])
      expect(nodeJobs(court, 'enforcement').computed).toEqual([])

      await court.complete(second, sentTo('general')[second])
      expect(court.waitsAt()).toEqual(['enforceByGeneralTeam'])
      expect(court.timesThrough('noticeAndTriageJoin')).toBe(1)
    })

    it('速执团队：带去承办法官、收案时间和初次接待确认的收款账户', async () => {
      const court = await aReceivedCase()
      await court.complete('serveNotice')
      await court.goOnTo('receiveCase', sentTo('fast'))
      const receivedAt = daysAfter(filedAt, 1)
      await court.moveTo(receivedAt)
      await court.complete('receiveCase', sentTo('fast').receiveCase)

      expect(court.waitsAt()).toEqual(['chooseMeasure'])
      const [call] = court.calls('fast-enforcement')
      expect(call).toMatchObject({
        calledBy: 'enforceByFastTeam',
        variables: { caseId, caseNumber, handlingJudge: 'fast-judge1', payeeAccount: { payee: '测试申请人甲' } },
      })
      expect(instantOf(call?.variables.receivedCaseAt)).toBe(receivedAt)
    })

    it.each([
      ['general', 'enforceByGeneralTeam'],
      ['complex', 'enforceByComplexTeam'],
    ] as const)('%s 团队：由承办法官办理并登记结果', async (team, elementId) => {
      const court = await aCaseOfTheTeam(team)

      expect(court.waitsAt()).toEqual([elementId])
      expect(court.task(elementId)).toMatchObject({
        assignee: `${team}-judge1`,
        candidateGroups: [`${team}-team`],
        formId: 'team-enforcement',
        ...deadlineOf('case.enforce', filedAt),
      })
      await court.complete(elementId, { result: 'settled' })
      expect(court.variables().teamEnforcement).toMatchObject({ result: 'settled' })
      expect(court.calls('fast-enforcement')).toEqual([])
    })

    it('只有承办团队办理，其他团队不收案', async () => {
      const court = await aCaseOfTheTeam('general')

      expect(court.timesThrough('teamGateway')).toBe(1)
      expect(court.openTasks().map((task) => task.elementId)).toEqual(['enforceByGeneralTeam'])
    })
  })

  it('办理完毕的，由承办法官拟定结案意见（第十三条）', async () => {
    const court = await (await aCaseOfTheTeam('complex')).goOnTo('proposeClosing')

    expect(court.calls('case-closing')).toMatchObject([
      { calledBy: 'closeCase', variables: { caseId, caseNumber, team: 'complex', handlingJudge: 'complex-judge1' } },
    ])
    expect(nodeJobs(court, 'enforcement').finished).toHaveLength(1)
  })

  it('结案后转归档，十五日自结案起算（第二十六条）', async () => {
    const court = await (await aCaseOfTheTeam('general')).goOnTo('approveClosing')
    const closedAt = daysAfter(filedAt, 60)
    await court.moveTo(closedAt)
    await court.complete('approveClosing')

    expect(court.variables().closedAt).toBe(closedAt)
    expect(court.calls('dossier-archive')).toMatchObject([
      {
        calledBy: 'archiveDossier',
        variables: { caseId, caseNumber, team: 'general', handlingJudge: 'general-judge1', closedAt },
      },
    ])
    expect(court.task('reviewDossier')).toMatchObject(deadlineOf('archive.image', closedAt))
  })

  it.each(['fast', 'general', 'complex'] as const)('由 %s 团队办理的案件，从立案一直办到归档', async (team) => {
    const court = await aFiledCase()
    await court.goOnToTheEnd(sentTo(team))

    expect(court.isCompleted()).toBe(true)
    expect(court.timesThrough('caseArchived')).toBe(1)
    expect(court.variables()).toMatchObject({
      team,
      handlingJudge: `${team}-judge1`,
      handlingClerk: `${team}-clerk1`,
      closedAt: filedAt,
    })
    expect(court.inputsOf('document.render').map((input) => input.documentKind)).toEqual([
      'reception-transcript',
      'enforcement-notice',
      'triage-transfer-slip',
      'closing-notice',
      'dossier-catalogue',
    ])
    for (const called of ['initial-reception', 'property-control', 'case-triage', 'case-closing', 'dossier-archive']) {
      expect(court.calls(called).map(({ state }) => [called, state])).toEqual([[called, 'COMPLETED']])
    }
  })

  describe('期限：临期提醒、到期督办，办理不受影响（第十三条、第二十五条）', () => {
    it('送达执行通知书', async () => {
      const court = await aReceivedCase()
      for (const element of ['recordSearchFeedback', 'reviewCase', 'decideTeam', 'receiveCase']) {
        await court.complete(element, sentTo('fast')[element])
      }
      await expectSupervisionInTime(court, {
        activity: 'serveNotice',
        node: 'enforcement-notice',
        key: 'notice.outer',
        from: applicationReceivedAt,
        waiting: ['serveNotice'],
      })
    })

    it('繁简分流：确定承办人', async () => {
      const court = await (await aReceivedCase()).complete('serveNotice')
      await expectSupervisionInTime(await court.complete('recordSearchFeedback'), {
        activity: 'triageCase',
        node: 'handler-assignment',
        key: 'handler.assign',
        from: filedAt,
        waiting: ['reviewCase'],
      })
    })

    it('团队办理：执行期限', async () => {
      await expectSupervisionInTime(await aCaseOfTheTeam('general'), {
        activity: 'teamPhase',
        node: 'enforcement',
        key: 'case.enforce',
        from: filedAt,
        waiting: ['enforceByGeneralTeam'],
      })
    })

    it('按时办结的案件没有一次提醒或者督办', async () => {
      const court = await aFiledCase()
      await court.goOnToTheEnd(sentTo('fast'))
      await court.moveTo(daysAfter(filedAt, 1000))

      expect(court.calls('overdue-supervision')).toEqual([])
      for (const node of ['enforcement-notice', 'handler-assignment', 'enforcement']) {
        const { computed, finished } = nodeJobs(court, node)
        expect([node, computed.length, finished.length]).toEqual([node, 1, 1])
      }
    })
  })

  it('每个环节和每条连线都走过', async () => {
    await expectFullCoverage('enforcement-case')
  })
})
