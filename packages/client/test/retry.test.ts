/**
 * When a failed call is retried: deterministic under the test's clock and a seeded random, and never after its timeout.
 */
import { assert, describe, it } from "@effect/vitest"
import { PalommaInvalidInput, type RetryOptions, withRetry } from "@palomma-effect/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import { aCreate, aGet, creates, oneOfEach, type Operation, operations, reads } from "./support/operations.ts"
import { type Reply, stub } from "./support/stub.ts"
import { assertEndsAt, errorOf, timed, timeoutOf } from "./support/timed.ts"
import { refused, reset } from "./support/errorFields.ts"

describe("a read", () => {
  it.effect("is sent three times in all", () =>
    Effect.forEach(reads, (operation) =>
      Effect.gen(function* () {
        const { exit, sentAt } = yield* timed(operation.call, stub({ status: 500 }))
        assert.isTrue(Exit.isFailure(exit))
        assert.strictEqual(sentAt.length, 3, operation.name)
      })
    )
  )

  it.effect("that hangs is aborted after 7, 14 and 15 seconds", () =>
    Effect.forEach(reads, (operation) =>
      Effect.gen(function* () {
        const outcome = yield* timed(operation.call, stub(Effect.never))
        assertEndsAt(outcome.took, 15_000, operation.name)
        assert.strictEqual(outcome.sentAt.length, 3)
        const [first = 0, second = 0] = outcome.pauses
        assert.isTrue(first >= 7_000 && first <= 7_200 && second >= 7_000 && second <= 7_400)
        const error = yield* errorOf(outcome)
        assert.strictEqual(error._tag, "PalommaTimeout")
      })
    )
  )

  it.effect("reports how long it waited for the attempt that timed out", () =>
    Effect.gen(function* () {
      const once = withRetry(aGet.call, { reads: { maxAttempts: 1 } })
      const error = yield* errorOf(yield* timed(once, stub(Effect.never)))
      assert.strictEqual(error._tag === "PalommaTimeout" ? Duration.toMillis(error.waited) : 0, 7_000)
      assert.include(error.message, "within 7s")
    })
  )
})

describe("a create", () => {
  it.effect("that hangs times out after 60 seconds, and is sent once", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const outcome = yield* timed(operation.call, stub(Effect.never))
        assert.strictEqual(outcome.took, 60_000, operation.name)
        assert.strictEqual(outcome.sentAt.length, 1)
      })
    )
  )

  it.effect("is tried three times in all if it was never sent", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const outcome = yield* timed(operation.call, stub(refused))
        assert.strictEqual(outcome.sentAt.length, 3, operation.name)
        assert.strictEqual((yield* errorOf(outcome)).outcome, "not-sent")
      })
    )
  )

  it.effect("that was not sent and then hangs ends at its timeout, not later", () =>
    Effect.gen(function* () {
      const palomma = stub((_, number) =>
        number === 1 ? Effect.andThen(Effect.sleep("20 seconds"), refused) : Effect.never
      )
      const outcome = yield* timed(aCreate.call, palomma)
      assertEndsAt(outcome.took, 60_000)
      assert.strictEqual((yield* errorOf(outcome)).outcome, "unknown")
    })
  )
})

