/**
 * When a failed call is tried again, and when it is given up: deterministic under a test's clock and a seeded chance, and never
 * later than the deadline (law 9).
 */
import { assert, describe, it } from "@effect/vitest"
import { type PalommaError, type RetryOptions, withRetry } from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { creates, type Operation, operations, reads } from "./support/operations.ts"
import { bytes, type Reply, services, settle, type Stub, stub } from "./support/stub.ts"

const operation = (name: string): Operation => {
  const found = operations.find((operation) => operation.name === name)
  if (found === undefined) throw new Error(`no operation ${name}`)
  return found
}

const aGet = operation("PayoutRequests.get")
const aCreate = operation("PayoutRequests.create")

const refused: Effect.Effect<never, unknown> = Effect.suspend(() =>
  Effect.fail(Object.assign(new Error("no"), { code: "ECONNREFUSED", syscall: "connect" }))
)
const reset: Effect.Effect<never, unknown> = Effect.suspend(() =>
  Effect.fail(Object.assign(new Error("no"), { code: "ECONNRESET", syscall: "read" }))
)

interface Outcome {
  readonly exit: Exit.Exit<unknown, PalommaError>
  /** How many milliseconds the call took. */
  readonly took: number
  /** When each request was sent, counted from the call. */
  readonly sentAt: ReadonlyArray<number>
  /** The pauses between the requests. */
  readonly pauses: ReadonlyArray<number>
}

// The test's clock adds up milliseconds as floats.
const rounded = (millis: number): number => Math.round(millis * 1_000) / 1_000

const timed = (call: Operation["call"], palomma: Stub, options?: Parameters<typeof settle>[2]) =>
  Effect.gen(function* () {
    palomma.requests.length = 0
    const start = yield* Clock.currentTimeMillis
    const end = Effect.flatMap(Effect.exit(call), (exit) => Effect.map(Clock.currentTimeMillis, (at) => ({ exit, at })))
    const { at, exit } = yield* Effect.flatten(settle(end, palomma, options))
    const sentAt = palomma.requests.map((request) => rounded(request.at - start))
    const pauses = sentAt.slice(1).map((at, i) => rounded(at - (sentAt[i] ?? 0)))
    const outcome: Outcome = { exit, took: rounded(at - start), sentAt, pauses }
    return outcome
  })

const deadlineOf = ({ kind }: Operation): number => (kind === "create" ? 60_000 : 15_000)

// Timers count in milliseconds, pauses do not: a deadline is kept to the millisecond before it.
const assertEndsAt = (took: number, deadline: number, what?: string): void => {
  assert.isAtMost(took, deadline, what)
  assert.isAtLeast(took, deadline - 1, what)
}

const errorOf = (outcome: Outcome): Effect.Effect<PalommaError, unknown> => Effect.flip(outcome.exit)

describe("a read", () => {
  it.effect("is tried three times in all", () =>
    Effect.forEach(reads, (operation) =>
      Effect.gen(function* () {
        const { exit, sentAt } = yield* timed(operation.call, stub({ status: 500 }))
        assert.isTrue(Exit.isFailure(exit))
        assert.strictEqual(sentAt.length, 3, operation.name)
      })
    )
  )

  it.effect("that hangs is given up at 7, at 14 and at 15 seconds", () =>
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

  it.effect("says how long it waited for the try that ran out of time", () =>
    Effect.gen(function* () {
      const error = yield* errorOf(yield* timed(withRetry(aGet.call, { reads: { attempts: 1 } }), stub(Effect.never)))
      assert.strictEqual(error._tag === "PalommaTimeout" ? Duration.toMillis(error.waited) : 0, 7_000)
      assert.include(error.message, "within 7s")
    })
  )
})

describe("a create", () => {
  it.effect("that hangs is given up after 60 seconds, and sent once", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const outcome = yield* timed(operation.call, stub(Effect.never))
        assert.strictEqual(outcome.took, 60_000, operation.name)
        assert.strictEqual(outcome.sentAt.length, 1)
      })
    )
  )

  it.effect("is tried three times in all where it never left", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const outcome = yield* timed(operation.call, stub(refused))
        assert.strictEqual(outcome.sentAt.length, 3, operation.name)
        const error = yield* errorOf(outcome)
        assert.strictEqual(error.outcome, "not-sent")
      })
    )
  )

  it.effect("that never left and then hangs is waited for until its deadline, not longer", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const palomma = stub((_, number) =>
          number === 1 ? Effect.andThen(Effect.sleep("20 seconds"), refused) : Effect.never
        )
        const outcome = yield* timed(operation.call, palomma)
        assertEndsAt(outcome.took, 60_000, operation.name)
        assert.strictEqual((yield* errorOf(outcome)).outcome, "unknown")
      })
    )
  )
})

