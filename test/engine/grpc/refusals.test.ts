import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, prepare, REFUSALS, type RealEngine, type Things } from './refusals.ts'
import { RawClient, type ServedGateway, startServedGateway } from './served-gateway.ts'

describe('what cannot be done is refused with the code and the words of Camunda', () => {
  let served: ServedGateway
  let things: Things

  beforeAll(async () => {
    served = await startServedGateway()
    things = await prepare(served.raw, 'run-1')
  })
  afterAll(() => served.close())

  for (const refusal of REFUSALS)
    it(`${refusal.method}: ${refusal.title}`, async () => {
      expect(await answerOf(served.raw, refusal, things)).toEqual(refusal.answer)
    })
})

/** Addresses of real engines, when this is to be compared with them: `npm run test:conformance` sets them. */
const REAL: readonly [RealEngine, string | undefined][] = [
  ['8.8.21', process.env.ZEEBE_8_8_GRPC_ADDRESS],
  ['8.6.0', process.env.CAMUNDA_8_6_GRPC_ADDRESS],
]

for (const [engine, address] of REAL) {
  if (address === undefined) continue
  describe(`the real engine ${engine} refuses so`, () => {
    const client = new RawClient(address)
    let things: Things

    beforeAll(async () => {
      things = await prepare(client, String(Date.now()).slice(-9))
    })
    afterAll(() => client.close())

    for (const refusal of REFUSALS)
      it(`${refusal.method}: ${refusal.title}`, async () => {
        const expected = refusal.real?.[engine] ?? refusal.answer
        const answer = await answerOf(client, refusal, things)
        expect(answer.code === 'DEADLINE_EXCEEDED' ? { ...answer, details: '' } : answer).toEqual(expected)
      })
  })
}
