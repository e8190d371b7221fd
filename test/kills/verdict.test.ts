// The judges of the other suites have to detect false statements.
import { assert, describe, it } from "@effect/vitest"
import { Transfer, TransferAlarm, TransferClaim, type TransferState } from "@palomma-effect/client"
import * as Orders from "./support/orders.ts"
import { avoidable, type Cause, causeOf } from "./support/causes.ts"
import type { Made } from "./support/facts.ts"
import type { HandedOver, Result, Report } from "./support/reports.ts"
import { falseReports } from "./support/truth.ts"
import { verdict } from "./support/verdict.ts"

const name = { kind: "payout", reference: "r" } as const

const row = (state: TransferState, id?: string, more: Partial<Transfer> = {}) =>
  new Transfer({
    ...name,
    namespace: "sandbox",
    accountId: "target",
    amount: 50_000,
    state,
    version: 1,
    claims: 1,
    evidence: [],
    notOurs: [],
    lookUps: 0,
    createdAt: 0,
    updatedAt: 0,
    ...(id === undefined ? {} : { recordId: id }),
    ...more
  })

const payout = (id: string, status = "processing", run: string | undefined = "a.0"): Made => ({
  ...name,
  id,
  accountId: "target",
  amount: 50_000,
  status,
  run
})

const fine = { movedTwice: [], claimedWrongly: [], lost: [], forAPerson: [] }
const r = ["payout r"]

describe("the verdict", () => {
  const alarm = new TransferAlarm({ kind: "duplicate", records: ["a", "b"], at: 0 })
  for (const [what, rows, made, found] of [
    ["in progress", [row("accepted", "a")], [payout("a")], {}],
    ["paid", [row("approved", "a")], [payout("a", "approved")], {}],
    ["not yet known as paid", [row("accepted", "a")], [payout("a", "approved")], {}],
    ["refused", [row("rejected")], [], {}],
    ["a person's", [row("needsReview")], [], { forAPerson: r }],
    ["in manual review, though it was paid", [row("needsReview")], [payout("a")], { forAPerson: r }],
    [
      "in manual review, with a record that does not exist",
      [row("needsReview", "b")],
      [],
      { forAPerson: r, claimedWrongly: r }
    ],
    ["paid twice", [row("accepted", "a")], [payout("a"), payout("b")], { movedTwice: r }],
    ["paid twice, with an alarm", [row("accepted", "a", { alarm })], [payout("a"), payout("b")], { movedTwice: r }],
    ["paid twice, without a row", [], [payout("a"), payout("b")], { movedTwice: r, lost: r }],
    [
      "paid once, but with the alarm of a duplicate",
      [row("accepted", "a", { alarm })],
      [payout("a")],
      { claimedWrongly: r }
    ],
    ["accepted, but without a record", [row("accepted", "a")], [], { claimedWrongly: r }],
    ["with the record of another payout", [row("accepted", "b")], [payout("a")], { claimedWrongly: r }],
    ["with another amount", [row("accepted", "a", { amount: 60_000 })], [payout("a")], { claimedWrongly: r }],
    ["approved, but still in progress", [row("approved", "a")], [payout("a")], { claimedWrongly: r }],
    ["approved, but cancelled", [row("approved", "a")], [payout("a", "cancelled")], { claimedWrongly: r }],
    ["partial, but approved", [row("partial", "a")], [payout("a", "approved")], { claimedWrongly: r }],
    ["cancelled, but approved", [row("cancelled", "a")], [payout("a", "approved")], { claimedWrongly: r }],
    ["rejected, but paid", [row("rejected")], [payout("a")], { claimedWrongly: r }],
    ["not started, but paid", [row("intended")], [payout("a")], { claimedWrongly: r, lost: r }],
    ["withdrawn by no person", [row("withdrawn")], [], { claimedWrongly: r }],
    ["forgotten", [], [], { lost: r }],
    ["left in the state sending", [row("sending")], [payout("a")], { lost: r }],
    ["left unknown", [row("unknown")], [], { lost: r }],
    ["of another kind", [row("accepted", "a")], [{ ...payout("a"), kind: "payin" }], { claimedWrongly: r }]
  ] as const) {
    it(`of a payout that is ${what}`, () => assert.deepStrictEqual(verdict([name], rows, made), { ...fine, ...found }))
  }
})

const result = (tag: string, more: Partial<Result> = {}): Result => ({
  is: "result",
  run: "a.0",
  ...name,
  tag,
  ...more
})
const accepted = (state: TransferState, more: Partial<Result> = {}): Result =>
  result("Accepted", { state, accountId: "target", amount: 50_000, recordId: "a", ...more })
const handedOver: HandedOver = { is: "handedOver", run: "a.0", ...name }
const received = { ...name, run: "a.0" }
const nothing = { made: [], received: [] }
const unsent = { made: [], received: [received] }
const paid = { made: [payout("a")], received: [received] }

