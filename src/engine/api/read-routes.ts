import type { ReadRoute } from './http/read.ts'
import { batchOperationReads } from './resources/batch-operations.ts'
import { decisionInstanceReads } from './resources/decision-instances.ts'
import { decisionReads } from './resources/decisions.ts'
import { elementInstanceReads } from './resources/element-instances.ts'
import { incidentReads } from './resources/incidents.ts'
import { jobReads } from './resources/jobs.ts'
import { messageSubscriptionReads } from './resources/message-subscriptions.ts'
import { processDefinitionReads } from './resources/process-definitions.ts'
import { processInstanceReads } from './resources/process-instances.ts'
import { resourceReads } from './resources/resources.ts'
import { usageMetricsReads } from './resources/usage-metrics.ts'
import { userTaskReads } from './resources/user-tasks.ts'
import { variableReads } from './resources/variables.ts'

/** All routes that only read. Search threads have the same list: a route is known to them by its place in it. */
export const READ_ROUTES: readonly ReadRoute[] = [
  ...processDefinitionReads,
  ...processInstanceReads,
  ...elementInstanceReads,
  ...variableReads,
  ...jobReads,
  ...userTaskReads,
  ...incidentReads,
  ...messageSubscriptionReads,
  ...decisionReads,
  ...decisionInstanceReads,
  ...resourceReads,
  ...usageMetricsReads,
  ...batchOperationReads,
]
