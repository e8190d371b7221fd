/**
 * The switch of one request: it hands over the body once and only in time, and its proof is true.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import * as HandOver from "../src/HandOver.ts"

const never = 2n ** 63n

const endless = { wallClockEnd: Number.POSITIVE_INFINITY, monotonicEnd: never }

/** A clock that the test sets. */
const clockAt = (wall: number, monotonic: bigint) => {
  const times = { wall, monotonic }
  const live = Effect.runSync(Clock.Clock)
  const clock: Clock.Clock = Object.assign(Object.create(live), {
    currentTimeMillisUnsafe: () => times.wall,
    monotonicTimeNanosUnsafe: () => times.monotonic
  })
  return { times, clock }
}

const made = (options: Partial<HandOver.HandOverOptions> = {}, clock = clockAt(0, 0n).clock) => {
  const handedOver: Array<"body"> = []
  const handOver = HandOver.make({ ...endless, ...options }, Context.empty(), clock)
  return { handOver, handedOver, give: (): void => void handedOver.push("body") }
}

const taken = (...parameters: Parameters<typeof made>) => {
  const one = made(...parameters)
  one.handOver.take()
  return one
}

// Both ways to pull the body. They must behave alike.
const ways = [
  ["offer", ({ handOver, give }: ReturnType<typeof made>) => Effect.runPromise(handOver.offer(give))],
  ["offerPromise", ({ handOver, give }: ReturnType<typeof made>) => handOver.offerPromise(give)]
] as const

describe.each(ways)("a switch that is pulled by %s", (_, ask) => {
  it("hands over immediately if there is no check", async () => {
    const one = taken()
    assert.isTrue(await ask(one))
    assert.deepStrictEqual(one.handedOver, ["body"])
    assert.isFalse(one.handOver.close())
  })

  it("hands over once, however often it is pulled", async () => {
    const one = taken()
    assert.deepStrictEqual([await ask(one), await ask(one)], [true, false])
    assert.deepStrictEqual(one.handedOver, ["body"])
  })

  it("hands over once if it is pulled twice while the check runs", async () => {
    const allowed = Deferred.makeUnsafe<boolean>()
    const one = taken({ check: Deferred.await(allowed) })
    const both = [ask(one), ask(one)]
    Deferred.doneUnsafe(allowed, Exit.succeed(true))
    assert.deepStrictEqual(await Promise.all(both), [true, false])
    assert.deepStrictEqual(one.handedOver, ["body"])
  })

  it("hands over nothing after it was closed, and proves it", async () => {
    const one = taken()
    assert.isTrue(one.handOver.close())
    assert.isFalse(await ask(one))
    assert.deepStrictEqual(one.handedOver, [])
    assert.isTrue(one.handOver.close())
    assert.isUndefined(one.handOver.refusal())
  })

  it("proves nothing if the promise was not taken", async () => {
    const one = made()
    assert.isFalse(one.handOver.isTaken())
    assert.isFalse(one.handOver.close())
    assert.isFalse(await ask(one))
    assert.deepStrictEqual(one.handedOver, [])
  })

  it("proves nothing after the promise was withdrawn", async () => {
    const one = taken()
    one.handOver.release()
    assert.isFalse(one.handOver.isTaken())
    assert.isFalse(one.handOver.close())
    assert.isFalse(await ask(one))
  })

  it.each<[string, Effect.Effect<boolean>]>([
    ["refuses", Effect.succeed(false)],
    ["dies", Effect.die(new Error("no journal"))],
    [
      "throws",
      Effect.suspend(() => {
        throw new Error("no journal")
      })
    ],
    ["interrupts itself", Effect.interrupt]
  ])("permanently refuses to hand over if the check %s", async (_, check) => {
    const one = taken({ check })
    assert.isFalse(await ask(one))
    assert.isFalse(await ask(one))
    assert.deepStrictEqual(one.handedOver, [])
    assert.strictEqual(one.handOver.refusal(), "check")
    assert.isTrue(one.handOver.close())
  })

  it("runs the check once", async () => {
    const answers = [false, true]
    const one = taken({ check: Effect.sync(() => answers.shift() ?? true) })
    assert.deepStrictEqual([await ask(one), await ask(one)], [false, false])
    assert.deepStrictEqual(answers, [true])
  })

  it.each([
    ["wall-clock", { wallClockEnd: 1_000 }, { wall: 999 }, { wall: 1_000 }],
    ["monotonic-clock", { monotonicEnd: 1_000n }, { monotonic: 999n }, { monotonic: 1_000n }]
  ] as const)("hands over until the end by the %s, and not after it", async (refusal, options, before, after) => {
    const early = clockAt(0, 0n)
    Object.assign(early.times, before)
    assert.isTrue(await ask(taken(options, early.clock)))

    const late = clockAt(0, 0n)
    Object.assign(late.times, after)
    const one = taken(options, late.clock)
    assert.isFalse(await ask(one))
    assert.strictEqual(one.handOver.refusal(), refusal)
    // The clock may be set back. A refusal is permanent.
    Object.assign(late.times, before)
    assert.isFalse(await ask(one))
    assert.deepStrictEqual(one.handedOver, [])
    assert.isTrue(one.handOver.close())
  })

  it.each([
    ["the machine slept", { wall: 60_000 }, "wall-clock"],
    [
      "the process was stopped, and the wall clock was set back",
      { wall: -60_000, monotonic: 2_000n },
      "monotonic-clock"
    ]
  ] as const)("reads the clocks after the check: %s during the check", async (_, jump, refusal) => {
    const { clock, times } = clockAt(0, 0n)
    const check = Effect.sync(() => {
      Object.assign(times, jump)
      return true
    })
    const one = taken({ wallClockEnd: 1_000, monotonicEnd: 1_000n, check }, clock)
    assert.isFalse(await ask(one))
    assert.strictEqual(one.handOver.refusal(), refusal)
    assert.deepStrictEqual(one.handedOver, [])
  })

  it("hands over nothing if an end is not a number", async () => {
    const one = taken({ wallClockEnd: Number.NaN })
    assert.isFalse(await ask(one))
    assert.strictEqual(one.handOver.refusal(), "wall-clock")
  })

  it.each<[string, Effect.Effect<boolean> | undefined]>([
    ["without a check", undefined],
    ["after a check", Effect.succeed(true)]
  ])("proves nothing if the hand-over fails %s, and reports the error", async (_, check) => {
    const one = taken({ check })
    const closedStream = new TypeError("Invalid state: the stream was closed half-way")
    const half = {
      ...one,
      give: () => {
        one.give()
        throw closedStream
      }
    }
    assert.strictEqual(await ask(half).catch((error: unknown) => error), closedStream)
    assert.isFalse(one.handOver.close())
    assert.isFalse(await ask(one))
    assert.deepStrictEqual(one.handedOver, ["body"])
  })

  it("proves nothing while it hands over", async () => {
    const one = taken({ check: Effect.succeed(true) })
    const proofs: Array<boolean> = []
    const curious = {
      ...one,
      give: () => {
        proofs.push(one.handOver.close())
        one.give()
      }
    }
    assert.isTrue(await ask(curious))
    assert.deepStrictEqual(proofs, [false])
    assert.isFalse(one.handOver.close())
  })

  it("hands over nothing if the check itself closes it", async () => {
    const one: ReturnType<typeof made> = taken({
      check: Effect.suspend(() => {
        one.handOver.close()
        return Effect.succeed(true)
      })
    })
    assert.isFalse(await ask(one))
    assert.deepStrictEqual(one.handedOver, [])
    assert.isTrue(one.handOver.close())
  })
})

