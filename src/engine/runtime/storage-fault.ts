import type { RejectionType } from '../protocol/rejections.ts'

/** What a result code of SQLite means for who runs the engine: how commands are refused, and what is to be done. */
interface StorageFault {
  readonly type: RejectionType
  readonly advice: string
  /** Whether the engine cannot go on by itself when that was done. */
  readonly final?: boolean
}

/** By SQLite's primary result code. Codes that tell of a bug of the engine are not here. */
const FAULTS: Readonly<Record<number, StorageFault>> = {
  5: { type: 'UNAVAILABLE', advice: 'another program has locked the file: close it' },
  7: { type: 'RESOURCE_EXHAUSTED', advice: 'the machine has no memory left' },
  8: { type: 'UNAVAILABLE', advice: 'the file cannot be written: make it and its folder writable' },
  10: {
    type: 'UNAVAILABLE',
    advice: 'the file cannot be read or written: look at the disk, at quotas and at limits of file size',
  },
  11: {
    type: 'UNAVAILABLE',
    advice: 'the file is damaged: stop the engine and put a backup in its place',
    final: true,
  },
  13: { type: 'RESOURCE_EXHAUSTED', advice: 'the disk is full: make space on it' },
  14: { type: 'UNAVAILABLE', advice: 'the file cannot be opened: it and its folder must be writable' },
  18: { type: 'RESOURCE_EXHAUSTED', advice: 'a value is larger than the file can hold' },
  26: {
    type: 'UNAVAILABLE',
    advice: 'the file is no database: stop the engine and put a backup in its place',
    final: true,
  },
}

/** The primary result code of an error of SQLite; `undefined` for any other error. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

/** An error in SQLite's words and in ours, naming the file; `undefined` when the disk is not at fault. */
export function storageFault(error: unknown, file: string): (StorageFault & { readonly message: string }) | undefined {
  const fault = FAULTS[resultCode(error) ?? 0]
  if (fault === undefined || !(error instanceof Error)) return undefined
  return { ...fault, message: `${file}: ${error.message}: ${fault.advice}` }
}
