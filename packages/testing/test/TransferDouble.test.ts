import { assert, describe, it } from "@effect/vitest"
import { transferStates } from "@palomma-effect/client"
import { TransferDouble } from "@palomma-effect/testing"

describe("TransferDouble.make", () => {
  it("makes an accepted payout", () => {
    const { kind, payoutRequestId, state } = TransferDouble.make()
    assert.deepStrictEqual([kind, state, payoutRequestId], ["payout", "accepted", "record-1"])
  })

  it("accepts any field of a transfer", () => {
    const { amount, amountCollected, kind, recordId, state } = TransferDouble.make({
      kind: "payin",
      state: "partial",
      amount: 20_000,
      amountCollected: 5_000,
      recordId: "debit-1"
    })
    assert.deepStrictEqual(
      [kind, state, amount, amountCollected, recordId],
      ["payin", "partial", 20_000, 5_000, "debit-1"]
    )
  })

  it.each(transferStates)("has the id of a record only if Palomma has one: %s", (state) => {
    const isThere = ["accepted", "approved", "partial", "cancelled"].includes(state)
    assert.strictEqual(TransferDouble.make({ state }).recordId !== undefined, isThere)
  })
})
