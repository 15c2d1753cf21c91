import { z } from 'zod'
import { HeadlessForm } from '../../src/http/headless-form.ts'

const Shown = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), id: z.string(), text: z.string() }),
  z.object({
    type: z.literal('table'),
    id: z.string(),
    dataSource: z.string().startsWith('='),
    columns: z.array(z.object({ key: z.string() })),
  }),
])

const Rows = z.array(z.record(z.string(), z.json()))

/**
 * The texts and the tables' rows of a Camunda form as its reader sees them, one a line: those that no condition hides, with their
 * expressions evaluated by form-js. An expression without a value leaves nothing.
 * @param schema the form, as JSON; its texts and tables stand at the top level
 * @param variables what the task sees
 */
export async function readForm(schema: unknown, variables: Record<string, unknown>): Promise<string> {
  const form = new HeadlessForm(schema)
  await form.load(variables)
  form.settle()
  const { data } = form
  const evaluate = (expression: string) =>
    form.evaluate(expression, {
      field: { id: '', type: 'text' },
      path: [],
      indexes: {},
      expressionContext: { data, this: data, i: [], parent: null },
    })
  return form.components
    .flatMap((component) => Shown.safeParse(component).data ?? [])
    .filter(({ id }) => form.isVisible(form.fieldById(id), {}))
    .flatMap((shown) => {
      if (shown.type === 'text')
        return shown.text.replace(/\{\{([\s\S]+?)\}\}/g, (_, expression) => String(evaluate(`=${expression}`) ?? ''))
      const rows = Rows.parse(evaluate(shown.dataSource))
      return rows.map((row) => shown.columns.map(({ key }) => row[key] ?? '').join(' '))
    })
    .join('\n')
}
