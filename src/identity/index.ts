/**
 * Who works in the court, what each may do, and the trail of what each did.
 *
 * ```ts
 * const identity = createIdentity({ prisma, clock })
 * const result = await identity.authenticate('triage1', password)
 * if (result.ok && can(result.user, 'task.claim', task)) …
 * ```
 */
export { type AuditEntry, type AuditRecord, type AuditTrail, createAudit } from './audit.ts'
export { IdentityError, type IdentityErrorCode } from './errors.ts'
export {
  type Action,
  type CaseScope,
  type CaseSubject,
  can,
  caseScope,
  type TaskSubject,
  type Volume,
} from './permissions.ts'
export { type AuthenticationResult, createIdentity, type Identity, type NewUser, type User } from './users.ts'
