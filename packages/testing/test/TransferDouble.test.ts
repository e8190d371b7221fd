import { assert, describe, it } from "@effect/vitest"
import { isTransferError, PalommaServerError, transferStates } from "@palomma-effect/client"
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

describe("the errors of a transfer", () => {
  const { notSent, outcomeUnknown, rejected } = TransferDouble

  it("are those of a payout by default, and of a debit if it is named", () => {
    for (const make of [notSent, outcomeUnknown, rejected]) {
      assert.isTrue(isTransferError(make()))
      assert.deepStrictEqual([make().kind, make().reference], ["payout", "reference-1"])
      assert.match(make().message, /^Payout "reference-1": .*PayoutRequests\./)
      assert.match(make({ kind: "payin", reference: "r-1" }).message, /^Debit "r-1": .*PayinRequests\./)
    }
  })

  it("have what the library knows in the usual case", () => {
    assert.deepStrictEqual(
      [notSent().needsCorrection, rejected().cause.outcome, outcomeUnknown().sent, outcomeUnknown().state],
      [false, "rejected", "yes", "unknown"]
    )
    assert.strictEqual(outcomeUnknown().lastErrorTag, "PalommaServerError")
  })

  it("accept other fields", () => {
    const cause = new PalommaServerError({ operation: "PayoutRequests.create", outcome: "rejected", status: 503 })
    assert.strictEqual(notSent({ cause }).cause, cause)
    assert.strictEqual(rejected({ cause }).cause, cause)
    const error = outcomeUnknown({ recordId: "01H", records: ["01H", "01J"], laterTransferShown: true, lastError: "?" })
    assert.strictEqual(error.recordId, "01H")
    assert.strictEqual(error.lastErrorTag, undefined)
    assert.isTrue(error.evidence.laterTransferShown)
    assert.include(error.message, "Record id: 01H. Records that may be it: 01J.")
  })
})
