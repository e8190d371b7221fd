/**
 * A wrong base URL and a wrong key: the error of a transfer says what to correct, and the same reference is sent then.
 */
import { assert, describe, it } from "@effect/vitest"
import { Palomma, Payouts, TransferNotSent } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const sendWith = (options: Palomma.PalommaOptions) =>
  Effect.gen(function* () {
    const { addPayoutTarget } = yield* PalommaSimulator
    const { id } = yield* addPayoutTarget()
    return yield* Payouts.use(({ send }) => send({ reference: "refund-1", payoutTargetId: id, amount: 50_000 })).pipe(
      Effect.provide(Payouts.layerMemory().pipe(Layer.provide(Palomma.layer(options))))
    )
  })

describe("a transfer that was not sent", () => {
  const rows = [
    ["a base URL without /v0", { baseUrl: "http://localhost" }, "Palomma answered 404", "Check the base URL"],
    ["a wrong key", { apiKey: Redacted.make("another") }, "Palomma answered 401", "Check the API key"]
  ] as const
  it.effect.each(rows)("because of %s says what to correct", ([, wrong, status, advice]) =>
    Effect.gen(function* () {
      const { apiKey, ledger, url } = yield* PalommaSimulator
      const right = { apiKey: Redacted.make(apiKey), baseUrl: url }
      const error = yield* Effect.flip(sendWith({ ...right, ...wrong }))
      assert.instanceOf(error, TransferNotSent)
      assert.include(error.message, status)
      assert.include(error.message, `This call sent nothing. ${advice}`)
      assert.match(error.message, /, then send the same reference again\.$/)
      assert.isTrue(error.needsCorrection)
      assert.lengthOf(yield* ledger.payoutsByReference("refund-1"), 0)
      // The advice is true.
      assert.strictEqual((yield* sendWith(right)).state, "accepted")
      assert.lengthOf(yield* ledger.payoutsByReference("refund-1"), 1)
    }).pipe(Effect.provide(PalommaSimulator.layer()))
  )
})
