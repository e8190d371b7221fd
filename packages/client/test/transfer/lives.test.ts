/**
 * Properties of every possible sequence of events: of each reachable row, and each event at it.
 */
import { assert, beforeAll, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import type { Transfer } from "../../src/Transfer.ts"
import { type Event } from "../../src/internal/transfer/event.ts"
import { answerLikeness, likeness } from "../../src/internal/transfer/samePayment.ts"
import { step } from "../../src/internal/transfer/transition.ts"
import { anyLife, type Moment, next } from "./support/arbitraries.ts"
import { keyOf, reach } from "./support/reach.ts"
import { at, own, record } from "./support/samples.ts"

// Every change that the sample events can make, and every resulting row.
const changes: Array<Moment> = []
let rows: ReadonlyArray<Transfer> = []

beforeAll(() => {
  rows = reach((before, event, after) => changes.push({ before, event, after }))
})

/** Checks each of those changes, and each moment of random lives. */
const holds = (check: (moment: Moment) => void): void => {
  for (const change of changes) check(change)
  fc.assert(
    fc.property(anyLife, (moments) => moments.forEach(check)),
    { numRuns: 300 }
  )
}

const isEnd = ({ state }: Transfer): boolean => ["approved", "partial", "cancelled", "withdrawn"].includes(state)
const canBeSent = ({ state }: Transfer): boolean => state === "intended" || state === "rejected"
const isWord = ({ _tag }: Event): boolean =>
  ["resolvedPaid", "resolvedNotPaid", "acknowledged", "withdrawn"].includes(_tag)

/** Whether the owner of a claim may still hand its request over, as the fence decides it. */
const passesFence = (row: Transfer, claim: string): boolean =>
  row.state === "sending" && row.claim?.id === claim && row.evidence.length === 0 && row.recordId === undefined

describe("every life of a transfer", () => {
  it("is searched: each state, and more than 500 rows", () => {
    assert.isAbove(rows.length, 500)
    assert.strictEqual(new Set(rows.map(({ state }) => state)).size, 10)
  })

  it("keeps a known record until a person decides otherwise", () =>
    holds(({ after, before, event }) => {
      if (before.recordId === undefined || after.recordId === before.recordId) return
      assert.isTrue(isWord(event), event._tag)
      // Only a person who names another record replaces it. Otherwise the row has none any more.
      if (after.recordId !== undefined) assert.strictEqual(event._tag, "resolvedPaid")
    }))

  it("has a record if it is known that Palomma has it", () =>
    holds(({ after }) => {
      if (after.state === "accepted" || (isEnd(after) && after.state !== "withdrawn")) assert.isDefined(after.recordId)
    }))

  it("raises an alarm once, for any further evidence of it", () =>
    holds(({ after, event }) => {
      // These two are no evidence: they record that something happened once more.
      if (event._tag === "looked" || event._tag === "told") return
      assert.notStrictEqual(step(after, event, at + 1)._tag, "Changed", event._tag)
    }))

  it("does not raise an acknowledged alarm again for the status that Palomma shows", () =>
    holds(({ after, before, event }) => {
      if (after.alarm === undefined || after.alarm === before.alarm || after.recordId === undefined) return
      if (event._tag !== "seen" || !(after.state === "accepted" || isEnd(after))) return
      const current = event.record.id === after.recordId ? event.record : record(after.recordId)
      const decision = { version: after.version, notOurs: [], by: "ana", note: "known" }
      const known = next(after, { _tag: "acknowledged", ...decision, record: current })
      assert.isUndefined(known.alarm)
      assert.isUndefined(next(known, event).alarm)
    }))

  it("can always reach an end, and leave every alarm", () => {
    const before = new Map<string, Array<string>>()
    for (const change of changes) {
      const to = keyOf(change.after)
      before.set(to, [...(before.get(to) ?? []), keyOf(change.before)])
    }
    const good = new Set(rows.filter((row) => isEnd(row) && row.alarm === undefined).map(keyOf))
    for (const name of good) for (const earlier of before.get(name) ?? []) good.add(earlier)
    assert.deepStrictEqual(
      rows.filter((row) => !good.has(keyOf(row))),
      []
    )
  })
})

describe("the rules, in every life", () => {
  it("R1: a claim ends with the report of its owner", () =>
    holds(({ after, before, event }) => {
      if (before.state !== "sending" || !("claim" in event) || event.claim !== before.claim?.id) return
      const id = event._tag === "answered" ? event.record.id : event._tag === "answerLost" ? event.recordId : undefined
      // A person ruled out the record of Palomma's answer: the claim ends by its timeout.
      if (id !== undefined && before.notOurs.includes(id)) return
      assert.notStrictEqual(after.state, "sending")
    }))

  it("R3: anything that may be the transfer closes the fence of a running claim", () =>
    holds(({ after, before, event }) => {
      if (before.state !== "sending" || before.claim === undefined) return
      const is =
        event._tag === "seen"
          ? likeness(before, event.record)
          : event._tag === "answered"
            ? answerLikeness(before, event.record)
            : "other"
      const isLost =
        event._tag === "answerLost" && event.recordId !== undefined && !before.notOurs.includes(event.recordId)
      if (is === "other" && !isLost) return
      assert.isFalse(passesFence(after, before.claim.id))
    }))

  it("R5: only a person allows sending a transfer in doubt again, except for late proof of its own claim", () =>
    holds(({ after, before, event }) => {
      if ((before.state !== "unknown" && before.state !== "needsReview") || !canBeSent(after)) return
      if (event._tag === "resolvedNotPaid") return
      assert.include(["notSent", "rejected"], event._tag)
      assert.strictEqual("claim" in event ? event.claim : undefined, before.claim?.id)
    }))

  it("R5: a person allows sending it again only after every known id is ruled out", () =>
    holds(({ after, before, event }) => {
      if (event._tag !== "resolvedNotPaid" || after === before || before.recordId === undefined) return
      assert.include(after.notOurs, before.recordId)
    }))

  it("R8: a row that can be sent has neither a claim nor a record nor evidence", () =>
    holds(({ after }) => {
      if (!canBeSent(after)) return
      assert.isUndefined(after.claim)
      assert.isUndefined(after.recordId)
      assert.deepStrictEqual(after.evidence, [])
    }))

  it("R8: a row is claimed only if nothing is known about it at Palomma", () =>
    holds(({ after, before }) => {
      if (before.state === "sending" || after.state !== "sending") return
      assert.isUndefined(after.recordId)
      assert.deepStrictEqual(after.evidence, [])
    }))

  it("R8: no event but its own reopens a row while its running claim could pass the fence", () =>
    holds(({ after, before, event }) => {
      if (before.claim === undefined || !passesFence(before, before.claim.id) || !canBeSent(after)) return
      assert.deepInclude(event, { claim: before.claim.id })
      assert.include(["notSent", "rejected"], event._tag)
    }))

  it("R8: a claim that ended never passes its fence again, after any later event", () =>
    holds(({ after, before }) => {
      if (before.claim?.id === own && before.state !== "sending" && after.claim?.id === own) {
        assert.isFalse(passesFence(after, own))
      }
    }))
})
