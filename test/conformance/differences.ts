/** Where the embedded engine does otherwise than Camunda 8.8, on purpose. Each of these must really differ. */
export const differences: readonly { readonly group: string; readonly title: string; readonly reason: string }[] = [
  {
    group: 'subprocesses',
    title: 'an event subprocess in an event subprocess',
    reason: 'Camunda deploys it but never opens its event; here it works, as BPMN says',
  },
  {
    group: 'user-task-listeners',
    title: 'variables set at the task are an update',
    reason: 'without a listener of updating, variables set at a task write no update of the task itself',
  },
]
