/**
 * A row before it is written, how many ids it keeps, and the properties of its state.
 */
import { assert, describe, it } from "@effect/vitest"
import { Transfer, TransferAlarm } from "../../src/Transfer.ts"
import { isEnd, isFinal, isInDoubt, mayChange, unwritten } from "../../src/internal/transfer/change.ts"
import { step } from "../../src/internal/transfer/transition.ts"
import { at, claim, content, events, key, own, row } from "./support/samples.ts"
import { after, afterSample, assertChanged } from "./support/steps.ts"

const merchantAccountId = "account-M"

describe("a row that is not written yet", () => {
  it("is intended, of version 0, and has no data", () => {
    const made = unwritten({ ...key, kind: "payout" }, { ...content, merchantAccountId }, at)
    const { kind: _, ...rest } = key
    assert.deepStrictEqual(
      made,
      new Transfer({
        ...rest,
        kind: "payout",
        ...content,
        merchantAccountId,
        state: "intended",
        version: 0,
        claims: 0,
        evidence: [],
        notOurs: [],
        lookUps: 0,
        createdAt: at,
        updatedAt: at
      })
    )
    assert.notProperty(unwritten(key, { ...content, merchantAccountId: undefined }, at), "merchantAccountId")
  })

  it("becomes version 1 by its first event", () => {
    const made = unwritten(key, content, at)
    const result = after(made, { _tag: "claimed", claim: { id: own, length: 1 }, version: 0, content })
    assert.strictEqual(result.version, 1)
  })
})

describe("the ids that a row keeps", () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => `record-${i}`)
  const most = (kind: "duplicate" | "differs", records: ReadonlyArray<string>) =>
    new TransferAlarm({ kind, records, at: 1 })

  it("are at most 1,000 records that may be the transfer", () => {
    const almost = row({ state: "needsReview", claim, evidence: ids.slice(1) })
    const full = row({ state: "needsReview", claim, evidence: ids })
    assertChanged(afterSample(almost, "seen 2 similar"), almost, { evidence: [...ids.slice(1), "2"] })
    assert.deepStrictEqual(step(full, events["seen 2 similar"](), at), { _tag: "Same" })
  })

  it("are at most about 1,000 records of an alarm, and a duplicate is still reported", () => {
    const almost = row({ state: "accepted", recordId: "1", alarm: most("duplicate", ids.slice(1)) })
    const alarm = most("duplicate", [...ids.slice(1), "1", "2"])
    assertChanged(afterSample(almost, "seen 2 same, processing"), almost, { alarm })
    const full = row({ state: "accepted", recordId: "1", alarm: most("duplicate", ids) })
    assert.deepStrictEqual(step(full, events["seen 2 same, processing"](), at), { _tag: "Same" })
    const differing = row({ ...full, alarm: most("differs", ids) })
    assertChanged(afterSample(differing, "seen 2 same, processing"), differing, { alarm: most("duplicate", ids) })
  })
})

describe("a state", () => {
  const table: ReadonlyArray<readonly [state: Transfer["state"], is: string]> = [
    ["intended", "correctable"],
    ["sending", "in doubt"],
    ["unknown", "in doubt"],
    ["needsReview", "in doubt"],
    ["rejected", "correctable"],
    ["accepted", ""],
    ["approved", "end, final"],
    ["partial", "end, final"],
    ["cancelled", "end, final"],
    ["withdrawn", "end"]
  ]

  it.each(table)("is final, in doubt, or correctable as expected: %s %s", (state, is) => {
    const one = row({ state })
    const names = [
      ...(isInDoubt(one) ? ["in doubt"] : []),
      ...(mayChange(one) ? ["correctable"] : []),
      ...(isEnd(one) ? ["end"] : []),
      ...(isFinal(one) ? ["final"] : [])
    ]
    assert.strictEqual(names.join(", "), is)
  })
})
