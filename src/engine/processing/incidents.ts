import type { Key } from '../protocol/values.ts'
import { ElementFailure, type Processing } from './processing.ts'

/** Runs a part of an element's life; what fails becomes an incident of that element instance. */
export function guarded(processing: Processing, key: Key, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof ElementFailure)) throw error
    raiseIncident(processing, key, error)
  }
}

/** Creates an incident at an element instance, for a job of it when `jobKey` is given. */
export function raiseIncident(
  processing: Processing,
  elementInstanceKey: Key,
  failure: Pick<ElementFailure, 'errorType' | 'message'>,
  jobKey: Key | null = null,
): void {
  processing.emit({
    type: 'IncidentCreated',
    key: processing.nextKey(),
    elementInstanceKey,
    jobKey,
    errorType: failure.errorType,
    errorMessage: failure.message,
  })
}

/** Resolves the active incidents of an element instance: it goes on or ends. */
export function resolveIncidents(processing: Processing, elementInstanceKey: Key): void {
  if (processing.state.elements.get(elementInstanceKey)?.incidentKey == null) return
  for (const { key } of processing.state.incidents.find(
    "elementInstanceKey = ? AND state = 'ACTIVE'",
    elementInstanceKey,
  ))
    processing.emit({ type: 'IncidentResolved', key })
}
