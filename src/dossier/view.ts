import { formatInstant } from '../calendar/index.ts'
import type { ChainedEntry } from './chain.ts'
import { type CatalogueRow, type DossierEntryView, DossierError, type DossierVolume } from './types.ts'

/** Kind of the entries that `image` makes: conversions of the dossier, not material of it. */
export const imageKind = 'image-dossier'

/** An entry as pages show it. */
export function viewEntry(entry: ChainedEntry): DossierEntryView {
  const { id, elementInstanceKey: _, enteredAt, ...rest } = entry
  return { ...rest, entryId: id, volume: readVolume(entry.volume), enteredAt: formatInstant(enteredAt) }
}

/**
 * Newest versions in order of volume (正卷 first) and number, with the pages that each takes in its volume. Conversions are left
 * out: they contain the same pages again.
 */
export function catalogueOf(entries: readonly ChainedEntry[], volume?: DossierVolume): CatalogueRow[] {
  const newest = new Map<string, ChainedEntry>()
  for (const entry of entries) {
    if (entry.kind === imageKind || (volume !== undefined && entry.volume !== volume)) continue
    const key = `${entry.volume}/${entry.number}`
    if (entry.version > (newest.get(key)?.version ?? 0)) newest.set(key, entry)
  }
  const pagesBefore: Record<DossierVolume, number> = { main: 0, auxiliary: 0 }
  return [...newest.values()]
    .map(viewEntry)
    .sort((a, b) => volumeOrder(a.volume) - volumeOrder(b.volume) || a.number - b.number)
    .map((entry) => {
      const pageFrom = pagesBefore[entry.volume] + 1
      pagesBefore[entry.volume] += entry.pages
      return { ...entry, pageFrom, pageTo: pagesBefore[entry.volume] }
    })
}

function volumeOrder(volume: DossierVolume): number {
  return volume === 'main' ? 0 : 1
}

/** Reads a volume's code. Throws `DossierError` naming it. */
export function readVolume(code: string): DossierVolume {
  if (code === 'main' || code === 'auxiliary') return code
  throw new DossierError('invalid', `卷别“${code}”无效，应为 main（正卷）或 auxiliary（副卷）`)
}
