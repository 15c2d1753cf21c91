import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, prepare, REFUSALS, type Things } from './refusals.ts'
import { type ServedGateway, startServedGateway } from './served-gateway.ts'

// The same calls are made to real Camunda by `npm run test:conformance`.
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