describe("a pause", () => {
  const eight: RetryOptions = { reads: { attempts: 8, deadline: "1 hour" } }
  const ends = [200, 400, 800, 1_600, 3_200, 5_000, 5_000]

  it.effect("is drawn between zero and an end that doubles from 200 milliseconds to 5 seconds", () =>
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
        // The whole range is used: that is what keeps many clients apart.
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

  it.effect("is not begun where it would outlast the deadline", () =>
    Effect.gen(function* () {
      const options: RetryOptions = {
        reads: { attempts: 100, deadline: "3 seconds", firstPause: "10 seconds", longestPause: "1 minute" }
      }
      for (let seed = 0; seed < 50; seed++) {
        const { exit, sentAt, took } = yield* timed(
          aGet.call.pipe(withRetry(options), Random.withSeed(seed)),
          stub({ status: 503 })
        )
        assert.isTrue(Exit.isFailure(exit))
        assert.isBelow(took, 3_000)
        // It ends with the last answer, not with a wait for the deadline.
        assert.strictEqual(took, sentAt.at(-1))
      }
    })
  )

  it.effect("of a create that never left is no shorter for its being a create", () =>
    Effect.gen(function* () {
      const ends = [200, 400]
      for (let seed = 0; seed < 20; seed++) {
        const { pauses } = yield* timed(aCreate.call.pipe(Random.withSeed(seed)), stub(refused))
        pauses.forEach((pause, i) => assert.isAtMost(pause, ends[i] ?? 0))
      }
    })
  )
})

describe("Retry-After", () => {
  const answers = (value: string): Reply => ({ status: 503, headers: { "retry-after": value } })

  it.effect("in seconds is the least that is waited", () =>
    Effect.forEach(reads, (operation) =>
      Effect.gen(function* () {
        const { pauses } = yield* timed(operation.call, stub(answers("3")))
        assert.deepStrictEqual(pauses, [3_000, 3_000], operation.name)
      })
    )
  )

  it.effect("as a date is the least that is waited", () =>
    Effect.forEach(reads, (operation) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.parse("2026-11-20T12:00:00Z"))
        const { pauses } = yield* timed(operation.call, stub(answers("Fri, 20 Nov 2026 12:00:04 GMT")))
        assert.strictEqual(pauses[0], 4_000, operation.name)
      })
    )
  )

  it.effect("that is shorter than the pause does not shorten it", () =>
    Effect.gen(function* () {
      const seeded = aGet.call.pipe(withRetry({ reads: { firstPause: "4 seconds" } }), Random.withSeed("long"))
      const without = yield* timed(seeded, stub({ status: 503 }))
      const withZero = yield* timed(seeded, stub(answers("0")))
      assert.deepStrictEqual(withZero.pauses, without.pauses)
    })
  )

  const refusals = { refusals: [503] }
  const hostile = [
    "1e308",
    "-1",
    "-9007199254740993",
    "NaN",
    "Infinity",
    "0x10",
    "1.5",
    "",
    " ",
    "soon",
    "3, 4",
    "\u0663",
    "+3",
    "16",
    "86400",
    "9007199254740991",
    "9007199254740993",
    "9".repeat(400),
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Fri, 20 Nov 2026 25:61:61 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "2026-11-20T12:00:00Z",
    "Fri Nov 20 12:00:00 2026"
  ]

  it.effect.each(hostile)("of %j prolongs nothing past the deadline", (value) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.parse("2026-11-20T12:00:00Z"))
        const { exit, took } = yield* timed(operation.call, stub(answers(value)), refusals)
        assert.isTrue(Exit.isFailure(exit), operation.name)
        assert.isAtMost(took, deadlineOf(operation), operation.name)
      })
    )
  )

  it.effect.each(["16", "86400", "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT"])(
    "of %j, which outlasts the deadline, ends the call at once, and is told",
    (value) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.parse("2026-11-20T12:00:00Z"))
        const outcome = yield* timed(aGet.call, stub(answers(value)))
        assert.strictEqual(outcome.took, 0)
        assert.strictEqual(outcome.sentAt.length, 1)
        const error = yield* errorOf(outcome)
        assert.isTrue(
          "retryAfter" in error && error.retryAfter !== undefined && Duration.toMillis(error.retryAfter) >= 16_000
        )
        assert.isAbove(error.message.length, 20)
      })
  )
})

