/** Moving money once, seen from outside, for payouts and debits: the shortest cases. */
import { assert, describe, it } from "@effect/vitest"
import {
  Payins,
  Payouts,
  type Transfer,
  type TransferError,
  TransferJournal,
  type TransferKind,
  type TransferOperations
} from "@palomma-effect/client"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { kinds, operationsOf } from "./support/world.ts"

/** Payouts or debits, over a simulated Palomma. */
interface Direction {
  readonly operations: TransferOperations
  readonly send: (reference: string, amount?: number) => Effect.Effect<Transfer, TransferError>
  readonly fault: (kind: Fault.Fault) => Effect.Effect<void>
  readonly requests: Effect.Effect<number>
  readonly records: (reference: string) => Effect.Effect<number>
}

const services = Layer.merge(Payouts.layer(), Payins.layer())

const layer = services.pipe(
  Layer.provideMerge(TransferJournal.layerMemory),
  Layer.provideMerge(PalommaSimulator.layer({ seed: 1 }))
)

const direction = Effect.fnUntraced(function* (kind: TransferKind) {
  const { addPayinSource, addPayoutTarget, fault, ledger } = yield* PalommaSimulator
  const payouts = yield* Payouts
  const payins = yield* Payins
  const payoutTargetId = PayoutTargetId.make((yield* addPayoutTarget()).id)
  const payinSourceId = PayinSourceId.make((yield* addPayinSource()).id)
  const operation = operationsOf[kind].create
  const found: Direction = {
    operations: kind === "payout" ? payouts : payins,
    send: (reference, amount = 50_000) =>
      kind === "payout"
        ? payouts.send({ reference, payoutTargetId, amount })
        : payins.charge({ reference, payinSourceId, amount }),
    fault: (kind) => fault({ operation, kind }),
    requests: Effect.map(ledger.requestsByOperation(operation), (all) => all.length),
    records: (reference) =>
      Effect.map(
        kind === "payout" ? ledger.payoutsByReference(reference) : ledger.payinsByReference(reference),
        (all: ReadonlyArray<unknown>) => all.length
      )
  }
  return found
})

for (const kind of kinds) {
  describe(kind === "payout" ? "Paying once" : "Debiting once", () => {
    it.effect("makes one record of a transfer whose response was lost, and the next call finds it", () =>
      Effect.gen(function* () {
        const { fault, records, requests, send } = yield* direction(kind)
        yield* fault(Fault.commitThenDrop)
        const fiber = yield* Effect.forkChild(send("salary-1"))
        yield* TestClock.adjust("1 minute")
        const first = yield* Fiber.join(fiber)
        const again = yield* send("salary-1")
        assert.strictEqual(again.recordId, first.recordId)
        assert.strictEqual(again.state, "accepted")
        assert.strictEqual(yield* records("salary-1"), 1)
        assert.strictEqual(yield* requests, 1)
      }).pipe(Effect.provide(layer))
    )

    it.effect("needs manual review if it cannot be found, and is sent again after the person's decision", () =>
      Effect.gen(function* () {
        const { fault, operations, records, send } = yield* direction(kind)
        yield* fault(Fault.drop())
        const fiber = yield* Effect.forkChild(Effect.flip(send("r")))
        yield* TestClock.adjust("30 minutes")
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "TransferOutcomeUnknown")
        const row = Option.getOrThrow(yield* operations.find("r"))
        assert.strictEqual(row.state, "needsReview")
        yield* operations.resolve("r", { as: "not-paid", version: row.version, by: "ana", note: "Palomma says so" })
        assert.strictEqual((yield* send("r")).state, "accepted")
        assert.strictEqual(yield* records("r"), 1)
      }).pipe(Effect.provide(layer))
    )

    it.effect("makes one record for a hundred concurrent calls, and an interrupted caller does not interrupt it", () =>
      Effect.gen(function* () {
        const { fault, records, requests, send } = yield* direction(kind)
        yield* fault(Fault.slow("5 seconds"))
        const first = yield* Effect.forkChild(send("r"))
        const others = yield* Effect.forkChild(
          Effect.all(
            Array.from({ length: 100 }, () => send("r")),
            { concurrency: "unbounded" }
          )
        )
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(first)
        yield* TestClock.adjust("1 minute")
        const all = yield* Fiber.join(others)
        assert.strictEqual(new Set(all.map(({ recordId }) => recordId)).size, 1)
        assert.strictEqual(yield* records("r"), 1)
        assert.strictEqual(yield* requests, 1)
      }).pipe(Effect.provide(layer))
    )

    it.effect("writes the result of a request in flight when the layer is closed", () =>
      Effect.gen(function* () {
        const { fault, records } = yield* direction(kind)
        yield* fault(Fault.slow("5 seconds"))
        const inside = yield* Effect.forkChild(
          Effect.gen(function* () {
            const { send } = yield* direction(kind)
            yield* Effect.forkChild(send("r"))
            // Until the request is at Palomma and its response is on its way.
            while ((yield* records("r")) === 0) yield* Effect.yieldNow
          }).pipe(Effect.provide(Layer.fresh(services)))
        )
        yield* TestClock.adjust("2 seconds")
        assert.isUndefined(inside.pollUnsafe())
        yield* TestClock.adjust("1 minute")
        yield* Fiber.join(inside)
        const { operations } = yield* direction(kind)
        assert.strictEqual(Option.getOrThrow(yield* operations.find("r")).state, "accepted")
      }).pipe(Effect.provide(layer))
    )
  })
}
