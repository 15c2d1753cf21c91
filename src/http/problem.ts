import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { MulterError } from 'multer'
import type { Logger } from 'pino'
import { z } from 'zod'
import { CaseError, type CaseErrorCode } from '../cases/index.ts'
import { DossierError, type DossierErrorCode } from '../dossier/index.ts'
import { IdentityError } from '../identity/index.ts'
import { OrchestrationError } from '../orchestration/orchestration.ts'
import type { FieldError } from './form-validation.ts'

/** An answer other than success, as RFC 9457 problem details; every text is Chinese and says what to do. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly detail: string
  readonly errors: FieldError[]

  constructor(status: number, detail: string, errors: FieldError[] = []) {
    super(detail)
    this.status = status
    this.detail = detail
    this.errors = errors
  }
}

const titles: Readonly<Record<number, string>> = {
  400: '请求有误',
  401: '尚未登录',
  403: '没有权限',
  404: '没有找到',
  409: '已被他人处理',
  413: '内容过大',
  415: '格式不受支持',
  422: '填写的内容有误',
  429: '操作过于频繁',
  503: '服务暂不可用',
}

const caseStatus: Readonly<Record<CaseErrorCode, number>> = {
  'unknown-case': 404,
  invalid: 422,
  'case-number-taken': 422,
  'case-number-invalid': 422,
  'missing-data': 422,
  'wrong-status': 409,
}

const dossierStatus: Readonly<Record<DossierErrorCode, number>> = {
  'unknown-case': 404,
  'unknown-entry': 404,
  'unknown-document': 404,
  'unknown-upload': 404,
  'not-open': 409,
  sealed: 409,
  incomplete: 409,
  invalid: 422,
  'too-large': 413,
  'unsupported-type': 415,
  // What is kept is not what was entered: somebody must look, and nothing more is said.
  altered: 500,
}

/** Reads input through a schema. @throws Problem 422 with every field that does not fit */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new Problem(422, '请改正标出的内容后再试。', zodErrors(result.error))
}

function zodErrors(error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }))
}

/** Writes problem details. */
function sendProblem(
  response: Response,
  { status, detail, errors }: Pick<Problem, 'status' | 'detail' | 'errors'>,
): void {
  response
    .status(status)
    .type('application/problem+json')
    .json({
      type: 'about:blank',
      status,
      title: titles[status] ?? (status >= 500 ? '系统故障' : '请求未被接受'),
      detail,
      ...(errors.length > 0 && { errors }),
    })
}

/** Answers an address of the interface that does not exist. */
export const unknownRoute: RequestHandler = () => {
  throw new Problem(404, '没有此接口。')
}

/** Turns every failure into problem details; what nobody foresaw is logged and answered without its inside. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  // Express recognises an error handler by its four parameters.
  return (error: unknown, request, response, _next) => {
    const problem = toProblem(error)
    if (problem.status >= 500) {
      logger.error({ err: error, method: request.method, path: request.path }, 'request failed')
    }
    if (response.headersSent) {
      response.destroy()
      return
    }
    sendProblem(response, problem)
  }
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof CaseError) {
    const fields = error.fields.map(({ field, message }) => ({ field: field.replaceAll(/\[(\d+)\]/g, '.$1'), message }))
    return new Problem(caseStatus[error.code], error.message, fields)
  }
  if (error instanceof DossierError) return new Problem(dossierStatus[error.code], error.message)
  if (error instanceof IdentityError) {
    return new Problem(422, error.message, [{ field: error.field, message: error.message }])
  }
  if (error instanceof z.ZodError) return new Problem(422, '请改正标出的内容后再试。', zodErrors(error))
  if (error instanceof OrchestrationError) return orchestrationProblem(error)
  if (error instanceof MulterError) {
    return error.code === 'LIMIT_FILE_SIZE'
      ? new Problem(413, '文件过大，请压缩或者分开后再上传。')
      : new Problem(400, '一次只能上传一个文件，字段名为 file。')
  }
  const refusal = bodyRefusal(error)
  if (refusal) return new Problem(refusal.status, refusal.message)
  return new Problem(500, '系统发生故障，已经记录。请稍后再试；仍不成功的，请联系系统管理员。')
}

function orchestrationProblem(error: OrchestrationError): Problem {
  if (error.status === 404) return new Problem(404, '流程中没有此项，可能已经办结。')
  if (error.status === 409) return new Problem(409, '此项已由他人处理，请刷新后再看。')
  return new Problem(503, '流程引擎暂时无法处理，请稍后再试；仍不成功的，请联系系统管理员。')
}

/** What express's own body readers throw. */
function bodyRefusal(error: unknown): { status: number; message: string } | null {
  if (!(error instanceof Error) || !('type' in error)) return null
  if (error.type === 'entity.too.large') return { status: 413, message: '提交的内容过大。' }
  if (error.type === 'entity.parse.failed') return { status: 400, message: '提交的内容不是有效的 JSON。' }
  if (error.type === 'charset.unsupported' || error.type === 'encoding.unsupported') {
    return { status: 415, message: '提交的内容应为 UTF-8 编码的 JSON。' }
  }
  return null
}