describe("a call whose socket hangs ends at its deadline", () => {
  const endless = Stream.concat(Stream.make(bytes("{")), Stream.never)
  const never: Effect.Effect<never> = Effect.never

  it.effect.each([
    ["before the answer", never],
    ["before the answer, and cleans up for ever", Effect.onInterrupt(never, () => never)],
    ["before the answer, and cannot be interrupted", Effect.uninterruptible(never)],
    ["in the body", { stream: endless }],
    ["in the body, and cleans up for ever", { stream: Stream.ensuring(endless, never) }],
    ["in the body, and cannot be interrupted", { stream: Stream.fromEffect(Effect.uninterruptible(never)) }],
    ["in the body of a refusal", { status: 400, stream: endless }],
    ["in the body of a failure", { status: 503, stream: endless }]
  ] as ReadonlyArray<readonly [string, Reply]>)("where it hangs %s", ([, reply]) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const palomma = stub(reply)
        const outcome = yield* timed(operation.call, palomma)
        assertEndsAt(outcome.took, deadlineOf(operation), operation.name)
        assert.strictEqual((yield* errorOf(outcome))._tag, "PalommaTimeout")
        if (operation.kind === "create") assert.strictEqual(palomma.posts(), 1)
      })
    )
  )

  it.effect("where the caller cannot be interrupted", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const outcome = yield* timed(
          Effect.uninterruptible(operation.call),
          stub(Effect.onInterrupt(never, () => never))
        )
        assertEndsAt(outcome.took, deadlineOf(operation), operation.name)
      })
    )
  )

  it.effect("where a drop comes each second", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const dripping = Stream.forever(Stream.fromEffect(Effect.as(Effect.sleep("1 second"), bytes(" "))))
        const { took } = yield* timed(operation.call, stub({ stream: dripping }))
        assertEndsAt(took, deadlineOf(operation), operation.name)
      })
    )
  )

  it.effect("where an answer that is too large cleans up for ever", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const large = Stream.ensuring(Stream.forever(Stream.make(bytes("x".repeat(100_000)))), never)
        const { took } = yield* timed(operation.call, stub({ stream: large }))
        assert.isAtMost(took, deadlineOf(operation), operation.name)
      })
    )
  )
})

describe("an interrupted caller", () => {
  const interruptedAfter = (operation: Operation, palomma: Stub) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.provide(operation.call, services(palomma)))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(palomma.requests.length, 1, operation.name)
      const interrupted = yield* Effect.forkChild(Fiber.interrupt(fiber))
      yield* TestClock.adjust(0)
      return { returned: interrupted.pollUnsafe() !== undefined, exit: fiber.pollUnsafe() }
    })

  it.effect("aborts the request", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const palomma = stub(Effect.never)
        const { exit, returned } = yield* interruptedAfter(operation, palomma)
        assert.isTrue(returned, operation.name)
        assert.isTrue(exit !== undefined && Exit.hasInterrupts(exit))
        assert.isTrue(palomma.requests[0]?.signal.aborted)
      })
    )
  )

  it.effect("aborts the reading of the body", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const palomma = stub({ stream: Stream.never })
        const { returned } = yield* interruptedAfter(operation, palomma)
        assert.isTrue(returned, operation.name)
        assert.isTrue(palomma.requests[0]?.signal.aborted)
      })
    )
  )

  it.effect("returns at once where the socket cleans up for ever", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const palomma = stub(Effect.onInterrupt(Effect.never, () => Effect.never))
        assert.isTrue((yield* interruptedAfter(operation, palomma)).returned, operation.name)
      })
    )
  )

  it.effect("sends nothing afterwards", () =>
    Effect.gen(function* () {
      const palomma = stub(Effect.andThen(Effect.sleep("5 seconds"), reset))
      yield* interruptedAfter(aGet, palomma)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(palomma.requests.length, 1)
    })
  )
})

