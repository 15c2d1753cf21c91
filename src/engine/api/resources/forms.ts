import type { EngineQuery, Key } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import type { Row } from '../search/search.ts'
import { jsonOf, keyText } from './values.ts'

/** A form as the API shows it. `schema` is the form's JSON as deployed. */
function formOf(row: Row) {
  return {
    formKey: keyText(row.key),
    formId: row.formId,
    version: row.version,
    schema: jsonOf(row.content),
    tenantId: DEFAULT_TENANT,
  }
}

/** The form with this key, or `undefined`. */
export function formByKey(query: EngineQuery, formKey: Key) {
  const row = query.get<Row>('SELECT key, formId, version, content FROM form WHERE key = ?', formKey)
  return row && formOf(row)
}

/** The newest version of a form, or `undefined`. */
export function latestForm(query: EngineQuery, formId: string) {
  const row = query.get<Row>(
    'SELECT key, formId, version, content FROM form WHERE formId = ? AND deletedAt IS NULL ORDER BY version DESC LIMIT 1',
    formId,
  )
  return row && formOf(row)
}
