import { sha256, verifyChain } from './chain.ts'
import { readHead } from './head.ts'
import type { DossierEnvironment, DossierProblem, DossierVerification } from './types.ts'

/** Proves the chain of a dossier and the content of each entry. Throws `DossierError` when it was never opened. */
export async function verifyDossier({ prisma }: DossierEnvironment, caseId: string): Promise<DossierVerification> {
  // One snapshot: an entry made in between must not look like a forged one.
  const { head, entries } = await prisma.$transaction(
    async (transaction) => ({
      head: await readHead(transaction, caseId),
      entries: await transaction.dossierEntry.findMany({ where: { caseId }, orderBy: { position: 'asc' } }),
    }),
    { isolationLevel: 'RepeatableRead' },
  )
  const problems = verifyChain(caseId, entries, head)
  for (const entry of entries) {
    const problem = await verifyContent({ prisma }, entry)
    if (problem !== undefined) problems.push(problem)
  }
  problems.sort((a, b) => a.position - b.position)
  return { intact: problems.length === 0, entries: entries.length, headHash: head.headHash, problems }
}

async function verifyContent(
  { prisma }: Pick<DossierEnvironment, 'prisma'>,
  entry: { position: number; title: string; sha256: string },
): Promise<DossierProblem | undefined> {
  const blob = await prisma.blob.findUnique({ where: { sha256: entry.sha256 } })
  const { position } = entry
  if (blob === null) {
    return { kind: 'missing-content', position, message: `第 ${position} 项“${entry.title}”的内容已不存在` }
  }
  if (sha256(blob.bytes) !== entry.sha256) {
    return { kind: 'changed-content', position, message: `第 ${position} 项“${entry.title}”的内容被改动` }
  }
  return undefined
}
