/**
 * Law 6, exhaustively: every fault of one send, and a death of the process at every step it takes, twice in a row.
 */
import { assert, describe, it } from "@effect/vitest"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { agrees, awaitEnd, baseUrl, begin, type Death, type Life, makeWorld, type World } from "./support/lives.ts"

const faults: Readonly<Record<string, Fault.Fault | undefined>> = {
  "no fault": undefined,
  refused: Fault.refuse,
  "dropped before the effect": Fault.drop(),
  "dropped after the effect": Fault.commitThenDrop,
  "closed before the effect": Fault.drop({ by: "close" }),
  "closed after the effect": Fault.drop({ by: "close", effect: true }),
  "cut in the body": Fault.cut(),
  "closed in the body": Fault.cut({ by: "close" }),
  "not JSON": Fault.notJson,
  "hanging before the effect": Fault.hang({ at: "before" }),
  "hanging after the effect": Fault.hang({ at: "after" }),
  "hanging in the body": Fault.hang({ at: "body" }),
  slow: Fault.slow("20 seconds"),
  "slow, and late in its effect": Fault.slow("20 seconds", { effect: "last" }),
  "given up, and late in its effect": Fault.slow("90 seconds", { effect: "last" }),
  "given up, and very late in its effect": Fault.slow("15 minutes", { effect: "last" }),
  "another amount in the answer": Fault.rewrite("amount", 1),
  "another target in the answer": Fault.rewrite("payoutTargetId", "somebody-else"),
  "no id in the answer": Fault.rewrite("id", undefined),
  "no reference in the answer": Fault.rewrite("reference", undefined),
  "an unheard-of status": Fault.rewrite("status", "on-hold"),
  ...Object.fromEntries(
    [202, 302, 400, 401, 404, 409, 429, 500, 503].flatMap((status) => [
      [`${status} without effect`, Fault.respond({ status, body: { message: "No" } })],
      // A status of refusal after an effect is the one thing that the law does not ask for.
      ...(status === 400 || status === 401
        ? []
        : [[`${status} after the effect`, Fault.respond({ status, body: "", effect: true })]])
    ])
  )
}

const reference = "rent-2026-11"

const send = (life: Life, world: World) =>
  life.payouts.send({ reference, payoutTargetId: world.payoutTargetId, amount: 50_000 })

// A life in which the payout is sent once, for as long as anything may happen.
const live = Effect.fnUntraced(function* (world: World, death?: Death) {
  const life = yield* begin(world, {}, death)
  const fiber = yield* Effect.forkChild(Effect.exit(send(life, world)))
  yield* awaitEnd(fiber, life)
  yield* TestClock.adjust("10 minutes")
  const exit = Option.fromUndefinedOr(fiber.pollUnsafe())
  yield* Effect.sync(() => fiber.interruptUnsafe())
  return { life, exit }
})

const rowOf = (world: World) =>
  Effect.map(world.journal.find({ environment: baseUrl, reference }), Option.getOrUndefined)

const check = Effect.fnUntraced(function* (world: World) {
  const paid = yield* world.simulator.ledger.payoutsByReference(reference)
  agrees(yield* rowOf(world), paid)
  return paid
})

// A person asks Palomma, says what is so, and it is sent for the last time.
const finish = Effect.fnUntraced(function* (world: World) {
  yield* world.simulator.clearFaults
  yield* TestClock.adjust("1 day")
  const { life } = yield* live(world)
  const paid = yield* check(world)
  const row = yield* rowOf(world)
  if (row?.state === "needsAttention" || row?.state === "unknown") {
    const [payout] = paid
    yield* life.payouts.resolve(
      reference,
      payout === undefined
        ? { as: "not-paid", by: "ana", note: "asked" }
        : { as: "paid", payoutRequestId: payout.id, by: "ana", note: "asked" }
    )
    yield* live(world)
  }
  assert.strictEqual((yield* check(world)).length, 1, "never paid")
  assert.strictEqual((yield* rowOf(world))?.state, "accepted")
})

const simulated = PalommaSimulator.layer({ seed: 1 })

describe("law 6: a payout leaves at most once per reference", () => {
  for (const [name, fault] of Object.entries(faults)) {
    it.effect(`however often the process dies at any step, with the request ${name}`, () =>
      Effect.gen(function* () {
        const arm = (world: World) =>
          fault === undefined ? Effect.void : world.simulator.fault({ operation: "payoutRequests.create", kind: fault })

        const whole = yield* Effect.gen(function* () {
          const world = yield* makeWorld
          yield* arm(world)
          const { exit, life } = yield* live(world)
          assert.isTrue(Option.isSome(exit), "send never came to an end")
          yield* check(world)
          yield* finish(world)
          return life.steps()
        }).pipe(Effect.provide(simulated))
        assert.isAtLeast(whole, 4)

        for (let step = 1; step <= Math.min(whole, 10); step++) {
          for (const side of ["before", "after"] as const) {
            yield* Effect.gen(function* () {
              const world = yield* makeWorld
              yield* arm(world)
              yield* live(world, { step, side })
              yield* check(world)
              // The next life dies at the same step, and the one after it lives.
              yield* live(world, { step, side })
              yield* check(world)
              yield* live(world)
              yield* check(world)
              yield* finish(world)
            }).pipe(Effect.provide(simulated))
          }
        }
      })
    )
  }
})
