/**
 * The options of `Payouts.layer` and `Payins.layer`: all problems are reported together when a layer is built.
 */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { PalommaInvalidInput, Payins, Payouts, type TransferOptions } from "@palomma-effect/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { over } from "./support/layers.ts"
import { stub } from "./support/stub.ts"

const palomma = over(stub({}))

const builders = {
  Payouts: (options: TransferOptions) =>
    Effect.asVoid(Layer.build(Payouts.layerMemory(options).pipe(Layer.provide(palomma)))),
  Payins: (options: TransferOptions) =>
    Effect.asVoid(Layer.build(Payins.layerMemory(options).pipe(Layer.provide(palomma))))
}
type Service = keyof typeof builders

// A program without types passes anything.
const built = (service: Service, options: unknown) => builders[service](options as TransferOptions)

const refusal = (service: Service, options: unknown) =>
  Effect.gen(function* () {
    const exit = yield* Effect.exit(built(service, options))
    assert.isFalse(Exit.hasDies(exit), inspect(exit))
    const error = yield* Effect.flip(exit)
    assert.instanceOf(error, PalommaInvalidInput)
    assert.strictEqual(error.operation, `${service}.layer`)
    assert.strictEqual(error.outcome, "none")
    assert.notInclude(error.message, "VALUE")
    return error.problems.map(({ code, field }) => `${field} ${code}`)
  })

const wrong: ReadonlyArray<readonly [object, string]> = [
  ...["VALUE", -1, 0, Number.NaN, "999 micros", "11 minutes", null, true].map(
    (sendTimeout) => [{ sendTimeout }, "sendTimeout duration"] as const
  ),
  ...["VALUE", -1, "25 hours", null].map(
    (reconcileTimeout) => [{ reconcileTimeout }, "reconcileTimeout duration"] as const
  ),
  ...["VALUE", -1, 0, "25 hours"].map((lookUpTimeout) => [{ lookUpTimeout }, "lookUpTimeout duration"] as const),
  ...["VALUE", -1, 0, 1.5, 100_001, Number.NaN, null].map(
    (lookUpPages) => [{ lookUpPages }, "lookUpPages whole-number"] as const
  ),
  ...["VALUE", -1, 0, "25 hours", null].map((quietTime) => [{ quietTime }, "quietTime duration"] as const),
  ...["VALUE", "false", 0, 1, null].map((lookUpFirst) => [{ lookUpFirst }, "lookUpFirst boolean"] as const),
  ...["VALUE", 1, null].map((traceReferences) => [{ traceReferences }, "traceReferences boolean"] as const),
  ...["", 5, null, ["VALUE"]].map((namespace) => [{ namespace }, "namespace non-empty"] as const),
  [{ namespace: "VALUE\ud800" }, "namespace well-formed"],
  [{ resendAfter: "1 hour" }, "resendAfter unknown-field"],
  [
    {
      get quietTime() {
        throw new Error("VALUE")
      }
    },
    "quietTime unreadable"
  ]
]

const right: ReadonlyArray<TransferOptions | undefined> = [
  undefined,
  {},
  {
    sendTimeout: undefined,
    reconcileTimeout: undefined,
    lookUpTimeout: undefined,
    lookUpPages: undefined,
    lookUpFirst: undefined,
    quietTime: undefined,
    namespace: undefined,
    traceReferences: undefined
  },
  { sendTimeout: "1 milli", reconcileTimeout: 0, lookUpTimeout: "1 milli", lookUpPages: 1, quietTime: "1 milli" },
  {
    sendTimeout: "10 minutes",
    reconcileTimeout: Duration.days(1),
    lookUpPages: 100_000,
    quietTime: "1 day",
    namespace: "n"
  }
]

// Both layers share their checks, so for the second one a few rows are enough.
const oneOfEach = wrong.filter(([, expected], row) => wrong.findIndex(([, other]) => other === expected) === row)

describe.each([
  ["Payouts", wrong],
  ["Payins", oneOfEach]
] as const)("the options of %s.layer", (service, wrong) => {
  it.effect.each(wrong.map(([options, expected], row) => [expected, row, options] as const))(
    "are refused: %s (row %i)",
    ([expected, , options]) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* refusal(service, options), [expected])
      })
  )

  it.effect.each([null, "VALUE", 5, []])("are refused as a whole: %j", (options) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* refusal(service, options), [" object"])
    })
  )

  it.effect("are all reported together if they are invalid", () =>
    Effect.gen(function* () {
      const options = {
        sendTimeout: 0,
        reconcileTimeout: "VALUE",
        lookUpTimeout: -1,
        lookUpPages: 0,
        lookUpFirst: "no",
        quietTime: 0,
        namespace: "",
        traceReferences: "no",
        other: 1
      }
      assert.deepStrictEqual(yield* refusal(service, options), [
        "other unknown-field",
        "sendTimeout duration",
        "reconcileTimeout duration",
        "lookUpTimeout duration",
        "lookUpPages whole-number",
        "lookUpFirst boolean",
        "quietTime duration",
        "namespace non-empty",
        "traceReferences boolean"
      ])
    })
  )

  it.effect.each(right.map((options, row) => [row, options] as const))("are accepted: row %i", ([, options]) =>
    built(service, options)
  )

  it.effect("are read once: the checked values are the values in use", () =>
    Effect.gen(function* () {
      let times = 0
      yield* built(service, {
        get reconcileTimeout() {
          times += 1
          return times === 1 ? "1 second" : "VALUE"
        }
      })
      assert.strictEqual(times, 1)
    })
  )
})
