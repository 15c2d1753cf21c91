import { describe, expect, it } from 'vitest'
import type { ActivateInstruction } from '../../../src/engine/index.ts'
import {
  boundary,
  bpmn,
  end,
  flows,
  multiInstance,
  serviceTask,
  start,
  subprocess,
  timer,
} from '../../../src/engine/testing/bpmn-builder.ts'
import type { ProcessTest } from '../../../src/engine/testing/process-test.ts'
import { activeKey, activeKeys, activeTree, engineFor } from './support.ts'

const XML = bpmn(
  'p',
  start() +
    serviceTask('a') +
    boundary('late', 'a', timer('timeDuration', 'PT1H')) +
    end('le') +
    subprocess('s', start('ss'), serviceTask('b'), end('se'), flows('ss -> b -> se')) +
    subprocess(
      'm',
      multiInstance({ inputCollection: '=[1]', inputElement: 'item' }),
      start('ms'),
      serviceTask('c'),
      end('me'),
      flows('ms -> c -> me'),
    ) +
    end() +
    flows('start -> a -> s -> m -> end', 'late -> le'),
)

/** Two instances of `s` beside `a`. */
async function prepared(): Promise<{ test: ProcessTest; key: number; a: number; scopes: number[] }> {
  const test = await engineFor()
  const key = await test.run(XML)
  const anew = { elementId: 's', ancestorElementInstanceKey: key }
  await test.execute({ type: 'ModifyProcessInstance', processInstanceKey: key, activateInstructions: [anew, anew] })
  return { test, key, a: activeKey(test, key, 'a'), scopes: activeKeys(test, key, 's') }
}

type Given = Awaited<ReturnType<typeof prepared>>
type Instructions = { activate?: ActivateInstruction; terminate?: number }

const EXPECTED = "Expected to modify instance of process 'p' but it contains one or more"

/** What is wrong, from what is told first to what is told last. */
const FAULTS: { name: string; instructions: (given: Given) => Instructions; message: (given: Given) => string }[] = [
  {
    name: 'an unknown element',
    instructions: () => ({ activate: { elementId: 'nope' } }),
    message: () => "activate instructions with an element that could not be found: 'nope'",
  },
  {
    name: 'an element that cannot be activated by itself',
    instructions: () => ({ activate: { elementId: 'late' } }),
    message: () =>
      "activate instructions for elements that are unsupported: 'late'. The activation of elements with type 'BOUNDARY_EVENT' is not supported.",
  },
  {
    name: 'an unknown element instance to terminate',
    instructions: () => ({ terminate: 77 }),
    message: () => "terminate instructions with an element instance that could not be found: '77'",
  },
  {
    name: 'an unknown scope of variables',
    instructions: () => ({
      activate: { elementId: 'a', variableInstructions: [{ variables: {}, scopeId: 'nope' }] },
    }),
    message: () => "variable instructions with a scope element id that could not be found: 'nope'",
  },
  {
    name: 'a scope of variables elsewhere',
    instructions: () => ({ activate: { elementId: 'a', variableInstructions: [{ variables: {}, scopeId: 's' }] } }),
    message: () =>
      "variable instructions with a scope element that doesn't belong to the activating element's flow scope.",
  },
  {
    name: 'an unknown ancestor',
    instructions: () => ({ activate: { elementId: 'b', ancestorElementInstanceKey: 78 } }),
    message: () =>
      "activate instructions with an ancestor scope key that does not exist, or is not in an active state: '78'",
  },
  {
    name: 'an ancestor that is none',
    instructions: ({ a }) => ({ activate: { elementId: 'b', ancestorElementInstanceKey: a } }),
    message: ({ a }) =>
      `activate instructions with an ancestor scope key that is not an ancestor of the element to activate:\n- instance '${a}' of element 'a' is not an ancestor of element 'b'`,
  },
  {
    name: 'an ancestor that is terminated too',
    instructions: ({ scopes }) => ({
      activate: { elementId: 'b', ancestorElementInstanceKey: scopes[0] ?? 0 },
      terminate: scopes[0] ?? 0,
    }),
    message: ({ scopes }) =>
      `activate instructions for elements whose required flow scope instance is also being terminated: element 'b' requires flow scope instance '${scopes[0]}' which is being terminated. ` +
      'Please provide a valid ancestor scope key for the activation or avoid terminating the required flow scope.',
  },
  {
    name: 'a scope with two instances',
    instructions: () => ({ activate: { elementId: 'b' } }),
    message: () =>
      "activate instructions for an element that has a flow scope with more than one active instance: 's'. Can't decide in which instance of the flow scope the element should be activated. " +
      'Please specify an ancestor element instance key for this activate instruction.',
  },
  {
    name: 'a multi-instance scope without instance',
    instructions: () => ({ activate: { elementId: 'c' } }),
    message: () =>
      "activate instructions that would result in the activation of multi-instance element 'm', which is currently unsupported.",
  },
]

const attempt = ({ test, key }: Given, ...wanted: Instructions[]) =>
  test.execute({
    type: 'ModifyProcessInstance',
    processInstanceKey: key,
    activateInstructions: wanted.flatMap(({ activate }) => (activate === undefined ? [] : [activate])),
    terminateInstructions: wanted.flatMap(({ terminate }) =>
      terminate === undefined ? [] : [{ elementInstanceKey: terminate }],
    ),
  })

describe('a modification is refused, and changes nothing, for', () => {
  for (const { name, instructions, message } of FAULTS)
    it(name, async () => {
      const given = await prepared()
      const before = activeTree(given.test, given.key)
      await expect(attempt(given, instructions(given))).rejects.toMatchObject({
        type: 'INVALID_ARGUMENT',
        message: expect.stringContaining(`${EXPECTED} ${message(given)}`),
      })
      expect(activeTree(given.test, given.key)).toBe(before)
    })

  it('the first of several reasons, in the order above', async () => {
    const given = await prepared()
    for (const [index, earlier] of FAULTS.entries())
      for (const later of FAULTS.slice(index + 1))
        await expect(attempt(given, earlier.instructions(given), later.instructions(given))).rejects.toMatchObject({
          message: expect.stringContaining(earlier.message(given).slice(0, 80)),
        })
  })

  it('an instance that does not exist, or has ended', async () => {
    const { test, key } = await prepared()
    await test.execute({ type: 'CancelProcessInstance', processInstanceKey: key })
    for (const processInstanceKey of [key, 1])
      await expect(test.execute({ type: 'ModifyProcessInstance', processInstanceKey })).rejects.toMatchObject({
        type: 'NOT_FOUND',
        message: `Expected to modify process instance but no process instance found with key '${processInstanceKey}'`,
      })
  })

  it('scopes and elements of another instance', async () => {
    const given = await prepared()
    const other = await given.test.start('p')
    await expect(
      attempt(given, { activate: { elementId: 'a', ancestorElementInstanceKey: other } }),
    ).rejects.toMatchObject({
      message: `${EXPECTED} activate instructions with an ancestor scope key that does not belong to the modified process instance: '${other}'`,
    })
    const terminate = activeKey(given.test, other, 'a')
    await expect(attempt(given, { terminate })).rejects.toMatchObject({
      message: `${EXPECTED} terminate instructions with an element instance that could not be found: '${terminate}'`,
    })
  })
})
