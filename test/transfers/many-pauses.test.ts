/** A run pauses if Palomma asks to slow down. The times are those at which Palomma received the requests. */
import { assert, describe, it } from "@effect/vitest"
import { Fault, type ReceivedRequest } from "@palomma-effect/testing"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { TestClock } from "effect/testing"
import { inTime, kinds, makeWorld, type Process, scenario, until, type World } from "./support/scenario.ts"

// A rejected create is not looked up afterwards, so only the pause takes time.
const client = { rejectedStatuses: [429] } as const

const run = (process: Process, world: World, references: ReadonlyArray<string>, concurrency = 1) =>
  Stream.runCollect(
    process.sendAll(Stream.fromIterable(references.map((reference) => world.intent(reference))), { concurrency })
  )

const isOf =
  (reference: string) =>
  ({ body, url }: ReceivedRequest): boolean =>
    url.includes(`reference=${reference}`) || body.includes(`"${reference}"`)

// When Palomma first received a reference, in milliseconds.
const heardOf = (world: World, reference: string) =>
  Effect.map(world.requests(), (requests) => Math.round(requests.find(isOf(reference))?.at ?? Number.NaN))

const refusedAt = (world: World, reference: string) =>
  Effect.map(world.requests("create"), (requests) => Math.round(requests.find(isOf(reference))?.at ?? Number.NaN))

describe.each(kinds)("%sAll pauses", (_, kind) => {
  for (const [what, retryAfter, millis] of [
    ["for the duration that Palomma asks for", 60, 60_000],
    ["for ten seconds if Palomma names no duration", undefined, 10_000],
    ["for ten seconds if the duration cannot be read", "soon", 10_000],
    ["for at most five minutes", 3_600, 300_000],
    ["not at all if Palomma asks for a zero duration", 0, 0]
  ] as const) {
    scenario(
      `${what}, and then continues with the next transfer`,
      kind,
      function* ({ process, world }) {
        yield* TestClock.adjust("1 hour")
        yield* world.fault("create", Fault.rateLimited(retryAfter), { containing: "first" })
        const results = yield* inTime(run(process, world, ["first", "second", "third"]))
        assert.deepStrictEqual(
          results.map(({ _tag }) => _tag),
          ["Failed", "Accepted", "Accepted"]
        )
        const refused = yield* refusedAt(world, "first")
        assert.strictEqual((yield* heardOf(world, "second")) - refused, millis)
        // It pauses once.
        assert.strictEqual((yield* heardOf(world, "third")) - refused, millis)
      },
      { start: { client } }
    )
  }

  scenario(
    "until the time that Palomma names as a date",
    kind,
    function* ({ process, world }) {
      const date = DateTime.makeUnsafe(90_000)
      yield* world.fault("create", Fault.rateLimited(date), { containing: "first" })
      yield* inTime(run(process, world, ["first", "second"]))
      assert.strictEqual(yield* heardOf(world, "second"), 90_000)
    },
    { start: { client } }
  )

  scenario("after a look-up that got this response, too", kind, function* ({ process, world }) {
    yield* world.fault("list", Fault.rateLimited(60), { containing: "first" })
    const results = yield* inTime(run(process, world, ["first", "second"]))
    assert.deepStrictEqual(
      results.map(({ _tag }) => _tag),
      ["Failed", "Accepted"]
    )
    assert.strictEqual((yield* heardOf(world, "second")) - (yield* heardOf(world, "first")), 60_000)
  })

  for (const [what, operation, fault] of [
    ["a rejected create", "create", Fault.respond({ status: 400, body: { message: "No" } })],
    ["a failed look-up", "list", Fault.respond({ status: 503, body: { message: "Later" } })]
  ] as const) {
    scenario(
      `not after ${what} without a rate limit`,
      kind,
      function* ({ process, world }) {
        yield* world.fault(operation, fault, { containing: "first" })
        const results = yield* inTime(run(process, world, ["first", "second"]))
        assert.deepStrictEqual(
          results.map(({ _tag }) => _tag),
          ["Failed", "Accepted"]
        )
        assert.strictEqual(yield* heardOf(world, "second"), yield* heardOf(world, "first"))
      },
      { start: { client: { retry: { reads: { maxAttempts: 1 } } } } }
    )
  }

  it.effect("while the outcome of the transfer that got this response is looked up, if it is unknown", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      // 429 is not in rejectedStatuses, so the outcome is unknown. The search is a single look-up.
      const process = yield* world.start({ transfers: { reconcileTimeout: 0 } })
      yield* world.fault("create", Fault.rateLimited(60), { containing: "first" })
      yield* inTime(run(process, world, ["first", "second"]))
      assert.strictEqual((yield* heardOf(world, "second")) - (yield* refusedAt(world, "first")), 60_000)
    })
  )

  scenario(
    "for all of its transfers at any concurrency, and none begins before the pause ends",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.rateLimited(60), { containing: "r0" })
      const references = Array.from({ length: 12 }, (_, n) => `r${n}x`)
      yield* inTime(run(process, world, references, 3))
      const refused = yield* refusedAt(world, "r0x")
      const logged = yield* Effect.forEach(references, (reference) => heardOf(world, reference))
      // Requests in flight continue.
      assert.strictEqual(logged.filter((at) => at === refused).length, 3)
      assert.strictEqual(logged.filter((at) => at === refused + 60_000).length, 9)
    },
    { start: { client } }
  )

  scenario(
    "not shorter because a later response asks for less",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.rateLimited(60), { containing: "first" })
      yield* world.fault("create", Fault.rateLimited(5), { containing: "second" })
      yield* inTime(run(process, world, ["first", "second", "third"], 2))
      assert.strictEqual((yield* heardOf(world, "third")) - (yield* refusedAt(world, "first")), 60_000)
    },
    { start: { client } }
  )

  scenario(
    "together with every other run of the service, and not with those of another process",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.rateLimited(60), { containing: "first" })
      const one = yield* Effect.forkChild(run(process, world, ["first"]))
      yield* until(() => process.steps.includes("replace rejected"))
      yield* TestClock.adjust("10 seconds")
      const refused = yield* refusedAt(world, "first")
      const two = yield* Effect.forkChild(run(process, world, ["second"]))
      yield* run(yield* world.start(), world, ["elsewhere"])
      yield* inTime(Fiber.join(two))
      yield* Fiber.join(one)
      assert.strictEqual((yield* heardOf(world, "second")) - refused, 60_000)
      assert.strictEqual((yield* heardOf(world, "elsewhere")) - refused, 10_000)
    },
    { start: { client } }
  )

  scenario(
    "and does not start the waiting transfers if the run is stopped meanwhile",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.rateLimited(60), { containing: "first" })
      // The second one is in flight while the third one waits, and is refused for a reason that would fail all others.
      yield* world.fault("list", Fault.slow("3 seconds"), { containing: "second" })
      yield* world.fault("create", Fault.respond({ status: 401, body: { message: "No" } }), { containing: "second" })
      const results = yield* inTime(run(process, world, ["first", "second", "third", "fourth"], 2))
      assert.deepStrictEqual(
        results.map(({ _tag }) => _tag).sort((a, b) => a.localeCompare(b)),
        ["Failed", "Failed", "Skipped", "Skipped"]
      )
      assert.isNaN(yield* heardOf(world, "third"))
    },
    { start: { client } }
  )
})
