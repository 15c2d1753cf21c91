import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  lintDiagram,
  lintProject,
  readDiagram,
  readSurroundings,
  type Surroundings,
} from '../../scripts/lint-bpmn/index.ts'

const root = new URL('../../', import.meta.url).pathname

test('the diagrams of the project have no findings', async () => {
  expect(await lintProject(root)).toEqual([])
})

describe('the linter finds what is wrong', () => {
  const file = 'bpmn/property-control.bpmn'
  let xml: string
  let around: Surroundings
  beforeAll(() => {
    xml = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    around = readSurroundings(root)
  })

  test.each<[string, string, (source: string) => string, string]>([
    [
      'a generated id',
      'names',
      (source) => source.replaceAll('enterPropertySearch', 'Activity_13h4s1i'),
      'generated id',
    ],
    [
      'a name that is not Chinese',
      'names',
      (source) => source.replace('name="登记查控结果"', 'name="Register"'),
      'names are Chinese',
    ],
    [
      'no documentation',
      'names',
      (source) => source.replace(/<bpmn:documentation>第二十五条：网络查控[^<]*<\/bpmn:documentation>/, ''),
      'no documentation',
    ],
    [
      'no target release',
      'names',
      (source) => source.replace('modeler:executionPlatformVersion="8.6.0"', ''),
      'executionPlatformVersion',
    ],
    [
      'an article that does not exist',
      'sources',
      (source) => source.replace('name="articles" value="25"', 'name="articles" value="27"'),
      '“27”',
    ],
    ['no zone', 'sources', (source) => source.replaceAll('<zeebe:property name="zone" value="affairs" />', ''), 'zone'],
    [
      'a role that does not exist',
      'user-tasks',
      (source) => source.replace('"property-search-specialist"', '"search-person"'),
      'no role',
    ],
    [
      'a form that does not exist',
      'user-tasks',
      (source) => source.replace('formId="property-search-feedback"', 'formId="search"'),
      'forms/search.form',
    ],
    [
      'a deadline key that does not exist',
      'deadline-pattern',
      (source) => source.replace('property.network-check', 'property.never'),
      '“property.never”',
    ],
    [
      'a deadline that runs from now',
      'deadline-pattern',
      (source) => source.replace('then clueReturnedAt else filedAt', 'then clueReturnedAt else now()'),
      'recorded time',
    ],
    [
      'a node that differs from its property',
      'deadline-pattern',
      (source) =>
        source
          .replace('source="=&#34;property-search&#34;" target="node"', 'source="=&#34;reception&#34;" target="node"')
          .replace(
            'source="=&quot;property-search&quot;" target="node"',
            'source="=&quot;reception&quot;" target="node"',
          ),
      'maps node',
    ],
    [
      'a timer that interrupts',
      'deadline-pattern',
      (source) => source.replace('name="到期" cancelActivity="false"', 'name="到期"'),
      'must not interrupt',
    ],
    [
      'a missing end listener',
      'deadline-pattern',
      (source) => source.replace(/<zeebe:executionListener eventType="end"[^>]*>/, ''),
      'node.finish',
    ],
    [
      'a task without its due date',
      'deadline-pattern',
      (source) => source.replace('dueDate="=deadline.dueAt" ', ''),
      'due date',
    ],
    [
      'a job that nobody does',
      'references',
      (source) => source.replace('type="register.enter"', 'type="register.write"'),
      'register.write',
    ],
    [
      'a call of no process',
      'references',
      (source) => source.replace('processId="overdue-supervision"', 'processId="overdue"'),
      'no diagram',
    ],
    [
      'variables that leak into a call',
      'references',
      (source) => source.replace('propagateAllChildVariables="false"', 'propagateAllChildVariables="true"'),
      'explicitly',
    ],
    [
      'shapes on one another',
      'shapes',
      (source) => moveShape(source, 'enterPropertySearch', 'recordSearchFeedback'),
      'lies on',
    ],
    [
      'an element that is not drawn',
      'shapes',
      (source) => source.replace(/<bpmndi:BPMNShape id="searchFedBack_shape"[\s\S]*?<\/bpmndi:BPMNShape>/, ''),
      'not drawn',
    ],
    [
      'a flow that slants',
      'lines',
      (source) =>
        source.replace(/(id="enterPropertySearch_to_searchFedBack_edge"[^>]*>\s*<di:waypoint x="\d+" y=")\d+/, '$11'),
      'slanting',
    ],
    [
      'a flow that crosses another',
      'lines',
      (source) => bend(source, 'recordSearchFeedback_to_enterPropertySearch', [390, 140, 390, 260, 400, 260]),
      'crosses',
    ],
    [
      'a flow through a shape',
      'lines',
      (source) => bend(source, 'searchRequested_to_recordSearchFeedback', [196, 120, 700, 120]),
      'runs through enterPropertySearch',
    ],
    [
      'a name on a shape',
      'labels',
      (source) => moveLabel(source, 'searchFedBack', 'enterPropertySearch'),
      'has its name on',
    ],
  ])('%s', async (_, rule, spoil, message) => {
    const spoiled = spoil(xml)
    expect(spoiled).not.toBe(xml)
    const findings = await lintDiagram(await readDiagram(spoiled, file), around)
    expect(findings.filter((finding) => finding.rule === rule).map((finding) => finding.message)).toContainEqual(
      expect.stringContaining(message),
    )
  })

  test('what Camunda 8.6 cannot run', async () => {
    const spoiled = xml
      .replace('<bpmn:serviceTask id="enterPropertySearch"', '<bpmn:complexGateway id="enterPropertySearch"')
      .replace('</bpmn:serviceTask>', '</bpmn:complexGateway>')
    const findings = await lintDiagram(await readDiagram(spoiled, file), around)
    expect(findings.map(({ rule }) => rule)).toContainEqual('camunda-compat/element-type')
  })
})

/** Puts one shape where another stands. */
function moveShape(source: string, id: string, where: string): string {
  const bounds = (of: string): RegExp => new RegExp(`(bpmnElement="${of}">\\s*)(<dc:Bounds[^>]*/>)`)
  const target = bounds(where).exec(source)?.[2] ?? ''
  return source.replace(bounds(id), `$1${target}`)
}

/** Gives a flow other corners: x, y, x, y, … */
function bend(source: string, id: string, corners: readonly number[]): string {
  const points = corners.flatMap((x, index) =>
    index % 2 === 0 ? [`<di:waypoint x="${x}" y="${corners[index + 1]}" />`] : [],
  )
  return source.replace(new RegExp(`(id="${id}_edge"[^>]*>)[\\s\\S]*?(</bpmndi:BPMNEdge>)`), `$1${points.join('')}$2`)
}

/** Puts the name of one element on the middle of another. */
function moveLabel(source: string, id: string, where: string): string {
  const bounds = new RegExp(`bpmnElement="${where}">\\s*(<dc:Bounds[^>]*/>)`).exec(source)?.[1] ?? ''
  return source.replace(
    new RegExp(`(bpmnElement="${id}">\\s*<dc:Bounds[^>]*/>\\s*<bpmndi:BPMNLabel>\\s*)<dc:Bounds[^>]*/>`),
    `$1${bounds}`,
  )
}
