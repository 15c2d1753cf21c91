/**
 * Tables of the engine. Times are milliseconds since the epoch (INTEGER), booleans 0/1, lists and objects JSON text,
 * "none" is NULL unless a comment says otherwise. Column names are the words of Camunda's API where it has one.
 * Rows of finished instances stay, as history for the searches; columns after "-- engine" are the engine's own.
 */
export const SCHEMA_VERSION = 2

/** Statements that make the tables in an empty database. */
export const SCHEMA = `
-- One row a transaction: its commands with their events. Replaying it into an empty store gives all tables below.
CREATE TABLE journal (
  position INTEGER PRIMARY KEY,        -- 1, 2, 3, … in the order of processing
  format   INTEGER NOT NULL,           -- version of the event format
  entries  BLOB NOT NULL               -- JSON [[time, lastKey, [event, …]], …], compressed with Zstandard
);
-- Single values: schemaVersion, lastKey, clockPinnedAt (absent: the clock runs).
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;

CREATE TABLE process_definition (
  key                 INTEGER PRIMARY KEY,  -- processDefinitionKey
  processDefinitionId TEXT NOT NULL,        -- id of the BPMN process
  version             INTEGER NOT NULL,     -- 1, 2, … by processDefinitionId
  versionTag          TEXT,
  name                TEXT,
  resourceName        TEXT NOT NULL,
  checksum            TEXT NOT NULL,        -- SHA-256 of content
  content             TEXT NOT NULL,        -- the BPMN XML
  deploymentKey       INTEGER NOT NULL,
  deletedAt           INTEGER,              -- set: only history refers to it
  UNIQUE (processDefinitionId, version)
);

CREATE TABLE decision_requirements (
  key                    INTEGER PRIMARY KEY,  -- decisionRequirementsKey
  decisionRequirementsId TEXT NOT NULL,
  name                   TEXT NOT NULL,
  version                INTEGER NOT NULL,
  resourceName           TEXT NOT NULL,
  checksum               TEXT NOT NULL,
  content                TEXT NOT NULL,        -- the DMN XML
  deploymentKey          INTEGER NOT NULL,
  deletedAt              INTEGER,              -- set: only history refers to it
  UNIQUE (decisionRequirementsId, version)
);

CREATE TABLE decision_definition (
  key                     INTEGER PRIMARY KEY,  -- decisionDefinitionKey
  decisionDefinitionId    TEXT NOT NULL,
  name                    TEXT NOT NULL,
  version                 INTEGER NOT NULL,
  decisionRequirementsKey INTEGER NOT NULL,
  decisionRequirementsId  TEXT NOT NULL,
  deploymentKey           INTEGER NOT NULL,
  versionTag              TEXT,
  deletedAt               INTEGER,              -- set: only history refers to it
  UNIQUE (decisionDefinitionId, version)
);

CREATE TABLE form (
  key           INTEGER PRIMARY KEY,   -- formKey
  formId        TEXT NOT NULL,
  version       INTEGER NOT NULL,
  resourceName  TEXT NOT NULL,
  checksum      TEXT NOT NULL,
  content       TEXT NOT NULL,         -- the form's JSON schema as deployed
  deploymentKey INTEGER NOT NULL,
  versionTag    TEXT,
  deletedAt     INTEGER,               -- set: only history refers to it
  UNIQUE (formId, version)
);
CREATE INDEX form_deployment ON form (deploymentKey);

-- Deployed files that the engine keeps for others, e.g. scripts of robots.
CREATE TABLE resource (
  key           INTEGER PRIMARY KEY,   -- resourceKey
  resourceId    TEXT NOT NULL,
  version       INTEGER NOT NULL,
  versionTag    TEXT,
  resourceName  TEXT NOT NULL,
  checksum      TEXT NOT NULL,
  content       TEXT NOT NULL,
  deploymentKey INTEGER NOT NULL,
  deletedAt     INTEGER,
  UNIQUE (resourceId, version)
);

CREATE TABLE process_instance (
  key                      INTEGER PRIMARY KEY,  -- processInstanceKey
  processDefinitionKey     INTEGER NOT NULL,
  processDefinitionId      TEXT NOT NULL,
  processDefinitionVersion INTEGER NOT NULL,
  parentProcessInstanceKey INTEGER,              -- set when a call activity started it
  parentElementInstanceKey INTEGER,              -- that call activity's element instance
  rootProcessInstanceKey   INTEGER NOT NULL,
  state                    TEXT NOT NULL,        -- ACTIVE | COMPLETED | TERMINATED
  startDate                INTEGER NOT NULL,
  endDate                  INTEGER,
  incidentCount            INTEGER NOT NULL,     -- active incidents of this instance (called ones not counted)
  tags                     TEXT NOT NULL,        -- JSON array
  -- engine
  callDepth                INTEGER NOT NULL,     -- 0 for a root, else that of the caller + 1
  correlationKey           TEXT,                 -- of the message that started it: no second live instance a key
  terminateAfter           TEXT                  -- JSON array: elements after which it is terminated
);
CREATE INDEX process_instance_definition ON process_instance (processDefinitionId, state, key);
CREATE INDEX process_instance_state ON process_instance (state, key);
CREATE INDEX process_instance_parent ON process_instance (parentElementInstanceKey) WHERE parentElementInstanceKey IS NOT NULL;
-- What an instance called: only called instances are in it.
CREATE INDEX process_instance_called ON process_instance (parentProcessInstanceKey) WHERE parentProcessInstanceKey IS NOT NULL;
-- Searches sorted by start. Entries are added at its end and never change.
CREATE INDEX process_instance_start ON process_instance (startDate);
CREATE INDEX process_instance_correlation ON process_instance (processDefinitionId, correlationKey)
  WHERE correlationKey IS NOT NULL AND state = 'ACTIVE';

CREATE TABLE element_instance (
  key                  INTEGER PRIMARY KEY,  -- elementInstanceKey; equals processInstanceKey for the process itself
  processInstanceKey   INTEGER NOT NULL,
  processDefinitionKey INTEGER NOT NULL,
  processDefinitionId  TEXT NOT NULL,
  elementId            TEXT NOT NULL,
  elementName          TEXT,
  type                 TEXT NOT NULL,        -- see ELEMENT_TYPES
  state                TEXT NOT NULL,        -- ACTIVATING | ACTIVATED | COMPLETING | COMPLETED | TERMINATING | TERMINATED
  startDate            INTEGER NOT NULL,
  endDate              INTEGER,
  incidentKey          INTEGER,              -- its active incident
  flowScopeKey         INTEGER NOT NULL,     -- element instance around it; -1 for the process
  -- engine
  loopCounter          INTEGER,              -- 1, 2, … inside a multi-instance body
  loopItems            TEXT,                 -- of a multi-instance body: the input collection, JSON; of an ad-hoc subprocess: set when its worker is done
  listenerIndex        INTEGER NOT NULL,     -- next listener to call in the present state
  activeChildren       INTEGER NOT NULL,     -- element instances inside that have not ended
  childrenStarted      INTEGER NOT NULL,     -- element instances ever made inside
  activeFlows          INTEGER NOT NULL,     -- sequence flows taken whose target has not been activated
  interruptedBy        TEXT,                 -- element that ended the normal flow of this scope
  trigger              TEXT                  -- JSON: the event that waits until this element has terminated
);
CREATE INDEX element_instance_process_instance ON element_instance (processInstanceKey, key);
CREATE INDEX element_instance_active_children ON element_instance (flowScopeKey, key)
  WHERE state NOT IN ('COMPLETED', 'TERMINATED');
CREATE INDEX element_instance_active_element ON element_instance (processDefinitionId, elementId)
  WHERE state NOT IN ('COMPLETED', 'TERMINATED');

-- Sequence flows taken, each once an instance.
CREATE TABLE sequence_flow (
  processInstanceKey   INTEGER NOT NULL,
  elementId            TEXT NOT NULL,      -- id of the sequence flow
  processDefinitionKey INTEGER NOT NULL,
  processDefinitionId  TEXT NOT NULL,
  PRIMARY KEY (processInstanceKey, elementId)
) WITHOUT ROWID;

-- Tokens that wait at a joining gateway: one row a scope and flow.
CREATE TABLE gateway_token (
  id        TEXT PRIMARY KEY,              -- scopeKey/flowId
  scopeKey  INTEGER NOT NULL,
  gatewayId TEXT NOT NULL,
  tokens    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX gateway_token_scope ON gateway_token (scopeKey, gatewayId);

CREATE TABLE variable (
  key                INTEGER PRIMARY KEY,  -- variableKey
  name               TEXT NOT NULL,
  value              TEXT NOT NULL,        -- JSON
  scopeKey           INTEGER NOT NULL,     -- element instance that holds it
  processInstanceKey INTEGER NOT NULL
);
CREATE UNIQUE INDEX variable_scope ON variable (scopeKey, name);
CREATE INDEX variable_process_instance ON variable (processInstanceKey, name);
-- Searches for what has a variable of a value (a case by its number). Long values are not sought: they stay out.
CREATE INDEX variable_value ON variable (name, value) WHERE length(value) <= 100;

CREATE TABLE job (
  key                      INTEGER PRIMARY KEY,  -- jobKey
  type                     TEXT NOT NULL,
  kind                     TEXT NOT NULL,        -- see JobKind
  listenerEventType        TEXT NOT NULL,        -- see ListenerEventType
  state                    TEXT NOT NULL,        -- see JobState
  worker                   TEXT NOT NULL,        -- '' until activated
  retries                  INTEGER NOT NULL,
  deadline                 INTEGER,              -- held by a worker until then
  retryAt                  INTEGER,              -- failed; comes back then
  activatable              INTEGER NOT NULL,     -- 1: can be handed out
  errorCode                TEXT,
  errorMessage             TEXT,
  customHeaders            TEXT NOT NULL,        -- JSON object
  elementId                TEXT NOT NULL,
  elementInstanceKey       INTEGER NOT NULL,
  processInstanceKey       INTEGER NOT NULL,
  processDefinitionKey     INTEGER NOT NULL,
  processDefinitionId      TEXT NOT NULL,
  processDefinitionVersion INTEGER NOT NULL,
  creationTime             INTEGER NOT NULL,
  lastUpdateTime           INTEGER NOT NULL,
  endTime                  INTEGER,
  deniedReason             TEXT                  -- set when its worker, a task listener, denied
);
CREATE INDEX job_activatable ON job (type, key) WHERE activatable = 1;
CREATE INDEX job_deadline ON job (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX job_retry_at ON job (retryAt) WHERE retryAt IS NOT NULL;
CREATE INDEX job_element_instance ON job (elementInstanceKey);
CREATE INDEX job_process_instance ON job (processInstanceKey);

CREATE TABLE user_task (
  key                      INTEGER PRIMARY KEY,  -- userTaskKey
  name                     TEXT,                 -- name of the element
  state                    TEXT NOT NULL,        -- see UserTaskState
  assignee                 TEXT,
  candidateGroups          TEXT NOT NULL,        -- JSON array; also as rows of user_task_candidate
  candidateUsers           TEXT NOT NULL,        -- JSON array; also as rows of user_task_candidate
  dueDate                  INTEGER,
  followUpDate             INTEGER,
  dueDateText              TEXT,                 -- as given, with its offset
  followUpDateText         TEXT,
  priority                 INTEGER NOT NULL,     -- 0–100, default 50
  formKey                  INTEGER,              -- form of the engine
  externalFormReference    TEXT,
  customHeaders            TEXT NOT NULL,        -- JSON object
  action                   TEXT NOT NULL,        -- last action, '' at first
  elementId                TEXT NOT NULL,
  elementInstanceKey       INTEGER NOT NULL,
  processInstanceKey       INTEGER NOT NULL,
  processDefinitionKey     INTEGER NOT NULL,
  processDefinitionId      TEXT NOT NULL,
  processDefinitionVersion INTEGER NOT NULL,
  creationDate             INTEGER NOT NULL,
  completionDate           INTEGER,               -- end, also of a canceled one
  -- engine
  listenerIndex            INTEGER NOT NULL,      -- task listener that is asked, from 0
  change                   TEXT                   -- JSON: UserTaskChange that the listeners are asked about
);
CREATE INDEX user_task_element_instance ON user_task (elementInstanceKey);
CREATE INDEX user_task_process_instance ON user_task (processInstanceKey);
CREATE INDEX user_task_assignee ON user_task (assignee, state, key);
-- Lists of open tasks, sorted and paged: each order of a million is walked, not sorted.
CREATE INDEX user_task_creation ON user_task (state, creationDate);
CREATE INDEX user_task_due_date ON user_task (state, dueDate);
CREATE INDEX user_task_priority ON user_task (state, priority);
-- The last of those that begin with the state: where any of them would do, SQLite takes this one, in the order of the rows.
CREATE INDEX user_task_state ON user_task (state, key);

-- Derived from user_task by triggers.
CREATE TABLE user_task_candidate (
  kind        TEXT NOT NULL,                -- GROUP | USER
  value       TEXT NOT NULL,
  userTaskKey INTEGER NOT NULL,
  PRIMARY KEY (kind, value, userTaskKey)
) WITHOUT ROWID;
CREATE INDEX user_task_candidate_task ON user_task_candidate (userTaskKey);
CREATE TRIGGER user_task_candidate_insert AFTER INSERT ON user_task
  WHEN NEW.candidateGroups <> '[]' OR NEW.candidateUsers <> '[]' BEGIN
  INSERT OR IGNORE INTO user_task_candidate SELECT 'GROUP', value, NEW.key FROM json_each(NEW.candidateGroups);
  INSERT OR IGNORE INTO user_task_candidate SELECT 'USER', value, NEW.key FROM json_each(NEW.candidateUsers);
END;
CREATE TRIGGER user_task_candidate_update AFTER UPDATE ON user_task
  WHEN OLD.candidateGroups <> NEW.candidateGroups OR OLD.candidateUsers <> NEW.candidateUsers BEGIN
  DELETE FROM user_task_candidate WHERE userTaskKey = NEW.key;
  INSERT OR IGNORE INTO user_task_candidate SELECT 'GROUP', value, NEW.key FROM json_each(NEW.candidateGroups);
  INSERT OR IGNORE INTO user_task_candidate SELECT 'USER', value, NEW.key FROM json_each(NEW.candidateUsers);
END;

-- Who was assigned a task in each five minutes: for the usage metrics.
CREATE TABLE task_assignee (
  id         TEXT PRIMARY KEY,              -- number of the five minutes/assignee
  assignee   TEXT NOT NULL,
  assignedAt INTEGER NOT NULL               -- the first time in them
) WITHOUT ROWID;
CREATE INDEX task_assignee_time ON task_assignee (assignedAt);

CREATE TABLE timer (
  key                  INTEGER PRIMARY KEY,
  dueAt                INTEGER NOT NULL,
  elementId            TEXT NOT NULL,       -- event that it triggers
  elementInstanceKey   INTEGER NOT NULL,    -- element instance that waits; -1 for a timer start event
  processInstanceKey   INTEGER NOT NULL,    -- -1 for a timer start event
  processDefinitionKey INTEGER NOT NULL,
  processDefinitionId  TEXT NOT NULL,
  repetitions          INTEGER NOT NULL,    -- firings left with this one; -1 without end
  schedule             TEXT                 -- cycle as given ("R3/PT1H", cron); NULL fires once
);
CREATE INDEX timer_due ON timer (dueAt, key);
CREATE INDEX timer_element_instance ON timer (elementInstanceKey);
CREATE INDEX timer_start ON timer (processDefinitionId) WHERE elementInstanceKey = -1;

CREATE TABLE message (
  key            INTEGER PRIMARY KEY,       -- messageKey; a row only while it is buffered
  name           TEXT NOT NULL,
  correlationKey TEXT NOT NULL,
  messageId      TEXT,
  variables      TEXT NOT NULL,             -- JSON object
  publishedAt    INTEGER NOT NULL,
  expiresAt      INTEGER NOT NULL
);
CREATE INDEX message_name ON message (name, correlationKey, key);
CREATE INDEX message_expires ON message (expiresAt);

-- To which processes a buffered message was already correlated: at most once each.
CREATE TABLE message_correlation (
  id                  TEXT PRIMARY KEY,     -- messageKey/processDefinitionId
  messageKey          INTEGER NOT NULL,
  processDefinitionId TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX message_correlation_message ON message_correlation (messageKey);

CREATE TABLE message_subscription (
  key                  INTEGER PRIMARY KEY,
  messageName          TEXT NOT NULL,
  correlationKey       TEXT NOT NULL,
  elementId            TEXT NOT NULL,       -- event that it triggers
  elementInstanceKey   INTEGER NOT NULL,    -- element instance that waits
  processInstanceKey   INTEGER NOT NULL,
  processDefinitionKey INTEGER NOT NULL,
  processDefinitionId  TEXT NOT NULL,
  interrupting         INTEGER NOT NULL,    -- 1: closed by the first message
  creationDate         INTEGER NOT NULL
);
CREATE INDEX message_subscription_name ON message_subscription (messageName, correlationKey, key);
CREATE INDEX message_subscription_element_instance ON message_subscription (elementInstanceKey);
CREATE INDEX message_subscription_process_instance ON message_subscription (processInstanceKey);

-- History: who got which message. Of a start event: the instance that it started.
CREATE TABLE correlated_message_subscription (
  id                   TEXT PRIMARY KEY,    -- messageKey/subscriptionKey
  messageKey           INTEGER NOT NULL,
  messageName          TEXT NOT NULL,
  correlationKey       TEXT NOT NULL,
  subscriptionKey      INTEGER NOT NULL,
  correlationTime      INTEGER NOT NULL,
  elementId            TEXT NOT NULL,
  elementInstanceKey   INTEGER,             -- of a subscription that waited
  processInstanceKey   INTEGER NOT NULL,
  processDefinitionKey INTEGER NOT NULL,
  processDefinitionId  TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX correlated_message_subscription_process_instance ON correlated_message_subscription (processInstanceKey);
CREATE INDEX correlated_message_subscription_subscription ON correlated_message_subscription (subscriptionKey);

-- History: subscriptions that wait no more.
CREATE TABLE ended_message_subscription (
  key                  INTEGER PRIMARY KEY,
  messageName          TEXT NOT NULL,
  correlationKey       TEXT NOT NULL,
  elementId            TEXT NOT NULL,
  elementInstanceKey   INTEGER NOT NULL,
  processInstanceKey   INTEGER NOT NULL,
  processDefinitionKey INTEGER NOT NULL,
  processDefinitionId  TEXT NOT NULL,
  state                TEXT NOT NULL,       -- CORRELATED | DELETED
  endDate              INTEGER NOT NULL
);
CREATE INDEX ended_message_subscription_process_instance ON ended_message_subscription (processInstanceKey);

-- Message start events of the latest version of each process.
CREATE TABLE message_start_subscription (
  key                  INTEGER PRIMARY KEY,
  messageName          TEXT NOT NULL,
  elementId            TEXT NOT NULL,
  processDefinitionKey INTEGER NOT NULL,
  processDefinitionId  TEXT NOT NULL
);
CREATE INDEX message_start_subscription_name ON message_start_subscription (messageName);
CREATE INDEX message_start_subscription_process ON message_start_subscription (processDefinitionId);

-- Signal events that wait, and signal start events of the latest version of each process.
CREATE TABLE signal_subscription (
  key                  INTEGER PRIMARY KEY,
  signalName           TEXT NOT NULL,
  elementId            TEXT NOT NULL,       -- event that it triggers
  elementInstanceKey   INTEGER NOT NULL,    -- element instance that waits; -1 for a start event
  processInstanceKey   INTEGER NOT NULL,    -- -1 for a start event
  processDefinitionKey INTEGER NOT NULL,
  processDefinitionId  TEXT NOT NULL,
  interrupting         INTEGER NOT NULL     -- 1: closed by the first signal
);
CREATE INDEX signal_subscription_name ON signal_subscription (signalName, key);
CREATE INDEX signal_subscription_element_instance ON signal_subscription (elementInstanceKey);
CREATE INDEX signal_subscription_start ON signal_subscription (processDefinitionId) WHERE elementInstanceKey = -1;

-- Completed activities that can be compensated, and subprocesses that hold such; the rows go when that has happened or their
-- scope has ended.
CREATE TABLE compensation_subscription (
  key                INTEGER PRIMARY KEY,
  scopeKey           INTEGER NOT NULL,     -- element instance in which the activity was
  activityKey        INTEGER NOT NULL,     -- element instance of the activity; scopeKey of what was compensable inside
  activityId         TEXT NOT NULL,
  boundaryId         TEXT,                 -- compensation boundary event; NULL: the activity only holds others
  processInstanceKey INTEGER NOT NULL,
  throwKey           INTEGER,              -- element instance of the event that compensates it now
  handlerKey         INTEGER               -- element instance of the handler that does it
);
CREATE INDEX compensation_subscription_scope ON compensation_subscription (scopeKey, key);
CREATE INDEX compensation_subscription_throw ON compensation_subscription (throwKey) WHERE throwKey IS NOT NULL;
CREATE INDEX compensation_subscription_handler ON compensation_subscription (handlerKey) WHERE handlerKey IS NOT NULL;

CREATE TABLE incident (
  key                  INTEGER PRIMARY KEY,  -- incidentKey
  errorType            TEXT NOT NULL,        -- see IncidentErrorType
  errorMessage         TEXT NOT NULL,
  state                TEXT NOT NULL,        -- ACTIVE | RESOLVED
  elementId            TEXT NOT NULL,
  elementInstanceKey   INTEGER NOT NULL,
  processInstanceKey   INTEGER NOT NULL,
  processDefinitionKey INTEGER NOT NULL,
  processDefinitionId  TEXT NOT NULL,
  jobKey               INTEGER,
  creationTime         INTEGER NOT NULL,
  endTime              INTEGER
);
CREATE INDEX incident_process_instance ON incident (processInstanceKey, state);
CREATE INDEX incident_element_instance ON incident (elementInstanceKey) WHERE state = 'ACTIVE';
CREATE INDEX incident_job ON incident (jobKey) WHERE jobKey IS NOT NULL AND state = 'ACTIVE';
CREATE INDEX incident_creation ON incident (state, creationTime);
CREATE INDEX incident_state ON incident (state, key);

-- One row an evaluation of a decision (of the graph: see details).
CREATE TABLE decision_instance (
  key                     INTEGER PRIMARY KEY,  -- decisionEvaluationKey
  state                   TEXT NOT NULL,        -- EVALUATED | FAILED
  decisionDefinitionKey   INTEGER NOT NULL,
  decisionDefinitionId    TEXT NOT NULL,
  decisionDefinitionName  TEXT NOT NULL,
  decisionDefinitionVersion INTEGER NOT NULL,
  decisionRequirementsKey INTEGER NOT NULL,
  decisionRequirementsId  TEXT NOT NULL,
  evaluationDate          INTEGER NOT NULL,
  output                  TEXT NOT NULL,        -- JSON
  failureMessage          TEXT,
  evaluatedDecisions      TEXT NOT NULL,        -- JSON: EvaluatedDecisionResult[]
  processInstanceKey      INTEGER,              -- set when a business rule task asked
  processDefinitionKey    INTEGER,
  elementInstanceKey      INTEGER
);
CREATE INDEX decision_instance_process_instance ON decision_instance (processInstanceKey);
CREATE INDEX decision_instance_decision ON decision_instance (decisionDefinitionId, key);

-- Batch operations: the same done to many process instances.
CREATE TABLE batch_operation (
  key            INTEGER PRIMARY KEY,  -- batchOperationKey
  type           TEXT NOT NULL,        -- see BatchOperationType
  state          TEXT NOT NULL,        -- ACTIVE | SUSPENDED | COMPLETED | CANCELED
  plan           TEXT NOT NULL,        -- JSON: BatchOperationPlan
  startDate      INTEGER NOT NULL,
  endDate        INTEGER,
  totalCount     INTEGER NOT NULL,
  completedCount INTEGER NOT NULL,
  failedCount    INTEGER NOT NULL
);
CREATE INDEX batch_operation_active ON batch_operation (key) WHERE state = 'ACTIVE';

CREATE TABLE batch_operation_item (
  id                 TEXT PRIMARY KEY,   -- batchOperationKey/itemKey
  batchOperationKey  INTEGER NOT NULL,
  itemKey            INTEGER NOT NULL,   -- of the incident or the process instance
  processInstanceKey INTEGER NOT NULL,
  state              TEXT NOT NULL,      -- ACTIVE | COMPLETED | FAILED | CANCELED
  processedDate      INTEGER,
  errorMessage       TEXT                -- of a failed one
) WITHOUT ROWID;
CREATE INDEX batch_operation_item_operation ON batch_operation_item (batchOperationKey, itemKey);
CREATE INDEX batch_operation_item_active ON batch_operation_item (batchOperationKey, itemKey) WHERE state = 'ACTIVE';
CREATE INDEX batch_operation_item_instance ON batch_operation_item (processInstanceKey);
`
