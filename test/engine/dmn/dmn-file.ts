/** Small DMN files for tests. */

const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const text = (source: string): string => `<text>${xmlText(source)}</text>`
const attribute = (name: string, value: string | undefined): string =>
  value === undefined ? '' : ` ${name}="${xmlText(value)}"`

/** A DMN 1.3 file with the given elements. */
export const dmnFile = (...elements: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="graph" name="Graph" namespace="http://example.org/court">
${elements.join('\n')}
</definitions>`

interface Requirements {
  readonly requires?: readonly string[]
  readonly knows?: readonly string[]
  readonly name?: string
  /** Name of the result. */
  readonly variable?: string
  /** Type of the result. */
  readonly type?: string
}

/** A decision with the XML of its logic. */
export function decision(
  id: string,
  logic: string,
  { requires = [], knows = [], name, variable, type }: Requirements = {},
): string {
  const result =
    variable === undefined && type === undefined
      ? ''
      : `<variable name="${variable ?? id}"${attribute('typeRef', type)}/>`
  const decisions = requires.map(
    (other) => `<informationRequirement><requiredDecision href="#${other}"/></informationRequirement>`,
  )
  const models = knows.map(
    (other) => `<knowledgeRequirement><requiredKnowledge href="#${other}"/></knowledgeRequirement>`,
  )
  return `<decision id="${id}" name="${name ?? id}">${result}${decisions.join('')}${models.join('')}${logic}</decision>`
}

/** A literal expression. */
export const literal = (source: string): string => `<literalExpression>${text(source)}</literalExpression>`

interface Table {
  readonly hitPolicy?: string
  readonly aggregation?: string
  /** Input expressions; `label: expression` gives a label. */
  readonly inputs: readonly string[]
  readonly outputs: readonly { readonly name: string; readonly values?: string; readonly otherwise?: string }[]
  /** Input entries, then output entries. */
  readonly rules: readonly (readonly string[])[]
}

/** A decision table. Ids: `input1`, `output1`, `rule1`. */
export function table({ hitPolicy, aggregation, inputs, outputs, rules }: Table): string {
  const columns = inputs.map((input, i) => {
    const [label, expression] = input.includes(': ') ? input.split(': ', 2) : [undefined, input]
    return `<input id="input${i + 1}"${attribute('label', label)}><inputExpression>${text(expression ?? '')}</inputExpression></input>`
  })
  const results = outputs.map(({ name, values, otherwise }, i) => {
    const allowed = values === undefined ? '' : `<outputValues>${text(values)}</outputValues>`
    const fallback = otherwise === undefined ? '' : `<defaultOutputEntry>${text(otherwise)}</defaultOutputEntry>`
    return `<output id="output${i + 1}" name="${name}">${allowed}${fallback}</output>`
  })
  const rows = rules.map((cells, i) => {
    const entries = cells.map((cell, c) =>
      c < inputs.length ? `<inputEntry>${text(cell)}</inputEntry>` : `<outputEntry>${text(cell)}</outputEntry>`,
    )
    return `<rule id="rule${i + 1}">${entries.join('')}</rule>`
  })
  const attributes = attribute('hitPolicy', hitPolicy) + attribute('aggregation', aggregation)
  return `<decisionTable${attributes}>${columns.join('')}${results.join('')}${rows.join('')}</decisionTable>`
}

/** A business knowledge model; `parameters` may carry a type: `amount: number`. */
export function knowledgeModel(
  id: string,
  parameters: readonly string[],
  body: string,
  knows: readonly string[] = [],
): string {
  const formal = parameters.map((parameter) => {
    const [name, type] = parameter.split(': ', 2)
    return `<formalParameter name="${name}"${attribute('typeRef', type)}/>`
  })
  const models = knows.map(
    (other) => `<knowledgeRequirement><requiredKnowledge href="#${other}"/></knowledgeRequirement>`,
  )
  return `<businessKnowledgeModel id="${id}" name="${id}"><encapsulatedLogic>${formal.join('')}${body}</encapsulatedLogic>${models.join('')}</businessKnowledgeModel>`
}
