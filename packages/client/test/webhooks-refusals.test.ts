/**
 * Anyone can send to the address of a webhook: refusals are all counted, and cannot fill a log.
 */
import { WebhookInbox, Webhooks } from "@palomma-effect/client"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as TestClock from "effect/testing/TestClock"
import { ago, withKeys } from "./support/webhooks.ts"
import { malformed, paid, requestOf, type Signed, signText } from "./support/webhookFixtures.ts"

const forged: Signed = { ...paid, signature: "0".repeat(64) }

const handle = (signed: Signed) => Webhooks.handle(requestOf(signed), () => Effect.void)

/** Runs a test with a log of its own, which the test gets. */
const logging = <A, E>(
  test: (lines: Array<string>) => Effect.Effect<A, E, Webhooks | WebhookInbox>
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const lines: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => {
      // Drift is logged once per process: a test cannot know whether another one has logged it.
      if (!String(message).startsWith("Webhooks.verify: ")) lines.push(`${logLevel} ${String(message)}`)
    })
    return test(lines).pipe(
      Effect.provide([withKeys(), WebhookInbox.layerMemory, Logger.layer([logger])]),
      Effect.provideService(Metric.MetricRegistry, new Map())
    )
  })

const counts = Effect.map(Metric.snapshot, (metrics) =>
  Object.fromEntries(
    metrics.flatMap((metric) =>
      metric.type === "Counter" && metric.id === "palomma_webhooks_refused"
        ? [[Object(metric.attributes)["reason"], Number(metric.state.count)]]
        : []
    )
  )
)

const mismatch =
  "Warn The webhook was refused: X-Signature does not match X-Encoded-Data under any integrity key. It was not handled. " +
  "Check that the keys are those of this environment (sandbox or production). If they are, the sender is not Palomma."

describe("refusals", () => {
  it.effect("are logged at most once a minute, with the number since the last line", () =>
    logging((lines) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        for (let n = 0; n < 2_000; n++) assert.strictEqual((yield* handle(forged)).status, 401)
        assert.deepStrictEqual(lines, [mismatch])

        yield* TestClock.adjust(59_999)
        yield* handle(forged)
        assert.strictEqual(lines.length, 1)
        yield* TestClock.adjust(1)
        yield* handle(forged)
        assert.deepStrictEqual(lines.slice(1), [
          `${mismatch} 2000 more were refused for this reason since the last log line.`
        ])

        // The minute and the count start with the line.
        yield* TestClock.adjust(59_999)
        yield* handle(forged)
        yield* handle(forged)
        assert.strictEqual(lines.length, 2)
        yield* TestClock.adjust("1 hour")
        yield* handle(forged)
        assert.deepStrictEqual(lines.slice(2), [
          `${mismatch} 2 more were refused for this reason since the last log line.`
        ])
        yield* TestClock.adjust("1 minute")
        yield* handle(forged)
        assert.deepStrictEqual(lines.slice(3), [mismatch])
      })
    )
  )

  it.effect("for one reason do not suppress the log of another one", () =>
    logging((lines) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        for (const signed of [forged, malformed, forged, malformed, { ...paid, signature: "" }]) yield* handle(signed)
        assert.deepStrictEqual(
          lines.map((line) => /does not match|not as documented|64 lower-case/.exec(line)?.[0]),
          ["does not match", "not as documented", "64 lower-case"]
        )
      })
    )
  )

  it.effect("are logged even if the wall clock was set back", () =>
    logging((lines) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        yield* handle(forged)
        yield* TestClock.adjust("1 minute")
        yield* TestClock.setTime(0)
        yield* handle(forged)
        assert.strictEqual(lines.length, 2)
      })
    )
  )

  it.effect("are all counted by reason", () =>
    logging((lines) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        assert.deepStrictEqual(yield* counts, {})
        for (let n = 0; n < 3; n++) yield* handle(forged)
        yield* handle(malformed)
        yield* handle(signText("A".repeat(65_537)))
        yield* handle({ ...paid, signature: "" })
        yield* Effect.flip(Webhooks.fromRequest({ headers: {} }))
        yield* Effect.flip(Webhooks.verify(forged))
        yield* ago("3 days")
        yield* handle(paid)
        assert.deepStrictEqual(yield* counts, {
          "signature-mismatch": 4,
          "malformed-payload": 1,
          "too-large": 1,
          "malformed-signature": 1,
          "missing-header": 1,
          "too-old": 1
        })
        assert.isAbove(lines.length, 0)
        for (const metric of yield* Metric.snapshot) {
          if (metric.type !== "Counter" || metric.id !== "palomma_webhooks_refused") continue
          assert.strictEqual(metric.description, "Webhooks that were refused")
          assert.isTrue(metric.state.incremental)
        }
      })
    )
  )

  it.effect("are not logged by verify and fromRequest, which fail with them", () =>
    logging((lines) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        yield* Effect.flip(Webhooks.verify(forged))
        yield* Effect.flip(Webhooks.fromRequest(requestOf(forged)))
        assert.deepStrictEqual(lines, [])
      })
    )
  )

  it.effect("do not count accepted webhooks", () =>
    logging((lines) =>
      Effect.gen(function* () {
        yield* ago("1 second")
        assert.strictEqual((yield* handle(paid)).status, 200)
        assert.strictEqual((yield* handle(paid)).status, 200)
        assert.deepStrictEqual(yield* counts, {})
        assert.deepStrictEqual(lines, [])
      })
    )
  )
})
