/** The node register: deadlines of activities, reminders, escalations, extensions, what is overdue. */
export { createSupervision } from './supervision.ts'
export type {
  BindingDeadline,
  ComputeRequest,
  NodeEntryView,
  Review,
  ReviewAction,
  Supervision,
  SupervisionEnvironment,
  SupervisionErrorCode,
} from './types.ts'
