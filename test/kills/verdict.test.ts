// The judge of the other suite has to see what is wrong.
import { assert, describe, it } from "@effect/vitest"
import { PayoutRow, type PayoutState } from "@palomma-effect/client"
import { PayoutRequest, PayoutRequestId, type PayoutStatus, PayoutTargetId } from "@palomma-effect/schema"
import { verdict } from "./support/verdict.ts"

const target = PayoutTargetId.make("target")

const row = (state: PayoutState, id?: string, more: Partial<PayoutRow> = {}) =>
  new PayoutRow({
    environment: "sandbox",
    reference: "r",
    payoutTargetId: target,
    amount: 50_000,
    state,
    version: 1,
    claims: 1,
    updatedAt: 0,
    ...(id === undefined ? {} : { payoutRequestId: PayoutRequestId.make(id) }),
    ...more
  })

const payout = (id: string, status: PayoutStatus = "processing") =>
  new PayoutRequest({ id: PayoutRequestId.make(id), status, payoutTargetId: target, amount: 50_000, reference: "r" })

const fine = { paidTwice: [], claimedWrongly: [], lost: [], forAPerson: [], forAPersonThoughPaid: [] }

describe("the verdict", () => {
  for (const [what, rows, ledger, found] of [
    ["on its way", [row("accepted", "a")], [payout("a")], {}],
    ["paid", [row("approved", "a")], [payout("a", "approved")], {}],
    ["not heard of yet that it was paid", [row("accepted", "a")], [payout("a", "approved")], {}],
    ["refused", [row("rejected")], [], {}],
    ["a person's", [row("needsAttention")], [], { forAPerson: ["r"] }],
    [
      "a person's, though it was paid",
      [row("needsAttention")],
      [payout("a")],
      { forAPerson: ["r"], forAPersonThoughPaid: ["r"] }
    ],
    ["paid twice", [row("accepted", "a")], [payout("a"), payout("b")], { paidTwice: ["r"] }],
    ["paid twice, by nobody's row", [], [payout("a"), payout("b")], { paidTwice: ["r"], lost: ["r"] }],
    ["claimed to be on its way, but nowhere", [row("accepted", "a")], [], { claimedWrongly: ["r"] }],
    ["claimed to be another payout", [row("accepted", "b")], [payout("a")], { claimedWrongly: ["r"] }],
    [
      "claimed to be of another amount",
      [row("accepted", "a", { amount: 60_000 })],
      [payout("a")],
      { claimedWrongly: ["r"] }
    ],
    ["claimed to be paid, but still on its way", [row("approved", "a")], [payout("a")], { claimedWrongly: ["r"] }],
    [
      "claimed to be paid, but cancelled",
      [row("approved", "a")],
      [payout("a", "cancelled")],
      { claimedWrongly: ["r"] }
    ],
    [
      "claimed to be cancelled, but paid",
      [row("cancelled", "a")],
      [payout("a", "approved")],
      { claimedWrongly: ["r"] }
    ],
    ["claimed to be refused, but paid", [row("rejected")], [payout("a")], { claimedWrongly: ["r"] }],
    ["not begun, and paid all the same", [row("intended")], [payout("a")], { claimedWrongly: ["r"], lost: ["r"] }],
    ["forgotten", [], [], { lost: ["r"] }],
    ["left while it was sent", [row("sending")], [payout("a")], { lost: ["r"] }],
    ["left unknown", [row("unknown")], [], { lost: ["r"] }]
  ] as const) {
    it(`of a payout that is ${what}`, () => assert.deepStrictEqual(verdict(["r"], rows, ledger), { ...fine, ...found }))
  }
})
