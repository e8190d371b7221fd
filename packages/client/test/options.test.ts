/**
 * The options of a layer: all problems are reported together when the layer is built, each with a stable code.
 */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Palomma, PalommaInvalidInput, RateLimit } from "@palomma-effect/client"
import type { InputProblem } from "@palomma-effect/schema"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { built, key } from "./support/layers.ts"
import { optionRows, revoked, throwing, untruthful } from "./support/optionRows.ts"

const codes = (problems: ReadonlyArray<InputProblem>) => problems.map(({ code, field }) => `${field} ${code}`)

const refusal = (options: unknown) =>
  Effect.gen(function* () {
    const exit = yield* Effect.exit(built(options))
    assert.isFalse(Exit.hasDies(exit), inspect(exit))
    const error = yield* Effect.flip(exit)
    assert.instanceOf(error, PalommaInvalidInput)
    assert.strictEqual(error.operation, "Palomma.layer")
    assert.strictEqual(error.outcome, "none")
    assert.isFalse(error.isSafeToResend)
    assert.match(error.message, /^Palomma\.layer: the options of the layer are invalid\. Correct this: /)
    return error
  })

describe("invalid options of a layer", () => {
  it.effect.each(optionRows.map(([options, expected], row) => [expected.join(", "), row, options, expected] as const))(
    "are refused: %s (row %i)",
    ([, , options, expected]) =>
      Effect.gen(function* () {
        const error = yield* refusal(
          "apiKey" in options
            ? options
            : Object.defineProperties({ apiKey: key }, Object.getOwnPropertyDescriptors(options))
        )
        assert.deepStrictEqual(codes(error.problems), expected)
        assert.strictEqual(error.more, 0)
        for (const text of [
          error.message,
          JSON.stringify(error),
          inspect(error, { depth: 20 }),
          Cause.pretty(Cause.fail(error))
        ]) {
          assert.notInclude(text.replace("VALUE_1", ""), "VALUE")
        }
      })
  )

  it.effect.each(
    [
      [undefined, " required"],
      [null, " object"],
      ["VALUE", " object"],
      [5, " object"],
      [[], " object"],
      [() => {}, " object"],
      [revoked(), " unreadable"],
      [untruthful, " unreadable"]
    ].map((row, index) => [index, ...row] as const)
  )("are refused as a whole: row %i", ([, options, expected]) =>
    Effect.gen(function* () {
      const { problems } = yield* refusal(options)
      assert.deepStrictEqual(codes(problems), [expected])
    })
  )

  it.effect("are reported together", () =>
    Effect.gen(function* () {
      const error = yield* refusal({
        apiKey: "VALUE",
        environment: "staging",
        baseUrl: "http://evil.example",
        limits: { payout: { above: -1, atMost: 0.5 }, payin: 5 },
        extra: { pseBanks: [5, ""] },
        retry: { reads: { timeout: "abc" }, creates: { maxAttempts: 0 } },
        rateLimit: {},
        rejectedStatuses: [200],
        refusals: []
      })
      assert.deepStrictEqual(codes(error.problems), [
        "refusals unknown-field",
        "apiKey secret",
        "environment environment",
        "baseUrl base-url",
        "environment environment-or-base-url",
        "limits.payout.above whole-number",
        "limits.payout.atMost whole-number",
        "limits.payin object",
        "extra.pseBanks.0 word",
        "extra.pseBanks.1 word",
        "retry.reads.timeout duration",
        "retry.creates.maxAttempts whole-number",
        "rateLimit rate-limit",
        "rejectedStatuses.0 status"
      ])
      for (const { field, rule } of error.problems) assert.include(error.message, `${field}: ${rule}`)
    })
  )

  it.effect.each([19, 20, 21, 1_000])("are reported as at most 20 problems, of %i", (count) =>
    Effect.gen(function* () {
      const { message, more, problems } = yield* refusal({
        apiKey: key,
        rejectedStatuses: Array.from({ length: count }, () => 200)
      })
      assert.strictEqual(problems.length, Math.min(20, count))
      assert.strictEqual(problems.length + more, count)
      assert.deepStrictEqual(codes(problems).at(-1), `rejectedStatuses.${Math.min(20, count) - 1} status`)
      assert.strictEqual(message.endsWith(`; and ${more} more`), more > 0)
      if (more === 0) assert.notInclude(message, "more")
    })
  )

  it.effect("are reported with what would be valid", () =>
    Effect.gen(function* () {
      const options = {
        apiKey: key,
        limits: { payout: { atMost: 9 } },
        retry: { reads: { timeout: 0, maxBackoff: -1 } }
      }
      const { message } = yield* refusal({ ...options, apikey: 1 })
      assert.strictEqual(
        message,
        "Palomma.layer: the options of the layer are invalid. Correct this: apikey: is not an option; the options are: apiKey, environment, baseUrl, limits, " +
          `extra, retry, rejectedStatuses, rateLimit; limits.payout.atMost: must be a whole number from 1001 to ${2 ** 53 - 1}; ` +
          'retry.reads.timeout: must be a duration, such as "5 seconds", at least 1ms and at most 1d; ' +
          'retry.reads.maxBackoff: must be a duration, such as "5 seconds", not negative and at most 1d'
      )
    })
  )
})

