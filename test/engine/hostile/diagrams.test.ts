import { describe, expect, it } from 'vitest'
import { bpmn, element, end, flows, serviceTask, start, subprocess } from '../../../src/engine/testing/bpmn-builder.ts'
import { engineFor } from '../process/support.ts'
import { beside } from './beside.ts'

const deploying = async (content: string, name = 'hostile.bpmn') => {
  const test = await engineFor()
  return beside(test, () => test.deploy({ [name]: content }))
}
const refused = (message: string | RegExp) => ({
  type: 'INVALID_ARGUMENT',
  message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
})
const plain = bpmn('p', start() + serviceTask('work') + end() + flows('start -> work -> end'))

describe('a deployed file', () => {
  it.each([
    ['that is empty', ''],
    ['that is no XML', 'a letter'],
    ['that breaks off', plain.slice(0, -200)],
    ['whose tags do not match', plain.replace('</bpmn:process>', '</bpmn:definitions>')],
    ['of bytes', '\u0000\u0001\ufffd'.repeat(1_000)],
    ['with tags that never end', '<a>'.repeat(50_000)],
    ['of another kind', '<html><body>hello</body></html>'],
  ])('%s is refused', async (_, content) => {
    expect(await deploying(content)).toMatchObject(refused(/^Expected to deploy new resources, .*\n'hostile\.bpmn': /))
    expect(await deploying(content, 'hostile.dmn')).toMatchObject(refused(/\n'hostile\.dmn': /))
    expect(await deploying(content, 'hostile.form')).toMatchObject(refused(/\n'hostile\.form': /))
  })

  it('whose entities unfold to more than the memory is refused before they do', async () => {
    const laughs = Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n + 1} "&a${n};&a${n};">`).join('')
    const bomb = `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "ha">${laughs}]>${plain.slice(plain.indexOf('<bpmn:def'))}`
    const named = bomb.replace('id="work"', 'id="work" name="&a30;"')
    expect(await deploying(named)).toMatchObject(refused('a document type declaration is not allowed'))
    expect(await deploying(named, 'hostile.dmn')).toMatchObject(refused('document type declaration is not allowed'))
  })

  it('that names files of this machine is refused', async () => {
    const external = `<?xml version="1.0"?><!doctype d [<!ENTITY x SYSTEM "file:///etc/passwd">]>${plain.slice(plain.indexOf('<bpmn:def'))}`
    expect(await deploying(external)).toMatchObject(refused('a document type declaration is not allowed'))
  })

  it('of 50 MB is refused before it is read', async () => {
    const large = bpmn('p', `${start()}<bpmn:documentation>${'x'.repeat(50_000_000)}</bpmn:documentation>`)
    expect(await deploying(large)).toMatchObject(refused(/has 50\d+ characters; a file may have 4194304/))
  })

  it('of more elements than anybody draws is refused before it is read', async () => {
    const many = Array.from({ length: 100_000 }, (_, n) => `<bpmn:task id="t${n}"/>`).join('')
    expect(await deploying(bpmn('p', start() + many))).toMatchObject(refused('a file may have 100000'))
  })

  it('whose subprocesses nest without end is refused, naming the first that is too deep', async () => {
    let inside = ''
    for (let depth = 300; depth > 0; depth -= 1)
      inside = subprocess(
        `s${depth}`,
        start(`b${depth}`),
        inside,
        inside === '' ? '' : flows(`b${depth} -> s${depth + 1}`),
      )
    expect(await deploying(bpmn('p', start() + inside + flows('start -> s1')))).toMatchObject(
      refused('s101: subprocesses must not nest deeper than 100'),
    )
  })

  it('with thousands of mistakes tells the first hundred', async () => {
    const wrong = Array.from({ length: 5_000 }, (_, n) => `<bpmn:serviceTask id="t${n}"/>`).join('')
    const answer = await deploying(bpmn('p', start() + wrong))
    expect(answer).toMatchObject(refused(/and \d+ more$/))
    expect((answer as { message: string }).message.split('\n').length).toBeLessThan(110)
  })

  it('may use the names that JavaScript has given meanings', async () => {
    const name = '__proto__'
    const others = ['constructor', 'toString', 'hasOwnProperty']
    const otherTasks = others.map((id) => element('manualTask', { id })).join('')
    const headers = `<zeebe:taskHeaders><zeebe:header key="${name}" value="v"/><zeebe:header key="constructor" value="w"/></zeebe:taskHeaders>`
    const task = element('serviceTask', { id: name, name }, '<zeebe:taskDefinition type="constructor"/>', headers)
    const test = await engineFor()
    const key = await test.run(
      bpmn('p', start() + task + otherTasks + end() + flows(['start', ...others, name, 'end'].join(' -> '))),
    )
    expect(test.isWaitingAt(key, name)).toBe(true)
    const job = await test.takeJob('constructor')
    expect(Object.entries(job.customHeaders)).toEqual([
      [name, 'v'],
      ['constructor', 'w'],
    ])
    await test.execute({ type: 'CompleteJob', jobKey: job.jobKey })
    expect(test.stateOf(key)).toBe('COMPLETED')
  })
})
