/**
 * The namespace of transfers in the journal: that of the environment, for all of its addresses, or the address itself.
 */
import { assert, describe, it } from "@effect/vitest"
import { Payins, Payouts } from "@palomma-effect/client"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { over } from "./support/layers.ts"
import { type Request, stub } from "./support/stub.ts"

const record = (field: string) => ({
  id: "01RECORD",
  status: "processing",
  reference: "a",
  [field]: "01A",
  amount: 50_000
})

const answering = (field: string) =>
  stub(({ method }: Request) => (method === "POST" ? { json: record(field) } : { json: { items: [], cursor: null } }))

const kinds = [
  [
    "Payouts.send",
    (baseUrl: string, namespace?: string) =>
      Payouts.use((payouts) =>
        payouts.send({ reference: "a", payoutTargetId: PayoutTargetId.make("01A"), amount: 50_000 })
      ).pipe(
        Effect.provide(
          Payouts.layerMemory(namespace === undefined ? {} : { namespace }).pipe(
            Layer.provide(over(answering("payoutTargetId"), { baseUrl }))
          )
        )
      )
  ],
  [
    "Payins.charge",
    (baseUrl: string, namespace?: string) =>
      Payins.use((payins) =>
        payins.charge({ reference: "a", payinSourceId: PayinSourceId.make("01A"), amount: 50_000 })
      ).pipe(
        Effect.provide(
          Payins.layerMemory(namespace === undefined ? {} : { namespace }).pipe(
            Layer.provide(over(answering("payinSourceId"), { baseUrl }))
          )
        )
      )
  ]
] as const

describe.each(kinds)("%s", (_, send) => {
  for (const [baseUrl, namespace] of [
    ["https://sandbox.api.palomma.com/v0", "sandbox"],
    ["https://api.palomma.com/v0", "production"],
    ["https://prod.api.palomma.com/v0", "production"],
    ["https://proxy.example.com/palomma", "https://proxy.example.com/palomma"],
    ["http://127.0.0.1:4000/v0", "http://127.0.0.1:4000/v0"]
  ] as const) {
    it.effect(`keeps a transfer that is sent to ${baseUrl} in the namespace ${namespace}`, () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* send(baseUrl)).namespace, namespace)
      })
    )
  }

  it.effect("keeps a transfer in the namespace of the options", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* send("https://sandbox.api.palomma.com/v0", "books")).namespace, "books")
    })
  )
})
