/**
 * Random block-structured processes for property tests. A block has one way in and one way out; `KINDS` of
 * `random-blocks.ts` says how each kind is made up and written, and is the only place to add one.
 */
import fc from 'fast-check'
import {
  bpmn,
  end,
  error,
  escalation,
  flows,
  message,
  messageEvent,
  serviceTask,
  start,
} from '../../../src/engine/testing/bpmn-builder.ts'

/** A part of a process; `data` is what its kind wants to know. */
export interface Block {
  readonly kind: string
  readonly data: unknown
}

/** A block as BPMN: its elements and flows, and the ids of its first and last element. */
export interface Written {
  readonly xml: string
  readonly first: string
  readonly last: string
}

/** How blocks of one kind are made up and written. */
export interface BlockKind {
  /** How often, against the other kinds. */
  readonly weight: number
  /** Whether it holds other blocks. */
  readonly nests: boolean
  /** Makes up the data of a block; `inner` makes up blocks inside it. */
  data(inner: fc.Arbitrary<Block>): fc.Arbitrary<unknown>
  write(data: unknown, id: string, writer: BlockWriter): Written
}

/** Defines a kind of block that holds no others. */
export function leafKind<Data>(
  weight: number,
  data: fc.Arbitrary<Data>,
  write: (data: Data, id: string, writer: BlockWriter) => Written,
): BlockKind {
  return { weight, nests: false, data: () => data, write: (given, id, writer) => write(given as Data, id, writer) }
}

/** Defines a kind of block that holds others. */
export function nestingKind<Data>(
  weight: number,
  data: (inner: fc.Arbitrary<Block>) => fc.Arbitrary<Data>,
  write: (data: Data, id: string, writer: BlockWriter) => Written,
): BlockKind {
  return { weight, nests: true, data, write: (given, id, writer) => write(given as Data, id, writer) }
}

/**
 * What the random processes refer to; every file has them. Elements in the flow wait for `go` and `stop`, so that
 * publishing those brings a process to its end; what does not interrupt (and might take every message) waits for others.
 */
const ROOTS =
  ['go', 'stop', 'note', 'alarm'].map((name) => message(name, name, '="k"')).join('') +
  error('bad', 'BAD') +
  error('worse', 'WORSE') +
  escalation('esc', 'ESC')

/** Files of a random deployment by name. The process to start is `p`; message `begin` starts `m`. */
export type RandomResources = Readonly<Record<string, string>>

/** Writes blocks as BPMN files. */
export class BlockWriter {
  readonly files: Record<string, string> = {}
  readonly #kinds: Readonly<Record<string, BlockKind>>
  #count = 0

  constructor(kinds: Readonly<Record<string, BlockKind>>) {
    this.#kinds = kinds
  }

  /** Writes a block with an id of its own. */
  write({ kind, data }: Block): Written {
    const known = this.#kinds[kind]
    if (known === undefined) throw new Error(`no kind of block '${kind}'`)
    this.#count += 1
    return known.write(data, `e${this.#count}`, this)
  }

  /** Writes blocks one after the other. */
  sequence(blocks: readonly Block[]): Written {
    const parts = blocks.map((block) => this.write(block))
    const between = parts.slice(1).map(({ first }, index) => flows(`${parts[index]?.last} -> ${first}`))
    return {
      xml: parts.map(({ xml }) => xml).join('') + between.join(''),
      first: parts[0]?.first ?? '',
      last: parts.at(-1)?.last ?? '',
    }
  }

  /** Writes blocks as content of a scope: start event, blocks, end event. */
  scope(id: string, blocks: readonly Block[], ending = end(`${id}e`)): string {
    const inner = this.sequence(blocks)
    return start(`${id}s`) + inner.xml + ending + flows(`${id}s -> ${inner.first}`, `${inner.last} -> ${id}e`)
  }

  /** Writes blocks as a process of its own in a file of its own. */
  process(id: string, blocks: readonly Block[]): void {
    this.files[`${id}.bpmn`] = bpmn(id, this.scope(id, blocks), ROOTS)
  }
}

/** Makes up the blocks of a process, which come one after the other. */
export function randomBlocks(kinds: Readonly<Record<string, BlockKind>>): fc.Arbitrary<Block[]> {
  return fc.array(randomBlock(kinds), { minLength: 1, maxLength: 4 })
}

function randomBlock(kinds: Readonly<Record<string, BlockKind>>): fc.Arbitrary<Block> {
  const one = (kind: string, { weight, data }: BlockKind, inner: fc.Arbitrary<Block>) => ({
    weight,
    arbitrary: fc.record({ kind: fc.constant(kind), data: data(inner) }),
  })
  const leaves = Object.entries(kinds).filter(([, { nests }]) => !nests)
  const nesting = Object.entries(kinds).filter(([, { nests }]) => nests)
  return fc.letrec<{ leaf: Block; block: Block }>((tie) => ({
    leaf: fc.oneof(...leaves.map(([name, kind]) => one(name, kind, tie('block')))),
    block: fc.oneof(
      { depthSize: 'medium', maxDepth: 5, withCrossShrink: true },
      { weight: leaves.reduce((sum, [, { weight }]) => sum + weight, 0), arbitrary: tie('leaf') },
      ...nesting.map(([name, kind]) => one(name, kind, tie('block'))),
    ),
  })).block
}

/** A process with a message start event: one live instance a correlation key. */
const STARTED_BY_MESSAGE = bpmn(
  'm',
  `<bpmn:startEvent id="beginning">${messageEvent('begin')}</bpmn:startEvent>` +
    serviceTask('begun', '<zeebe:taskDefinition type="job" retries="1"/>') +
    end() +
    flows('beginning -> begun -> end'),
  message('begin', 'begin'),
)

/** The files of a process made of blocks. */
export function writeProcess(kinds: Readonly<Record<string, BlockKind>>, blocks: readonly Block[]): RandomResources {
  const writer = new BlockWriter(kinds)
  writer.process('p', blocks)
  return { ...writer.files, 'm.bpmn': STARTED_BY_MESSAGE }
}