describe("the judge of reports", () => {
  const unknown = (sent: Result["sent"], more: Partial<Result> = {}) =>
    result("TransferOutcomeUnknown", { ...(sent === undefined ? {} : { sent }), ...more })
  for (const [what, lines, facts, reason] of [
    ["accepted, which is true", [handedOver, accepted("accepted")], paid, undefined],
    ["accepted by another process", [accepted("accepted")], { ...paid, received: [] }, undefined],
    ["accepted, without a record", [accepted("accepted")], nothing, "there is no record a of it"],
    ["accepted as another record", [accepted("accepted", { recordId: "b" })], paid, "there is no record b of it"],
    ["of another amount", [accepted("accepted", { amount: 1 })], paid, "its record has another content"],
    ["of another account", [accepted("accepted", { accountId: "x" })], paid, "its record has another content"],
    ["approved, and is not", [accepted("approved")], paid, "its record is processing"],
    ["intended and accepted", [accepted("intended")], paid, "its record is processing"],
    ["not sent", [result("TransferNotSent")], nothing, undefined],
    [
      "not sent, but another run sent it",
      [{ ...handedOver, run: "a.1" }, result("TransferNotSent")],
      nothing,
      undefined
    ],
    ["not sent, but handed over", [handedOver, result("TransferNotSent")], nothing, "it sent its request"],
    ["not sent, but received", [result("TransferNotSent")], unsent, "it sent its request"],
    ["skipped, but sent", [handedOver, result("Skipped")], nothing, "it sent its request"],
    ["rejected", [handedOver, result("TransferRejected")], unsent, undefined],
    ["rejected, but not received", [result("TransferRejected")], nothing, "its request was not received"],
    ["rejected, but paid", [handedOver, result("TransferRejected")], paid, "its request was carried out"],
    ["unknown and sent", [handedOver, unknown("yes")], unsent, undefined],
    ["unknown and sent, but was not", [unknown("yes")], nothing, "it sent no request"],
    ["unknown and not sent", [unknown("no")], nothing, undefined],
    ["unknown and not sent, but was", [handedOver, unknown("no")], paid, "it sent its request"],
    [
      "unknown, without a statement about this call",
      [unknown("unknown")],
      nothing,
      "it does not say whether it sent its request"
    ],
    [
      "unknown, with a record that does not exist",
      [unknown("no", { recordId: "b" })],
      nothing,
      "there is no record b of it"
    ],
    [
      "unknown, with evidence that does not exist",
      [unknown("no", { records: ["b"] })],
      nothing,
      "there is no record b of it"
    ],
    [
      "a journal's error after it was sent",
      [handedOver, result("TransferJournalError", { sent: "yes" })],
      paid,
      undefined
    ],
    [
      "a journal's error before it was sent, but it was sent",
      [result("TransferJournalError", { sent: "no" })],
      unsent,
      "it sent its request"
    ],
    [
      "a duplicate",
      [result("TransferDuplicate", { records: ["a", "b"] })],
      { ...nothing, made: [payout("a"), payout("b")] },
      undefined
    ],
    [
      "a duplicate, but there is none",
      [result("TransferDuplicate", { records: ["a", "b"] })],
      paid,
      "there is no record b of it"
    ],
    ["a duplicate of itself", [result("TransferDuplicate", { records: ["a"] })], paid, "it names no second record"],
    ["in conflict with nothing", [result("TransferConflict", { sent: "no" })], nothing, "nothing led to it"]
  ] as const) {
    it(`detects that a payout is ${what}`, () =>
      assert.deepStrictEqual(
        falseReports(lines, facts).map((lie) => lie.reason),
        reason === undefined ? [] : [reason]
      ))
  }
})

describe("the cause of a manual review", () => {
  const claiming = { is: "claiming", ...name, claim: "c" } as const
  const review = row("needsReview", undefined, { claim: new TransferClaim({ id: "c", length: 1, at: 0 }) })
  const unknown = result("TransferOutcomeUnknown")
  for (const [cause, lines, isAvoidable] of [
    ["its process was killed before the body was handed over", [claiming], false],
    ["its process was killed after that", [claiming, handedOver], false],
    ["its response was lost", [claiming, handedOver, unknown], false],
    ["nothing was handed over and its process did not stop", [claiming, unknown], true],
    ["nothing was handed over and its process did not stop", [handedOver, claiming, unknown, handedOver], true],
    ["no observation explains it", [{ ...claiming, claim: "d" }, handedOver], true]
  ] as ReadonlyArray<readonly [Cause, ReadonlyArray<Report>, boolean]>) {
    it(`is that ${cause}, after ${lines.map(({ is }) => is).join(", ")}`, () => {
      const other: ReadonlyArray<Report> = [{ ...claiming, reference: "s" }]
      assert.strictEqual(causeOf(review, [other, lines]), cause)
      assert.strictEqual(avoidable.includes(cause), isAvoidable)
    })
  }
})

describe("the judge of orders", () => {
  const telling = (version: number, kind: "payout" | "payin" = "payout") => ({ ...name, kind, version })

  it("detects that a program was told twice of one version", () => {
    assert.deepStrictEqual(Orders.toldTwice([telling(3), telling(4), telling(3, "payin")]), [])
    assert.deepStrictEqual(Orders.toldTwice([telling(3), telling(4), telling(4)]), ["payout r version 4"])
  })

  it("detects that an order has another state than its transfer", () => {
    assert.deepStrictEqual(Orders.differing([row("approved", "a")], [{ ...name, state: "approved" }]), [])
    assert.deepStrictEqual(Orders.differing([row("approved", "a")], [{ ...name, state: "needsReview" }]), r)
    assert.deepStrictEqual(Orders.differing([row("approved", "a")], []), r)
  })
})