describe("a retry pause", () => {
  const eight: RetryOptions = { reads: { maxAttempts: 8, timeout: "1 hour" } }
  const ends = [200, 400, 800, 1_600, 3_200, 5_000, 5_000]

  it.effect("is random between zero and a maximum that doubles from 200 milliseconds to 5 seconds", () =>
    Effect.gen(function* () {
      const palomma = stub({ status: 503 })
      const drawn: Array<Array<number>> = ends.map(() => [])
      for (let seed = 0; seed < 100; seed++) {
        const { pauses } = yield* timed(aGet.call.pipe(withRetry(eight), Random.withSeed(seed)), palomma)
        assert.strictEqual(pauses.length, ends.length)
        pauses.forEach((pause, i) => drawn[i]?.push(pause))
      }
      ends.forEach((end, i) => {
        const all = drawn[i] ?? []
        assert.isTrue(
          all.every((pause) => pause >= 0 && pause <= end),
          `pause ${i + 1}`
        )
        // The whole range is used: this keeps many clients apart.
        assert.isBelow(Math.min(...all), end * 0.1)
        assert.isAbove(Math.max(...all), end * 0.9)
        const mean = all.reduce((sum, pause) => sum + pause, 0) / all.length
        assert.isTrue(mean > end * 0.4 && mean < end * 0.6, `mean of pause ${i + 1}`)
      })
    })
  )

  it.effect("is the same for the same seed, and another for another one", () =>
    Effect.gen(function* () {
      const pausesOf = (seed: string) =>
        Effect.map(
          timed(aGet.call.pipe(withRetry(eight), Random.withSeed(seed)), stub({ status: 503 })),
          ({ pauses }) => pauses
        )
      assert.deepStrictEqual(yield* pausesOf("a"), yield* pausesOf("a"))
      assert.notDeepEqual(yield* pausesOf("a"), yield* pausesOf("b"))
    })
  )

  it.effect("may be zero", () =>
    Effect.gen(function* () {
      const none: RetryOptions = { reads: { maxAttempts: 5, initialBackoff: 0 } }
      const { pauses } = yield* timed(withRetry(aGet.call, none), stub({ status: 503 }))
      assert.deepStrictEqual(pauses, [0, 0, 0, 0])
      const short: RetryOptions = { reads: { maxAttempts: 5, initialBackoff: "1 second", maxBackoff: 0 } }
      assert.deepStrictEqual((yield* timed(withRetry(aGet.call, short), stub({ status: 503 }))).pauses, [0, 0, 0, 0])
    })
  )

  it.effect("is not started if it would outlast the timeout", () =>
    Effect.gen(function* () {
      const options: RetryOptions = {
        reads: { maxAttempts: 20, timeout: "3 seconds", initialBackoff: "10 seconds", maxBackoff: "1 minute" }
      }
      for (let seed = 0; seed < 50; seed++) {
        const { exit, sentAt, took } = yield* timed(
          aGet.call.pipe(withRetry(options), Random.withSeed(seed)),
          stub({ status: 503 })
        )
        assert.isTrue(Exit.isFailure(exit))
        assert.isBelow(took, 3_000)
        // The call ends with the last answer and does not wait for the timeout.
        assert.strictEqual(took, sentAt.at(-1))
      }
    })
  )

  it.effect("is as long for a create that was never sent", () =>
    Effect.gen(function* () {
      const ends = [200, 400]
      for (let seed = 0; seed < 20; seed++) {
        const { pauses } = yield* timed(aCreate.call.pipe(Random.withSeed(seed)), stub(refused))
        assert.strictEqual(pauses.length, 2)
        pauses.forEach((pause, i) => assert.isTrue(pause > 0 && pause <= (ends[i] ?? 0)))
      }
    })
  )
})

