import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { validateSubmission } from '../../src/http/form-validation.ts'

const deployed = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../forms', `${name}.form`), 'utf8'))

const verification = deployed('filing-verification')
const finding = {
  field: 'amount',
  label: '标的金额',
  registered: '28000.00',
  application: '30000.00',
  message: '登记与申请书不一致',
  severity: 'error',
}
const task = { caseId: 'c1', verification: { findings: [finding] } }

/** A form of the given components, all below the variable `entry`. */
const form = (...components: object[]) => ({ type: 'default', schemaVersion: 16, components })
const text = (key: string, more: object = {}) => ({ type: 'textfield', id: `field-${key}`, key, label: key, ...more })

async function errorsOf(schema: unknown, context: Record<string, unknown>, submitted: Record<string, unknown>) {
  const submission = await validateSubmission(schema, context, submitted)
  return submission.ok ? [] : submission.errors.map(({ field, message }) => `${field}: ${message}`)
}

describe('an honest submission', () => {
  test('keeps what lies beside the fields: the severity of a finding, which the form does not show', async () => {
    const submitted = { verification: { findings: [{ decision: 'dismissed', reason: '以判决书为准' }], added: [] } }
    const submission = await validateSubmission(verification, task, submitted)
    expect(submission).toMatchObject({
      ok: true,
      variables: {
        verification: { findings: [{ ...finding, decision: 'dismissed', reason: '以判决书为准' }], added: [] },
      },
    })
  })

  test('passes on the variable of the form alone, not the others that the task sees', async () => {
    const submitted = { verification: { findings: [{ decision: 'confirmed' }] } }
    const submission = await validateSubmission(verification, task, submitted)
    expect(submission.ok && Object.keys(submission.variables)).toEqual(['verification'])
  })

  test('may repeat read-only and unshown values unchanged, as a script that sends everything back does', async () => {
    expect(
      await errorsOf(verification, task, { verification: { findings: [{ ...finding, decision: 'confirmed' }] } }),
    ).toEqual([])
  })

  test('keeps a prefilled value that is left out', async () => {
    const schema = form(text('entry.name', { validate: { required: true } }), text('entry.remark'))
    const submission = await validateSubmission(schema, { entry: { name: '甲某一' } }, { entry: { remark: '无' } })
    expect(submission).toMatchObject({ ok: true, variables: { entry: { name: '甲某一', remark: '无' } } })
  })

  test('replaces the rows of a list that grows and shrinks', async () => {
    const rows = {
      verification: { findings: [{ decision: 'confirmed' }], added: [{ field: '案由', message: '应为借款' }] },
    }
    const before = {
      verification: {
        findings: [finding],
        added: [
          { field: '旧', message: '旧' },
          { field: '旧', message: '旧' },
        ],
      },
    }
    const submission = await validateSubmission(verification, before, rows)
    expect(submission.ok && submission.variables).toMatchObject({ verification: { added: [{ field: '案由' }] } })
    const emptied = { verification: { findings: [{ decision: 'confirmed' }], added: [] } }
    const cleared = await validateSubmission(verification, before, emptied)
    expect(cleared.ok && cleared.variables).toMatchObject({ verification: { added: [] } })
  })

  test('drops the value of a field that the answers hide', async () => {
    const before = { verification: { findings: [{ ...finding, decision: 'dismissed', reason: '旧理由' }] } }
    const submission = await validateSubmission(verification, before, {
      verification: { findings: [{ decision: 'confirmed' }] },
    })
    expect(submission.ok && submission.variables).toEqual({
      verification: { findings: [{ ...finding, decision: 'confirmed' }], added: [] },
    })
  })

  test('names the visible fields with their widgets, for checks beyond the form', async () => {
    const submission = await validateSubmission(
      deployed('document-signing'),
      {},
      { signing: { uploadId: 'u1', signedAt: '2026-03-02' } },
    )
    expect(submission.ok && submission.fields).toContainEqual({
      path: 'signing.uploadId',
      value: 'u1',
      properties: { widget: 'upload' },
    })
  })
})

describe('what a person forgot or mistyped', () => {
  test.each([
    ['a required field', { verification: { findings: [{}] } }, 'verification.findings.0.decision: 此项必填。'],
    [
      'a field that an answer makes required',
      { verification: { findings: [{ decision: 'dismissed' }] } },
      'verification.findings.0.reason: 此项必填。',
    ],
    [
      'a row added without its text',
      { verification: { findings: [{ decision: 'confirmed' }], added: [{ field: '案由' }] } },
      'verification.added.0.message: 此项必填。',
    ],
  ])('%s is reported at its field, in Chinese', async (_what, submitted, error) => {
    expect(await errorsOf(verification, task, submitted)).toContain(error)
  })
})

