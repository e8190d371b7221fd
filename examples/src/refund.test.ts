/**
 * The test of `refund.ts`: doubles decide what `Payouts` returns, and a simulated Palomma shows what is really paid.
 */
import { assert, describe, it, layer } from "@effect/vitest"
import {
  PalommaStillPending,
  Payouts,
  type Transfer,
  TransferAlarm,
  TransferEvidence,
  TransferOutcomeUnknown
} from "@palomma-effect/client"
import { PayoutTargetId } from "@palomma-effect/schema"
import { Fault, PalommaSimulator, TransferDouble } from "@palomma-effect/testing"
import { Duration, Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { refund } from "./refund.ts"

const order = { number: "4711", total: 50_000, refundTo: PayoutTargetId.make("account-1") }

/** `Payouts` with the two methods that the program calls. A call of any other method is a defect that names it. */
const payouts = (methods: Partial<Payouts["Service"]>) =>
  Layer.mock(Payouts, { send: ({ reference }) => Effect.succeed(TransferDouble.make({ reference })), ...methods })

const ending = (row: Partial<Transfer>) =>
  payouts({ awaitFinal: (reference) => Effect.succeed(TransferDouble.make({ reference, ...row })) })

const returned = new TransferAlarm({ kind: "changed-final", records: ["01HPR8QBF5QKA313RPBSKYB7DS"], at: 0 })
const checking = "We are checking your refund with the bank. We will write to you today."

const inDoubt = new TransferOutcomeUnknown({
  kind: "payout",
  reference: "refund-4711",
  state: "needsReview",
  version: 3,
  sent: "yes",
  evidence: new TransferEvidence({ records: [], laterTransferShown: false }),
  lastError: "PayoutRequests.create: PalommaTimeout"
})

const pending = new PalommaStillPending({ operation: "Payouts.awaitFinal", waited: Duration.minutes(10) })

describe("the text that a buyer sees", () => {
  it.effect.each([
    ["that the bank approved", ending({ state: "approved" }), "We paid $ 50.000 COP back to you."],
    ["that the bank returned", ending({ state: "approved", alarm: returned }), checking],
    ["that was cancelled", ending({ state: "cancelled" }), "Your refund was cancelled. We will call you."],
    ["that takes longer", payouts({ awaitFinal: () => Effect.fail(pending) }), "Your refund is on its way."],
    ["in doubt", payouts({ send: () => Effect.fail(inDoubt) }), checking]
  ] as const)("is true for a payout %s", ([, double, text]) =>
    Effect.gen(function* () {
      assert.strictEqual(yield* refund(order).pipe(Effect.provide(double)), text)
    })
  )
})

layer(Payouts.layerMemory().pipe(Layer.provideMerge(PalommaSimulator.layer({ processingTime: "5 seconds" }))))(
  "a refund",
  (it) => {
    it.effect("is paid once, even if the response is lost and the buyer asks twice", () =>
      Effect.gen(function* () {
        const simulator = yield* PalommaSimulator
        const { id } = yield* simulator.addPayoutTarget()
        yield* simulator.fault({ operation: "payoutRequests.create", kind: Fault.commitThenDrop })

        const asked = yield* Effect.forkChild(Effect.replicateEffect(refund({ ...order, refundTo: id }), 2))
        yield* TestClock.adjust("5 minutes")

        assert.deepStrictEqual(yield* Fiber.join(asked), Array(2).fill("We paid $ 50.000 COP back to you."))
        assert.strictEqual(yield* simulator.ledger.totalPaid, 50_000)
      })
    )
  }
)
