/**
 * The fields that an event writes beside the state, the record, the evidence and the alarm, and no other field.
 */
import { assert, describe, it } from "@effect/vitest"
import { TransferAlarm, TransferClaim, TransferDifference, TransferResolution } from "../../src/Transfer.ts"
import { step } from "../../src/internal/transfer/transition.ts"
import { at, claim, content, events, otherContent, record, row, rows } from "./support/samples.ts"
import { after, afterSample, assertChanged } from "./support/steps.ts"

const decision = { by: "ana", note: "asked Palomma" }
const resolutionOf = (as: TransferResolution["as"], fields: { readonly incomplete?: boolean } = {}) =>
  new TransferResolution({ as, ...decision, at, ...fields })
const merchantAccountId = "account-M"

describe("a claim", () => {
  const claimed = { claim: { id: "claim-9", length: 65_000 }, _tag: "claimed" } as const

  it("writes the claim, counts it, and removes the last error", () => {
    const before = row({ lastError: "refused", lookUps: 3, claims: 2, notOurs: ["4"], carriedBy: "worker" })
    assertChanged(afterSample(before, "claimed, version as looked at"), before, {
      state: "sending",
      claim: new TransferClaim({ id: "claim-9", length: 65_000, at }),
      claims: 3,
      lastError: undefined,
      lookUps: 0
    })
  })

  it("takes the content that is sent, a merchant account included", () => {
    const before = row({ state: "rejected" })
    const sent = { accountId: "account-B", amount: 70_000, merchantAccountId }
    const result = after(before, { ...claimed, version: 5, content: sent })
    assert.deepInclude(result, sent)
    const again = after(row({ ...result, state: "rejected" }), { ...claimed, version: 6, content })
    assert.deepInclude(again, content)
    assert.notProperty(again, "merchantAccountId")
  })

  it.each([{ accountId: "account-B" }, { amount: 1 }, { merchantAccountId }])(
    "is refused if a worker processes the row and the content is another one: %j",
    (other) => {
      const event = { ...claimed, version: 5, content: { ...content, ...other } }
      assert.deepStrictEqual(step(rows["intended worker"], event, at), { _tag: "Refused", reason: "content" })
    }
  )

  it("removes evidence and an accepted difference, which were of an earlier request", () => {
    const differs = new TransferDifference({ recordId: "1", ...otherContent })
    const result = afterSample(row({ state: "rejected", evidence: ["3"], differs }), "claimed, version as looked at")
    assert.deepStrictEqual(result.evidence, [])
    assert.notProperty(result, "differs")
  })

  it("writes the id of its response to a row without an id, also if the rest of the response was lost", () => {
    for (const state of ["accepted", "approved", "partial", "cancelled"] as const) {
      assertChanged(afterSample(row({ state }), "answerLost id 1, owner"), row({ state }), { recordId: "1" })
    }
  })

  it("ends when it is proven to have had no effect", () => {
    for (const [name, state] of [
      ["notSent, claim's owner", "intended"],
      ["rejected, owner", "rejected"]
    ] as const) {
      for (const before of [rows.sending, rows.unknown, rows.needsReview]) {
        const fields = { state, claim: undefined, lastError: "what went wrong" }
        assertChanged(afterSample(before, name), before, fields)
      }
    }
  })

  it("stays unchanged by a proof if the row is neither sending nor in doubt", () => {
    for (const state of ["intended", "rejected", "accepted", "approved", "withdrawn"] as const) {
      for (const name of ["notSent, claim's owner", "rejected, owner"] as const) {
        assert.deepStrictEqual(step(row({ state, claim }), events[name](), at), { _tag: "Same" }, state)
      }
    }
  })

  it("stays in the row if evidence was seen meanwhile", () => {
    for (const name of ["notSent, claim's owner", "rejected, owner"] as const) {
      const before = rows["sending +ev"]
      assertChanged(afterSample(before, name), before, { state: "needsReview", lastError: "what went wrong" })
    }
  })

  it("stays in the row while the outcome is not known, with the error", () => {
    const before = rows.sending
    assertChanged(afterSample(before, "answerLost, owner"), before, {
      state: "unknown",
      lastError: "what went wrong"
    })
    assertChanged(afterSample(before, "answerLost id 1, owner"), before, {
      state: "unknown",
      recordId: "1",
      lastError: "what went wrong"
    })
    assertChanged(afterSample(before, "expired, that claim"), before, {
      state: "unknown",
      lastError: "The process that claimed the transfer did not record an outcome."
    })
  })
})

