import { texts } from '../texts/index.ts'

const { pager } = texts.cases

/** Steps through the pages of a long list; nothing where one page holds all. */
export function Pager({
  page,
  size,
  total,
  onPage,
}: {
  page: number
  size: number
  total: number
  onPage(page: number): void
}) {
  const pages = Math.max(1, Math.ceil(total / size))
  if (pages === 1) return null
  return (
    <nav class="pager" aria-label={pager.label}>
      <button type="button" class="button" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        {pager.previous}
      </button>
      <span>{pager.position(page, pages)}</span>
      <button type="button" class="button" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        {pager.next}
      </button>
    </nav>
  )
}
