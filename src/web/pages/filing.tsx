import { useEffect, useRef, useState } from 'preact/hooks'
import { creditCodeProblem } from '../../cases/credit-code.ts'
import { identityNumberProblem } from '../../cases/identity-number.ts'
import {
  causeCategoryLabels,
  channelLabels,
  idKindLabels,
  partyKindLabels,
  partyRoleLabels,
  subjectTypeLabels,
} from '../../procedure/labels.ts'
import { ApiError, post } from '../api.ts'
import { Field } from '../components/field.tsx'
import { date } from '../format.ts'
import { session } from '../session.ts'
import { texts } from '../texts/index.ts'
import { emptyFiling, emptyParty, type FilingDraft, type PartyDraft, toFiling } from './filing-draft.ts'
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
type SubjectName = 'subjectType' | 'amount' | 'basisNumber' | 'basisContent'

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

function Choice<Labels extends Record<string, string>>(props: {
  labels: Labels
  value: string
  onChange(value: string): void
}) {
  const { labels, value, onChange, ...control } = props
  return (
    <select {...control} class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{words.choose}</option>
      {Object.entries(labels).map(([code, name]) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </select>
  )
}

interface PairsProps {
  draft: FilingDraft
  change(next: Partial<FilingDraft>): void
  errorOf(path: string): string | undefined
}

function SubjectPairs({ draft, change, errorOf }: PairsProps) {
  const names: SubjectName[] = ['subjectType', 'amount', 'basisNumber', 'basisContent']
  const control = (name: SubjectName, value: string, set: (value: string) => void) => {
    if (name === 'subjectType') return <Choice labels={subjectTypeLabels} value={value} onChange={set} />
    if (name === 'basisContent') {
      return <textarea class="input" value={value} onInput={(event) => set(event.currentTarget.value)} />
    }
    return (
      <input
        class="input"
        value={value}
        inputMode={name === 'amount' ? 'decimal' : 'text'}
        onInput={(event) => set(event.currentTarget.value)}
      />
    )
  }
  return (
    <>
      {names.map((name) => {
        const registered = draft[name]
        const stated = draft.application[name]
        const required = name !== 'amount' || draft.subjectType === 'money'
        const differs = stated !== '' && stated.trim() !== registered.trim() ? words.differs : undefined
        return (
          <div class="pair" key={name}>
            <Field
              label={words.fields[name]}
              error={errorOf(name)}
              hint={name === 'basisNumber' ? words.basisHint : undefined}
              required={required}
            >
              {control(name, registered, (value) => change({ [name]: value }))}
            </Field>
            <Field
              label={`${words.application}${words.fields[name]}`}
              error={errorOf(`application.${name}`)}
              warning={differs}
              required={required}
            >
              {control(name, stated, (value) => change({ application: { ...draft.application, [name]: value } }))}
            </Field>
            <button
              type="button"
              class="button quiet"
              onClick={() => change({ application: { ...draft.application, [name]: registered } })}
            >
              {words.same}
              <span class="visually-hidden">{`：${words.fields[name]}`}</span>
            </button>
          </div>
        )
      })}
    </>
  )
}

interface PartyProps {
  party: PartyDraft
  index: number
  removable: boolean
  errorOf(path: string): string | undefined
  onChange(party: PartyDraft): void
  onRemove(): void
}

function PartyFields({ party, index, removable, errorOf, onChange, onRemove }: PartyProps) {
  const at = (name: string) => errorOf(`parties.${index}.${name}`)
  const stated = (name: string) => errorOf(`application.parties.${index}.${name}`)
  const set = (next: Partial<PartyDraft>) => onChange({ ...party, ...next })
  const input = (name: 'name' | 'idNumber' | 'address' | 'phone' | 'statedName' | 'statedIdNumber') => (
    <input class="input" value={party[name]} onInput={(event) => set({ [name]: event.currentTarget.value })} />
  )
  const differs = (statedValue: string, registered: string) =>
    statedValue !== '' && statedValue.trim() !== registered.trim() ? words.differs : undefined
  return (
    <fieldset class="party">
      <legend>{words.partyNumber(index + 1)}</legend>
      <div class="columns">
        <Field label={words.fields.role} error={at('role')} required>
          <Choice labels={partyRoleLabels} value={party.role} onChange={(role) => set({ role })} />
        </Field>
        <Field label={words.fields.name} error={at('name')} required>
          {input('name')}
        </Field>
        <Field label={words.fields.kind} error={at('kind')} required>
          <Choice labels={partyKindLabels} value={party.kind} onChange={(kind) => set({ kind })} />
        </Field>
        <Field label={words.fields.idKind} error={at('idKind')} required>
          <Choice labels={idKindLabels} value={party.idKind} onChange={(idKind) => set({ idKind })} />
        </Field>
        <Field
          label={words.fields.idNumber}
          error={at('idNumber')}
          warning={idNumberHint(party)}
          required={party.idKind !== 'unknown'}
        >
          {input('idNumber')}
        </Field>
        <Field label={words.fields.phone} error={at('phone')}>
          {input('phone')}
        </Field>
        <Field label={words.fields.address} error={at('address')}>
          {input('address')}
        </Field>
        <Field
          label={`${words.application}${words.fields.name}`}
          error={stated('name')}
          warning={differs(party.statedName, party.name)}
          required
        >
          {input('statedName')}
        </Field>
        <Field
          label={`${words.application}${words.fields.idNumber}`}
          error={stated('idNumber')}
          warning={differs(party.statedIdNumber, party.idNumber)}
        >
          {input('statedIdNumber')}
        </Field>
        <div class="party-actions">
          <button
            type="button"
            class="button quiet"
            onClick={() => set({ statedName: party.name, statedIdNumber: party.idNumber })}
          >
            {words.same}
            <span class="visually-hidden">{`：${words.partyNumber(index + 1)}`}</span>
          </button>
          {removable && (
            <button type="button" class="button quiet" onClick={onRemove}>
              {words.remove}
              <span class="visually-hidden">{words.partyNumber(index + 1)}</span>
            </button>
          )}
        </div>
      </div>
    </fieldset>
  )
}

/** What is wrong with a number's form or check digit; a hint here, a finding of the filing check later. */
function idNumberHint({ idKind, idNumber }: PartyDraft): string | undefined {
  if (idNumber.length < 15) return undefined
  const today = date(session.value?.now ?? new Date().toISOString())
  if (idKind === 'residentId') return identityNumberProblem(idNumber, today)
  if (idKind === 'creditCode') return creditCodeProblem(idNumber)
  return undefined
}
