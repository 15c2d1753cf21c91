import { createRequire } from 'node:module'
import { isDeepStrictEqual } from 'node:util'
import { translateFormText } from '../web/texts/form-js.ts'
import { type ValuePath, valueAt } from './value-path.ts'

/** A component of a Camunda form as form-js's importer leaves it, with id, key and path filled in. */
export interface FormField {
  id: string
  type: string
  key?: string
  path?: string
  label?: string
  dateLabel?: string
  readonly?: boolean | string
  disabled?: boolean
  isRepeating?: boolean
  allowAddRemove?: boolean
  defaultValue?: unknown
  conditional?: { hide?: string }
  expression?: string
  computeOn?: 'change' | 'presubmit'
  values?: unknown
  valuesKey?: string
  valuesExpression?: string
  properties?: Record<string, string>
  components?: FormField[]
}

/** One visible place of a field: a field within a list has one a row. */
export interface FieldInstance {
  field: FormField
  path: ValuePath
  /** Row of each surrounding list, by the list's id. */
  indexes: Record<string, number>
  expressionContext: ExpressionContext
}

interface ExpressionContext {
  data: unknown
  this: unknown
  i: number[]
  parent: unknown
}

interface RegisteredInstance {
  instanceId: string
  id: string
  valuePath: ValuePath
  indexes: Record<string, number>
  expressionContextInfo: ExpressionContext
}

/** The parts of form-js's `Form` that are used; its own types leave the services untyped. */
interface FormJs {
  importSchema(schema: unknown, data: Record<string, unknown>): Promise<unknown>
  validate(): Record<string, unknown>
  _getState(): { data: Record<string, unknown> }
  _update(update: { fieldInstance: RegisteredInstance; value: unknown }): void
  get(service: 'pathRegistry'): {
    getValuePath(field: FormField, options: { indexes: Record<string, number> }): ValuePath
  }
  get(service: 'formFieldRegistry'): { get(id: string): FormField; getForm(): FormField }
  get(service: 'formFields'): { get(type: string): { config: FieldConfig } | undefined }
  get(service: 'conditionChecker'): {
    applyConditions(data: unknown, context: unknown): Record<string, unknown>
    check(condition: string, data: unknown): boolean | null
  }
  get(service: 'formFieldInstanceRegistry'): {
    syncInstance(instanceId: string, info: Record<string, unknown>): string
    cleanupInstance(instanceId: string): void
    get(instanceId: string): RegisteredInstance | undefined
    getAll(): RegisteredInstance[]
    getAllKeyed(): RegisteredInstance[]
  }
  get(service: 'expressionLanguage'): {
    isExpression(value: unknown): value is string
    evaluate(expression: string, data: unknown): unknown
  }
}

interface FieldConfig {
  keyed?: boolean
  repeatable?: boolean
  emptyValue?: unknown
}

interface FormJsModule {
  Form: new (options: { additionalModules: unknown[] }) => FormJs
  buildExpressionContext(context: ExpressionContext): Record<string, unknown>
}

/** More rounds than any chain of computed fields and conditions of a court's form needs; then the form is at fault. */
const MAX_ROUNDS = 20

const formJs = withDocument((): FormJsModule => createRequire(import.meta.url)('@bpmn-io/form-js-viewer'))

/**
 * A Camunda form that runs without a browser: form-js's own importer, FEEL, conditions and validators. form-js validates
 * only fields that have been rendered, so `settle` registers the visible fields as its renderer would.
 */
export class HeadlessForm {
  readonly #form: FormJs
  readonly #schema: unknown

  /** @param schema the deployed form, as JSON */
  constructor(schema: unknown) {
    this.#schema = schema
    const withoutRenderer = { renderer: ['value', {}] }
    const chinese = { translate: ['value', translateFormText] }
    this.#form = withDocument(() => new formJs.Form({ additionalModules: [withoutRenderer, chinese] }))
  }

  /** Puts data into the form; form-js replaces what a widget could never hold. Throws where the schema is not a form. */
  async load(data: Record<string, unknown>): Promise<void> {
    await this.#form.importSchema(this.#schema, structuredClone(data))
  }

  /** The form's data now. */
  get data(): Record<string, unknown> {
    return this.#form._getState().data
  }

  /** The top-level components. */
  get components(): FormField[] {
    return this.#form.get('formFieldRegistry').getForm().components ?? []
  }

  /** A component by its id. */
  fieldById(id: string): FormField {
    return this.#form.get('formFieldRegistry').get(id)
  }

  /** A field that holds a value of its own, rather than laying out others. */
  isKeyed(field: FormField): boolean {
    return this.#config(field).keyed === true
  }

  /** A list whose components repeat for each row. */
  isList(field: FormField): boolean {
    return this.#config(field).repeatable === true && field.isRepeating === true
  }

  /** What the widget holds when nothing was entered. */
  emptyValue(field: FormField): unknown {
    return this.#config(field).emptyValue
  }

  /** Where the field's value lies, in the given rows of its surrounding lists. */
  pathOf(field: FormField, indexes: Record<string, number> = {}): ValuePath {
    return this.#form.get('pathRegistry').getValuePath(field, { indexes })
  }

