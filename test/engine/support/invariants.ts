/** What must be true of the tables between any two commands, whatever has happened. */
import type { EngineQuery } from '../../../src/engine/index.ts'

const ENDED = "('COMPLETED', 'TERMINATED')"
const LIVE_JOB = 'endTime IS NULL'

/**
 * An active element instance waits when something will bring it on: something active inside it, a job that can be done
 * (now, after its timeout or its back-off), a person, its own timer or subscription (not one of an event that is only
 * attached to it), a called process that is active, or an incident that a person resolves.
 */
const WAITS = `
  e.activeChildren > 0 OR e.incidentKey IS NOT NULL
  OR EXISTS (SELECT 1 FROM job WHERE elementInstanceKey = e.key AND ${LIVE_JOB}
    AND (activatable = 1 OR deadline IS NOT NULL OR retryAt IS NOT NULL))
  OR EXISTS (SELECT 1 FROM user_task WHERE elementInstanceKey = e.key AND state = 'CREATED' AND e.state = 'ACTIVATED')
  OR EXISTS (SELECT 1 FROM timer WHERE elementInstanceKey = e.key AND (elementId = e.elementId OR e.type = 'EVENT_BASED_GATEWAY'))
  OR EXISTS (SELECT 1 FROM message_subscription WHERE elementInstanceKey = e.key
    AND (elementId = e.elementId OR e.type = 'EVENT_BASED_GATEWAY'))
  OR EXISTS (SELECT 1 FROM process_instance WHERE parentElementInstanceKey = e.key AND state = 'ACTIVE')`

