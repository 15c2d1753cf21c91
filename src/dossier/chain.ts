import { createHash } from 'node:crypto'
import type { DossierProblem } from './types.ts'

/** Everything of an entry that the chain protects, as it is stored. */
export interface ChainedEntry {
  id: string
  caseId: string
  position: number
  volume: string
  number: number
  version: number
  title: string
  kind: string
  source: string
  documentId: string | null
  uploadId: string | null
  elementInstanceKey: string | null
  /** SHA-256 of the content, hexadecimal. */
  sha256: string
  mediaType: string
  pages: number
  enteredBy: string
  enteredAt: Date
  previousHash: string
  hash: string
}

/** Where the chain ended when the last entry was made; kept apart from the entries. */
export interface ChainHead {
  headPosition: number
  headHash: string
}

/** SHA-256 of bytes or UTF-8 text, hexadecimal. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}

/** The hash before the first entry. It is bound to the case, so that no chain fits another case. */
export function genesisHash(caseId: string): string {
  return sha256(JSON.stringify(['dossier-genesis/1', caseId]))
}

/**
 * The canonical text of an entry: a JSON array of its format, then its fields in this fixed order, times as ISO-8601 in UTC with
 * milliseconds. The format is part of the text, so that a later one can never be taken for this.
 */
function canonicalText(entry: Omit<ChainedEntry, 'hash'>): string {
  return JSON.stringify([
    'dossier-entry/1',
    entry.id,
    entry.caseId,
    entry.position,
    entry.volume,
    entry.number,
    entry.version,
    entry.title,
    entry.kind,
    entry.source,
    entry.documentId,
    entry.uploadId,
    entry.elementInstanceKey,
    entry.sha256,
    entry.mediaType,
    entry.pages,
    entry.enteredBy,
    entry.enteredAt.toISOString(),
    entry.previousHash,
  ])
}

/** Hash of an entry: SHA-256 of its canonical text, which contains the previous entry's hash. */
export function entryHash(entry: Omit<ChainedEntry, 'hash'>): string {
  return sha256(canonicalText(entry))
}

/**
 * Checks entries (in order of position) against each other and against the head. What a chain cannot show by itself, that somebody
 * rewrote every entry from some point on together with the head, shows when a head hash kept elsewhere is compared.
 */
export function verifyChain(caseId: string, entries: readonly ChainedEntry[], head: ChainHead): DossierProblem[] {
  const problems: DossierProblem[] = []
  let previous: { position: number; hash: string; sound: boolean } = {
    position: 0,
    hash: genesisHash(caseId),
    sound: true,
  }
  for (const entry of entries) {
    problems.push(...removedBetween(previous.position, Math.min(entry.position - 1, head.headPosition)))
    const sound = entryHash(entry) === entry.hash
    const adjacent = entry.position === previous.position + 1
    if (!sound) {
      problems.push(changedOrMoved(entry, entries.length + 1))
    } else if (entry.position > head.headPosition) {
      problems.push(forged(entry.position, '不在卷宗登记的范围内，是另行添加的'))
    } else if (adjacent && previous.sound && entry.previousHash !== previous.hash) {
      problems.push(
        previous.position === 0
          ? forged(entry.position, '与本案卷宗的起点不衔接，不是本案的首项')
          : forged(previous.position, `与第 ${entry.position} 项记载的前项哈希不符，是事后替换的`),
      )
    }
    previous = { position: entry.position, hash: entry.hash, sound }
  }
  problems.push(...removedBetween(previous.position, head.headPosition))
  if (previous.position === head.headPosition && previous.sound && previous.hash !== head.headHash) {
    problems.push(forged(previous.position, '与卷宗登记的末项哈希不符，该项或卷宗登记是事后替换的'))
  }
  return problems
}

/** An entry whose hash fits at another position was moved there; otherwise one of its fields was changed. */
function changedOrMoved(entry: ChainedEntry, positions: number): DossierProblem {
  for (let position = 1; position <= positions; position += 1) {
    if (position !== entry.position && entryHash({ ...entry, position }) === entry.hash) {
      return {
        kind: 'reordered',
        position: entry.position,
        message: `第 ${entry.position} 项“${entry.title}”原为第 ${position} 项，顺序被调换`,
      }
    }
  }
  return {
    kind: 'changed-field',
    position: entry.position,
    message: `第 ${entry.position} 项“${entry.title}”的目录信息被改动（与其哈希不符）`,
  }
}

function removedBetween(previous: number, last: number): DossierProblem[] {
  const problems: DossierProblem[] = []
  for (let position = previous + 1; position <= last; position += 1) {
    problems.push({ kind: 'removed', position, message: `第 ${position} 项被删除` })
  }
  return problems
}

function forged(position: number, reason: string): DossierProblem {
  return { kind: 'forged', position, message: `第 ${position} 项${reason}` }
}
