/**
 * The layer: the services it provides, the headers it sends, and its rules.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Client from "@palomma-effect/client"
import { defaultMerchantRules, PalommaApi } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { built, createPayout, endpointOf, getPayout, key, over } from "./support/layers.ts"
import { serviceOf, untested } from "./support/operations.ts"
import { apiKey, stub } from "./support/stub.ts"

describe("the services", () => {
  it("are one for each group of the contract, and the layer provides all of them", async () => {
    const context = await Effect.runPromise(Effect.scoped(built({ apiKey: key })))
    // Every export of the package, looked up by name. An export that is not a service fails below.
    const tags = { ...Client } as unknown as Record<string, Context.Key<unknown, object>>
    for (const [group, { endpoints }] of Object.entries(PalommaApi.groups)) {
      const tag = tags[serviceOf(group)]
      assert.isDefined(tag, `packages/client/src/index.ts exports no ${serviceOf(group)}`)
      const service = tag === undefined ? {} : Context.getUnsafe(context, tag)
      if ("list" in endpoints) assert.property(service, "stream", serviceOf(group))
    }
  })

  it("have every operation of the contract under test", () => {
    assert.isEmpty(untested, untested.join("\n"))
  })
})

describe("the layer", () => {
  it.effect("sends the key as a bearer token, asks for JSON and sends JSON", () =>
    Effect.gen(function* () {
      const palomma = stub({ status: 403 })
      yield* Effect.exit(Effect.provide(createPayout, over(palomma)))
      yield* Effect.exit(Effect.provide(getPayout, over(palomma)))
      const [post, get] = palomma.requests
      assert.deepInclude(post?.headers, {
        authorization: `Bearer ${apiKey}`,
        accept: "application/json",
        "content-type": "application/json"
      })
      assert.deepInclude(get?.headers, { authorization: `Bearer ${apiKey}`, accept: "application/json" })
      assert.notProperty(get?.headers, "content-type")
    })
  )

  it.effect("makes new services each time, which share no state", () =>
    Effect.gen(function* () {
      const one = stub({ status: 403 })
      const two = stub({ status: 403 })
      yield* Effect.exit(Effect.provide(getPayout, over(one, { apiKey: Redacted.make("one") })))
      yield* Effect.exit(Effect.provide(getPayout, over(two, { apiKey: Redacted.make("two") })))
      assert.strictEqual(one.requests[0]?.headers["authorization"], "Bearer one")
      assert.strictEqual(two.requests[0]?.headers["authorization"], "Bearer two")
    })
  )

  it.effect("reports the rules of the merchant: the configured ones and the documented ones", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* endpointOf({})).rules, defaultMerchantRules)
      const limits = { payout: { atMost: 20_000_000 }, payinLinkPse: { above: 500 }, payin: undefined }
      const { rules } = yield* endpointOf({ limits, extra: { pseBanks: ["bancodelfuturo"], payoutBanks: undefined } })
      assert.deepStrictEqual(rules, {
        limits: {
          ...defaultMerchantRules.limits,
          payout: { above: 1_000, atMost: 20_000_000 },
          payinLinkPse: { above: 500, atMost: 2_000_000 }
        },
        extra: { ...defaultMerchantRules.extra, pseBanks: ["bancodelfuturo"] }
      })
    })
  )

  it.effect("keeps its rules if the options object, or the reported rules, are changed afterwards", () =>
    Effect.gen(function* () {
      const payoutBanks = ["one"]
      const { rules } = yield* endpointOf({ extra: { payoutBanks } })
      payoutBanks.push("two")
      assert.deepStrictEqual(rules.extra.payoutBanks, ["one"])
      assert.deepStrictEqual(defaultMerchantRules.extra.payoutBanks, [])
    })
  )
})