describe("a check", () => {
  class Row extends Context.Service<Row, { readonly isOurs: boolean }>()("test/Row") {}

  it("runs in the context of the call", async () => {
    const check = Effect.map(Effect.serviceOption(Row), (row) => row._tag === "Some" && row.value.isOurs)
    const handOver = HandOver.make({ ...endless, check }, Context.make(Row, { isOurs: true }), clockAt(0, 0n).clock)
    assert.isTrue(await handOver.offerPromise(() => {}))
  })

  it("that never ends is interrupted when the switch is closed", async () => {
    let isGivenUp = false
    const check = Effect.never.pipe(
      Effect.onInterrupt(() =>
        Effect.sync(() => {
          isGivenUp = true
        })
      )
    )
    const one = taken({ check })
    const asking = one.handOver.offerPromise(one.give)
    assert.isTrue(one.handOver.close())
    assert.isFalse(await asking)
    assert.isTrue(isGivenUp)
    assert.deepStrictEqual(one.handedOver, [])
    assert.isUndefined(one.handOver.refusal())
  })

  it("that closes the switch and never ends is interrupted too", async () => {
    const one: ReturnType<typeof made> = taken({
      check: Effect.suspend(() => {
        one.handOver.close()
        return Effect.never
      })
    })
    assert.isFalse(await one.handOver.offerPromise(one.give))
  })

  it.effect("that passes after the call's timeout hands over nothing", () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const one = made({ check: Effect.as(Effect.sleep("2 seconds"), true) }, clock)
      one.handOver.take()
      const asking = yield* Effect.forkChild(Effect.uninterruptible(one.handOver.offer(one.give)))
      yield* TestClock.adjust("1 second")
      assert.isTrue(one.handOver.close())
      yield* TestClock.adjust("1 second")
      assert.isFalse(yield* Fiber.join(asking))
      assert.deepStrictEqual(one.handedOver, [])
    })
  )

  it.effect("whose fiber is interrupted hands over nothing, and is not a refusal", () =>
    Effect.gen(function* () {
      const one = taken({ check: Effect.never })
      const asking = yield* Effect.forkChild(one.handOver.offer(one.give))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(asking)
      assert.isUndefined(one.handOver.refusal())
      assert.isFalse(yield* one.handOver.offer(one.give))
      assert.isTrue(one.handOver.close())
      assert.deepStrictEqual(one.handedOver, [])
    })
  )

  it.effect("reads the time of the test's clock", () =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const now = yield* Clock.currentTimeMillis
      const one = made({ wallClockEnd: now + 1_000 }, clock)
      yield* TestClock.adjust("1 second")
      assert.isFalse(yield* one.handOver.offer(one.give))
      assert.strictEqual(one.handOver.refusal(), "wall-clock")
    })
  )
})

