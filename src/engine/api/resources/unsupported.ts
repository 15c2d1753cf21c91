import { Problem } from '../http/problem.ts'
import type { Method, Route } from '../http/router.ts'
import type { Handler } from '../http/server.ts'

/** Endpoints of Camunda 8.8 that this engine does not have: methods by path, with why or what instead where it helps. */
const UNSUPPORTED: readonly [methods: string, path: string, hint?: string][] = [
  ['POST', '/v2/setup/user'],
  ...identity('users', 'username', []),
  ...identity('groups', 'groupId', ['users', 'clients', 'mapping-rules'], ['roles']),
  ...identity('roles', 'roleId', ['users', 'clients', 'groups', 'mapping-rules']),
  ...identity('tenants', 'tenantId', ['users', 'clients', 'groups', 'roles', 'mapping-rules']),
  ...identity('mapping-rules', 'mappingRuleId', []),
  ...identity('authorizations', 'authorizationKey', []),
]

/** The endpoints of one kind of identity object: itself, its members of each kind, and lists of what it is in. */
function identity(
  plural: string,
  id: string,
  members: string[],
  lists: string[] = [],
): [methods: string, path: string, hint: string][] {
  const hint = 'Users, groups and permissions are not kept in this engine.'
  return [
    ['POST', `/v2/${plural}`, hint],
    ['POST', `/v2/${plural}/search`, hint],
    ['GET PUT DELETE', `/v2/${plural}/:${id}`, hint],
    ...[...members, ...lists].map((kind): [string, string, string] => [
      'POST',
      `/v2/${plural}/:${id}/${kind}/search`,
      hint,
    ]),
    ...members.map((kind): [string, string, string] => ['PUT DELETE', `/v2/${plural}/:${id}/${kind}/:memberId`, hint]),
  ]
}

/** Routes that answer 501 with a problem detail. */
export function unsupportedRoutes(): Route<Handler>[] {
  return UNSUPPORTED.flatMap(([methods, path, hint]) =>
    methods.split(' ').map((method) => ({
      method: method as Method,
      path,
      handler() {
        const template = path.replaceAll(/:(\w+)/g, '{$1}')
        throw new Problem(501, `${method} ${template} is not supported by this engine.${hint ? ` ${hint}` : ''}`)
      },
    })),
  )
}
