import { describe, expect, test } from 'vitest'
import { DocumentDataError, documentKindCodes, parseDocumentData } from '../../src/documents/index.ts'
import { catalogueMinimal, closingMinimal, samples, transcriptMinimal } from './samples.ts'

function issuesOf(read: () => unknown): readonly string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof DocumentDataError) return error.issues
    throw error
  }
  return []
}

test.each(documentKindCodes)('%s takes its samples as they are', (kind) => {
  expect(parseDocumentData(kind, samples[kind].full)).toEqual(samples[kind].full)
  expect(parseDocumentData(kind, samples[kind].minimal)).toEqual(samples[kind].minimal)
})

describe('an error names the field in Chinese with its path', () => {
  test('a missing field, nested', () => {
    const { address: _, ...service } = transcriptMinimal.service
    expect(issuesOf(() => parseDocumentData('reception-transcript', { ...transcriptMinimal, service }))).toEqual([
      '送达地址及联系方式·送达地址（service.address）：缺少',
    ])
  })

  test('a field of the second respondent', () => {
    const respondents = [{ name: '乙某二' }, { name: ' ' }]
    expect(issuesOf(() => parseDocumentData('closing-notice', { ...closingMinimal, respondents }))).toEqual([
      '被执行人第2项·姓名或名称（respondents[1].name）：不能为空',
    ])
  })

  test('several at once, with the name of the document', () => {
    const data = { ...closingMinimal, amountClaimed: '3万', filedAt: '2026-02-30', applicants: [] }
    expect(() => parseDocumentData('closing-notice', data)).toThrow('《结案通知书》的数据不完整或有误：')
    expect(issuesOf(() => parseDocumentData('closing-notice', data))).toEqual([
      '申请执行人（applicants）：至少一名',
      '立案日期（filedAt）：应为日期，例如 2026-11-23，或带时区的时间',
      '申请执行标的金额（amountClaimed）：应为以元为单位、至多两位小数的金额文字，例如 30000.00',
    ])
  })

  test('a misspelt optional field', () => {
    expect(issuesOf(() => parseDocumentData('closing-notice', { ...closingMinimal, amountPaid: '1.00' }))).toEqual([
      '整份数据：有不认识的字段 amountPaid',
    ])
  })

  test('money as a number', () => {
    expect(issuesOf(() => parseDocumentData('closing-notice', { ...closingMinimal, amountClaimed: 30000 }))).toEqual([
      '申请执行标的金额（amountClaimed）：应为文字',
    ])
  })

  test('half-width brackets in the case number', () => {
    expect(
      issuesOf(() =>
        parseDocumentData('dossier-catalogue', { ...catalogueMinimal, caseNumber: '(2026)豫0922执123号' }),
      ),
    ).toEqual(['案号（caseNumber）：应形如“（2026）豫0922执123号”（使用全角括号）'])
  })

  test('pages of the catalogue that overlap', () => {
    const entries = [
      { title: '执行申请书', pageFrom: 1, pageTo: 3 },
      { title: '送达地址确认书', pageFrom: 3, pageTo: 3 },
    ]
    expect(
      issuesOf(() =>
        parseDocumentData('dossier-catalogue', { ...catalogueMinimal, volumes: [{ volume: 'main', entries }] }),
      ),
    ).toEqual(['各卷第1项·目录条目第2项·起始页（volumes[0].entries[1].pageFrom）：应大于前一件的终止页 3'])
  })
})

test('every one of the seven items of Article 7 is required', () => {
  const required = ['service', 'filing', 'respondentFacts', 'property', 'rights', 'auction', 'payee', 'other', 'app']
  const without = Object.fromEntries(Object.entries(transcriptMinimal).filter(([key]) => !required.includes(key)))
  const issues = issuesOf(() => parseDocumentData('reception-transcript', without))
  expect(issues.map((issue) => /（(\w+)）：缺少$/.exec(issue)?.[1])).toEqual(required)
})
