import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DmnError, parseDmn } from '../../../src/engine/dmn/index.ts'
import { decision, dmnFile, knowledgeModel, literal, table } from './dmn-file.ts'

const refusal = async (xml: string): Promise<DmnError> => {
  const error: unknown = await parseDmn(xml).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof DmnError)) throw new Error(`not refused as DMN: ${String(error)}`)
  return error
}

test('a graph has the id, the name and the decisions of the file', async () => {
  const graph = await parseDmn(
    dmnFile(decision('a', literal('1'), { name: 'A' }), decision('b', literal('a'), { requires: ['a'] })),
  )
  expect(graph).toMatchObject({ id: 'graph', name: 'Graph', namespace: 'http://example.org/court' })
  expect([...graph.decisions.values()].map(({ id, name, type }) => [id, name, type])).toEqual([
    ['a', 'A', 'LITERAL_EXPRESSION'],
    ['b', 'b', 'LITERAL_EXPRESSION'],
  ])
})

test.each(['20151101/dmn.xsd', '20180521/MODEL/', '20191111/MODEL/', '20211108/MODEL/', '20230324/MODEL/'])(
  'files of the namespace %s are read',
  async (version) => {
    const xml = dmnFile(decision('a', literal('1'))).replace('20191111/MODEL/', version)
    expect([...(await parseDmn(xml)).decisions.keys()]).toEqual(['a'])
  },
)

test('the decisions of the procedure are read', async () => {
  const folder = new URL('../../../bpmn/decisions/', import.meta.url)
  const files = readdirSync(folder).filter((file) => file.endsWith('.dmn'))
  expect(files).not.toEqual([])
  for (const file of files) {
    const graph = await parseDmn(readFileSync(new URL(file, folder), 'utf8'))
    expect(graph.decisions.size, file).toBeGreaterThan(0)
  }
})

describe('a file is refused with the element and the reason', () => {
  const one = (cells: string[]) => table({ inputs: ['a'], outputs: [{ name: 'x' }], rules: [cells] })

  test.each<[string, string, string | undefined, RegExp]>([
    ['no FEEL in a literal', decision('a', literal('case number')), 'a', /failed to parse expression 'case number'/],
    ['no FEEL in a cell', decision('a', one(['> 1 and < 5', '1'])), 'rule1', /unary-tests: failed to parse/],
    ['an empty output', decision('a', one(['-', ''])), 'rule1', /empty expression/],
    ['too few cells', decision('a', one(['-'])), 'rule1', /1 input and 0 output entries/],
    ['no logic', decision('a', ''), 'a', /unsupported decision expression 'none'/],
    ['unknown logic', decision('a', '<conditional/>'), 'a', /unsupported decision expression/],
    [
      'an aggregation of several outputs',
      decision(
        'a',
        table({
          hitPolicy: 'COLLECT',
          aggregation: 'SUM',
          inputs: [],
          outputs: [{ name: 'x' }, { name: 'y' }],
          rules: [['1', '2']],
        }),
      ),
      'a',
      /not defined for compound output/,
    ],
    [
      'an unknown requirement',
      decision('a', literal('1'), { requires: ['b'] }),
      'a',
      /requires 'b', which is not in the file/,
    ],
    [
      'a cycle',
      decision('a', literal('b'), { requires: ['b'] }) + decision('b', literal('a'), { requires: ['a'] }),
      'a',
      /requires itself: a → b → a/,
    ],
    [
      'a cycle of functions',
      decision('a', literal('f()'), { knows: ['f'] }) + knowledgeModel('f', [], literal('f()'), ['f']),
      'f',
      /requires itself/,
    ],
    [
      'an invocation of what is not required',
      decision('a', `<invocation>${literal('f')}</invocation>`),
      'a',
      /calls 'f', which is no business knowledge model/,
    ],
    [
      'another expression language',
      decision('a', literal('1').replace('<literalExpression', '<literalExpression expressionLanguage="juel"')),
      'a',
      /Expression language 'juel' is not supported/,
    ],
    ['no decision', knowledgeModel('f', [], literal('1')), 'graph', /holds no decision/],
  ])('%s', async (_, element, id, message) => {
    const error = await refusal(dmnFile(element))
    expect(error.elementId).toBe(id)
    expect(error.message).toMatch(message)
  })

  test.each(['', 'no XML', '<definitions/>', '<html></html>', dmnFile('<decision id="a">')])('%j', async (xml) => {
    expect((await refusal(xml)).message).not.toBe('')
  })

  test('a document type declaration', async () => {
    expect((await refusal(`<!DOCTYPE x [<!ENTITY a "b">]>${dmnFile()}`)).message).toMatch(/document type/)
  })
})
