/**
 * What `Payouts.layer` is told: all that is wrong is told at once when it is built.
 */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { PalommaInvalidInput, PayoutJournal, Payouts, type PayoutsOptions } from "@palomma-effect/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { over } from "./support/layers.ts"
import { stub } from "./support/stub.ts"

const built = (options: unknown) =>
  Layer.build(
    Payouts.layer(options as PayoutsOptions).pipe(
      Layer.provide(PayoutJournal.layerMemory),
      Layer.provide(over(stub({})))
    )
  )

const refusal = (options: unknown) =>
  Effect.gen(function* () {
    const exit = yield* Effect.exit(built(options))
    assert.isFalse(Exit.hasDies(exit), inspect(exit))
    const error = yield* Effect.flip(exit)
    assert.instanceOf(error, PalommaInvalidInput)
    assert.strictEqual(error.operation, "Payouts.layer")
    assert.strictEqual(error.outcome, "none")
    assert.notInclude(error.message, "VALUE")
    return error.problems.map(({ code, field }) => `${field} ${code}`)
  })

const wrong: ReadonlyArray<readonly [object, string]> = [
  ...["VALUE", -1, 0, "999 micros", "25 hours", null, true].map(
    (sendDeadline) => [{ sendDeadline }, "sendDeadline duration"] as const
  ),
  ...["VALUE", -1, "25 hours", null].map((patience) => [{ patience }, "patience duration"] as const),
  ...["VALUE", -1, 0, "999 micros", "10001 days", null].map(
    (resendAfter) => [{ resendAfter }, "resendAfter duration"] as const
  ),
  ...["VALUE", "false", 0, 1, null].map((lookFirst) => [{ lookFirst }, "lookFirst boolean"] as const),
  ...["", 5, null, ["VALUE"]].map((environment) => [{ environment }, "environment non-empty"] as const),
  [{ patiense: "VALUE" }, "patiense unknown-field"],
  [
    {
      get patience() {
        throw new Error("VALUE")
      }
    },
    "patience unreadable"
  ]
]

describe("the options of Payouts.layer", () => {
  it.effect.each(wrong.map(([options, expected], row) => [expected, row, options] as const))(
    "are refused: %s (row %i)",
    ([expected, , options]) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* refusal(options), [expected])
      })
  )

  it.effect.each([null, "VALUE", 5, []])("are refused as a whole: %j", (options) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* refusal(options), [" object"])
    })
  )

  it.effect("are told all that is wrong at once", () =>
    Effect.gen(function* () {
      const options = {
        sendDeadline: 0,
        patience: "VALUE",
        lookFirst: "no",
        environment: "",
        resendAfter: -1,
        other: 1
      }
      assert.deepStrictEqual(yield* refusal(options), [
        "other unknown-field",
        "sendDeadline duration",
        "patience duration",
        "lookFirst boolean",
        "environment non-empty",
        "resendAfter duration"
      ])
    })
  )

  const right: ReadonlyArray<PayoutsOptions | undefined> = [
    undefined,
    {},
    {
      sendDeadline: undefined,
      patience: undefined,
      lookFirst: undefined,
      environment: undefined,
      resendAfter: undefined
    },
    { sendDeadline: "1 milli", patience: 0, lookFirst: false, environment: "e", resendAfter: "1 milli" },
    { sendDeadline: "1 day", patience: Duration.days(1), lookFirst: true, resendAfter: "10000 days" }
  ]

  it.effect.each(right.map((options, row) => [row, options] as const))("are taken: row %i", ([, options]) =>
    built(options)
  )

  it.effect("are read once: what was checked is what is used", () =>
    Effect.gen(function* () {
      let times = 0
      yield* built({
        get patience() {
          times += 1
          return times === 1 ? "1 second" : "VALUE"
        }
      })
      assert.strictEqual(times, 1)
    })
  )
})
