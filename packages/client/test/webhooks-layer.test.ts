/**
 * All options are checked together when the layer is built, with any values. Keys are imported then, and once.
 */
import { type PalommaInvalidInput, WebhookInbox, Webhooks, type WebhooksOptions } from "@palomma-effect/client"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { inspect } from "node:util"
import { ago, keys, verify, watchCrypto, withKeys } from "./support/webhooks.ts"
import { integrityKey, otherKey, paid } from "./support/webhookFixtures.ts"

const built = <E>(layer: Layer.Layer<Webhooks, E>) => Effect.scoped(Layer.build(layer))

const refusalOf = <E>(layer: Layer.Layer<Webhooks, E>) =>
  Effect.map(Effect.flip(built(layer)), (error) => {
    assert.strictEqual(Object(error)._tag, "PalommaInvalidInput")
    assert.notInclude(inspect(error, { depth: 10 }) + String(error), "SENTINEL")
    return error as PalommaInvalidInput
  })

const keyRule = "must be the integrity key that Palomma issued, without spaces or line breaks around it"
const noOptions = { field: "", code: "required", rule: "needs options; integrityKeys is required" }
const noObject = { field: "", code: "object", rule: "must be an object" }
const noKeys = { field: "integrityKeys", code: "required", rule: "must be a list of at least one key" }
const notRedacted = (i: number) => ({
  field: `integrityKeys.${i}`,
  code: "secret",
  rule: "must be a text wrapped by Redacted.make"
})
const notAKey = (i: number) => ({ field: `integrityKeys.${i}`, code: "secret", rule: keyRule })
const padded = (i: number) => ({
  field: `integrityKeys.${i}`,
  code: "secret-blank",
  rule: "begins or ends with a space or a line break: remove it"
})
const noTolerance = {
  field: "tolerance",
  code: "duration",
  rule: 'must be a duration, such as "5 seconds", at least 1ms and at most 10000d'
}
const noTimeout = {
  field: "handlerTimeout",
  code: "duration",
  rule: 'must be a duration, such as "5 seconds", at least 1ms and at most 1d'
}
const unreadable = (field: string) => ({
  field,
  code: "unreadable",
  rule: "must be readable; reading it threw an error"
})

const wiped = Redacted.make("ik_WIPEDSENTINEL")
Redacted.wipeUnsafe(wiped)

const throwing = (name: string) => ({
  integrityKeys: keys("good"),
  get [name]() {
    throw new Error("SENTINEL")
  }
})

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  return proxy
}

const notDurations = [
  0,
  "1 micros",
  0.5,
  -1,
  Number.NaN,
  "abc",
  "",
  "2",
  true,
  null,
  {},
  [],
  Symbol("SENTINEL"),
  "Infinity"
]

// A program in JavaScript may pass anything.
const bad: ReadonlyArray<readonly [string, unknown, PalommaInvalidInput["problems"]]> = [
  ["nothing", undefined, [noOptions]],
  ["null", null, [noObject]],
  ["a text", "ik_SENTINEL", [noObject]],
  ["no fields", {}, [noKeys]],
  ["an empty list", { integrityKeys: [] }, [noKeys]],
  ["a key instead of a list", { integrityKeys: Redacted.make("ik_SENTINEL") }, [noKeys]],
  ["a text instead of a list", { integrityKeys: "ik_SENTINEL" }, [noKeys]],
  ["a set instead of a list", { integrityKeys: new Set(keys("good")) }, [noKeys]],
  ["a list that cannot be read", { integrityKeys: revoked() }, [unreadable("integrityKeys")]],
  ["an option that throws", throwing("integrityKeys"), [unreadable("integrityKeys")]],
  ["a tolerance that throws", throwing("tolerance"), [unreadable("tolerance")]],
  ["a handlerTimeout that throws", throwing("handlerTimeout"), [unreadable("handlerTimeout")]],
  ["a key that is a text", { integrityKeys: ["ik_SENTINEL"] }, [notRedacted(0)]],
  ["a key that is null", { integrityKeys: [null] }, [notRedacted(0)]],
  ["a hole instead of a key", { integrityKeys: Object.assign([], { 1: keys("good")[0] }) }, [notRedacted(0)]],
  ["a key that is no text", { integrityKeys: [Redacted.make(5)] }, [notRedacted(0)]],
  ["a key that was wiped", { integrityKeys: [wiped] }, [notRedacted(0)]],
  ["an empty key", { integrityKeys: keys("") }, [notAKey(0)]],
  ["a line break behind a key", { integrityKeys: keys("good", "ik_SENTINEL\n") }, [padded(1)]],
  ["a space before a key", { integrityKeys: keys(" ik_SENTINEL") }, [padded(0)]],
  ["a control character in a key", { integrityKeys: keys("ik_\u0000SENTINEL") }, [notAKey(0)]],
  ...[...notDurations, "10001 days"].map(
    (tolerance) =>
      [`a tolerance of ${inspect(tolerance)}`, { integrityKeys: keys("good"), tolerance }, [noTolerance]] as const
  ),
  ...[...notDurations, "25 hours"].map(
    (handlerTimeout) =>
      [
        `a handlerTimeout of ${inspect(handlerTimeout)}`,
        { integrityKeys: keys("good"), handlerTimeout },
        [noTimeout]
      ] as const
  ),
  [
    "all problems together",
    { integrityKeys: [...keys("", "good", " "), "text"], tolerance: 0, handlerTimeout: "abc", toleranse: 1 },
    [
      {
        field: "toleranse",
        code: "unknown-field",
        rule: "is not an option; the options are: integrityKeys, tolerance, handlerTimeout"
      },
      notAKey(0),
      notAKey(2),
      notRedacted(3),
      noTolerance,
      noTimeout
    ]
  ]
]