describe("Retry-After", () => {
  const answers = (value: string): Reply => ({ status: 503, headers: { "retry-after": value } })
  const noon = TestClock.setTime(Date.parse("2026-11-20T12:00:00Z"))

  it.effect("in seconds is the minimum pause", () =>
    Effect.forEach(reads, (operation) =>
      Effect.gen(function* () {
        const { pauses } = yield* timed(operation.call, stub(answers("3")))
        assert.deepStrictEqual(pauses, [3_000, 3_000], operation.name)
      })
    )
  )

  it.effect("as a date is the minimum pause", () =>
    Effect.gen(function* () {
      yield* noon
      const { pauses } = yield* timed(aGet.call, stub(answers("Fri, 20 Nov 2026 12:00:04 GMT")))
      assert.strictEqual(pauses[0], 4_000)
    })
  )

  it.effect("that is shorter than the pause does not shorten it", () =>
    Effect.gen(function* () {
      const seeded = aGet.call.pipe(withRetry({ reads: { initialBackoff: "4 seconds" } }), Random.withSeed("long"))
      const without = yield* timed(seeded, stub({ status: 503 }))
      const withZero = yield* timed(seeded, stub(answers("0")))
      assert.strictEqual(without.pauses.length, 2)
      assert.deepStrictEqual(withZero.pauses, without.pauses)
    })
  )

  const options = { rejectedStatuses: [503] }

  it.effect.each(["1e308", "-1", "NaN", "1.5", "", "soon", "14", "16", "86400", "9".repeat(400), "0"])(
    "of %j does not extend the call past its timeout",
    (value) =>
      Effect.forEach(operations, (operation) =>
        Effect.gen(function* () {
          const outcome = yield* timed(operation.call, stub(answers(value)), options)
          assert.strictEqual((yield* errorOf(outcome))._tag, "PalommaServerError", operation.name)
          assert.isAtMost(outcome.took, timeoutOf(operation), operation.name)
        })
      )
  )

  it.effect.each(["16", "86400", "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT"])(
    "of %j is longer than the timeout, ends the call immediately, and is reported",
    (value) =>
      Effect.gen(function* () {
        yield* noon
        const outcome = yield* timed(aGet.call, stub(answers(value)))
        assert.strictEqual(outcome.took, 0)
        assert.strictEqual(outcome.sentAt.length, 1)
        const error = yield* errorOf(outcome)
        const wait = "retryAfter" in error && error.retryAfter !== undefined ? Duration.toMillis(error.retryAfter) : 0
        assert.isAtLeast(wait, 16_000)
      })
  )
})

describe("the retry policy", () => {
  const attempts = (call: Operation["call"], reply: Reply, retry?: RetryOptions) =>
    Effect.map(timed(call, stub(reply), retry === undefined ? undefined : { retry }), ({ sentAt }) => sentAt.length)

  it.effect.each([1, 2, 5, 20])("of the layer sets the number of attempts: %s", (maxAttempts) =>
    Effect.gen(function* () {
      const reads = { maxAttempts, timeout: "5 minutes" } as const
      assert.strictEqual(yield* attempts(aGet.call, { status: 503 }, { reads }), maxAttempts)
      const creates = { maxAttempts, timeout: "5 minutes" } as const
      assert.strictEqual(yield* attempts(aCreate.call, refused, { creates }), maxAttempts)
    })
  )

  it.effect("of reads does not apply to creates, and vice versa", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* attempts(aGet.call, { status: 503 }, { creates: { maxAttempts: 1 } }), 3)
      assert.strictEqual(yield* attempts(aCreate.call, refused, { reads: { maxAttempts: 1 } }), 3)
    })
  )

  it.effect("never sends a create again that may have had an effect", () =>
    Effect.forEach(
      [{ status: 503 }, { status: 429 }, reset, Effect.never, { text: "" }] as ReadonlyArray<Reply>,
      (reply) =>
        Effect.gen(function* () {
          const creates = { maxAttempts: 20, timeout: "1 hour", attemptTimeout: "1 second" } as const
          assert.strictEqual(yield* attempts(aCreate.call, reply, { creates }), 1)
          assert.strictEqual(yield* attempts(withRetry(aCreate.call, { creates }), reply), 1)
        })
    )
  )

  it.effect("of withRetry overrides that of the layer", () =>
    Effect.gen(function* () {
      const retry: RetryOptions = { reads: { maxAttempts: 5, timeout: "1 minute" } }
      const once = withRetry(aGet.call, { reads: { maxAttempts: 1 } })
      assert.strictEqual(yield* attempts(once, { status: 503 }, retry), 1)
      const quick = withRetry(aGet.call, { reads: { timeout: "2 seconds" } })
      assert.strictEqual((yield* timed(quick, stub(Effect.never), { retry })).took, 2_000)
    })
  )

  it.effect("of withRetry keeps the options of the layer that it does not name", () =>
    Effect.gen(function* () {
      const retry: RetryOptions = { reads: { maxAttempts: 2 } }
      const quick = withRetry(aGet.call, { reads: { initialBackoff: "1 milli" } })
      assert.strictEqual(yield* attempts(quick, { status: 503 }, retry), 2)
    })
  )

  it.effect("of an inner withRetry overrides the options it names, and keeps the others of the outer one", () =>
    Effect.gen(function* () {
      const inner = withRetry(aGet.call, { reads: { initialBackoff: "1 milli" } })
      const { pauses } = yield* timed(withRetry(inner, { reads: { maxAttempts: 2 } }), stub({ status: 503 }))
      assert.strictEqual(pauses.length, 1)
      assert.isAtMost(pauses[0] ?? 0, 1)
      const named = withRetry(aGet.call, { reads: { maxAttempts: 1 } })
      assert.strictEqual(yield* attempts(withRetry(named, { reads: { maxAttempts: 2 } }), { status: 503 }), 1)
    })
  )

  it.effect("of withRetry applies to its effect alone", () =>
    Effect.gen(function* () {
      const both = Effect.andThen(Effect.exit(withRetry(aGet.call, { reads: { maxAttempts: 1 } })), aGet.call)
      assert.strictEqual(yield* attempts(both, { status: 503 }), 1 + 3)
    })
  )

  it.effect("of withRetry is the same in both orders of its arguments", () =>
    Effect.gen(function* () {
      const twice: RetryOptions = { reads: { maxAttempts: 2 } }
      assert.strictEqual(yield* attempts(aGet.call.pipe(withRetry(twice)), { status: 503 }), 2)
      assert.strictEqual(yield* attempts(withRetry(aGet.call, twice), { status: 503 }), 2)
    })
  )
})

