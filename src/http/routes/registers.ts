import { type Response, Router } from 'express'
import { z } from 'zod'
import type { ReceptionRow } from '../../cases/index.ts'
import { label, receptionModeLabels } from '../../procedure/index.ts'
import { csv } from '../csv.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { parse } from '../problem.ts'
import { demand } from '../security.ts'

const DAY_MS = 24 * 60 * 60_000
const date = z.iso.date('日期应为 2026-03-02 的形式')

const Query = z
  .object({ from: date, to: date })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: '止日不能早于起日' })
  .transform(({ from, to }) => ({
    from: new Date(`${from}T00:00:00+08:00`),
    to: new Date(Date.parse(`${to}T00:00:00+08:00`) + DAY_MS),
  }))

/** The initial reception register (Art. 6), as rows and as a CSV file: `/api/registers/initial-reception`. */
export function registersRouter({ cases, audit }: HttpDependencies): Router {
  const router = Router()

  router.get('/registers/initial-reception', async (request, response) => {
    response.json({ items: await rows(request.query, response) })
  })

  router.get('/registers/initial-reception.csv', async (request, response) => {
    const items = await rows(request.query, response)
    response
      .type('text/csv; charset=utf-8')
      .attachment('初次接待登记簿.csv')
      .send(csv([HEADINGS, ...items.map(cells)]))
  })

  async function rows(query: unknown, response: Response): Promise<ReceptionRow[]> {
    const user = demand(response, 'register.read', '您的岗位不能查看初次接待登记簿。')
    const { from, to } = parse(Query, query)
    await audit.record({
      actor: user.username,
      action: 'register.read',
      subjectType: 'register',
      subjectId: 'initial-reception',
      detail: { from: from.toISOString(), to: to.toISOString() },
    })
    return cases.receptionRegister(from, to)
  }

  return router
}

const HEADINGS = [
  '序号',
  '案号',
  '申请执行人',
  '被执行人',
  '是否接待',
  '接待方式',
  '开始时间',
  '结束时间',
  '谈话人',
  '记录人',
  '被谈话人',
  '未接待原因',
  '登记时间',
]

function cells(row: ReceptionRow, index: number): string[] {
  return [
    String(index + 1),
    row.caseNumber,
    row.applicants.join('、'),
    row.respondents.join('、'),
    row.held ? '是' : '否',
    row.mode === null ? '' : label(receptionModeLabels, row.mode),
    row.startedAt ?? '',
    row.endedAt ?? '',
    row.interviewer ?? '',
    row.recorder ?? '',
    row.interviewee ?? '',
    row.notHeldReason ?? '',
    row.recordedAt,
  ]
}