describe("the race of reading the proof against the hand-over", () => {
  // Every order in which these may happen: pulls of the body, the end of the check, reads of the proof.
  it("never yields both a proof and a body, in any order of events", () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.record({
          offers: fc.array(fc.constantFrom("offer", "offerPromise"), { minLength: 1, maxLength: 3 }),
          closers: fc.integer({ min: 1, max: 3 }),
          check: fc.constantFrom("none", "now", "later"),
          says: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
          isTaken: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) })
        }),
        async (scheduler, { check, closers, isTaken, offers, says }) => {
          const log: Array<"given" | "proven" | "not proven"> = []
          const checks = {
            none: undefined,
            now: Effect.succeed(says),
            later: Effect.promise(() => scheduler.schedule(Promise.resolve(says), "the check ends"))
          }
          const { handOver } = made({ check: checks[check] })
          if (isTaken) handOver.take()
          const give = () => void log.push("given")
          const pulls = offers.map((way, n) =>
            scheduler
              .schedule(Promise.resolve(), `body pulls for, ${n}`)
              .then(() => (way === "offer" ? Effect.runPromise(handOver.offer(give)) : handOver.offerPromise(give)))
          )
          const closed = Array.from({ length: closers }, (_, n) =>
            scheduler.schedule(Promise.resolve(), `proof read, ${n}`).then(() => {
              log.push(handOver.close() ? "proven" : "not proven")
            })
          )
          await scheduler.waitFor(Promise.all([...pulls, ...closed]))

          const handedOver = log.filter((entry) => entry === "given").length
          assert.isAtMost(handedOver, 1)
          if (log.includes("proven")) assert.strictEqual(handedOver, 0)
          const firstReading = log.findIndex((entry) => entry !== "given")
          assert.notInclude(log.slice(firstReading), "given", "a closed switch hands over nothing")
          // The proof is not withheld either.
          if (isTaken && handedOver === 0) assert.notInclude(log, "not proven")
          if (!isTaken) assert.notInclude(log, "proven")
          assert.strictEqual((await Promise.all(pulls)).filter(Boolean).length, handedOver)
        }
      ),
      { numRuns: 500 }
    ))

  it("has both possible results", async () => {
    const seen = new Set<string>()
    for (const isFirst of ["pull", "proof"] as const) {
      const allowed = Deferred.makeUnsafe<boolean>()
      const one = taken({ check: Deferred.await(allowed) })
      const asking = one.handOver.offerPromise(one.give)
      // Both in one turn of the event loop: the check has ended, and its result has not yet reached the hand-over.
      if (isFirst === "pull") Deferred.doneUnsafe(allowed, Exit.succeed(true))
      const proof = one.handOver.close()
      if (isFirst === "proof") Deferred.doneUnsafe(allowed, Exit.succeed(true))
      seen.add(`${proof} ${await asking} ${one.handedOver.length}`)
    }
    assert.deepStrictEqual([...seen].sort(), ["false true 1", "true false 0"])
  })
})

describe("a RequestInit", () => {
  it("carries the switch under a unique key", () => {
    const { handOver } = made()
    const init: RequestInit = Object.assign({ method: "POST" }, { [HandOver.key]: handOver })
    assert.strictEqual(HandOver.from({ ...init, method: "PUT" }), handOver)
    assert.isUndefined(HandOver.from({ method: "POST" }))
    assert.isUndefined(HandOver.from(undefined))
    assert.strictEqual(JSON.stringify(init), '{"method":"POST"}')
  })
})