describe("a record that Palomma shows", () => {
  it("ends the claim, the evidence and the last error if it is the transfer", () => {
    const before = row({ state: "sending", claim, evidence: ["3"], lastError: "timed out", notOurs: ["4"] })
    assertChanged(afterSample(before, "seen 1 same, approved"), before, {
      state: "approved",
      recordId: "1",
      evidence: [],
      claim: undefined,
      lastError: undefined
    })
  })

  it("sets the collected amount, and does not remove it if a later record omits it", () => {
    const seen = (amountCollected: number | undefined) =>
      ({ _tag: "seen", record: record("1", { status: "partial", amountCollected }) }) as const
    const before = after(rows["unknown"], seen(20_000))
    assert.strictEqual(before.amountCollected, 20_000)
    assert.deepStrictEqual(step(before, seen(undefined), at), { _tag: "Same" })
    const accepted = row({ state: "accepted", recordId: "1", amountCollected: 10_000 })
    assertChanged(after(accepted, seen(undefined)), accepted, { state: "partial" })
  })

  for (const amountCollected of [10_000, 30_000]) {
    it(`raises an alarm if the part that a debit collected changes from 20,000 to ${amountCollected} pesos`, () => {
      const before = row({ state: "partial", recordId: "1", amountCollected: 20_000 })
      const partial = record("1", { status: "partial", amountCollected })
      const alarmed = after(before, { _tag: "seen", record: partial })
      assertChanged(alarmed, before, { alarm: new TransferAlarm({ kind: "changed-final", records: ["1"], at }) })
      const { version } = alarmed
      const decision = { version, notOurs: [], by: "ana", note: "asked" }
      const known = after(alarmed, { _tag: "acknowledged", record: partial, ...decision })
      assert.deepStrictEqual([known.state, known.amountCollected, known.alarm], ["partial", amountCollected, undefined])
      assert.deepStrictEqual(step(known, { _tag: "seen", record: partial }, at), { _tag: "Same" })
    })
  }

  it("takes the collected amount of a final status without an alarm, if it is not known or the full amount moved", () => {
    const seen = (status: "approved" | "partial") =>
      ({ _tag: "seen", record: record("1", { status, amountCollected: 20_000 }) }) as const
    const partial = row({ state: "partial", recordId: "1" })
    assertChanged(after(partial, seen("partial")), partial, { amountCollected: 20_000 })
    const approved = row({ state: "approved", recordId: "1", amountCollected: 10_000 })
    assertChanged(after(approved, seen("approved")), approved, { amountCollected: 20_000 })
  })

  it("sets the reason for a manual review", () => {
    const before = rows.rejected
    const differing = "Palomma's record has another account, amount or merchant account."
    for (const name of ["seen 1 differs", "answered 1 differs, owner"] as const) {
      assertChanged(afterSample(before, name), before, { state: "needsReview", recordId: "1", lastError: differing })
    }
    assertChanged(afterSample(rows.sending, "answered 1 differs, owner"), rows.sending, {
      state: "needsReview",
      recordId: "1",
      lastError: differing
    })
    assertChanged(afterSample(before, "seen 2 similar"), before, {
      state: "needsReview",
      evidence: ["2"],
      lastError: "Palomma shows a record that may be this transfer."
    })
  })

  it("writes the content that was looked up and found to a row that may still be corrected", () => {
    const event = events["seen 2 same, other content looked for"]()
    for (const before of [rows.intended, rows.rejected, rows["rejected worker"]]) {
      assertChanged(after(before, event), before, { ...otherContent, state: "accepted", recordId: "2", evidence: [] })
    }
    for (const before of [rows.unknown, rows["intended worker"], rows.needsReview]) {
      assert.deepInclude(after(before, event), content)
    }
  })

  it("writes that content also if the found record may have it, so a person reviews the correct content", () => {
    const palommaRecord = record("2", { ...otherContent, reference: undefined })
    const event = { _tag: "seen", record: palommaRecord, content: otherContent } as const
    for (const before of [rows.intended, rows.rejected, rows["rejected worker"]]) {
      const lastError = "Palomma shows a record that may be this transfer."
      assertChanged(after(before, event), before, {
        ...otherContent,
        state: "needsReview",
        evidence: ["2"],
        lastError
      })
    }
    for (const before of [rows.unknown, rows["intended worker"], rows.needsReview]) {
      assert.deepStrictEqual(step(before, event, at), { _tag: "Same" })
    }
  })

  it("writes the merchant account that was looked up, or removes it if there was none", () => {
    const palommaRecord = record("2", { merchantAccountId })
    const named = { ...content, merchantAccountId }
    const found = after(rows.rejected, { _tag: "seen", record: palommaRecord, content: named })
    assert.deepInclude(found, { merchantAccountId, state: "accepted" })
    const other = row({ state: "rejected", merchantAccountId: "account-N" })
    assert.notProperty(after(other, { _tag: "seen", record: palommaRecord, content }), "merchantAccountId")
  })

  it("keeps the content if the found record has neither", () => {
    for (const before of [rows.intended, rows.rejected]) {
      const result = afterSample(before, "seen 2 differs, other content looked for")
      assert.deepInclude(result, { ...content, state: "needsReview", recordId: "2" })
    }
  })

  it("is the transfer if it has the row's own content, for any content that was looked up", () => {
    const result = after(rows.rejected, { _tag: "seen", record: record("2"), content: otherContent })
    assert.deepInclude(result, { ...content, state: "accepted", recordId: "2" })
  })
})

