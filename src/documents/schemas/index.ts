import type { z } from 'zod'
import { DocumentDataError } from '../errors.ts'
import { type DocumentKindCode, documentKinds } from '../kinds.ts'
import { dossierCatalogue, noReceptionStatement, triageTransferSlip } from './internal.ts'
import { closingNotice, enforcementNotice } from './notices.ts'
import { receptionTranscript } from './reception-transcript.ts'

export type { DossierCatalogueData, NoReceptionStatementData, TriageTransferSlipData } from './internal.ts'
export type { ClosingNoticeData, EnforcementNoticeData } from './notices.ts'
export type { ReceptionTranscriptData } from './reception-transcript.ts'

/** The data that each kind of document takes. */
const documentSchemas = {
  'reception-transcript': receptionTranscript,
  'no-reception-statement': noReceptionStatement,
  'enforcement-notice': enforcementNotice,
  'triage-transfer-slip': triageTransferSlip,
  'closing-notice': closingNotice,
  'dossier-catalogue': dossierCatalogue,
} as const satisfies Record<DocumentKindCode, z.ZodType>

/** Data of a document of kind `K`. */
export type DocumentData<K extends DocumentKindCode = DocumentKindCode> = z.infer<(typeof documentSchemas)[K]>

/**
 * Checks the data of a document.
 *
 * @throws DocumentDataError naming every wrong field in Chinese with its path, e.g.
 *   `送达地址及联系方式·送达地址（service.address）：缺少`
 */
export function parseDocumentData<K extends DocumentKindCode>(kind: K, data: unknown): DocumentData<K> {
  const schema: z.ZodType = documentSchemas[kind]
  const result = schema.safeParse(data, { error: issueText })
  if (result.success) return result.data as DocumentData<K>
  const issues = result.error.issues.map((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
    return path.length === 0
      ? `整份数据：${issue.message}`
      : `${labelsAlong(schema, path).join('·')}（${pathText(path)}）：${issue.message}`
  })
  throw new DocumentDataError(documentKinds[kind].title, issues)
}

/** Wording of the checks that carry none of their own. */
function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? '缺少' : `应为${typeNames[issue.expected] ?? issue.expected}`
    case 'unrecognized_keys':
      return `有不认识的字段 ${issue.keys.join('、')}`
    default:
      return undefined
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: '是或否',
  array: '列表',
  object: '一组字段',
}

/** Chinese names of the fields from the root to `path`; a list's entries are counted from 1. */
function labelsAlong(root: z.ZodType, path: readonly (string | number)[]): string[] {
  const labels: string[] = []
  let current: z.core.$ZodType | undefined = root
  for (const step of path) {
    const schema = unwrap(current)
    if (typeof step === 'number') {
      current = schema?._zod.def.type === 'array' ? (schema as z.ZodArray).element : undefined
      labels[labels.length - 1] = `${labels.at(-1) ?? ''}第${step + 1}项`
      continue
    }
    const shape: Readonly<Record<string, z.core.$ZodType>> =
      schema?._zod.def.type === 'object' ? (schema as z.ZodObject).shape : {}
    current = shape[step]
    labels.push(descriptionOf(current) ?? step)
  }
  return labels
}

function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return schema?._zod.def.type === 'optional' ? unwrap((schema as z.ZodOptional).unwrap()) : schema
}

function descriptionOf(schema: z.core.$ZodType | undefined): string | undefined {
  const own = (schema as z.ZodType | undefined)?.description
  if (own !== undefined || schema?._zod.def.type !== 'optional') return own
  return descriptionOf((schema as z.ZodOptional).unwrap())
}

function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (joined, step) => (typeof step === 'number' ? `${joined}[${step}]` : joined === '' ? step : `${joined}.${step}`),
    '',
  )
}
