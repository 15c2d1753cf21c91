import type { ComponentChildren } from 'preact'
import type { ApiError } from '../api.ts'
import type { Loaded } from '../loading.ts'
import { texts } from '../texts/index.ts'

/** Something is on its way. */
export function Busy() {
  return (
    <div class="state" role="status">
      <span class="busy">{texts.loading}</span>
    </div>
  )
}

/** Something failed; with a way to try again. */
export function Failure({ error, retry }: { error: ApiError; retry?: () => void }) {
  return (
    <div class="state" role="alert">
      <strong>{error.title}</strong>
      <span>{error.message}</span>
      {retry && (
        <button type="button" class="button" onClick={retry}>
          {texts.retry}
        </button>
      )}
    </div>
  )
}

/** There is nothing to show. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="state">{children}</div>
}

/** Shows what was loaded, or that it is loading, or why it could not be. */
export function Await<T>({ loaded, children }: { loaded: Loaded<T>; children: (value: T) => ComponentChildren }) {
  if (loaded.value !== null) return <>{children(loaded.value)}</>
  if (loaded.error) return <Failure error={loaded.error} retry={loaded.reload} />
  return <Busy />
}