/** Rows that break a rule, by the rule. */
const VIOLATIONS: Readonly<Record<string, string>> = {
  'an active element instance waits for something': `
    SELECT e.key, e.elementId, e.type, e.state FROM element_instance e WHERE e.state NOT IN ${ENDED} AND NOT (${WAITS})`,
  'activeChildren counts the active instances inside': `
    SELECT e.key, e.elementId, e.activeChildren FROM element_instance e WHERE e.activeChildren <>
      (SELECT COUNT(*) FROM element_instance c WHERE c.flowScopeKey = e.key AND c.state NOT IN ${ENDED})`,
  'childrenStarted counts the instances ever made inside': `
    SELECT e.key, e.elementId, e.childrenStarted FROM element_instance e WHERE e.childrenStarted <>
      (SELECT COUNT(*) FROM element_instance c WHERE c.flowScopeKey = e.key)`,
  'activeFlows counts the tokens that wait at joining gateways': `
    SELECT e.key, e.elementId, e.activeFlows FROM element_instance e WHERE e.activeFlows <>
      (SELECT COALESCE(SUM(tokens), 0) FROM gateway_token WHERE scopeKey = e.key)`,
  'tokens wait in active scopes only, and are counted': `
    SELECT t.id, t.tokens, e.state FROM gateway_token t LEFT JOIN element_instance e ON e.key = t.scopeKey
    WHERE e.key IS NULL OR e.state IN ${ENDED} OR t.tokens < 1`,
  'what is active is inside of what is active': `
    SELECT c.key, c.elementId FROM element_instance c LEFT JOIN element_instance e ON e.key = c.flowScopeKey
    WHERE c.state NOT IN ${ENDED} AND c.flowScopeKey <> -1 AND (e.key IS NULL OR e.state IN ${ENDED})`,
  'an element instance has an end when it has ended, and then nothing waits in it': `
    SELECT key, elementId, state FROM element_instance WHERE (state IN ${ENDED}) <> (endDate IS NOT NULL)
      OR (state IN ${ENDED} AND (activeChildren <> 0 OR activeFlows <> 0 OR incidentKey IS NOT NULL OR trigger IS NOT NULL))`,
  'a process instance is in the state of its process': `
    SELECT p.key, p.state, e.state AS process FROM process_instance p LEFT JOIN element_instance e ON e.key = p.key
    WHERE e.key IS NULL OR e.flowScopeKey <> -1 OR p.endDate IS NOT e.endDate
      OR p.state <> CASE WHEN e.state IN ${ENDED} THEN e.state ELSE 'ACTIVE' END`,
  'a call activity that waits has one active called process, which has an active caller': `
    SELECT e.key, e.elementId FROM element_instance e WHERE e.type = 'CALL_ACTIVITY' AND e.state = 'ACTIVATED' AND e.incidentKey IS NULL
      AND (SELECT COUNT(*) FROM process_instance WHERE parentElementInstanceKey = e.key AND state = 'ACTIVE') <> 1
    UNION ALL
    SELECT p.key, 'called' FROM process_instance p LEFT JOIN element_instance e ON e.key = p.parentElementInstanceKey
    WHERE p.state = 'ACTIVE' AND p.parentElementInstanceKey IS NOT NULL AND COALESCE(e.state, '') NOT IN ('ACTIVATED', 'TERMINATING')`,
  'incidents are counted': `
    SELECT p.key, p.incidentCount FROM process_instance p WHERE p.incidentCount <>
      (SELECT COUNT(*) FROM incident WHERE processInstanceKey = p.key AND state = 'ACTIVE')`,
  'an active incident is that of an active element instance': `
    SELECT i.key, i.elementId FROM incident i LEFT JOIN element_instance e ON e.key = i.elementInstanceKey
    WHERE i.state = 'ACTIVE' AND (e.key IS NULL OR e.state IN ${ENDED} OR e.incidentKey IS NULL)
    UNION ALL
    SELECT e.key, e.elementId FROM element_instance e LEFT JOIN incident i ON i.key = e.incidentKey
    WHERE e.incidentKey IS NOT NULL AND COALESCE(i.state, '') <> 'ACTIVE'`,
  'a job can be handed out, or is held, or waits, or is over': `
    SELECT key, state, activatable, deadline, retryAt, endTime, retries FROM job
    WHERE activatable + (deadline IS NOT NULL) + (retryAt IS NOT NULL) + (endTime IS NOT NULL) > 1
      OR (state IN ('COMPLETED', 'CANCELED')) > (endTime IS NOT NULL) OR (activatable = 1 AND retries < 1)`,
  'what is still to be done belongs to active element instances': `
    SELECT j.key, 'job' AS kind FROM job j JOIN element_instance e ON e.key = j.elementInstanceKey WHERE j.${LIVE_JOB} AND e.state IN ${ENDED}
    UNION ALL
    SELECT u.key, 'user task' FROM user_task u JOIN element_instance e ON e.key = u.elementInstanceKey WHERE u.state NOT IN ('COMPLETED', 'CANCELED') AND e.state IN ${ENDED}
    UNION ALL
    SELECT t.key, 'timer' FROM timer t LEFT JOIN element_instance e ON e.key = t.elementInstanceKey
      WHERE t.elementInstanceKey <> -1 AND COALESCE(e.state, 'COMPLETED') IN ${ENDED}
    UNION ALL
    SELECT s.key, 'subscription' FROM message_subscription s LEFT JOIN element_instance e ON e.key = s.elementInstanceKey
      WHERE COALESCE(e.state, 'COMPLETED') IN ${ENDED}`,
  'a correlation is that of a buffered message': `
    SELECT id FROM message_correlation WHERE messageKey NOT IN (SELECT key FROM message)`,
  'a variable belongs to an element instance of its process instance': `
    SELECT v.key, v.name FROM variable v LEFT JOIN element_instance e ON e.key = v.scopeKey
    WHERE e.key IS NULL OR e.processInstanceKey <> v.processInstanceKey OR NOT json_valid(v.value)`,
  'keys are handed out once': `
    SELECT key FROM element_instance WHERE key > (SELECT value FROM meta WHERE name = 'lastKey')`,
}

/** @returns each rule that is broken, with the rows that break it; nothing when all is well */
export function violations(query: EngineQuery): string[] {
  return Object.entries(VIOLATIONS).flatMap(([rule, sql]) =>
    query.all(sql).map((row) => `not true: ${rule}: ${JSON.stringify(row)}`),
  )
}

/** @returns what should have happened by `now` and has not */
export function overdue(query: EngineQuery, now: number): string[] {
  const late: Readonly<Record<string, string>> = {
    timer: 'SELECT key FROM timer WHERE dueAt <= ?',
    'job timeout': 'SELECT key FROM job WHERE deadline <= ?',
    'job back-off': 'SELECT key FROM job WHERE retryAt <= ?',
    message: 'SELECT key FROM message WHERE expiresAt <= ?',
  }
  return Object.entries(late).flatMap(([what, sql]) => query.all(sql, now).map((row) => `late ${what}: ${row.key}`))
}
