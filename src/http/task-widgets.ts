import type { Pool } from 'pg'
import type { Identity } from '../identity/index.ts'
import type { UserTask } from '../orchestration/orchestration.ts'
import { isRole, type RoleCode } from '../procedure/index.ts'
import type { FieldError, SubmittedField } from './form-validation.ts'
import { valueAt } from './value-path.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The role whose holders a picker offers: named in the form (`role`), or read from the task's variables (`roleFrom`), where
 * a team's code stands for its role.
 * @throws Error where the form or the variables name no role
 */
function pickedRole(properties: Readonly<Record<string, string>>, context: Record<string, unknown>): RoleCode {
  const found = properties.role ?? valueAt(context, (properties.roleFrom ?? '').split('.'))
  for (const code of [String(found), `${found}-team`]) if (isRole(code)) return code
  throw new Error(`The form's user picker (${JSON.stringify(properties)}) leads to no role: ${JSON.stringify(found)}.`)
}

/** Checks what a form cannot know: that an upload belongs to the task's case, and that a picked person holds the role. */
export async function checkWidgets(
  { pool, identity }: { pool: Pool; identity: Pick<Identity, 'usersWithRole'> },
  task: UserTask,
  context: Record<string, unknown>,
  fields: SubmittedField[],
): Promise<FieldError[]> {
  const errors: FieldError[] = []
  for (const { path, value, properties } of fields) {
    if (value === null || value === undefined || value === '') continue
    if (properties.widget === 'upload' && !(await isUploadOf(pool, String(value), task.caseId))) {
      errors.push({ field: path, message: '请上传本案的文件。' })
    }
    if (properties.widget === 'user') {
      const users = await identity.usersWithRole(pickedRole(properties, context))
      if (!users.some(({ username }) => username === value))
        errors.push({ field: path, message: '请选择该岗位的在岗人员。' })
    }
  }
  return errors
}

async function isUploadOf(pool: Pool, uploadId: string, caseId: string | null): Promise<boolean> {
  if (!UUID.test(uploadId)) return false
  const { rowCount } = await pool.query('SELECT 1 FROM upload WHERE id = $1 AND case_id = $2', [uploadId, caseId])
  return rowCount === 1
}
