/**
 * Properties of every event at every row, including unreachable ones.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import type { Transfer } from "../../src/Transfer.ts"
import { type Event, isTrueOfAnyVersion } from "../../src/internal/transfer/event.ts"
import { answerLikeness, likeness } from "../../src/internal/transfer/samePayment.ts"
import { step } from "../../src/internal/transfer/transition.ts"
import { anyEvent, anyRow, next } from "./support/arbitraries.ts"
import { at, row } from "./support/samples.ts"
import { assertChanged } from "./support/steps.ts"

const holds = (check: (before: Transfer, event: Event) => void): void =>
  fc.assert(
    fc.property(anyRow, anyEvent, (before, sample) => check(before, sample(before))),
    { numRuns: 2_000 }
  )

const isEnd = ({ state }: Transfer): boolean => ["approved", "partial", "cancelled", "withdrawn"].includes(state)

const shownId = (event: Event): string | undefined =>
  event._tag === "seen" || event._tag === "answered"
    ? event.record.id
    : event._tag === "answerLost"
      ? event.recordId
      : undefined

describe("step, at any row", () => {
  it("handles every event, and has the same result each time", () =>
    holds((before, event) => {
      const result = step(before, event, at)
      assert.isTrue(["Changed", "Same", "Refused"].includes(result._tag))
      assert.deepStrictEqual(step(before, event, at), result)
    }))

  it("increases the version by one for a change, and changes another field too", () =>
    holds((before, event) => {
      const result = step(before, event, at)
      if (result._tag !== "Changed") return
      assert.strictEqual(result.row.version, before.version + 1)
      assert.notDeepEqual({ ...result.row, version: 0 }, { ...before, version: 0 })
    }))

  it("never changes the key, nor the fields of journals", () =>
    holds((before, event) => {
      const mark = row({ ...before, leftSendingAt: 2 })
      const after = next(mark, event)
      const names = ["namespace", "kind", "reference", "createdAt", "updatedAt", "leftSendingAt"] as const
      for (const name of names) assert.strictEqual(after[name], mark[name], name)
    }))

  it("gives a row to a worker only if the program asks for it, and takes it back only if the program sends it", () =>
    holds((before, event) => {
      const after = next(before, event)
      const isTakenBack = event._tag === "claimed" && before.state === "rejected" && after !== before
      if (isTakenBack) assert.isUndefined(after.carriedBy)
      else if (after.carriedBy !== before.carriedBy) {
        assert.strictEqual(event._tag, "carried")
        assert.strictEqual(after.carriedBy, "worker")
      }
    }))

  it("changes no content when it gives a row to a worker, and reopens only a rejected row", () =>
    holds((before, event) => {
      const after = next(before, event)
      if (event._tag !== "carried" || after === before) return
      const isReopened = before.state === "rejected"
      const removed = { claim: undefined, lastError: undefined, toldAt: undefined }
      assertChanged(after, before, { carriedBy: "worker", ...(isReopened ? { state: "intended", ...removed } : {}) })
      assert.isTrue(before.carriedBy === undefined || isReopened)
    }))

  it("keeps what the program was told exactly until the state, the alarm or the collected amount changes", () =>
    holds((before, event) => {
      const after = next(before, event)
      if (event._tag === "told" && event.version === before.version) {
        assert.strictEqual(after.toldAt, at)
        return
      }
      const news = ({ alarm, amountCollected, state }: Transfer) => [
        state,
        alarm?.kind,
        alarm?.records,
        amountCollected
      ]
      const isKnown = JSON.stringify(news(after)) === JSON.stringify(news(before))
      assert.strictEqual(after.toldAt, isKnown ? before.toldAt : undefined)
    }))

  it("refuses only requests: of the program, of a claim, or of a person", () =>
    holds((before, event) => {
      if (step(before, event, at)._tag !== "Refused") return
      const requests = ["claimed", "carried", "told", "resolvedPaid", "resolvedNotPaid", "acknowledged", "withdrawn"]
      assert.include(requests, event._tag)
    }))

  it("uses the time as a date only, and for no decision", () =>
    holds((before, event) => {
      const dateless = (result: ReturnType<typeof step>) =>
        JSON.stringify(result, (name, value) => (name === "at" || name === "toldAt" ? undefined : value))
      assert.strictEqual(dateless(step(before, event, 0)), dateless(step(before, event, at)))
    }))

  it("leaves an end only by an acknowledged alarm", () =>
    holds((before, event) => {
      if (!isEnd(before) || event._tag === "acknowledged") return
      assert.strictEqual(next(before, event).state, before.state)
    }))

  it("leaves `sending` only by its own claim, its timeout, or a record that is the same payment", () =>
    holds((arbitrary, event) => {
      const before = row({ ...arbitrary, state: "sending" })
      if (next(before, event).state === "sending") return
      if (event._tag === "answered" || event._tag === "seen") {
        const is = event._tag === "seen" ? likeness(before, event.record) : answerLikeness(before, event.record)
        const isOwn = event._tag === "answered" && event.claim === before.claim?.id
        assert.isTrue(is === "same" || (isOwn && is === "differs"), is)
      } else {
        assert.include(["notSent", "rejected", "answerLost", "expired"], event._tag)
        // No process sends with a claim of `adopt`, so any id may end it.
        if (event._tag === "answerLost" && event.recordId !== undefined && before.claim?.length === 0) return
        assert.strictEqual("claim" in event ? event.claim : undefined, before.claim?.id)
      }
    }))

  it("makes a row `intended` only by proof that it was not sent, by a person, or by a worker after a rejection", () =>
    holds((before, event) => {
      if (before.state === "intended" || next(before, event).state !== "intended") return
      if (event._tag === "carried") assert.strictEqual(before.state, "rejected")
      else assert.include(["notSent", "resolvedNotPaid"], event._tag)
    }))

  it("makes a row `rejected` only by a rejection of its own claim", () =>
    holds((before, event) => {
      if (before.state === "rejected" || next(before, event).state !== "rejected") return
      assert.strictEqual(event._tag === "rejected" ? event.claim : event._tag, before.claim?.id)
    }))

  it("lowers an alarm only by a person's acknowledgement", () =>
    holds((before, event) => {
      const { alarm } = before
      if (alarm === undefined || event._tag === "acknowledged") return
      const after = next(before, event).alarm
      assert.strictEqual(after?.at, alarm.at)
      assert.includeMembers([...(after?.records ?? [])], [...alarm.records])
      assert.isTrue(after?.kind === alarm.kind || after?.kind === "duplicate")
    }))

  it("changes the content to send only by a claim, or by content that was looked up and found", () =>
    holds((before, event) => {
      const { accountId, amount, merchantAccountId } = next(before, event)
      const isSame =
        accountId === before.accountId && amount === before.amount && merchantAccountId === before.merchantAccountId
      if (isSame) return
      assert.isTrue(before.state === "rejected" || (before.state === "intended" && before.carriedBy === undefined))
      assert.include(["claimed", "seen"], event._tag)
      assert.deepStrictEqual("content" in event ? event.content : undefined, { accountId, amount, merchantAccountId })
    }))
})

describe("the rules, at any row", () => {
  it("R1: only a claim makes a claim, and each is counted once", () =>
    holds((before, event) => {
      const after = next(before, event)
      if (event._tag === "claimed" && after !== before) {
        assert.deepInclude(after.claim, event.claim)
        assert.strictEqual(after.claims, before.claims + 1)
        assert.strictEqual(after.state, "sending")
      } else if (event._tag === "adopted" && after !== before) {
        // No process sends with this claim, so none waits for it.
        assert.deepInclude(after.claim, { ...event.claim, length: 0 })
        const isTaken = before.state === "intended" || before.state === "rejected"
        assert.strictEqual(after.claims, before.claims + (isTaken ? 1 : 0))
        assert.strictEqual(after.state, isTaken ? "sending" : before.state)
      } else {
        assert.strictEqual(after.claims, before.claims)
        if (after.claim !== undefined) assert.deepStrictEqual(after.claim, before.claim)
        if (before.state !== "sending") assert.notStrictEqual(after.state, "sending")
      }
    }))

  it("R2: a claim is of the version before the look-up", () =>
    holds((before, event) => {
      if (event._tag !== "claimed" || step(before, event, at)._tag !== "Changed") return
      assert.strictEqual(event.version, before.version)
      assert.include(["intended", "rejected"], before.state)
    }))

  it("R4: only the timeout of the row's own claim ends it", () =>
    holds((before, event) => {
      if (event._tag !== "expired" || event.claim === before.claim?.id) return
      assert.deepStrictEqual(step(before, event, at), { _tag: "Same" })
    }))

  it("R5: a decision is of the version that the person saw", () =>
    holds((before, event) => {
      const isWord = ["resolvedPaid", "resolvedNotPaid", "acknowledged", "withdrawn"].includes(event._tag)
      if (!isWord || !("version" in event) || event.version === undefined || event.version === before.version) return
      assert.strictEqual(step(before, event, at)._tag, "Refused")
    }))

  it("R5: a person cannot allow sending a transfer again, nor end it, while a claim runs", () =>
    holds((before, event) => {
      if (before.state !== "sending" || !["resolvedPaid", "resolvedNotPaid", "withdrawn"].includes(event._tag)) return
      assert.deepStrictEqual(step(before, event, at), { _tag: "Refused", reason: "state" })
    }))

  it("R5: a record that a person ruled out stays excluded, unless a person decides that it is the transfer", () =>
    holds((before, event) => {
      const kept = before.notOurs.filter((id) => event._tag !== "resolvedPaid" || id !== event.record.id)
      assert.includeMembers([...next(before, event).notOurs], kept)
    }))

  it("R6: a record that was ruled out changes nothing, and only a person makes it the row's record", () =>
    holds((before, event) => {
      const id = shownId(event)
      if (id !== undefined && before.notOurs.includes(id)) {
        assert.deepStrictEqual(step(before, event, at), { _tag: "Same" })
      }
      const { recordId } = next(before, event)
      if (recordId === before.recordId || recordId === undefined || !before.notOurs.includes(recordId)) return
      assert.strictEqual(event._tag, "resolvedPaid")
    }))

  it("R8: proof and rejection count for the row's own claim alone", () =>
    holds((before, event) => {
      if (event._tag !== "notSent" && event._tag !== "rejected") return
      if (step(before, event, at)._tag === "Changed") assert.strictEqual(event.claim, before.claim?.id)
    }))

  it("R8: a row that may be sent again holds no earlier claim", () =>
    holds((before, event) => {
      const after = next(before, event)
      if (after.state === before.state || (after.state !== "intended" && after.state !== "rejected")) return
      assert.isUndefined(after.claim)
    }))

  it("R9: an event that is true of any version does not depend on it", () =>
    holds((before, event) => {
      if (!isTrueOfAnyVersion(event)) return
      const versionless = ({ version: _, ...rest }: Transfer) => rest
      const later = next(row({ ...before, version: before.version + 7 }), event)
      assert.deepStrictEqual(versionless(later), versionless(next(before, event)))
    }))

  it("R9: an event of one version changes no other", () =>
    holds((before, event) => {
      if (isTrueOfAnyVersion(event) || !("version" in event) || event.version === before.version) return
      assert.notStrictEqual(step(before, event, at)._tag, "Changed")
    }))
})
