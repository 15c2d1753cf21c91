import { useCallback, useEffect, useState } from 'preact/hooks'
import { ApiError } from './api.ts'

/** What a page knows of something it asks the server for. */
export interface Loaded<T> {
  /** The last answer; stays while it is asked for again. */
  value: T | null
  error: ApiError | null
  loading: boolean
  reload(): void
}

/** Loads something whenever `key` changes; an answer to an older key is dropped. `null` loads nothing. */
export function useLoaded<T>(key: string | null, load: (abort: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string | null; value: T | null; error: ApiError | null; loading: boolean }>(
    {
      key: null,
      value: null,
      error: null,
      loading: key !== null,
    },
  )
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (key === null) return
    const abort = new AbortController()
    setState((before) => ({
      ...before,
      value: before.key === key ? before.value : null,
      key,
      error: null,
      loading: true,
    }))
    load(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setState({ key, value, error: null, loading: false })
      },
      (error: unknown) => {
        if (abort.signal.aborted) return
        if (!(error instanceof ApiError)) throw error
        setState((before) => ({ ...before, error, loading: false }))
      },
    )
    return () => abort.abort()
  }, [key, round])
  const reload = useCallback(() => setRound((before) => before + 1), [])
  if (key === null) return { value: null, error: null, loading: false, reload }
  return {
    value: state.key === key ? state.value : null,
    error: state.error,
    loading: state.loading || state.key !== key,
    reload,
  }
}

/** Workers need a moment after a task was submitted; what follows from it is asked for again after these. */
const SOON_MS = [400, 1_200, 3_000]

/**
 * Keeps a list fresh without asking all the time, which would also keep an unattended session alive: it is loaded again when the
 * window is looked at again, and by `reloadSoon` in the moments after something was done.
 */
export function useFresh(reload: () => void): { reloadSoon(): void } {
  useEffect(() => {
    const onVisible = () => {
      if (document.visibilityState === 'visible') reload()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => document.removeEventListener('visibilitychange', onVisible)
  }, [reload])
  const reloadSoon = useCallback(() => {
    for (const delay of SOON_MS) setTimeout(reload, delay)
  }, [reload])
  return { reloadSoon }
}