describe("an alarm", () => {
  it("keeps the time at which it was raised, and collects records", () => {
    const early = new TransferAlarm({ kind: "duplicate", records: ["1", "4"], at: 1 })
    const before = row({ state: "accepted", recordId: "1", alarm: early })
    const next = new TransferAlarm({ kind: "duplicate", records: ["1", "4", "2"], at: 1 })
    assertChanged(afterSample(before, "seen 2 same, processing"), before, { alarm: next })
  })

  it("becomes a duplicate, and keeps that kind", () => {
    const before = rows["accepted #1 alarm"]
    const result = afterSample(before, "seen 2 same, processing")
    assert.strictEqual(result.alarm?.kind, "duplicate")
    const differing = { _tag: "seen", record: record("1", { accountId: "account-B" }) } as const
    assert.deepStrictEqual(step(result, differing, at), { _tag: "Same" })
    const also = after(result, { _tag: "seen", record: record("5") })
    assert.strictEqual(also.alarm?.kind, "duplicate")
    const held = row({ ...result, alarm: new TransferAlarm({ kind: "duplicate", records: ["2"], at: 1 }) })
    assert.strictEqual(after(held, differing).alarm?.kind, "duplicate")
  })

  it("names the row's own record beside the other", () => {
    const before = rows["accepted #1"]
    const alarm = new TransferAlarm({ kind: "duplicate", records: ["1", "2"], at })
    for (const name of ["seen 2 same, processing", "answerLost id 2, owner"] as const) {
      assertChanged(afterSample(before, name), before, { alarm })
    }
  })

  it("during a running claim names the record and keeps the row unchanged", () => {
    const before = rows.sending
    for (const [name, kind] of [
      ["seen 1 differs", "differs"],
      ["answerLost id 1, other claim", "duplicate"]
    ] as const) {
      const alarm = new TransferAlarm({ kind, records: ["1"], at })
      assertChanged(afterSample(before, name), before, { alarm, evidence: ["1"] })
    }
  })

  it("of a withdrawn transfer keeps the id", () => {
    const before = rows.withdrawn
    const alarm = new TransferAlarm({ kind: "changed-final", records: ["1"], at })
    for (const name of ["seen 1 same, approved", "answerLost id 1, owner"] as const) {
      assertChanged(afterSample(before, name), before, { alarm, recordId: "1" })
    }
  })
})

