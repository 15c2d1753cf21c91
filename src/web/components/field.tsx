import { cloneElement, type VNode } from 'preact'
import { useId } from 'preact/hooks'

interface FieldProps {
  label: string
  required?: boolean
  hint?: string | undefined
  /** A hint that asks for attention, e.g. a wrong check digit. */
  warning?: string | undefined
  error?: string | undefined
  /** Path of the field in what is sent, to lead errors to it. */
  path?: string
  children: VNode<Record<string, unknown>>
}

/** A control with its label, hint and error, tied together for screen readers. */
export function Field({ label, required, hint, warning, error, path, children }: FieldProps) {
  const id = useId()
  const note = `${id}-note`
  const control = cloneElement(children, {
    id,
    'aria-describedby': note,
    'aria-invalid': error !== undefined,
    'aria-required': required === true,
    'data-path': path,
  })
  return (
    <div class="field">
      <label for={id}>
        {label}
        {required && (
          <span class="required" aria-hidden="true">
            {' *'}
          </span>
        )}
      </label>
      {control}
      <span id={note} aria-live="polite">
        {error !== undefined && <span class="fault">{error}</span>}
        {error === undefined && warning !== undefined && <span class="hint warn">{warning}</span>}
        {error === undefined && warning === undefined && hint !== undefined && <span class="hint">{hint}</span>}
      </span>
    </div>
  )
}