describe('an attack', () => {
  const confirmed = { decision: 'confirmed' }
  test.each([
    [
      'a forged read-only value',
      { verification: { findings: [{ ...confirmed, application: '28000.00' }] } },
      'verification.findings.0.application',
    ],
    [
      'a value beside the fields',
      { verification: { findings: [{ ...confirmed, severity: 'remark' }] } },
      'verification.findings.0.severity',
    ],
    [
      'a hidden field',
      { verification: { findings: [{ ...confirmed, reason: '隐藏' }] } },
      'verification.findings.0.reason',
    ],
    [
      'an option that is not offered',
      { verification: { findings: [{ decision: 'waived' }] } },
      'verification.findings.0.decision',
    ],
    [
      'an object for a choice',
      { verification: { findings: [{ decision: { a: 1 } }] } },
      'verification.findings.0.decision',
    ],
    ['a finding taken away', { verification: { findings: [] } }, 'verification.findings'],
    ['a finding added', { verification: { findings: [confirmed, confirmed] } }, 'verification.findings'],
    ['a text for a list', { verification: { findings: 'none' } }, 'verification.findings'],
    ['a variable of the process', { verification: { findings: [confirmed] }, team: 'fast' }, 'team'],
    ['another case', { verification: { findings: [confirmed] }, caseId: 'c2' }, 'caseId'],
    ['a text for the whole variable', { verification: 'x' }, 'verification'],
    [
      'too many rows',
      { verification: { findings: [confirmed], added: Array.from({ length: 201 }, () => ({})) } },
      'verification.added',
    ],
    [
      'an endless text',
      { verification: { findings: [confirmed], added: [{ field: 'a', message: 'x'.repeat(20_001) }] } },
      'verification.added.0.message',
    ],
  ])('with %s is refused at that field', async (_what, submitted, field) => {
    const submission = await validateSubmission(verification, task, submitted)
    expect(submission.ok).toBe(false)
    expect(submission.ok ? [] : submission.errors.map((error) => error.field)).toContain(field)
  })

  test.each(['__proto__', 'constructor', 'prototype'])(
    'through the name %s is refused and changes no prototype',
    async (name) => {
      const submitted = JSON.parse(
        `{"verification":{"findings":[{"decision":"confirmed"}],"${name}":{"polluted":true}}}`,
      )
      expect(await errorsOf(verification, task, submitted)).toEqual([
        `verification.${name}: 提交的内容含有不允许的名称。`,
      ])
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    },
  )

  test('that nests without end is refused', async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)
    expect((await errorsOf(verification, task, { verification: deep }))[0]).toMatch('层次过深')
  })

  test('on a disabled field is refused', async () => {
    const schema = form(text('entry.fee', { disabled: true }))
    expect(await errorsOf(schema, { entry: { fee: '50.00' } }, { entry: { fee: '0.00' } })).toEqual([
      'entry.fee: 此项只读，不能修改。',
    ])
  })

  test('on a field that is read-only under a condition is refused while the condition holds', async () => {
    const schema = form(text('entry.amount', { readonly: '=locked' }))
    const change = { entry: { amount: '1' } }
    expect(await errorsOf(schema, { locked: true, entry: { amount: '2' } }, change)).toEqual([
      'entry.amount: 此项只读，不能修改。',
    ])
    expect(await errorsOf(schema, { locked: false, entry: { amount: '2' } }, change)).toEqual([])
  })

  test('with an option that no variable offers is refused', async () => {
    const select = { type: 'select', id: 'field-team', key: 'entry.team', label: '团队', valuesExpression: '=teams' }
    const teams = { teams: [{ label: '速执', value: 'fast' }] }
    expect(await errorsOf(form(select), teams, { entry: { team: 'fast' } })).toEqual([])
    expect(await errorsOf(form(select), teams, { entry: { team: 'general' } })).toEqual([
      'entry.team: 所选内容不在可选范围内。',
    ])
    expect(await errorsOf(form(select), teams, { entry: { team: ['fast'] } })).toEqual([
      'entry.team: 所选内容不在可选范围内。',
    ])
  })

  test('on a computed field has no effect', async () => {
    const schema = form(
      { type: 'number', id: 'a', key: 'entry.a', label: 'a' },
      { type: 'expression', id: 'b', key: 'entry.double', expression: '=entry.a * 2', computeOn: 'change' },
    )
    const submission = await validateSubmission(schema, {}, { entry: { a: 21, double: 1 } })
    expect(submission).toMatchObject({ ok: true, variables: { entry: { a: 21, double: 42 } } })
  })

  test('that mixes the read-only values of two rows of a growing list is refused', async () => {
    const list = {
      type: 'dynamiclist',
      id: 'rows',
      path: 'entry.rows',
      isRepeating: true,
      allowAddRemove: true,
      components: [text('name', { readonly: true }), text('account', { readonly: true }), text('note')],
    }
    const rows = [
      { name: '甲某一', account: '1' },
      { name: '乙某二', account: '2' },
    ]
    expect(await errorsOf(form(list), { entry: { rows } }, { entry: { rows: [rows[1]] } })).toEqual([])
    const mixed = { entry: { rows: [{ name: '甲某一', account: '2' }] } }
    expect(await errorsOf(form(list), { entry: { rows } }, mixed)).toEqual([
      'entry.rows.0: 此行的只读内容与原记录不一致。',
    ])
  })
})

test('whatever is submitted, read-only values and the rest of the task stay what they were', async () => {
  const anything = fc.record({
    verification: fc.record(
      {
        findings: fc.array(
          fc.dictionary(fc.constantFrom('label', 'application', 'severity', 'decision', 'reason', 'x'), fc.jsonValue()),
          { maxLength: 2 },
        ),
        added: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  })
  await fc.assert(
    fc.asyncProperty(anything, async (submitted) => {
      const submission = await validateSubmission(verification, task, submitted as Record<string, unknown>)
      if (!submission.ok) return submission.errors.length > 0
      const {
        decision: _decision,
        reason: _reason,
        ...rest
      } = (submission.variables as typeof task).verification.findings[0] as Record<string, unknown>
      expect(rest).toEqual(finding)
      expect(Object.keys(submission.variables)).toEqual(['verification'])
      return true
    }),
    { numRuns: 150 },
  )
})

test('every deployed form can be checked on the server', async () => {
  const { readdirSync } = await import('node:fs')
  for (const file of readdirSync(join(import.meta.dirname, '../../forms'))) {
    const submission = await validateSubmission(deployed(file.replace('.form', '')), {}, {})
    expect(submission.ok === true || submission.errors.length > 0, file).toBe(true)
  }
})
