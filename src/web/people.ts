import { effect, signal } from '@preact/signals'
import { get } from './api.ts'
import { session } from './session.ts'

const names = signal<ReadonlyMap<string, string>>(new Map())

// The names change rarely: they are asked for once a session.
effect(() => {
  if (!session.value) return
  get<{ items: { username: string; displayName: string }[] }>('/users').then(
    ({ items }) => {
      names.value = new Map(items.map(({ username, displayName }) => [username, displayName]))
    },
    // Without them the pages show usernames.
    () => {},
  )
})

/** A person's name; the username until names are there, and for one who is unknown. */
export function personName(username: string | null | undefined): string {
  if (!username) return '—'
  if (username === 'system') return '系统'
  return names.value.get(username) ?? username
}