describe("a try that ran out of time", () => {
  it.effect("is aborted before the next one", () =>
    Effect.gen(function* () {
      const palomma = stub((_, number) => (number === 1 ? Effect.never : { json: aGet.success }))
      const { exit } = yield* timed(aGet.call, palomma)
      assert.isTrue(Exit.isSuccess(exit))
      assert.isTrue(palomma.requests[0]?.signal.aborted)
    })
  )

  it.effect("does not answer for the next one", () =>
    Effect.gen(function* () {
      const late = Effect.as(Effect.sleep("8 seconds"), { status: 401, json: { message: "late" } })
      const palomma = stub((_, number) =>
        number === 1 ? Effect.uninterruptible(late) : Effect.as(Effect.sleep("3 seconds"), { json: aGet.success })
      )
      assert.isTrue(Exit.isSuccess((yield* timed(aGet.call, palomma)).exit))
    })
  )
})

describe("a machine that slept through the pause", () => {
  // A clock whose sleeps end an hour late.
  const lateClock = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.clockWith(Effect.succeed), (clock) => {
      const late: Clock.Clock = Object.assign(Object.create(clock) as Clock.Clock, {
        sleep: (duration: Duration.Duration) =>
          clock.sleep(Duration.toMillis(duration) > 1_000 ? duration : Duration.hours(1))
      })
      return Effect.provideService(self, Clock.Clock, late)
    })

  it.effect("does not send a create again after its deadline", () =>
    Effect.forEach(creates, (operation) =>
      Effect.gen(function* () {
        const outcome = yield* timed(lateClock(operation.call), stub(refused))
        assert.strictEqual(outcome.sentAt.length, 1, operation.name)
        assert.strictEqual((yield* errorOf(outcome)).outcome, "not-sent")
      })
    )
  )

  it.effect("tells the failure that it had before", () =>
    Effect.gen(function* () {
      const error = yield* errorOf(yield* timed(lateClock(aGet.call), stub({ status: 503 })))
      assert.strictEqual(error._tag, "PalommaServerError")
    })
  )
})

describe("the policy", () => {
  const tries = (call: Operation["call"], reply: Reply, retry?: RetryOptions) =>
    Effect.map(timed(call, stub(reply), retry === undefined ? undefined : { retry }), ({ sentAt }) => sentAt.length)

  it.effect("of the layer says how often", () =>
    Effect.forEach(
      [
        [1, 1],
        [2, 2],
        [5, 5],
        [0, 1],
        [-3, 1]
      ] as const,
      ([attempts, expected]) =>
        Effect.gen(function* () {
          assert.strictEqual(
            yield* tries(aGet.call, { status: 503 }, { reads: { attempts, deadline: "1 minute" } }),
            expected
          )
          assert.strictEqual(yield* tries(aCreate.call, refused, { creates: { attempts } }), expected)
        })
    )
  )

  it.effect("of reads says nothing about creates, and the other way round", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* tries(aGet.call, { status: 503 }, { creates: { attempts: 1 } }), 3)
      assert.strictEqual(yield* tries(aCreate.call, refused, { reads: { attempts: 1 } }), 3)
    })
  )

  it.effect("never makes a create be sent again that may have had an effect", () =>
    Effect.forEach(
      [{ status: 503 }, { status: 429 }, reset, Effect.never, { text: "" }] as ReadonlyArray<Reply>,
      (reply) =>
        Effect.gen(function* () {
          const creates = { attempts: 50, deadline: "1 hour", attemptTimeout: "1 second" } as const
          assert.strictEqual(yield* tries(aCreate.call, reply, { creates }), 1)
          assert.strictEqual(yield* tries(withRetry(aCreate.call, { creates }), reply), 1)
        })
    )
  )

  it.effect("of withRetry goes before that of the layer", () =>
    Effect.gen(function* () {
      const retry: RetryOptions = { reads: { attempts: 5, deadline: "1 minute" } }
      assert.strictEqual(yield* tries(withRetry(aGet.call, { reads: { attempts: 1 } }), { status: 503 }, retry), 1)
      const outcome = yield* timed(withRetry(aGet.call, { reads: { deadline: "2 seconds" } }), stub(Effect.never), {
        retry
      })
      assert.strictEqual(outcome.took, 2_000)
    })
  )

  it.effect("of withRetry leaves what it does not name as the layer has it", () =>
    Effect.gen(function* () {
      const retry: RetryOptions = { reads: { attempts: 2 } }
      assert.strictEqual(
        yield* tries(withRetry(aGet.call, { reads: { firstPause: "1 milli" } }), { status: 503 }, retry),
        2
      )
    })
  )

  it.effect("of withRetry within another one keeps what only the outer one names", () =>
    Effect.gen(function* () {
      const inner = withRetry(aGet.call, { reads: { firstPause: "1 milli" } })
      assert.strictEqual(yield* tries(withRetry(inner, { reads: { attempts: 2 } }), { status: 503 }), 2)
      const named = withRetry(aGet.call, { reads: { attempts: 1 } })
      assert.strictEqual(yield* tries(withRetry(named, { reads: { attempts: 2 } }), { status: 503 }), 1)
    })
  )

  for (const attempts of [0, -1, Number.NaN]) {
    it.effect(`tries once where it says ${attempts}`, () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* tries(withRetry(aGet.call, { reads: { attempts } }), { status: 503 }), 1)
      })
    )
  }

  it.effect("of withRetry holds for its effect alone", () =>
    Effect.gen(function* () {
      const both = Effect.andThen(Effect.exit(withRetry(aGet.call, { reads: { attempts: 1 } })), aGet.call)
      assert.strictEqual(yield* tries(both, { status: 503 }), 1 + 3)
    })
  )

  it.effect("of withRetry reads the same in both orders of its arguments", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* tries(aGet.call.pipe(withRetry({ reads: { attempts: 2 } })), { status: 503 }), 2)
    })
  )

  it.effect("may wait for ever if it is told so", () =>
    Effect.gen(function* () {
      const retry: RetryOptions = {
        reads: { attempts: 1, deadline: Duration.infinity, attemptTimeout: Duration.infinity }
      }
      const slow = Effect.as(Effect.sleep("1 hour"), { json: aGet.success })
      assert.isTrue(Exit.isSuccess((yield* timed(aGet.call, stub(slow), { retry })).exit))
    })
  )

  it.effect("may give no time at all, and then nothing hangs", () =>
    Effect.gen(function* () {
      const { exit, took } = yield* timed(aGet.call, stub(Effect.never), { retry: { reads: { deadline: 0 } } })
      assert.isTrue(Exit.isFailure(exit))
      assert.strictEqual(took, 0)
    })
  )
})