describe("a look-up that found nothing", () => {
  it("is counted", () => assertChanged(afterSample(rows.unknown, "looked"), rows.unknown, { lookUps: 1 }))

  it("requires manual review after the time limit, with the last error", () => {
    for (const name of ["absent, version as looked at", "gaveUp, version as looked at"] as const) {
      const fields = { state: "needsReview", lastError: "what went wrong" }
      assertChanged(afterSample(rows["unknown #1"], name), rows["unknown #1"], fields)
    }
  })
})

describe("a decision", () => {
  const doubted = row({
    state: "needsReview",
    claim,
    recordId: "1",
    evidence: ["3"],
    notOurs: ["4"],
    lastError: "timed out"
  })
  const spoken = { version: 5, ...decision }

  it("not paid removes the claim and the evidence, and remembers the records that are not ours", () => {
    const event = { _tag: "resolvedNotPaid", ...spoken, notOurs: ["1", "3", "4"], incomplete: false } as const
    const fields = { state: "intended", recordId: undefined, evidence: [], claim: undefined, lastError: undefined }
    const notOurs = ["4", "1", "3"]
    assertChanged(after(doubted, event), doubted, { ...fields, notOurs, resolution: resolutionOf("not-paid") })
    assertChanged(after(doubted, { ...event, incomplete: true }), doubted, {
      ...fields,
      notOurs,
      resolution: resolutionOf("not-paid", { incomplete: true })
    })
  })

  it("paid takes the status of Palomma's record", () => {
    const palommaRecord = record("1", { status: "partial", amountCollected: 20_000 })
    const event = { _tag: "resolvedPaid", ...spoken, notOurs: ["3"], record: palommaRecord } as const
    assertChanged(after(doubted, event), doubted, {
      state: "partial",
      amountCollected: 20_000,
      evidence: [],
      claim: undefined,
      lastError: undefined,
      notOurs: ["4", "3"],
      resolution: resolutionOf("paid")
    })
  })

  it("paid overrules an earlier exclusion", () => {
    const event = { _tag: "resolvedPaid", ...spoken, notOurs: ["1"], record: record("4") } as const
    assert.deepInclude(after(doubted, event), { recordId: "4", notOurs: ["1"], state: "accepted" })
    assert.notProperty(after(doubted, event), "alarm")
  })

  it("paid names both records if the row had another", () => {
    const event = { _tag: "resolvedPaid", ...spoken, notOurs: [], record: record("2") } as const
    const alarm = new TransferAlarm({ kind: "duplicate", records: ["1", "2"], at })
    assert.deepInclude(after(doubted, event), {
      recordId: "2",
      state: "accepted",
      alarm,
      resolution: resolutionOf("paid")
    })
  })

  it("paid accepts how the record differs, and removes a difference that no longer exists", () => {
    const palommaRecord = record("1", { accountId: "account-B", amount: undefined, merchantAccountId })
    const event = { _tag: "resolvedPaid", ...spoken, notOurs: [], record: palommaRecord } as const
    const accepted = after(doubted, event).differs
    assert.deepStrictEqual(
      accepted,
      new TransferDifference({ recordId: "1", accountId: "account-B", merchantAccountId })
    )
    const difference = new TransferDifference({ recordId: "1", ...otherContent })
    assert.deepStrictEqual(after(doubted, { ...event, record: record("1", otherContent) }).differs, difference)
    const left = after(doubted, { ...event, record: record("1", { accountId: undefined, amount: 1 }) }).differs
    assert.deepStrictEqual(left, new TransferDifference({ recordId: "1", amount: 1 }))
    assert.notProperty(after(row({ ...doubted, differs: difference }), { ...event, record: record("1") }), "differs")
  })

  it("withdrawn ends the transfer, and is recorded", () => {
    const event = { _tag: "withdrawn", ...spoken, notOurs: ["1"] } as const
    assertChanged(after(doubted, event), doubted, {
      state: "withdrawn",
      recordId: undefined,
      evidence: [],
      claim: undefined,
      notOurs: ["4", "1"],
      resolution: resolutionOf("withdrawn")
    })
  })
})

