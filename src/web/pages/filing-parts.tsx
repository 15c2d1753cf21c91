import { creditCodeProblem } from '../../cases/credit-code.ts'
import { identityNumberProblem } from '../../cases/identity-number.ts'
import { idKindLabels, partyKindLabels, partyRoleLabels, subjectTypeLabels } from '../../procedure/labels.ts'
import { Field } from '../components/field.tsx'
import { date } from '../format.ts'
import { session } from '../session.ts'
import { texts } from '../texts/index.ts'
import type { FilingDraft, PartyDraft } from './filing-draft.ts'

const { filing: words } = texts

type SubjectName = 'subjectType' | 'amount' | 'basisNumber' | 'basisContent'

/** A select of a label map's codes. */
export function Choice<Labels extends Record<string, string>>(props: {
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

/** Subject and basis of the claim: what is registered beside what the application says. */
export function SubjectPairs({ draft, change, errorOf }: PairsProps) {
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

/** One party, and what the application says of it. */
export function PartyFields({ party, index, removable, errorOf, onChange, onRemove }: PartyProps) {
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