// Law 9, and the half of law 6 that is the client's: whatever comes, in whatever order.
const anyReply: fc.Arbitrary<readonly [isNotSent: boolean, Reply]> = fc.oneof(
  fc
    .record({
      status: fc.oneof(
        fc.constantFrom(200, 400, 401, 403, 404, 408, 429, 500, 503),
        fc.integer({ min: 200, max: 599 })
      ),
      wait: fc.oneof(
        fc.constantFrom("0", "1", "14", "9999999", "soon"),
        fc.nat({ max: 100 }).map(String),
        fc.string({ unit: "grapheme-ascii" })
      ),
      text: fc.constantFrom("", "{}", '{"message":"no"}', "<html>"),
      delay: fc.oneof(fc.constant(0), fc.nat({ max: 80_000 }))
    })
    .map(
      ({ delay, status, text, wait }) =>
        [false, Effect.as(Effect.sleep(delay), { status, text, headers: { "retry-after": wait.trim() } })] as const
    ),
  fc.nat({ max: 30_000 }).map((delay) => [true, Effect.andThen(Effect.sleep(delay), refused)] as const),
  fc.nat({ max: 30_000 }).map((delay) => [false, Effect.andThen(Effect.sleep(delay), reset)] as const),
  fc.constantFrom<readonly [boolean, Reply]>(
    [false, Effect.never],
    [false, Effect.uninterruptible(Effect.never)],
    [false, { stream: Stream.never }],
    [false, { status: 503, stream: Stream.never }]
  )
)

describe("whatever Palomma does", () => {
  it("no call outlasts its deadline, and no create is sent again but after a try that never left", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyReply, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...operations),
        fc.integer(),
        async (replies, operation, seed) => {
          let notSent = 0
          const palomma = stub((_, number) => {
            const [isNotSent, reply] = replies[(number - 1) % replies.length] ?? [false, {}]
            if (isNotSent) notSent += 1
            return reply
          })
          const outcome = await Effect.runPromise(
            timed(Random.withSeed(operation.call, seed), palomma).pipe(Effect.scoped, Effect.provide(TestClock.layer()))
          )
          assert.isAtMost(outcome.took, deadlineOf(operation))
          assert.isAtMost(outcome.sentAt.length, 3)
          if (operation.kind === "create") assert.isAtMost(palomma.posts() - notSent, 1)
        }
      ),
      { numRuns: 1_000 }
    )
  })
})
