import { Form } from '@bpmn-io/form-js-viewer'
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css'
import flatpickr from 'flatpickr'
import { Mandarin } from 'flatpickr/dist/l10n/zh.js'
import './camunda-form.css'
import type { FieldError } from '../api.ts'
import { translateFormText } from '../texts/form-js.ts'
import { type WidgetContext, widgetModule } from './widgets.tsx'

// Under Node's module resolution its types describe the CommonJS namespace; the bundler gives the function itself.
;(flatpickr as unknown as { localize(locale: typeof Mandarin): void }).localize(Mandarin)

/** What a form needs beside its schema and data. */
export interface CamundaFormOptions extends WidgetContext {
  container: HTMLElement
  schema: unknown
  /** The task's variables, with a draft laid over them. */
  data: Record<string, unknown>
}

/** A Camunda form on the page. */
export interface CamundaForm {
  /** Runs the form's own checks; `variables` is what to send. The first faulty field gets the focus. */
  submit(): { valid: boolean; variables: Record<string, unknown> }
  /** What was entered so far, unchecked. */
  entered(): Record<string, unknown>
  /** Shows the server's errors at their fields; answers those that no visible field takes. */
  showErrors(errors: FieldError[]): FieldError[]
  destroy(): void
}

interface FieldInstance {
  id: string
  valuePath: (string | number)[]
  indexes?: Record<string, number>
}

interface ListField {
  id: string
  type: string
  _parent?: string
}

/** Renders a form. @throws Error where the schema is not a form */
export async function createCamundaForm({
  container,
  schema,
  data,
  ...context
}: CamundaFormOptions): Promise<CamundaForm> {
  const form = new Form({
    container,
    additionalModules: [{ translate: ['value', translateFormText] }, widgetModule(context)],
  })
  await form.importSchema(schema, data)
  const instances = () => form.get<{ getAllKeyed(): FieldInstance[] }>('formFieldInstanceRegistry').getAllKeyed()

  function withEmptiedLists(variables: Record<string, unknown>): Record<string, unknown> {
    const fields = form.get<{ getAll(): ListField[]; get(id: string): ListField | undefined }>('formFieldRegistry')
    const paths = form.get<{ getValuePath(field: ListField): string[] }>('pathRegistry')
    const entered = (form as unknown as { _getState(): { data: unknown } })._getState().data
    const isOutermostList = (field: ListField) => {
      if (field.type !== 'dynamiclist') return false
      for (let parent = fields.get(field._parent ?? ''); parent; parent = fields.get(parent._parent ?? '')) {
        if (parent.type === 'dynamiclist') return false
      }
      return true
    }
    for (const list of fields.getAll().filter(isOutermostList)) {
      const path = paths.getValuePath(list)
      const rows = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], entered)
      // form-js leaves an emptied list out, which the server would take for "unchanged".
      if (Array.isArray(rows) && rows.length === 0) setEmpty(variables, path)
    }
    return variables
  }

  return {
    submit() {
      const { data: variables, errors } = form.submit()
      const valid = Object.keys(errors).length === 0
      if (!valid) focusFirstFault(container)
      return { valid, variables: withEmptiedLists(variables) }
    },
    entered() {
      return withEmptiedLists((form as unknown as { _getSubmitData(): Record<string, unknown> })._getSubmitData())
    },
    showErrors(errors) {
      const byPath = new Map(instances().map((instance) => [instance.valuePath.join('.'), instance]))
      const state: Record<string, unknown> = {}
      const elsewhere: FieldError[] = []
      for (const error of errors) {
        const instance = byPath.get(error.field)
        if (instance) append(state, [instance.id, ...Object.values(instance.indexes ?? {})], error.message)
        else elsewhere.push(error)
      }
      ;(form as unknown as { _setState(state: unknown): void })._setState({ errors: state })
      requestAnimationFrame(() => focusFirstFault(container))
      return elsewhere
    },
    destroy() {
      form.destroy()
    },
  }
}

function setEmpty(target: Record<string, unknown>, path: string[]): void {
  let holder = target
  for (const key of path.slice(0, -1)) {
    holder[key] ??= {}
    holder = holder[key] as Record<string, unknown>
  }
  const last = path.at(-1)
  if (last !== undefined) holder[last] ??= []
}

/** form-js keeps errors by field id, and below it by row. */
function append(state: Record<string, unknown>, path: (string | number)[], message: string): void {
  let holder = state as Record<string | number, unknown>
  for (const [position, key] of path.entries()) {
    if (position === path.length - 1) {
      holder[key] = [...((holder[key] as string[] | undefined) ?? []), message]
      return
    }
    holder[key] ??= []
    holder = holder[key] as Record<string | number, unknown>
  }
}

function focusFirstFault(container: HTMLElement): void {
  requestAnimationFrame(() => {
    const fault = container.querySelector('.fjs-has-errors')
    const control = fault?.querySelector<HTMLElement>('input, select, textarea, button, [tabindex]')
    control?.focus()
    fault?.scrollIntoView({ block: 'center' })
  })
}
