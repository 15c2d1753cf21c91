import { signal } from '@preact/signals'

/** The address shown: path and query. */
export interface Location {
  path: string
  query: URLSearchParams
}

const read = (): Location => ({ path: window.location.pathname, query: new URLSearchParams(window.location.search) })

export const location = signal<Location>(read())

window.addEventListener('popstate', () => {
  location.value = read()
})

/** Shows another page; `replace` leaves no step back. */
export function go(address: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  location.value = read()
}

/** Lets a link change the page without loading it anew; modified clicks stay the browser's. */
export function follow(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest('a')
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return
  if (link.target || link.hasAttribute('download') || link.origin !== window.location.origin) return
  if (link.pathname.startsWith('/api/') || link.hash) return
  event.preventDefault()
  go(link.pathname + link.search)
}
