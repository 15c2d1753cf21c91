import type { SqlValue } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { entityNotFound } from '../http/problem.ts'
import type { ReadQuery, ReadRoute } from '../http/read.ts'
import type { Condition } from '../search/condition.ts'
import { flag, key, text } from '../search/filter.ts'
import { defineSearch, type Row, type SearchField } from '../search/search.ts'
import { INDEXED_LENGTH } from './process-instance-search.ts'
import { bodyOf, ok } from './responses.ts'
import { booleanQuery, keyText, pathKey, TENANT } from './values.ts'

/** Searches show this many characters of a value, unless `truncateValues=false`; the same limit as Camunda's. */
const SHOWN_CHARACTERS = 8_191

const FIELDS: Record<string, SearchField> = {
  variableKey: { type: key, sql: 'v.key' },
  name: { type: text, sql: 'v.name' },
  value: { type: text, sql: 'v.value', long: true, indexedLength: INDEXED_LENGTH },
  scopeKey: { type: key, sql: 'v.scopeKey' },
  processInstanceKey: { type: key, sql: 'v.processInstanceKey' },
  tenantId: TENANT,
}

const isTruncated: SearchField = { type: flag, sql: `(length(v.value) > ${SHOWN_CHARACTERS})` }

function variableSearch(columns: string, size?: string) {
  return defineSearch({
    ...(size === undefined ? {} : { size }),
    from: 'variable v',
    columns: `v.key, v.name, v.scopeKey, v.processInstanceKey, ${columns}`,
    key: 'v.key',
    filters: { ...FIELDS, isTruncated },
    sorts: FIELDS,
    item: (row) => ({ ...variableOf(row), isTruncated: row.isTruncated === 1 }),
  })
}

const shortened = variableSearch(`substr(v.value, 1, ${SHOWN_CHARACTERS}) AS value, ${isTruncated.sql} AS isTruncated`)
const whole = variableSearch('v.value, 0 AS isTruncated', 'length(v.value)')

function variableOf(row: Record<string, SqlValue>) {
  return {
    variableKey: keyText(row.key),
    name: row.name,
    value: row.value,
    scopeKey: keyText(row.scopeKey),
    processInstanceKey: keyText(row.processInstanceKey),
    tenantId: DEFAULT_TENANT,
  }
}

/**
 * Answers a search for variables.
 * @param truncate whether to cut long values
 * @param scope conditions on `variable v` that the request's path adds
 */
export function searchVariables(query: ReadQuery, body: unknown, truncate: boolean, scope: readonly Condition[] = []) {
  return (truncate ? shortened : whole).run(query, body, scope)
}

/** `/v2/variables`. */
export const variableReads: readonly ReadRoute[] = [
  {
    method: 'POST',
    path: '/v2/variables/search',
    read: (query, request) =>
      ok(searchVariables(query, bodyOf(request), booleanQuery(request, 'truncateValues', true))),
  },
  {
    method: 'GET',
    path: '/v2/variables/:variableKey',
    quick: true,
    read(query, request) {
      const variableKey = pathKey(request, 'variableKey')
      const row = query.get<Row>(
        'SELECT key, name, value, scopeKey, processInstanceKey FROM variable WHERE key = ?',
        variableKey,
      )
      if (!row) throw entityNotFound('Variable', variableKey)
      return ok(variableOf(row))
    },
  },
]
