import { answerOf, prepare, REFUSALS } from '../engine/grpc/refusals.ts'
import { RawClient } from '../engine/grpc/served-gateway.ts'
import type { EngineUnderTest } from './engines/engine.ts'
import type { Verdict } from './judge.ts'

const GROUP = 'refusals of the gRPC gateway'

/**
 * Makes the calls that the embedded engine's gateway refuses to a real one, and judges whether it refuses them with the code and
 * the words that the tests of the embedded engine hold.
 */
export async function judgeGateway({ version, grpcAddress }: EngineUnderTest): Promise<Verdict[]> {
  if (grpcAddress === undefined) return []
  const client = new RawClient(grpcAddress)
  try {
    const things = await prepare(client, String(Date.now()).slice(-9))
    const verdicts: Verdict[] = []
    for (const refusal of REFUSALS) {
      const expected = refusal.real?.[version] ?? refusal.answer
      const answer = await answerOf(client, refusal, things)
      // A stream that is not refused ends at the deadline, in the words of the client.
      const details = answer.code === 'DEADLINE_EXCEEDED' ? '' : answer.details
      const agrees = answer.code === expected.code && details === expected.details
      verdicts.push({
        group: GROUP,
        title: `${refusal.method}: ${refusal.title}`,
        kind: agrees ? 'agrees' : 'wrong',
        lines: agrees
          ? []
          : [`expected ${expected.code}: ${expected.details}`, `got ${answer.code}: ${answer.details}`],
      })
    }
    return verdicts
  } finally {
    client.close()
  }
}