describe("an acknowledged alarm", () => {
  const alarm = new TransferAlarm({ kind: "duplicate", records: ["1", "2"], at: 1 })
  const paid = row({ state: "approved", recordId: "1", alarm, notOurs: ["4"] })
  const event = { _tag: "acknowledged", version: 5, ...decision, notOurs: ["5"], record: undefined } as const
  const resolution = resolutionOf("acknowledged")

  it("rules out the other records of a transfer whose own is known", () => {
    assertChanged(after(paid, event), paid, { alarm: undefined, notOurs: ["4", "5", "2"], resolution })
  })

  it("rules out the transfer's own record, if the person names another one of the alarm", () => {
    const before = row({
      state: "approved",
      recordId: "1",
      notOurs: ["4"],
      alarm: new TransferAlarm({ ...alarm, records: ["2", "3"] })
    })
    const patch = {
      recordId: "2",
      state: "cancelled" as const,
      alarm: undefined,
      notOurs: ["4", "5", "3", "1"],
      resolution
    }
    assertChanged(
      after(before, { ...event, recordId: "2", record: record("2", { status: "cancelled" }) }),
      before,
      patch
    )
  })

  it("of a transfer without a record rules out the records that the person did not name", () => {
    const before = row({ state: "withdrawn", alarm })
    const result = after(before, { ...event, recordId: "2", record: undefined })
    assertChanged(result, before, { alarm: undefined, notOurs: ["5", "1"], resolution })
  })

  it("takes the current status of Palomma's record, and its difference", () => {
    const palommaRecord = record("1", { ...otherContent, status: "cancelled" })
    assertChanged(after(paid, { ...event, record: palommaRecord }), paid, {
      state: "cancelled",
      alarm: undefined,
      notOurs: ["4", "5", "2"],
      resolution,
      differs: new TransferDifference({ recordId: "1", ...otherContent })
    })
  })

  it("takes no status while the transfer is in doubt, and rules out only the record that the person named", () => {
    const before = row({ state: "needsReview", recordId: "1", alarm, evidence: ["2", "5"], claim })
    const palommaRecord = record("1", { status: "approved" })
    assertChanged(after(before, { ...event, record: palommaRecord }), before, {
      alarm: undefined,
      evidence: ["2"],
      notOurs: ["5"],
      resolution
    })
  })

  it("removes the record of a transfer in doubt that the person ruled out", () => {
    const before = row({ state: "needsReview", recordId: "5", alarm, claim })
    const evidence = ["1", "2"]
    const patch = { recordId: undefined, alarm: undefined, evidence, notOurs: ["5"], resolution }
    assertChanged(after(before, event), before, patch)
  })

  it("of a withdrawn transfer takes nothing from a record that the person ruled out", () => {
    const before = row({ state: "withdrawn", recordId: "5", alarm })
    const result = after(before, { ...event, record: record("5", { status: "approved" }) })
    const notOurs = ["5", "1", "2"]
    assertChanged(result, before, { recordId: undefined, alarm: undefined, notOurs, resolution })
  })

  it("of a running claim keeps the claim unchanged", () => {
    const before = row({ state: "sending", claim, alarm, evidence: ["2"] })
    assertChanged(after(before, event), before, { alarm: undefined, notOurs: ["5"], resolution })
  })

  it("of a row without a record rules out nothing automatically", () => {
    const before = row({ state: "withdrawn", alarm })
    for (const palommaRecord of [record("1"), undefined]) {
      const result = after(before, { ...event, record: palommaRecord })
      assertChanged(result, before, { alarm: undefined, notOurs: ["5"], resolution })
    }
  })
})