  /** Computes expression fields and visibility until nothing changes. Throws where the form never comes to rest. */
  settle(): void {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const before = structuredClone(this.data)
      const visible = this.#form.get('formFieldInstanceRegistry').getAll().length
      this.#registerVisible()
      this.#compute()
      const same = isDeepStrictEqual(before, this.data)
      if (same && visible === this.#form.get('formFieldInstanceRegistry').getAll().length) return
    }
    throw new Error('The form does not settle: its computed fields and conditions keep changing each other.')
  }

  /** The visible fields that hold a value, after `settle`. */
  instances(): FieldInstance[] {
    const fields = this.#form.get('formFieldRegistry')
    return this.#form
      .get('formFieldInstanceRegistry')
      .getAllKeyed()
      .map(({ id, valuePath, indexes, expressionContextInfo }) => ({
        field: fields.get(id),
        path: valuePath,
        indexes,
        expressionContext: expressionContextInfo,
      }))
  }

  /** Whether a field shows in the given rows of its surrounding lists, after `settle`. */
  isVisible(field: FormField, indexes: Record<string, number>): boolean {
    return this.#form.get('formFieldInstanceRegistry').get(instanceIdOf(field, indexes)) !== undefined
  }

  /** form-js's own findings on one visible field, in Chinese; `errors` is the answer of `validate`. */
  errorsOf(instance: FieldInstance, errors: Record<string, unknown>): string[] {
    const found = Object.values(instance.indexes).reduce<unknown>(
      (value, index) => (value as Record<number, unknown> | undefined)?.[index],
      errors[instance.field.id],
    )
    return Array.isArray(found) ? found.filter((message): message is string => typeof message === 'string') : []
  }

  /** Runs form-js's validators over the visible fields. */
  validate(): Record<string, unknown> {
    return this.#form.validate()
  }

  /** The value of a FEEL expression at the place of a field. */
  evaluate(expression: string, instance: FieldInstance): unknown {
    return this.#evaluate(expression, instance.expressionContext)
  }

  #config(field: FormField): FieldConfig {
    const definition = this.#form.get('formFields').get(field.type)
    if (!definition) throw new Error(`The form has a field of unknown type "${field.type}".`)
    return definition.config
  }

  #evaluate(expression: string, context: ExpressionContext): unknown {
    const language = this.#form.get('expressionLanguage')
    return language.isExpression(expression)
      ? language.evaluate(expression, formJs.buildExpressionContext(context))
      : null
  }

  #registerVisible(): void {
    const registry = this.#form.get('formFieldInstanceRegistry')
    const conditions = this.#form.get('conditionChecker')
    const data = this.data
    const shown = conditions.applyConditions(data, data)
    const visible = new Set<string>()

    const visit = (
      field: FormField,
      indexes: Record<string, number>,
      context: ExpressionContext,
      hiddenAbove: boolean,
    ) => {
      const condition = field.conditional?.hide
      const hidden =
        hiddenAbove ||
        (condition !== undefined && conditions.check(condition, formJs.buildExpressionContext(context)) === true)
      const path = this.pathOf(field, indexes)
      const instanceId = instanceIdOf(field, indexes)
      if (!hidden) visible.add(instanceId)
      const value = valueAt(data, path)
      registry.syncInstance(instanceId, {
        id: field.id,
        expressionContextInfo: context,
        valuePath: path,
        value,
        indexes,
        hidden,
      })
      if (!this.isList(field)) {
        for (const child of field.components ?? []) visit(child, indexes, context, hidden)
        return
      }
      for (const [index, row] of (Array.isArray(value) ? value : []).entries()) {
        const rowContext: ExpressionContext = {
          data: context.data,
          this: valueAt(shown, [...path, index]) ?? row,
          parent: formJs.buildExpressionContext(context),
          i: [...context.i, index + 1],
        }
        for (const child of field.components ?? []) visit(child, { ...indexes, [field.id]: index }, rowContext, hidden)
      }
    }

    for (const field of this.components) visit(field, {}, { data: shown, this: shown, i: [], parent: null }, false)
    for (const { instanceId } of registry.getAll()) {
      if (!visible.has(instanceId)) registry.cleanupInstance(instanceId)
    }
  }

  /** The value of every visible expression field; the browser computes both kinds before it submits. */
  #compute(): void {
    const fields = this.#form.get('formFieldRegistry')
    for (const fieldInstance of this.#form.get('formFieldInstanceRegistry').getAllKeyed()) {
      const { type, expression } = fields.get(fieldInstance.id)
      if (type !== 'expression' || expression === undefined) continue
      const value = this.#evaluate(expression, fieldInstance.expressionContextInfo)
      if (!isDeepStrictEqual(value, valueAt(this.data, fieldInstance.valuePath)))
        this.#form._update({ fieldInstance, value })
    }
  }
}

function instanceIdOf(field: FormField, indexes: Record<string, number>): string {
  return `${field.id}/${Object.values(indexes).join('/')}`
}

/**
 * form-js asks for a few DOM names when it is loaded and when a form is made, though nothing is rendered. They exist only
 * meanwhile, so that no other library takes this server for a browser.
 */
function withDocument<T>(run: () => T): T {
  const element = () => ({ classList: { add() {} }, style: {}, setAttribute() {} })
  const names = { document: { createElement: element }, KeyboardEvent: class {} }
  for (const [name, value] of Object.entries(names)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  }
  try {
    return run()
  } finally {
    for (const name of Object.keys(names)) Reflect.deleteProperty(globalThis, name)
  }
}
