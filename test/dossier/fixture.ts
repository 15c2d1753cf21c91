import { randomUUID } from 'node:crypto'
import { PDFDocument } from '@cantoo/pdf-lib'
import type { Clock } from '../../src/calendar/index.ts'
import type { PrismaClient } from '../../src/database/index.ts'
import { sha256 } from '../../src/dossier/chain.ts'

/** A clock that stands until the test moves it. */
export interface TestClock extends Clock {
  set(instant: string): void
}

/** A clock that shows `instant`. */
export function createTestClock(instant: string): TestClock {
  let now = new Date(instant)
  return {
    now: () => now,
    set(next) {
      now = new Date(next)
    },
  }
}

let cases = 0

/** Inserts a bare case, which is all that a register or a dossier hangs on, and answers its id. */
export async function insertCase(prisma: PrismaClient): Promise<string> {
  const id = randomUUID()
  const at = new Date('2026-05-11T09:00:00+08:00')
  await prisma.case.create({
    data: {
      id,
      caseNumber: `（2026）豫0922执${++cases}号`,
      channel: 'window',
      status: 'filed',
      cause: '民间借贷纠纷',
      causeCategory: 'other',
      subjectType: 'money',
      amount: '20000.00',
      basisNumber: '（2025）豫0922民初1号',
      basisContent: '测试',
      application: {},
      applicationReceivedAt: at,
      filedAt: at,
      filedBy: 'filing1',
    },
  })
  return id
}

/** A PDF of so many pages; `mark` makes its bytes differ. */
export async function makePdf(pages: number, mark = ''): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  document.setTitle(mark)
  for (let page = 0; page < pages; page += 1) document.addPage([200, 100])
  return document.save()
}

/** Inserts a document as if it had been rendered, and answers its id. */
export async function insertDocument(
  prisma: PrismaClient,
  caseId: string,
  kind: string,
  title: string,
): Promise<string> {
  const bytes = await makePdf(2, `${caseId}${kind}`)
  const hash = sha256(bytes)
  const at = new Date('2026-05-11T09:00:00+08:00')
  await prisma.blob.createMany({
    data: [
      { sha256: hash, mediaType: 'application/pdf', size: bytes.length, bytes: Uint8Array.from(bytes), createdAt: at },
    ],
    skipDuplicates: true,
  })
  const { id } = await prisma.document.create({
    data: { caseId, kind, title, elementInstanceKey: randomUUID(), sha256: hash, pages: 2, renderedAt: at },
  })
  return id
}
