import { describe, expect, test } from 'vitest'
import { startHttpCourt } from '../support/http-court.ts'

const court = await startHttpCourt({ logInAttemptsPerMinute: 40 })
const limited = await startHttpCourt({ logInAttemptsPerMinute: 3 })

describe('log-in', () => {
  test('answers who signed in, and what the pages offer him', async () => {
    const visitor = court.visitor()
    const response = await visitor.logIn('filing1')
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      user: { username: 'filing1', roles: ['filing-clerk'], roleNames: ['立案人员'] },
      allowed: { fileCase: true, readRegister: false, supervise: false, moveClock: false },
    })
  })

  test('sets a cookie that scripts cannot read and other sites cannot send', async () => {
    const [cookie] = (await court.visitor().logIn('filing1')).headers.getSetCookie()
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect(cookie).toMatch(/Path=\/api/)
  })

  test('says the same of a wrong password and of a user who does not exist', async () => {
    const wrong = await court.visitor().logIn('filing1', 'not his password')
    const nobody = await court.visitor().logIn('nobody', 'whatever it is')
    expect(wrong.status).toBe(401)
    expect(await wrong.json()).toEqual(await nobody.json())
  })

  test('names the fields that were left empty', async () => {
    const response = await court.visitor().send('POST', '/api/session', { username: '', password: '' })
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toMatch('application/problem+json')
    expect((await response.json()).errors).toEqual([
      { field: 'username', message: '请填写用户名' },
      { field: 'password', message: '请填写密码' },
    ])
  })

  test('is refused for a while after many failures from one address', async () => {
    for (let attempt = 0; attempt < 3; attempt++) await limited.visitor().logIn(`nobody${attempt}`, 'x')
    expect((await limited.visitor().logIn('filing1')).status).toBe(429)
  })
})

describe('a session', () => {
  test('cannot be fixed from outside: log-in always gives a new id', async () => {
    const visitor = court.visitor()
    await visitor.logIn('filing1')
    const before = visitor.cookie
    await visitor.logIn('reception1')
    expect(visitor.cookie).not.toBe(before)
    // The id from before is worth nothing any more.
    const thief = court.visitor()
    thief.cookie = before
    expect((await thief.get('/api/session')).status).toBe(401)
  })

  test('that the visitor made up is not taken', async () => {
    const visitor = court.visitor()
    visitor.cookie = 'session=s%3Achosen.by-the-attacker'
    await visitor.logIn('filing1')
    expect(visitor.cookie).not.toContain('chosen')
  })

  test('ends with log-out, for whoever has the cookie', async () => {
    const visitor = court.visitor()
    await visitor.logIn('filing1')
    const { cookie } = visitor
    expect((await visitor.send('DELETE', '/api/session')).status).toBe(204)
    visitor.cookie = cookie
    expect((await visitor.get('/api/session')).status).toBe(401)
  })

  test('of a person who loses his place in the court ends at once', async () => {
    const visitor = court.visitor()
    await visitor.logIn('recorder1')
    await court.database.prisma.user.update({ where: { username: 'recorder1' }, data: { active: false } })
    expect((await visitor.get('/api/session')).status).toBe(401)
  })
})

describe('a change', () => {
  test('without the session’s token is refused, though the cookie is right', async () => {
    const visitor = court.visitor()
    await visitor.logIn('filing1')
    for (const token of ['', 'wrong', 'x'.repeat(visitor.csrfToken.length)]) {
      const response = await visitor.send('POST', '/api/cases', {}, { 'x-csrf-token': token })
      expect(response.status).toBe(403)
    }
    expect((await visitor.send('POST', '/api/cases', {})).status).toBe(422)
  })

  test('with another session’s token is refused', async () => {
    const [one, other] = [court.visitor(), court.visitor()]
    await one.logIn('filing1')
    await other.logIn('filing1')
    expect((await one.send('POST', '/api/cases', {}, { 'x-csrf-token': other.csrfToken })).status).toBe(403)
  })
})

describe('answers', () => {
  test('with personal data are kept in no cache', async () => {
    const visitor = await court.as('director1')
    expect((await visitor.get('/api/cases')).headers.get('cache-control')).toBe('no-store')
  })

  test('carry a policy that allows no outside host and no inline script', async () => {
    const policy = (await fetch(court.url)).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/)
  })

  test('to broken JSON, an unknown route and an oversized body are problem details in Chinese', async () => {
    const visitor = await court.as('filing1')
    const broken = await visitor.send('POST', '/api/cases', '{"a":')
    expect(broken.status).toBe(400)
    expect(await broken.json()).toMatchObject({ title: '请求有误', detail: '提交的内容不是有效的 JSON。' })
    const unknown = await visitor.get('/api/nothing')
    expect(unknown.status).toBe(404)
    expect(await unknown.json()).toMatchObject({ status: 404, title: '没有找到' })
    const large = await visitor.send('POST', '/api/cases', { cause: 'x'.repeat(2_000_000) })
    expect(large.status).toBe(413)
  })

  test('to a failure inside tell nothing of it', async () => {
    const { cases } = court.dependencies
    const list = cases.list
    cases.list = () => Promise.reject(new Error('password=hunter2 at db.internal'))
    const response = await (await court.as('director1')).get('/api/cases')
    cases.list = list
    expect(response.status).toBe(500)
    expect(await response.text()).not.toMatch(/hunter2|db\.internal/)
  })

  test('say whether the process lives and whether it can work', async () => {
    expect((await fetch(`${court.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${court.url}/readyz`)).status).toBe(200)
    court.engine.away = true
    const away = await fetch(`${court.url}/readyz`)
    court.engine.away = false
    expect(away.status).toBe(503)
    expect(await away.json()).toEqual({ status: 'unavailable', database: true, engine: false })
  })
})
