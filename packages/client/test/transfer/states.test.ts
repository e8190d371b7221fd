/**
 * A row before it is written, and what is asked of its state.
 */
import { assert, describe, it } from "@effect/vitest"
import { Transfer } from "../../src/Transfer.ts"
import { isEnd, isFinal, isInDoubt, mayChange, unwritten } from "../../src/internal/transfer/change.ts"
import { at, content, key, own, row } from "./support/samples.ts"
import { after } from "./support/steps.ts"

const merchantAccountId = "account-M"

describe("a row that is not written yet", () => {
  it("is intended, of version 0, and knows nothing", () => {
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
    const came = after(made, { _tag: "claimed", claim: { id: own, length: 1 }, version: 0, content })
    assert.strictEqual(came.version, 1)
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

  it.each(table)("is an end, in doubt, or correctable as it should be: %s %s", (state, is) => {
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
