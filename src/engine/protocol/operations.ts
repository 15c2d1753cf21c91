import type { Key, Variables } from './values.ts'

/** Variables that a modification sets when it activates an element. */
export interface VariableInstruction {
  readonly variables: Variables
  /** The element, or a scope around it, that gets them; left out or empty: the process instance. */
  readonly scopeId?: string
}

/** Activates an element of a process instance; scopes around it that have no instance are made, without their start events. */
export interface ActivateInstruction {
  readonly elementId: string
  /** The scope in which to activate, and to make the scopes between anew; left out or not positive: the only instances there are. */
  readonly ancestorElementInstanceKey?: Key
  readonly variableInstructions?: readonly VariableInstruction[]
}

/** Terminates an element instance; scopes that become empty by it end as well. */
export interface TerminateInstruction {
  readonly elementInstanceKey: Key
}

/** Activates and terminates elements of a running process instance, all at once. */
export interface ModifyProcessInstance {
  readonly type: 'ModifyProcessInstance'
  readonly processInstanceKey: Key
  readonly activateInstructions?: readonly ActivateInstruction[]
  readonly terminateInstructions?: readonly TerminateInstruction[]
}

/** Where a process instance begins instead of at its none start event. */
export interface StartInstruction {
  readonly elementId: string
}

/** Terminates a process instance once an element of it has completed or was terminated. */
export interface RuntimeInstruction {
  readonly type: 'TERMINATE_PROCESS_INSTANCE'
  readonly afterElementId: string
}

/** An element of the old definition and the one of the new definition that takes its place. */
export interface MappingInstruction {
  readonly sourceElementId: string
  readonly targetElementId: string
}

/** Leads a running process instance over to another process definition. */
export interface MigrateProcessInstance {
  readonly type: 'MigrateProcessInstance'
  readonly processInstanceKey: Key
  readonly targetProcessDefinitionKey: Key
  readonly mappingInstructions: readonly MappingInstruction[]
}

/** Deletes a process definition, decision requirements, a form or another deployed resource, by its key. */
export interface DeleteResource {
  readonly type: 'DeleteResource'
  readonly resourceKey: Key
}
