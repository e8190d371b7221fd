// Each statement is a round trip, and each write waits for the disk.
import { assert, describe, it } from "@effect/vitest"
import { Customers, Palomma, Payouts, PayoutTargets } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Postgres from "./support/postgres.ts"
import { type Recorded, recording } from "./support/recorder.ts"
import * as Stores from "./support/stores.ts"

const target = Effect.gen(function* () {
  const customer = yield* Customers.use(({ create }) =>
    create({
      name: "Ana María Rojas",
      documentType: "cc",
      documentNumber: "1020304050",
      email: "ana.rojas@example.com",
      phoneNumber: "3013111111"
    })
  )
  return yield* PayoutTargets.use(({ create }) =>
    create({
      customerId: customer.id,
      type: "bankAccount",
      bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" },
      redirectUrl: "https://example.com/thanks"
    })
  )
})

// With the fetch of the client, which reads the row again only when it hands over the body.
const palomma = Layer.unwrap(
  PalommaSimulator.use(({ apiKey, url }) =>
    Effect.succeed(Palomma.layerFetch({ apiKey: Redacted.make(apiKey), baseUrl: url }))
  )
).pipe(Layer.provideMerge(layerServer()))

const words = (seen: ReadonlyArray<Recorded>) =>
  seen.map(({ text }) => /\b(BEGIN|COMMIT|INSERT|UPDATE|DELETE)\b/.exec(text)?.[1] ?? "SELECT")

const stores: ReadonlyArray<readonly [string, Stores.MakeStore]> = [
  ["SQLite", Stores.sqlite],
  ...(Postgres.isThere ? ([["PostgreSQL", Stores.postgres]] as const) : [])
]

for (const [name, make] of stores) {
  describe(`A payment over a journal on ${name}`, () => {
    for (const lookUpFirst of [false, true]) {
      it.live(`runs four statements, of which two write, ${lookUpFirst ? "after" : "without"} a look-up`, () =>
        Effect.gen(function* () {
          const { open } = yield* make
          const { id } = yield* target
          const ran = yield* recording((seen) =>
            Effect.gen(function* () {
              const payouts = yield* Payouts
              const before = seen.length
              yield* payouts.send({ reference: "refund-4711", payoutTargetId: id, amount: 50_000 })
              return words(seen.slice(before))
            }).pipe(Effect.provide(Payouts.layer({ lookUpFirst }).pipe(Layer.provide(open))))
          )
          assert.deepStrictEqual(ran, ["SELECT", "INSERT", "SELECT", "UPDATE"])
        }).pipe(Effect.scoped, Effect.provide(palomma))
      )
    }
  })
}