describe("valid options", () => {
  const durations = [
    "5 seconds",
    "1 day",
    "1 milli",
    5_000,
    1,
    1.5,
    1_000_000n,
    [1, 500],
    { seconds: 5 },
    { minutes: 1, seconds: 30 },
    Duration.days(1)
  ] as const
  const right: ReadonlyArray<Partial<Palomma.PalommaOptions>> = [
    {},
    {
      environment: undefined,
      baseUrl: undefined,
      limits: undefined,
      extra: undefined,
      retry: undefined,
      rateLimit: undefined,
      rejectedStatuses: undefined
    },
    { limits: {}, extra: {}, retry: {}, rejectedStatuses: [] },
    {
      limits: {
        payout: {},
        payin: undefined,
        payinLink: { above: 0, atMost: 1 },
        payinLinkPse: { above: undefined, atMost: 2 ** 53 - 1 }
      }
    },
    { limits: { payout: { above: 4_999_999 } } },
    { extra: { payoutBanks: [], pseBanks: ["a", "x".repeat(100), "ñ", "-"], documentTypes: undefined } },
    ...durations.map((duration) => ({
      retry: { reads: { timeout: duration, attemptTimeout: duration, initialBackoff: duration, maxBackoff: duration } }
    })),
    { retry: { reads: { initialBackoff: "1 nano", maxBackoff: 0.5 } } },
    {
      retry: {
        creates: { maxAttempts: 1, initialBackoff: 0, maxBackoff: "0 seconds" },
        reads: { maxAttempts: 20, timeout: undefined }
      }
    },
    ...durations.map((window) => ({ rateLimit: RateLimit.make({ limit: 1, window }) })),
    { rejectedStatuses: [300, 403, 403, 429, 599] }
  ]

  it.effect.each(right.map((options, row) => [row, options] as const))("are accepted: row %i", ([, options]) =>
    built({ apiKey: key, ...options })
  )

  it.effect("may be an instance of a class, or have no prototype", () =>
    Effect.gen(function* () {
      class Options {
        get apiKey() {
          return key
        }
        readonly limits = { payout: { atMost: 7_000_000 } }
      }
      yield* built(new Options())
      yield* built(Object.assign(Object.create(null) as object, { apiKey: key }))
      yield* built(Object.freeze({ apiKey: key, extra: Object.freeze({ pseBanks: Object.freeze(["a"]) }) }))
    })
  )

  it.effect("are read once: the checked values are the values in use", () =>
    Effect.gen(function* () {
      const read = new Map<string, number>()
      const once = <A>(name: string, value: A, later: unknown): A => {
        const times = (read.get(name) ?? 0) + 1
        read.set(name, times)
        return times === 1 ? value : (later as A)
      }
      const options = {
        get apiKey() {
          return once("apiKey", key, 5)
        },
        get baseUrl() {
          return once("baseUrl", "https://gateway.example", "http://evil.example")
        },
        get limits() {
          return once(
            "limits",
            {
              payout: {
                get atMost() {
                  return once("atMost", 9_000, 1e9)
                }
              }
            },
            5
          )
        },
        get extra() {
          return once(
            "extra",
            {
              get pseBanks() {
                return once("pseBanks", ["a"], throwing)
              }
            },
            5
          )
        },
        get retry() {
          return once(
            "retry",
            {
              reads: {
                get timeout() {
                  return once("timeout", "1 second" as const, -1)
                }
              }
            },
            null
          )
        },
        get rejectedStatuses() {
          return once("rejectedStatuses", [403], [200])
        }
      }
      yield* built(options)
      assert.deepStrictEqual(
        [...read.values()],
        Array.from(read, () => 1)
      )
      assert.strictEqual(read.size, 9)
    })
  )
})

describe("the fetch of layerFetch", () => {
  it.effect.each([5, null, "VALUE", {}, [], Promise.resolve()])("is refused if it is %o", (fetch) =>
    Effect.gen(function* () {
      const options = { apiKey: key, fetch } as unknown as Palomma.FetchOptions
      const error = yield* Effect.flip(Effect.scoped(Effect.provide(Effect.void, Palomma.layerFetch(options))))
      assert.strictEqual(error.operation, "Palomma.layerFetch")
      assert.deepStrictEqual(codes(error.problems), ["fetch function"])
    })
  )
})
