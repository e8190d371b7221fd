/**
 * One suite, three places: what the library assumes about Palomma is tested with the simulator, in process and over
 * HTTP, and with the real sandbox if there is a key. This suite shows first if the sandbox differs.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  Customers,
  MerchantAccounts,
  type Palomma,
  PayinLinks,
  PayoutRequests,
  PayoutTargets
} from "@palomma-effect/client"
import { CustomerId, PayoutRequestId, PayoutStatus, PayoutTargetId, PayoutTargetStatus } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { aPayoutTarget } from "../support/transfers.ts"
import { places } from "./support/worlds.ts"

// Records outlive a run in the sandbox, so each run uses unique references.
const run = `${process.pid}-${process.hrtime.bigint()}`

const laws: Readonly<Record<string, Effect.Effect<void, unknown, Palomma.Services>>> = {
  "a customer is found by its id and by its reference": Effect.gen(function* () {
    const customers = yield* Customers
    const reference = `customer-${run}`
    const made = yield* customers.create({
      reference,
      name: "Ana Ruiz",
      documentType: "cc",
      documentNumber: "1037551022",
      email: "ana@example.com",
      phoneNumber: "3013111111"
    })
    assert.strictEqual((yield* customers.get(made.id)).documentNumber, "1037551022")
    assert.deepStrictEqual(
      (yield* customers.findByReference(reference)).map(({ id }) => id),
      [made.id]
    )
  }),
  "an id that does not exist is not found": Effect.gen(function* () {
    const customers = yield* Customers
    const payoutTargets = yield* PayoutTargets
    const payoutRequests = yield* PayoutRequests
    const missing = "01HPR57X6QR5ZRKEEKBSDBW4RA"
    const reads = [
      Effect.asVoid(customers.get(CustomerId.make(missing))),
      Effect.asVoid(payoutTargets.get(PayoutTargetId.make(missing))),
      Effect.asVoid(payoutRequests.get(PayoutRequestId.make(missing)))
    ]
    for (const read of reads) assert.strictEqual((yield* Effect.flip(read))._tag, "PalommaNotFound")
  }),
  "a payout target of a customer that does not exist is rejected": Effect.gen(function* () {
    const payoutTargets = yield* PayoutTargets
    const error = yield* Effect.flip(
      payoutTargets.create({
        customerId: CustomerId.make("01HPR57X6QR5ZRKEEKBSDBW4RA"),
        redirectUrl: "https://example.com/back",
        type: "bankAccount",
        bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" }
      })
    )
    assert.strictEqual(error._tag, "PalommaBadRequest")
    assert.strictEqual(error.outcome, "rejected")
  }),
  "a new payout target has a status that this library knows, and never shows its account number": Effect.gen(
    function* () {
      const payoutTargets = yield* PayoutTargets
      const target = yield* payoutTargets.get(yield* aPayoutTarget)
      assert.isTrue(
        PayoutTargetStatus.isKnown(target.status),
        `the status is "${PayoutTargetStatus.raw(target.status)}"`
      )
      assert.notInclude(JSON.stringify({ ...target, customerDetails: {} }), "3013111111")
    }
  ),
  "a payout is found by its reference immediately": Effect.gen(function* () {
    const payoutRequests = yield* PayoutRequests
    const reference = `payout-${run}`
    const payoutTargetId = yield* aPayoutTarget
    const made = yield* payoutRequests.create({ reference, payoutTargetId, amount: 50_000 })
    assert.isTrue(PayoutStatus.isKnown(made.status), `the status is "${PayoutStatus.raw(made.status)}"`)
    assert.strictEqual(made.amount, 50_000)
    assert.strictEqual(made.reference, reference)
    assert.deepStrictEqual(
      (yield* payoutRequests.findByReference(reference)).map(({ id }) => id),
      [made.id]
    )
  }),
  "a reference is not unique": Effect.gen(function* () {
    const payoutRequests = yield* PayoutRequests
    const reference = `twice-${run}`
    const payoutTargetId = yield* aPayoutTarget
    yield* payoutRequests.create({ reference, payoutTargetId, amount: 50_000 })
    yield* payoutRequests.create({ reference, payoutTargetId, amount: 50_000 })
    assert.strictEqual((yield* payoutRequests.findByReference(reference)).length, 2)
  }),
  "lists go page by page": Effect.gen(function* () {
    const customers = yield* Customers
    const customer = {
      name: "Ana Ruiz",
      documentType: "cc",
      documentNumber: "1037551022",
      email: "ana@example.com",
      phoneNumber: "3013111111",
      reference: `many-${run}`
    } as const
    yield* Effect.replicateEffect(customers.create(customer), 7)
    const query = { reference: customer.reference, limit: 3 }
    const first = yield* customers.list(query)
    assert.strictEqual(first.items.length, 3)
    assert.isNotNull(first.cursor)
    const all = yield* Stream.runCollect(customers.stream(query))
    assert.strictEqual(new Set(all.map(({ id }) => id)).size, 7)
  }),
  "a payin link has the page to pay at": Effect.gen(function* () {
    const customers = yield* Customers
    const payinLinks = yield* PayinLinks
    const customer = yield* customers.create({
      name: "Ana Ruiz",
      documentType: "cc",
      documentNumber: "1037551022",
      email: "ana@example.com",
      phoneNumber: "3013111111"
    })
    const link = yield* payinLinks.create({
      customerId: customer.id,
      redirectUrl: "https://example.com/back",
      amount: 20_000,
      type: "general",
      availableTypes: ["pse", "nequiButton"]
    })
    assert.isString(link.paymentUrl)
    assert.strictEqual((yield* payinLinks.get(link.id)).id, link.id)
  }),
  "merchant accounts can be listed and fetched": Effect.gen(function* () {
    const merchantAccounts = yield* MerchantAccounts
    const { items } = yield* merchantAccounts.list({ limit: 1 })
    for (const { id } of items) assert.strictEqual((yield* merchantAccounts.get(id)).id, id)
  })
}

const wrongKey = "an unknown key is rejected"

const isRefused = Effect.gen(function* () {
  const customers = yield* Customers
  assert.strictEqual((yield* Effect.flip(customers.list()))._tag, "PalommaUnauthorized")
})

for (const place of places) {
  describe(place.name, () => {
    const tried = (law: string, effect: Effect.Effect<void, unknown>) => {
      const why = place.skips(law)
      if (why !== undefined) process.stdout.write(`skipped in ${place.name}: ${law}, since ${why}\n`)
      it.live.skipIf(why !== undefined)(law, () => effect)
    }
    for (const [law, effect] of Object.entries(laws)) tried(law, Effect.provide(effect, place.palomma()))
    tried(wrongKey, Effect.provide(isRefused, place.palomma("not-a-key")))
  })
}
