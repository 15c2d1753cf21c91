import { z } from 'zod'
import { HeadlessForm } from '../../src/http/headless-form.ts'

const Text = z.object({ type: z.literal('text'), id: z.string(), text: z.string() })

/**
 * The texts of a Camunda form as its reader sees them, one a line: those that no condition hides, with their expressions evaluated
 * by form-js. An expression without a value leaves nothing.
 * @param schema the form, as JSON; its texts stand at the top level
 * @param variables what the task sees
 */
export async function readForm(schema: unknown, variables: Record<string, unknown>): Promise<string> {
  const form = new HeadlessForm(schema)
  await form.load(variables)
  form.settle()
  const { data } = form
  const evaluate = (expression: string) =>
    form.evaluate(`=${expression}`, {
      field: { id: '', type: 'text' },
      path: [],
      indexes: {},
      expressionContext: { data, this: data, i: [], parent: null },
    })
  return form.components
    .flatMap((component) => Text.safeParse(component).data ?? [])
    .filter(({ id }) => form.isVisible(form.fieldById(id), {}))
    .map(({ text }) => text.replace(/\{\{([\s\S]+?)\}\}/g, (_, expression) => String(evaluate(expression) ?? '')))
    .join('\n')
}
