import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError } from '../api.ts'
import { Field } from '../components/field.tsx'
import { logIn } from '../session.ts'
import { texts } from '../texts/index.ts'

/** 登录. */
export function LogInPage() {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const alert = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (error) alert.current?.focus()
  }, [error])
  document.title = `${texts.logIn.title} · ${texts.product}`

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await logIn(username, password)
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure
      setError(failure)
      setBusy(false)
    }
  }

  const errorOf = (field: string) => error?.errors.find((fault) => fault.field === field)?.message
  return (
    <div class="log-in">
      <header class="masthead">
        <h1>{texts.product}</h1>
      </header>
      <main>
        <form onSubmit={(event) => void submit(event)} noValidate>
          <h2>{texts.logIn.title}</h2>
          {error && error.errors.length === 0 && (
            <p class="notice problem" role="alert" tabIndex={-1} ref={alert}>
              {error.message}
            </p>
          )}
          <Field label={texts.logIn.username} error={errorOf('username')}>
            <input
              class="input"
              name="username"
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              value={username}
              onInput={(event) => setUsername(event.currentTarget.value)}
            />
          </Field>
          <Field label={texts.logIn.password} error={errorOf('password')}>
            <input
              class="input"
              name="password"
              type="password"
              autocomplete="current-password"
              value={password}
              onInput={(event) => setPassword(event.currentTarget.value)}
            />
          </Field>
          <button class="button primary" type="submit" disabled={busy}>
            {busy ? texts.logIn.busy : texts.logIn.submit}
          </button>
          <small>{texts.logIn.note}</small>
        </form>
      </main>
    </div>
  )
}
