import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ChainedEntry,
  type ChainHead,
  entryHash,
  genesisHash,
  sha256,
  verifyChain,
} from '../../src/dossier/chain.ts'

const caseId = '6f1f3c0a-3f6e-4a53-9a0e-0d3b3c1f9a11'

/** A sound chain of so many entries, and its head. */
function makeChain(count: number, ofCase = caseId): { entries: ChainedEntry[]; head: ChainHead } {
  const entries: ChainedEntry[] = []
  let previousHash = genesisHash(ofCase)
  for (let position = 1; position <= count; position += 1) {
    const entry = {
      id: randomUUID(),
      caseId: ofCase,
      position,
      volume: position % 3 === 0 ? 'auxiliary' : 'main',
      number: position,
      version: 1,
      title: `材料${position}`,
      kind: 'material',
      source: 'scan',
      documentId: null,
      uploadId: null,
      elementInstanceKey: String(1000 + position),
      sha256: sha256(`内容${position}`),
      mediaType: 'application/pdf',
      pages: position,
      enteredBy: 'dossier1',
      enteredAt: new Date(Date.UTC(2026, 4, 11, 1, position)),
      previousHash,
    }
    previousHash = entryHash(entry)
    entries.push({ ...entry, hash: previousHash })
  }
  return { entries, head: { headPosition: count, headHash: previousHash } }
}

/** The same entry with fields changed and its own hash made to fit again, as a careful forger would. */
function reseal(entry: ChainedEntry, changes: Partial<ChainedEntry>): ChainedEntry {
  const changed = { ...entry, ...changes }
  return { ...changed, hash: entryHash(changed) }
}

const found = (entries: readonly ChainedEntry[], head: ChainHead) =>
  verifyChain(caseId, entries, head).map(({ kind, position }) => `${kind} ${position}`)

describe('a hash chain', () => {
  it('that nobody touched has no problem', () => {
    for (const count of [0, 1, 5]) {
      const { entries, head } = makeChain(count)
      expect(found(entries, head)).toEqual([])
    }
  })

  it('names a changed field', () => {
    const { entries, head } = makeChain(5)
    entries[2] = { ...entries[2]!, title: '别的材料' }
    expect(verifyChain(caseId, entries, head)).toEqual([
      { kind: 'changed-field', position: 3, message: '第 3 项“别的材料”的目录信息被改动（与其哈希不符）' },
    ])
  })

  it('names removed entries: in the middle, at the beginning, at the end, all of them', () => {
    const { entries, head } = makeChain(4)
    expect(found([entries[0]!, entries[3]!], head)).toEqual(['removed 2', 'removed 3'])
    expect(found(entries.slice(1), head)).toEqual(['removed 1'])
    expect(found(entries.slice(0, 3), head)).toEqual(['removed 4'])
    expect(found([], head)).toEqual(['removed 1', 'removed 2', 'removed 3', 'removed 4'])
  })

  it('names reordered entries and where they were', () => {
    const { entries, head } = makeChain(4)
    const swapped = [entries[0]!, { ...entries[2]!, position: 2 }, { ...entries[1]!, position: 3 }, entries[3]!]
    expect(verifyChain(caseId, swapped, head).map(({ message }) => message)).toEqual([
      '第 2 项“材料3”原为第 3 项，顺序被调换',
      '第 3 项“材料2”原为第 2 项，顺序被调换',
    ])
  })

  it('names an entry that was replaced together with its hash', () => {
    const { entries, head } = makeChain(4)
    entries[1] = reseal(entries[1]!, { sha256: sha256('别的内容') })
    expect(found(entries, head)).toEqual(['forged 2'])
  })

  it('names a tail that was rewritten from some entry on', () => {
    const { entries, head } = makeChain(4)
    entries[2] = reseal(entries[2]!, { pages: 99 })
    entries[3] = reseal(entries[3]!, { previousHash: entries[2].hash })
    expect(found(entries, head)).toEqual(['forged 4'])
  })

  it('names entries that were appended without the register knowing', () => {
    const { entries, head } = makeChain(3)
    const longer = [...entries, reseal(entries[2]!, { id: randomUUID(), position: 4, previousHash: head.headHash })]
    expect(found(longer, head)).toEqual(['forged 4'])
  })

  it('of another case does not fit', () => {
    const other = makeChain(2, '00000000-0000-4000-8000-000000000000')
    expect(found(other.entries, other.head)).toEqual(['forged 1'])
  })

  it('covers every field: whichever is changed alone, it is found at its entry', () => {
    const { entries } = makeChain(1)
    const changed: { [Field in keyof ChainedEntry]: ChainedEntry[Field] } = {
      id: randomUUID(),
      caseId: randomUUID(),
      position: 7,
      volume: 'auxiliary',
      number: 9,
      version: 2,
      title: '甲',
      kind: '乙',
      source: 'upload',
      documentId: randomUUID(),
      uploadId: randomUUID(),
      elementInstanceKey: null,
      sha256: sha256('x'),
      mediaType: 'image/png',
      pages: 8,
      enteredBy: 'archivist1',
      enteredAt: new Date('2026-05-11T01:01:00.001Z'),
      previousHash: sha256('y'),
      hash: sha256('z'),
    }
    const chain = makeChain(5)
    expect(Object.keys(changed)).toEqual(Object.keys(entries[0]!))
    for (const [field, value] of Object.entries(changed)) {
      if (field === 'position') continue
      const tampered = chain.entries.map((entry, index) => (index === 3 ? { ...entry, [field]: value } : entry))
      expect(found(tampered, chain.head), field).toEqual(['changed-field 4'])
    }
  })

  it('shows any single tampering', () => {
    const text = fc.string({ minLength: 1, maxLength: 5 })
    const tampering = fc.oneof(
      fc.record({
        kind: fc.constant('field' as const),
        field: fc.constantFrom('title', 'kind', 'enteredBy', 'hash'),
        value: text,
      }),
      fc.record({ kind: fc.constant('pages' as const), value: fc.integer({ min: 1000, max: 2000 }) }),
      fc.record({ kind: fc.constant('remove' as const) }),
      fc.record({ kind: fc.constant('replace' as const), value: text }),
      fc.record({ kind: fc.constant('swap' as const), with: fc.nat({ max: 9 }) }),
      fc.record({ kind: fc.constant('insert' as const), value: text }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10 }), fc.nat({ max: 9 }), tampering, (count, at, act) => {
        const { entries, head } = makeChain(count)
        const index = at % count
        const target = entries[index]!
        const tampered = entries.map((entry) => ({ ...entry }))
        if (act.kind === 'field') tampered[index] = { ...target, [act.field]: `${target.title}${act.value}` }
        if (act.kind === 'pages') tampered[index] = { ...target, pages: act.value }
        if (act.kind === 'remove') tampered.splice(index, 1)
        if (act.kind === 'replace') tampered[index] = reseal(target, { title: `${target.title}${act.value}` })
        if (act.kind === 'insert') {
          tampered.push(
            reseal(target, { id: randomUUID(), position: count + 1, previousHash: head.headHash, title: act.value }),
          )
        }
        if (act.kind === 'swap') {
          const other = (index + 1 + (act.with % (count - 1))) % count
          const { position } = entries[other]!
          tampered[index] = { ...entries[other]!, position: target.position }
          tampered[other] = { ...target, position }
        }
        expect(verifyChain(caseId, tampered, head)).not.toEqual([])
      }),
    )
  })
})
