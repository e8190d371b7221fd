/**
 * What an event writes beside the state, the record, the evidence and the alarm; and that it writes nothing else.
 */
import { assert, describe, it } from "@effect/vitest"
import { TransferAlarm, TransferClaim, TransferDifference, TransferResolution } from "../../src/Transfer.ts"
import { step } from "../../src/internal/transfer/transition.ts"
import { at, claim, content, events, otherContent, record, row, rows } from "./support/samples.ts"
import { after, afterSample, assertChanged } from "./support/steps.ts"

const word = { by: "ana", note: "asked Palomma" }
const said = (as: TransferResolution["as"], fields: { readonly incomplete?: boolean } = {}) =>
  new TransferResolution({ as, ...word, at, ...fields })
const merchantAccountId = "account-M"

describe("a claim", () => {
  const claimed = { claim: { id: "claim-9", length: 65_000 }, _tag: "claimed" } as const

  it("writes down the claim, counts it, and forgets what went wrong before", () => {
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
    const came = after(before, { ...claimed, version: 5, content: sent })
    assert.deepInclude(came, sent)
    const again = after(row({ ...came, state: "rejected" }), { ...claimed, version: 6, content })
    assert.deepInclude(again, content)
    assert.notProperty(again, "merchantAccountId")
  })

  it.each([{ accountId: "account-B" }, { amount: 1 }, { merchantAccountId }])(
    "is refused to a row that a worker carries if the content is another one: %j",
    (other) => {
      const event = { ...claimed, version: 5, content: { ...content, ...other } }
      assert.deepStrictEqual(step(rows["intended worker"], event, at), { _tag: "Refused", reason: "content" })
    }
  )

  it("ends evidence and a difference that was accepted, which were of what was sent before", () => {
    const differs = new TransferDifference({ recordId: "1", ...otherContent })
    const came = afterSample(row({ state: "rejected", evidence: ["3"], differs }), "claimed, version as looked at")
    assert.deepStrictEqual(came.evidence, [])
    assert.notProperty(came, "differs")
  })

  it("whose answer was lost but for its id gives the id to a row that has none", () => {
    for (const state of ["accepted", "approved", "partial", "cancelled"] as const) {
      assertChanged(afterSample(row({ state }), "answerLost id 1, owner"), row({ state }), { recordId: "1" })
    }
  })

  it("is no longer held once it is proven to have had no effect", () => {
    for (const [name, state] of [
      ["notSent, claim's owner", "intended"],
      ["refused, owner", "rejected"]
    ] as const) {
      for (const before of [rows.sending, rows.unknown, rows.needsReview]) {
        const fields = { state, claim: undefined, lastError: "what went wrong" }
        assertChanged(afterSample(before, name), before, fields)
      }
    }
  })

  it("is proven in vain once the row is neither sending nor in doubt, should it still hold one", () => {
    for (const state of ["intended", "rejected", "accepted", "approved", "withdrawn"] as const) {
      for (const name of ["notSent, claim's owner", "refused, owner"] as const) {
        assert.deepStrictEqual(step(row({ state, claim }), events[name](), at), { _tag: "Same" }, state)
      }
    }
  })

  it("stays in the row if something was seen meanwhile", () => {
    for (const name of ["notSent, claim's owner", "refused, owner"] as const) {
      const before = rows["sending +ev"]
      assertChanged(afterSample(before, name), before, { state: "needsReview", lastError: "what went wrong" })
    }
  })

  it("stays in the row while the outcome is not known, with what went wrong", () => {
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

describe("what Palomma shows", () => {
  it("ends the claim, the evidence and the last error once the record is known", () => {
    const before = row({ state: "sending", claim, evidence: ["3"], lastError: "timed out", notOurs: ["4"] })
    assertChanged(afterSample(before, "seen 1 same, approved"), before, {
      state: "approved",
      recordId: "1",
      evidence: [],
      claim: undefined,
      lastError: undefined
    })
  })

  it("says how much was collected, and does not unsay it by leaving it out", () => {
    const seen = (amountCollected: number | undefined) =>
      ({ _tag: "seen", record: record("1", { status: "partial", amountCollected }) }) as const
    const before = after(rows["unknown"], seen(20_000))
    assert.strictEqual(before.amountCollected, 20_000)
    assert.deepStrictEqual(step(before, seen(undefined), at), { _tag: "Same" })
    assertChanged(after(before, seen(30_000)), before, { amountCollected: 30_000 })
    const accepted = row({ state: "accepted", recordId: "1", amountCollected: 10_000 })
    assertChanged(after(accepted, seen(undefined)), accepted, { state: "partial" })
  })

  it("says why it goes to a person", () => {
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

  it("gives a row that may still be corrected the content that was looked for and found", () => {
    const event = events["seen 2 same, other content looked for"]()
    for (const before of [rows.intended, rows.rejected, rows["rejected worker"]]) {
      assertChanged(after(before, event), before, { ...otherContent, state: "accepted", recordId: "2", evidence: [] })
    }
    for (const before of [rows.unknown, rows["intended worker"], rows.needsReview]) {
      assert.deepInclude(after(before, event), content)
    }
  })

  it("gives it that content also if what was found may have it, so that a person is asked about the right one", () => {
    const shown = record("2", { ...otherContent, reference: undefined })
    const event = { _tag: "seen", record: shown, content: otherContent } as const
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

  it("gives it the merchant account that was looked for, or takes away the one that was not", () => {
    const shown = record("2", { merchantAccountId })
    const named = { ...content, merchantAccountId }
    const found = after(rows.rejected, { _tag: "seen", record: shown, content: named })
    assert.deepInclude(found, { merchantAccountId, state: "accepted" })
    const other = row({ state: "rejected", merchantAccountId: "account-N" })
    assert.notProperty(after(other, { _tag: "seen", record: shown, content }), "merchantAccountId")
  })

  it("leaves the content alone if what was found is neither", () => {
    for (const before of [rows.intended, rows.rejected]) {
      const came = afterSample(before, "seen 2 differs, other content looked for")
      assert.deepInclude(came, { ...content, state: "needsReview", recordId: "2" })
    }
  })

  it("is found by the row's own content if that is what Palomma has, whatever was looked for", () => {
    const came = after(rows.rejected, { _tag: "seen", record: record("2"), content: otherContent })
    assert.deepInclude(came, { ...content, state: "accepted", recordId: "2" })
  })
})

describe("an alarm", () => {
  it("keeps the time at which it was raised, and gathers records", () => {
    const early = new TransferAlarm({ kind: "duplicate", records: ["1", "4"], at: 1 })
    const before = row({ state: "accepted", recordId: "1", alarm: early })
    const next = new TransferAlarm({ kind: "duplicate", records: ["1", "4", "2"], at: 1 })
    assertChanged(afterSample(before, "seen 2 same, processing"), before, { alarm: next })
  })

  it("becomes a duplicate, and never less than one", () => {
    const before = rows["accepted #1 alarm"]
    const came = afterSample(before, "seen 2 same, processing")
    assert.strictEqual(came.alarm?.kind, "duplicate")
    const differing = { _tag: "seen", record: record("1", { accountId: "account-B" }) } as const
    assert.deepStrictEqual(step(came, differing, at), { _tag: "Same" })
    const also = after(came, { _tag: "seen", record: record("5") })
    assert.strictEqual(also.alarm?.kind, "duplicate")
    const held = row({ ...came, alarm: new TransferAlarm({ kind: "duplicate", records: ["2"], at: 1 }) })
    assert.strictEqual(after(held, differing).alarm?.kind, "duplicate")
  })

  it("names the row's own record beside the other", () => {
    const before = rows["accepted #1"]
    const alarm = new TransferAlarm({ kind: "duplicate", records: ["1", "2"], at })
    for (const name of ["seen 2 same, processing", "answerLost id 2, owner"] as const) {
      assertChanged(afterSample(before, name), before, { alarm })
    }
  })

  it("of a claim that is running names the record and keeps the row as it is", () => {
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

  it("hands the row to a person once its time is over, with what went wrong", () => {
    for (const name of ["absent, version as looked at", "gaveUp, version as looked at"] as const) {
      const fields = { state: "needsReview", lastError: "what went wrong" }
      assertChanged(afterSample(rows["unknown #1"], name), rows["unknown #1"], fields)
    }
  })
})

describe("a person's word", () => {
  const doubted = row({
    state: "needsReview",
    claim,
    recordId: "1",
    evidence: ["3"],
    notOurs: ["4"],
    lastError: "timed out"
  })
  const spoken = { version: 5, ...word }

  it("of not paid forgets the claim and what was seen, and remembers what is not ours", () => {
    const event = { _tag: "resolvedNotPaid", ...spoken, notOurs: ["1", "3", "4"], incomplete: false } as const
    const fields = { state: "intended", recordId: undefined, evidence: [], claim: undefined, lastError: undefined }
    const notOurs = ["4", "1", "3"]
    assertChanged(after(doubted, event), doubted, { ...fields, notOurs, resolution: said("not-paid") })
    assertChanged(after(doubted, { ...event, incomplete: true }), doubted, {
      ...fields,
      notOurs,
      resolution: said("not-paid", { incomplete: true })
    })
  })

  it("of paid takes what Palomma says of the record", () => {
    const shown = record("1", { status: "partial", amountCollected: 20_000 })
    const event = { _tag: "resolvedPaid", ...spoken, notOurs: ["3"], record: shown } as const
    assertChanged(after(doubted, event), doubted, {
      state: "partial",
      amountCollected: 20_000,
      evidence: [],
      claim: undefined,
      lastError: undefined,
      notOurs: ["4", "3"],
      resolution: said("paid")
    })
  })

  it("of paid overrules what was ruled out before", () => {
    const event = { _tag: "resolvedPaid", ...spoken, notOurs: ["1"], record: record("4") } as const
    assert.deepInclude(after(doubted, event), { recordId: "4", notOurs: ["1"], state: "accepted" })
    assert.notProperty(after(doubted, event), "alarm")
  })

  it("of paid names both records if the row had another", () => {
    const event = { _tag: "resolvedPaid", ...spoken, notOurs: [], record: record("2") } as const
    const alarm = new TransferAlarm({ kind: "duplicate", records: ["1", "2"], at })
    assert.deepInclude(after(doubted, event), { recordId: "2", state: "accepted", alarm, resolution: said("paid") })
  })

  it("of paid accepts how the record differs, and forgets a difference that is none any more", () => {
    const shown = record("1", { accountId: "account-B", amount: undefined, merchantAccountId })
    const event = { _tag: "resolvedPaid", ...spoken, notOurs: [], record: shown } as const
    const accepted = after(doubted, event).differs
    assert.deepStrictEqual(
      accepted,
      new TransferDifference({ recordId: "1", accountId: "account-B", merchantAccountId })
    )
    const whole = new TransferDifference({ recordId: "1", ...otherContent })
    assert.deepStrictEqual(after(doubted, { ...event, record: record("1", otherContent) }).differs, whole)
    const left = after(doubted, { ...event, record: record("1", { accountId: undefined, amount: 1 }) }).differs
    assert.deepStrictEqual(left, new TransferDifference({ recordId: "1", amount: 1 }))
    assert.notProperty(after(row({ ...doubted, differs: whole }), { ...event, record: record("1") }), "differs")
  })

  it("of withdrawn ends it, and says so", () => {
    const event = { _tag: "withdrawn", ...spoken, notOurs: ["1"] } as const
    assertChanged(after(doubted, event), doubted, {
      state: "withdrawn",
      recordId: undefined,
      evidence: [],
      claim: undefined,
      notOurs: ["4", "1"],
      resolution: said("withdrawn")
    })
  })
})

describe("an acknowledged alarm", () => {
  const alarm = new TransferAlarm({ kind: "duplicate", records: ["1", "2"], at: 1 })
  const paid = row({ state: "approved", recordId: "1", alarm, notOurs: ["4"] })
  const event = { _tag: "acknowledged", version: 5, ...word, notOurs: ["5"], record: undefined } as const
  const resolution = said("acknowledged")

  it("rules out the other records of a transfer whose own is known", () => {
    assertChanged(after(paid, event), paid, { alarm: undefined, notOurs: ["4", "5", "2"], resolution })
  })

  it("takes what Palomma says of the record now, and how it differs", () => {
    const shown = record("1", { ...otherContent, status: "cancelled" })
    assertChanged(after(paid, { ...event, record: shown }), paid, {
      state: "cancelled",
      alarm: undefined,
      notOurs: ["4", "5", "2"],
      resolution,
      differs: new TransferDifference({ recordId: "1", ...otherContent })
    })
  })

  it("takes no status while the transfer is in doubt, and rules out what the person named alone", () => {
    const before = row({ state: "needsReview", recordId: "1", alarm, evidence: ["2", "5"], claim })
    const shown = record("1", { status: "approved" })
    assertChanged(after(before, { ...event, record: shown }), before, {
      alarm: undefined,
      evidence: ["2"],
      notOurs: ["5"],
      resolution
    })
  })

  it("forgets the record of a transfer in doubt that the person ruled out", () => {
    const before = row({ state: "needsReview", recordId: "5", alarm, claim })
    assertChanged(after(before, event), before, { recordId: undefined, alarm: undefined, notOurs: ["5"], resolution })
  })

  it("of a withdrawn transfer takes nothing from a record that the person ruled out", () => {
    const before = row({ state: "withdrawn", recordId: "5", alarm })
    const came = after(before, { ...event, record: record("5", { status: "approved" }) })
    const notOurs = ["5", "1", "2"]
    assertChanged(came, before, { recordId: undefined, alarm: undefined, notOurs, resolution })
  })

  it("of a claim that is running leaves the claim as it is", () => {
    const before = row({ state: "sending", claim, alarm, evidence: ["2"] })
    assertChanged(after(before, event), before, { alarm: undefined, notOurs: ["5"], resolution })
  })

  it("of a row without a record rules out nothing by itself", () => {
    const before = row({ state: "withdrawn", alarm })
    for (const shown of [record("1"), undefined]) {
      const came = after(before, { ...event, record: shown })
      assertChanged(came, before, { alarm: undefined, notOurs: ["5"], resolution })
    }
  })
})
