import type { JobEvent } from '../../protocol/events.ts'
import type { Appliers } from './types.ts'

/** Jobs: handed out, given back, ended. */
export const jobAppliers: Appliers<JobEvent> = {
  JobCreated(state, event, time) {
    const element = state.elements.require(event.elementInstanceKey)
    const instance = state.processInstances.require(element.processInstanceKey)
    state.jobs.insert({
      key: event.key,
      type: event.jobType,
      kind: event.kind,
      listenerEventType: event.listenerEventType,
      state: 'CREATED',
      worker: '',
      retries: event.retries,
      deadline: null,
      retryAt: null,
      activatable: 1,
      errorCode: null,
      errorMessage: null,
      customHeaders: event.customHeaders,
      elementId: element.elementId,
      elementInstanceKey: element.key,
      processInstanceKey: instance.key,
      processDefinitionKey: instance.processDefinitionKey,
      processDefinitionId: instance.processDefinitionId,
      processDefinitionVersion: instance.processDefinitionVersion,
      creationTime: time,
      lastUpdateTime: time,
      endTime: null,
      deniedReason: null,
    })
  },
  JobActivated: (state, { key, worker, deadline }, time) =>
    state.jobs.update(key, { worker, deadline, activatable: 0, lastUpdateTime: time }),
  JobCompleted: (state, { key, deniedReason }, time) =>
    state.jobs.update(key, {
      state: 'COMPLETED',
      deadline: null,
      activatable: 0,
      endTime: time,
      lastUpdateTime: time,
      ...(deniedReason === undefined ? {} : { deniedReason }),
    }),
  JobFailed: (state, { key, retries, errorMessage, retryAt }, time) =>
    state.jobs.update(key, {
      state: 'FAILED',
      deadline: null,
      retries,
      errorMessage,
      retryAt,
      activatable: retries > 0 && retryAt === null ? 1 : 0,
      lastUpdateTime: time,
    }),
  JobErrorThrown: (state, { key, errorCode, errorMessage, caught }, time) =>
    state.jobs.update(key, {
      state: 'ERROR_THROWN',
      deadline: null,
      retryAt: null,
      activatable: 0,
      errorCode,
      errorMessage,
      endTime: caught ? time : null,
      lastUpdateTime: time,
    }),
  JobCanceled: (state, { key }, time) =>
    state.jobs.update(key, {
      state: 'CANCELED',
      deadline: null,
      retryAt: null,
      activatable: 0,
      endTime: time,
      lastUpdateTime: time,
    }),
  JobTimedOut: (state, { key }, time) =>
    state.jobs.update(key, { state: 'TIMED_OUT', deadline: null, activatable: 1, lastUpdateTime: time }),
  JobReturned(state, { key }, time) {
    const thrown = state.jobs.get(key)?.state === 'ERROR_THROWN'
    state.jobs.update(key, {
      ...(thrown ? { state: 'CREATED' as const } : {}),
      retryAt: null,
      activatable: 1,
      lastUpdateTime: time,
    })
  },
  JobRetriesUpdated: (state, { key, retries }, time) =>
    state.jobs.update(key, { retries, state: 'RETRIES_UPDATED', lastUpdateTime: time }),
  JobTimeoutUpdated: (state, { key, deadline }, time) => state.jobs.update(key, { deadline, lastUpdateTime: time }),
}
