/** The node register: deadlines of activities, reminders, escalations, extensions, what is overdue. */
export { createSupervision } from './supervision.ts'
export {
  type BindingDeadline,
  type ComputeRequest,
  type NodeEntryView,
  type Review,
  type ReviewAction,
  type Supervision,
  type SupervisionEnvironment,
  SupervisionError,
  type SupervisionErrorCode,
} from './types.ts'
