import type { FilingApplication, RegisteredFiling } from './filing.ts'

type RegisteredParty = RegisteredFiling['parties'][number]
type ApplicationParty = FilingApplication['parties'][number]

export interface MatchedParties {
  /** Every registered party in order, with the one of the application that it stands for. */
  pairs: { index: number; registered: RegisteredParty; application: ApplicationParty | undefined }[]
  /** Parties of the application that nobody registered. */
  missing: ApplicationParty[]
}

/** Text for comparison: without blanks, full-width and half-width forms alike, capitals. */
export function normalised(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '').toUpperCase()
}

/** Whether two texts differ at most in blanks and in full-width or half-width forms. */
export function sameText(one: string, other: string): boolean {
  return normalised(one) === normalised(other)
}

/**
 * Finds for each registered party the one of the application that it stands for, surest sign first: same name and role, same
 * number, same name, and at last the same role in order (a misspelt name). So a mistake is reported as what it is and not
 * as one party too many and one too few.
 */
export function matchParties(
  registered: readonly RegisteredParty[],
  application: readonly ApplicationParty[],
): MatchedParties {
  const found = new Map<RegisteredParty, ApplicationParty>()
  const free = new Set(application)
  const signs: ((own: RegisteredParty, stated: ApplicationParty) => boolean)[] = [
    (own, stated) => own.role === stated.role && sameText(own.name, stated.name) && sameNumber(own, stated),
    (own, stated) => own.role === stated.role && sameText(own.name, stated.name),
    sameNumber,
    (own, stated) => sameText(own.name, stated.name),
    (own, stated) => own.role === stated.role,
  ]
  for (const sign of signs) {
    for (const own of registered) {
      if (found.has(own)) continue
      const match = [...free].find((stated) => sign(own, stated))
      if (!match) continue
      found.set(own, match)
      free.delete(match)
    }
  }
  return {
    pairs: registered.map((own, index) => ({ index, registered: own, application: found.get(own) })),
    missing: [...free],
  }
}

function sameNumber(own: RegisteredParty, stated: ApplicationParty): boolean {
  return Boolean(own.idNumber && stated.idNumber && normalised(own.idNumber) === normalised(stated.idNumber))
}