describe("withRetry with invalid options", () => {
  const wrong: ReadonlyArray<readonly [string, unknown, ReadonlyArray<string>]> = [
    ["not an object", 5, ["withRetry"]],
    ["null", null, ["withRetry"]],
    ["an unknown option", { read: {} }, ["withRetry.read"]],
    ["a misspelt limit", { reads: { attempts: 3 } }, ["withRetry.reads.attempts"]],
    ["no attempt", { reads: { maxAttempts: 0 } }, ["withRetry.reads.maxAttempts"]],
    ["too many attempts", { creates: { maxAttempts: 21 } }, ["withRetry.creates.maxAttempts"]],
    ["half an attempt", { reads: { maxAttempts: 1.5 } }, ["withRetry.reads.maxAttempts"]],
    ["a timeout of zero", { reads: { timeout: 0 } }, ["withRetry.reads.timeout"]],
    ["an infinite timeout", { reads: { timeout: Duration.infinity } }, ["withRetry.reads.timeout"]],
    ["an invalid duration", { creates: { attemptTimeout: "soon" } }, ["withRetry.creates.attemptTimeout"]],
    [
      "several mistakes",
      { reads: { maxAttempts: Number.NaN, maxBackoff: -1 }, creates: 7 },
      ["withRetry.creates", "withRetry.reads.maxAttempts", "withRetry.reads.maxBackoff"]
    ]
  ]

  it.effect.each(wrong)(
    "such as %s fails each call within, reads and creates, and sends nothing",
    ([, options, fields]) =>
      Effect.forEach(oneOfEach, (operation) =>
        Effect.gen(function* () {
          const palomma = stub({ json: operation.success })
          const outcome = yield* timed(withRetry(operation.call, options as RetryOptions), palomma)
          const error = yield* errorOf(outcome)
          assert.instanceOf(error, PalommaInvalidInput)
          assert.sameMembers(
            error.problems.map(({ field }) => field),
            [...fields]
          )
          assert.strictEqual(error.operation, operation.operation)
          assert.strictEqual(error.outcome, operation.safety === "create" ? "not-sent" : "none")
          assert.strictEqual(palomma.requests.length, 0)
        })
      )
  )

  it.effect("fails the calls of a valid inner withRetry too", () =>
    Effect.gen(function* () {
      const inner = withRetry(aGet.call, { reads: { initialBackoff: "1 milli" } })
      for (const [, options] of wrong) {
        const outer = withRetry(inner, options as RetryOptions)
        const error = yield* errorOf(yield* timed(outer, stub({ json: aGet.success })))
        assert.strictEqual(error._tag, "PalommaInvalidInput", JSON.stringify(options))
      }
    })
  )

  it.effect("fails no effect without calls", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* withRetry(Effect.succeed(1), { reads: { maxAttempts: 0 } }), 1)
    })
  )
})
