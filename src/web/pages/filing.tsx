import { useEffect, useRef, useState } from 'preact/hooks'
import { causeCategoryLabels, channelLabels } from '../../procedure/labels.ts'
import { ApiError, post } from '../api.ts'
import { Field } from '../components/field.tsx'
import { session } from '../session.ts'
import { texts } from '../texts/index.ts'
import { emptyFiling, emptyParty, type FilingDraft, toFiling } from './filing-draft.ts'
import { Choice, PartyFields, SubjectPairs } from './filing-parts.tsx'
import './filing.css'

const { filing: words } = texts

interface Filed {
  caseId: string
  caseNumber: string
  started: boolean
}

/** 立案: registered data and what the written application says, side by side (Art. 8). */
export function FilingPage() {
  const [draft, setDraft] = useState<FilingDraft>(() => emptyFiling(session.value?.now))
  const [error, setError] = useState<ApiError | null>(null)
  const [busy, setBusy] = useState(false)
  const [filed, setFiled] = useState<Filed | null>(null)
  const form = useRef<HTMLFormElement>(null)

  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [error])

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      setFiled(await post<Filed>('/cases', toFiling(draft)))
      setDraft(emptyFiling(session.value?.now))
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  if (filed) return <FiledNotice filed={filed} onAnother={() => setFiled(null)} />

  const errorOf = (path: string) => error?.errors.find(({ field }) => field === path)?.message
  const change = (next: Partial<FilingDraft>) => setDraft({ ...draft, ...next })
  const text = (name: TextName, options: { hint?: string; required?: boolean; area?: boolean } = {}) => (
    <Field
      label={words.fields[name]}
      path={name}
      error={errorOf(name)}
      hint={options.hint}
      required={options.required !== false}
    >
      {options.area ? (
        <textarea
          class="input"
          value={draft[name]}
          onInput={(event) => change({ [name]: event.currentTarget.value })}
        />
      ) : (
        <input class="input" value={draft[name]} onInput={(event) => change({ [name]: event.currentTarget.value })} />
      )}
    </Field>
  )

  return (
    <form class="filing" ref={form} onSubmit={(event) => void submit(event)} noValidate>
      <div class="head">
        <h2>{words.title}</h2>
        <span class="soft">{words.intro}</span>
      </div>
      <section class="card" aria-labelledby="filing-basics">
        <h3 id="filing-basics">{words.basics}</h3>
        <div class="columns">
          <Field label={words.fields.channel} error={errorOf('channel')} required>
            <Choice labels={channelLabels} value={draft.channel} onChange={(channel) => change({ channel })} />
          </Field>
          <Field label={words.fields.applicationReceivedAt} error={errorOf('applicationReceivedAt')} required>
            <input
              class="input"
              type="datetime-local"
              value={draft.applicationReceivedAt}
              onInput={(event) => change({ applicationReceivedAt: event.currentTarget.value })}
            />
          </Field>
          {text('cause')}
          <Field label={words.fields.causeCategory} error={errorOf('causeCategory')} required>
            <Choice
              labels={causeCategoryLabels}
              value={draft.causeCategory}
              onChange={(causeCategory) => change({ causeCategory })}
            />
          </Field>
          {text('caseNumber', { hint: words.caseNumberHint, required: false })}
          <Field label={words.fields.restored} error={errorOf('restored')} required>
            <Choice
              labels={{ no: texts.no, yes: texts.yes }}
              value={draft.restored}
              onChange={(restored) => change({ restored })}
            />
          </Field>
        </div>
      </section>
      <section class="card" aria-labelledby="filing-subject">
        <h3 id="filing-subject">{words.subject}</h3>
        <div class="pair pair-head" aria-hidden="true">
          <span>{words.registered}</span>
          <span>{words.application}</span>
        </div>
        <SubjectPairs draft={draft} change={change} errorOf={errorOf} />
      </section>
      <section class="card" aria-labelledby="filing-parties">
        <h3 id="filing-parties">{words.parties}</h3>
        {errorOf('parties') && <p class="notice problem">{errorOf('parties')}</p>}
        {errorOf('application.parties') && <p class="notice problem">{errorOf('application.parties')}</p>}
        {draft.parties.map((party, index) => (
          <PartyFields
            key={party.key}
            party={party}
            index={index}
            errorOf={errorOf}
            removable={draft.parties.length > 2}
            onChange={(next) =>
              change({ parties: draft.parties.map((other) => (other.key === party.key ? next : other)) })
            }
            onRemove={() => change({ parties: draft.parties.filter(({ key }) => key !== party.key) })}
          />
        ))}
        <button
          type="button"
          class="button"
          onClick={() => change({ parties: [...draft.parties, emptyParty('respondent')] })}
        >
          {words.add}
        </button>
      </section>
      <div class="actions">
        <button type="submit" class="button primary" disabled={busy}>
          {busy ? words.busy : words.submit}
        </button>
        {error && (
          <span class="fault" role="alert">
            {error.errors.length > 0 ? words.errorsTitle(error.errors.length) : error.message}
          </span>
        )}
      </div>
    </form>
  )
}

type TextName = 'cause' | 'caseNumber'

function FiledNotice({ filed, onAnother }: { filed: Filed; onAnother(): void }) {
  return (
    <div class="card">
      <p class="notice done" role="status">
        {words.done(filed.caseNumber)}
      </p>
      {!filed.started && <p class="notice warning">{words.notStarted}</p>}
      <a class="button primary" href={`/cases/${filed.caseId}`}>
        {words.view}
      </a>{' '}
      <button type="button" class="button" onClick={onAnother}>
        {words.another}
      </button>
    </div>
  )
}