describe("layer", () => {
  it.effect.each(bad)("refuses %s", ([, options, problems]) =>
    Effect.gen(function* () {
      const error = yield* refusalOf(Webhooks.layer(options as WebhooksOptions))
      assert.strictEqual(error.operation, "Webhooks.layer")
      assert.strictEqual(error.outcome, "none")
      assert.deepStrictEqual(error.problems, problems)
    })
  )

  it.effect("accepts durations of any form, and uses the default for an absent one", () =>
    Effect.gen(function* () {
      for (const tolerance of [1, "1 millis", { days: 2 }, [1, 0], 1_000_000n, "10000 days", undefined] as const) {
        yield* built(withKeys({ tolerance }))
      }
      for (const handlerTimeout of [1, "1 millis", Duration.days(1), undefined] as const) {
        yield* built(withKeys({ handlerTimeout }))
      }
    })
  )

  it("provides a service under a name of the package, so every copy of it finds the service", () => {
    assert.strictEqual(Webhooks.key, "@palomma-effect/client/Webhooks")
    assert.strictEqual(WebhookInbox.key, "@palomma-effect/client/WebhookInbox")
  })

  it.effect("imports each key once, when it is built", () =>
    Effect.gen(function* () {
      yield* ago("1 second")
      const crypto = yield* watchCrypto
      yield* Effect.gen(function* () {
        assert.strictEqual(crypto.importKey.mock.calls.length, 2)
        for (let n = 0; n < 3; n++) yield* Webhooks.verify(paid)
        assert.strictEqual(crypto.importKey.mock.calls.length, 2)
      }).pipe(Effect.provide(withKeys({ integrityKeys: keys(otherKey, integrityKey) })))
      for (const [format, , , isExtractable, usages] of crypto.importKey.mock.calls) {
        assert.deepStrictEqual([format, isExtractable, usages], ["raw", false, ["verify"]])
      }
    })
  )
})

describe("layerConfig", () => {
  const configured = (environment: Record<string, string>, options?: unknown) =>
    Webhooks.layerConfig(options as Omit<WebhooksOptions, "integrityKeys">).pipe(
      Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(environment)))
    )

  it.effect.each([integrityKey, ` ${integrityKey}\n`, `${otherKey},${integrityKey}`, `${integrityKey} , ${otherKey}`])(
    "reads PALOMMA_INTEGRITY_KEY=%j",
    (PALOMMA_INTEGRITY_KEY) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        const event = yield* Webhooks.verify(paid).pipe(Effect.provide(configured({ PALOMMA_INTEGRITY_KEY })))
        assert.strictEqual(event.webhookId, "01JD4ZPAYOUT0000000000000A")
      })
  )

  it.effect.each([" ", ",", "ik_SENTINEL,", "ik_SENTINEL,,other", "ik_\u0001SENTINEL"])(
    "refuses PALOMMA_INTEGRITY_KEY=%j",
    (PALOMMA_INTEGRITY_KEY) =>
      Effect.gen(function* () {
        const error = yield* refusalOf(configured({ PALOMMA_INTEGRITY_KEY }))
        assert.strictEqual(error.operation, "Webhooks.layerConfig")
        assert.deepStrictEqual(error.problems, [
          { field: "PALOMMA_INTEGRITY_KEY", code: "secret", rule: `${keyRule}, or several separated by commas` }
        ])
      })
  )

  it.effect("requires a key, and reports all problems together", () =>
    Effect.gen(function* () {
      const missing = {
        field: "PALOMMA_INTEGRITY_KEY",
        code: "required",
        rule: "is not set: set it to the integrity key that Palomma issued for this environment"
      }
      const problemsOf = (environment: Record<string, string>, options?: unknown) =>
        Effect.map(refusalOf(configured(environment, options)), ({ problems }) => problems)
      assert.deepStrictEqual(yield* problemsOf({}), [missing])
      assert.deepStrictEqual(yield* problemsOf({ PALOMMA_INTEGRITY_KEY: "" }), [missing])
      assert.deepStrictEqual(yield* problemsOf({}, null), [missing, noObject])
      const wrong = { tolerance: "abc", handlerTimeout: 0, integrityKeys: keys("ik_SENTINEL") }
      assert.deepStrictEqual(yield* problemsOf({}, wrong), [
        missing,
        {
          field: "integrityKeys",
          code: "unknown-field",
          rule: "is not an option; the options are: tolerance, handlerTimeout"
        },
        noTolerance,
        noTimeout
      ])
    })
  )

  it.effect("accepts the other options", () =>
    Effect.gen(function* () {
      yield* ago("2 minutes")
      const layer = configured({ PALOMMA_INTEGRITY_KEY: integrityKey }, { tolerance: "1 minute" })
      const { reason } = yield* Effect.flip(Webhooks.verify(paid).pipe(Effect.provide(layer.pipe(Layer.orDie))))
      assert.strictEqual(reason, "too-old")
      yield* verify(paid)
    })
  )
})
