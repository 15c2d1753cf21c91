import { z } from 'zod'
import type { EngineQuery, Key } from '../../index.ts'
import { DEFAULT_TENANT } from '../../protocol/values.ts'
import { validate } from '../http/body.ts'
import { entityNotFound } from '../http/problem.ts'
import type { ReadQuery, ReadRoute } from '../http/read.ts'
import { allOf } from '../search/condition.ts'
import { flag, integer, key, text } from '../search/filter.ts'
import { defineSearch, guardOf, type Row, type SearchField, special } from '../search/search.ts'
import { latestForm } from './forms.ts'
import { processInstances } from './process-instance-search.ts'
import { ELEMENT_STATISTICS, ELEMENT_STATISTICS_GROUPS } from './process-instances.ts'
import { bodyOf, NO_CONTENT, ok } from './responses.ts'
import { searchRoutes } from './search-routes.ts'
import { keyText, pathKey, requireRow, TENANT } from './values.ts'

const FIELDS: Record<string, SearchField> = {
  processDefinitionKey: { type: key, sql: 'd.key' },
  name: { type: text, sql: 'd.name', nullable: true },
  resourceName: { type: text, sql: 'd.resourceName' },
  version: { type: integer, sql: 'd.version' },
  versionTag: { type: text, sql: 'd.versionTag', nullable: true },
  processDefinitionId: { type: text, sql: 'd.processDefinitionId' },
  tenantId: TENANT,
}

const definitions = defineSearch({
  from: 'process_definition d',
  columns: 'd.key, d.processDefinitionId, d.version, d.versionTag, d.name, d.resourceName',
  key: 'd.key',
  filters: {
    ...FIELDS,
    isLatestVersion: {
      type: flag,
      sql: '(d.version = (SELECT max(l.version) FROM process_definition l WHERE l.processDefinitionId = d.processDefinitionId AND l.deletedAt IS NULL))',
    },
  },
  sorts: FIELDS,
  special: {
    hasStartForm: special(z.boolean(), (wanted, _filter, query) => {
      const all = query.all<{ key: number }>('SELECT key FROM process_definition').map(({ key }) => key)
      const matching = all.filter((key) => (startFormId(query, key) !== undefined) === wanted)
      return [{ sql: 'd.key IN (SELECT value FROM json_each(?))', params: [JSON.stringify(matching)] }]
    }),
  },
  item: (row, query) => ({
    processDefinitionKey: keyText(row.key),
    processDefinitionId: row.processDefinitionId,
    name: row.name ?? undefined,
    resourceName: row.resourceName,
    version: row.version,
    versionTag: row.versionTag ?? undefined,
    hasStartForm: startFormId(query, Number(row.key)) !== undefined,
    tenantId: DEFAULT_TENANT,
  }),
})

const statistics = z.strictObject({ filter: processInstances.filterSchema.nullish() })

/** `/v2/process-definitions`. */
export const processDefinitionReads: readonly ReadRoute[] = [
  ...searchRoutes(definitions, {
    path: '/v2/process-definitions',
    keyName: 'processDefinitionKey',
    entity: 'Process Definition',
  }),
  {
    method: 'GET',
    path: '/v2/process-definitions/:processDefinitionKey/xml',
    quick: true,
    read: (query, request) => ({
      status: 200,
      contentType: 'text/xml',
      text: contentOf(query, pathKey(request, 'processDefinitionKey')).xml,
    }),
  },
  {
    method: 'GET',
    path: '/v2/process-definitions/:processDefinitionKey/form',
    quick: true,
    read(query, request) {
      const formId = startFormId(query, pathKey(request, 'processDefinitionKey'))
      const form = formId === undefined ? undefined : latestForm(query, formId)
      return form ? ok(form) : NO_CONTENT
    },
  },
  {
    method: 'POST',
    path: '/v2/process-definitions/:processDefinitionKey/statistics/element-instances',
    read(query, request) {
      const definitionKey = pathKey(request, 'processDefinitionKey')
      requireRow(query, 'process_definition', 'Process Definition', definitionKey)
      const { filter } = validate(statistics, bodyOf(request) ?? {}, 'body')
      return ok({ items: elementStatistics(query, definitionKey, filter ?? {}) })
    },
  },
]

function contentOf(query: EngineQuery, definitionKey: Key): { xml: string; processDefinitionId: string } {
  const row = query.get<Row>('SELECT content, processDefinitionId FROM process_definition WHERE key = ?', definitionKey)
  if (!row) throw entityNotFound('Process Definition', definitionKey)
  return { xml: String(row.content), processDefinitionId: String(row.processDefinitionId) }
}

function elementStatistics(query: ReadQuery, definitionKey: Key, filter: Record<string, unknown>) {
  const instances = allOf([
    ...guardOf(query),
    { sql: 'p.processDefinitionKey = ?', params: [definitionKey] },
    ...processInstances.conditions(query, filter),
  ])
  return query.all(
    `${ELEMENT_STATISTICS}
      WHERE e.processInstanceKey IN (
        SELECT p.key FROM process_instance p LEFT JOIN process_definition d ON d.key = p.processDefinitionKey
         WHERE ${instances?.sql})
     ${ELEMENT_STATISTICS_GROUPS}`,
    ...(instances?.params ?? []),
  )
}

/** Start forms found so far: the XML of a definition never changes. */
const startForms = new WeakMap<EngineQuery, Map<Key, string | undefined>>()

function startFormId(query: EngineQuery, definitionKey: Key): string | undefined {
  const known = startForms.get(query) ?? new Map<Key, string | undefined>()
  startForms.set(query, known)
  if (!known.has(definitionKey)) {
    const { xml, processDefinitionId } = contentOf(query, definitionKey)
    known.set(definitionKey, startFormIn(xml, processDefinitionId))
  }
  return known.get(definitionKey)
}

/**
 * The form of a process's none start event, as its deployed XML states it; `undefined` without one.
 * The XML was checked at deployment, so searching its text is enough.
 */
function startFormIn(xml: string, processDefinitionId: string): string | undefined {
  const processes = xml.match(/<(?:[\w-]+:)?process\b[\s\S]*?<\/(?:[\w-]+:)?process>/g) ?? []
  const process = processes.find((text) => attribute(text.slice(0, text.indexOf('>')), 'id') === processDefinitionId)
  // Subprocesses have start events too, but none with a form.
  for (const event of process?.match(/<(?:[\w-]+:)?startEvent\b[\s\S]*?<\/(?:[\w-]+:)?startEvent>/g) ?? []) {
    const definition = /<(?:[\w-]+:)?formDefinition\b[^>]*>/.exec(event)?.[0]
    const formId = definition && attribute(definition, 'formId')
    if (formId) return formId
  }
  return undefined
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1]
}
