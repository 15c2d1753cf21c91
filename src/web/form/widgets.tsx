import { Description, Errors, FormFields, Label, Textfield } from '@bpmn-io/form-js-viewer'
import type { ComponentType } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError, get, upload } from '../api.ts'
import { texts } from '../texts/index.ts'

/** What the widgets need to know of the task. */
export interface WidgetContext {
  caseId: string | null
  /** Variables that the task sees: a picker may take its role from one. */
  variables: Record<string, unknown>
}

interface FieldProps {
  disabled?: boolean
  readonly?: boolean
  errors?: string[]
  domId: string
  field: {
    label?: string
    description?: string
    validate?: { required?: boolean }
    properties?: Record<string, string>
  }
  value?: string
  onChange(change: { value: string | null }): void
  onBlur?(): void
  onFocus?(): void
}

/**
 * A form-js module that draws text fields with the property `widget` as upload control or as picker of a person, and
 * read-only ones as text.
 */
export function widgetModule(context: WidgetContext): unknown {
  const PlainTextfield = Textfield as unknown as ComponentType<FieldProps>

  function TextfieldOrWidget(props: FieldProps) {
    switch (props.field.properties?.widget) {
      case 'upload':
        return <UploadField {...props} caseId={context.caseId} />
      case 'user':
        return <UserField {...props} role={roleOf(props.field.properties, context.variables)} />
      default:
        return props.readonly ? <ReadonlyText {...props} /> : <PlainTextfield {...props} />
    }
  }
  TextfieldOrWidget.config = Textfield.config

  class FieldsWithWidgets extends FormFields {
    constructor() {
      super()
      this.register('textfield', TextfieldOrWidget)
    }
  }
  return { formFields: ['type', FieldsWithWidgets] }
}

function Frame({ props, children }: { props: FieldProps; children: preact.ComponentChildren }) {
  const { errors = [], domId, field } = props
  return (
    <div class={`fjs-form-field fjs-form-field-textfield${errors.length > 0 ? ' fjs-has-errors' : ''}`}>
      <Label htmlFor={domId} label={field.label ?? ''} required={field.validate?.required === true} />
      {children}
      <Description id={`${domId}-description`} description={field.description} />
      <Errors id={`${domId}-error-message`} errors={errors} />
    </div>
  )
}

/** A text to read wraps, where an input would cut it off. */
function ReadonlyText(props: FieldProps) {
  return (
    <Frame props={props}>
      <p id={props.domId} class="readonly-text">
        {props.value || texts.none}
      </p>
    </Frame>
  )
}

function described(props: FieldProps) {
  return {
    'aria-describedby': `${props.domId}-description ${props.domId}-error-message`,
    'aria-invalid': (props.errors ?? []).length > 0,
  }
}

interface Uploaded {
  uploadId: string
  pages: number
}

function UploadField(props: FieldProps & { caseId: string | null }) {
  const { caseId, domId, value, disabled, readonly } = props
  const input = useRef<HTMLInputElement>(null)
  const [state, setState] = useState<{ busy: boolean; text: string; fault: string | null }>({
    busy: false,
    text: value ? texts.form.upload.kept : texts.form.upload.hint,
    fault: null,
  })

  async function send(file: File | undefined): Promise<void> {
    if (!file || caseId === null) return
    setState({ busy: true, text: texts.form.upload.busy, fault: null })
    try {
      const stored = await upload<Uploaded>(`/cases/${caseId}/uploads`, file)
      props.onChange({ value: stored.uploadId })
      setState({ busy: false, text: texts.form.upload.done(file.name, stored.pages), fault: null })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setState({ busy: false, text: texts.form.upload.hint, fault: error.message })
    }
    if (input.current) input.current.value = ''
  }

  return (
    <Frame props={state.fault === null ? props : { ...props, errors: [state.fault, ...(props.errors ?? [])] }}>
      <div class="upload">
        <input
          ref={input}
          id={domId}
          class="visually-hidden"
          type="file"
          accept="application/pdf,image/png,image/jpeg"
          disabled={disabled === true || readonly === true || state.busy}
          onChange={(event) => void send(event.currentTarget.files?.[0])}
          onBlur={props.onBlur}
          onFocus={props.onFocus}
          {...described(props)}
        />
        <label class="button" for={domId}>
          {value ? texts.form.upload.replace : texts.form.upload.choose}
        </label>
        <span class={state.busy ? 'soft busy' : 'soft'} role="status">
          {state.text}
        </span>
      </div>
    </Frame>
  )
}

function UserField(props: FieldProps & { role: string }) {
  const { role, domId, value, disabled, readonly } = props
  const [users, setUsers] = useState<{ username: string; displayName: string }[] | null>(null)
  useEffect(() => {
    get<{ items: { username: string; displayName: string }[] }>(`/users?role=${encodeURIComponent(role)}`).then(
      ({ items }) => setUsers(items),
      () => setUsers([]),
    )
  }, [role])
  return (
    <Frame props={props}>
      <select
        id={domId}
        class="input"
        disabled={disabled === true || readonly === true || users === null}
        value={value ?? ''}
        onChange={(event) => props.onChange({ value: event.currentTarget.value || null })}
        onBlur={props.onBlur}
        onFocus={props.onFocus}
        {...described(props)}
      >
        <option value="">{users?.length === 0 ? texts.form.user.none : texts.form.user.choose}</option>
        {users?.map(({ username, displayName }) => (
          <option key={username} value={username}>
            {displayName}
          </option>
        ))}
      </select>
    </Frame>
  )
}

/** The role whose holders are offered; a team's code stands for its role, as on the server. */
function roleOf(properties: Record<string, string>, variables: Record<string, unknown>): string {
  if (properties.role) return properties.role
  const found = (properties.roleFrom ?? '')
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], variables)
  const code = String(found ?? '')
  return ['fast', 'general', 'complex', 'compulsory'].includes(code) ? `${code}-team` : code
}
