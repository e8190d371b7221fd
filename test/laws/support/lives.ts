/**
 * Processes that die. Each life is a set of services over the journal and the Palomma that outlive it; it can be cut off at any step
 * it takes: before or after a request, before or after a write to the journal. A dead life does nothing any more.
 */
import { assert } from "@effect/vitest"
import { PayoutJournal, type PayoutRow, Payouts, type PayoutsOptions } from "@palomma-effect/client"
import type { PayoutRequest, PayoutTargetId } from "@palomma-effect/schema"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { aPayoutTarget, palomma } from "../../support/payouts.ts"

export { baseUrl } from "../../support/payouts.ts"

/** Where a life is cut off: at its n-th step, and on which side of it. */
export interface Death {
  readonly step: number
  readonly side: "before" | "after"
}

/** One life of a process. */
export interface Life {
  readonly payouts: Payouts["Service"]
  /** How many steps it has taken. */
  readonly steps: () => number
  readonly isDead: () => boolean
  /** Cuts it off where it stands. */
  readonly kill: () => void
  /** Ends it in good order: what is in flight is written down. */
  readonly close: Effect.Effect<void>
}

/** What outlives a process: Palomma, and the journal on its disk. */
export interface World {
  readonly simulator: PalommaSimulator["Service"]
  readonly journal: PayoutJournal["Service"]
  readonly payoutTargetId: PayoutTargetId
}

/** A world with one account that can be paid. */
export const makeWorld = Effect.gen(function* () {
  const context = yield* Layer.build(PayoutJournal.layerMemory)
  const simulator = yield* PalommaSimulator
  const payoutTargetId = yield* aPayoutTarget.pipe(
    Effect.provide(palomma().pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, simulator.httpClient)))),
    Effect.orDie
  )
  const world: World = { simulator, journal: Context.get(context, PayoutJournal), payoutTargetId }
  return world
})

/** Begins a life. */
export const begin = Effect.fnUntraced(function* (
  world: World,
  options: PayoutsOptions = {},
  death?: Death,
  // What lets others come in between: before and after every step.
  between: (step: string) => Effect.Effect<void> = () => Effect.yieldNow
) {
  let steps = 0
  let dead = false
  const step = <A, E, R>(name: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      if (dead) return Effect.never
      steps += 1
      const dies = death?.step === steps
      if (dies && death.side === "before") {
        dead = true
        return Effect.never
      }
      // What had begun when death came still happens; only that nobody hears of it.
      return between(`before ${name}`).pipe(
        Effect.andThen(effect),
        Effect.onExit(() => {
          if (dies) dead = true
          return dead ? Effect.never : between(`after ${name}`)
        })
      )
    })
  const { journal } = world
  const mortal = Layer.mergeAll(
    Layer.succeed(PayoutJournal, {
      isDurable: true,
      find: (key) => step("find", journal.find(key)),
      findByPayoutRequestId: (environment, id) => step("find by id", journal.findByPayoutRequestId(environment, id)),
      insert: (row) => step("insert", journal.insert(row)),
      replace: (row) => step(`write ${row.state}`, journal.replace(row)),
      list: (environment, state) => step("list", journal.list(environment, state))
    }),
    Layer.succeed(
      HttpClient.HttpClient,
      HttpClient.transform(world.simulator.httpClient, (sent, { method }) => step(method, sent))
    )
  )
  const scope = yield* Scope.make()
  const context = yield* Layer.buildWithScope(
    Payouts.layer(options).pipe(Layer.provide(palomma()), Layer.provide(mortal), Layer.orDie),
    scope
  )
  const life: Life = {
    payouts: Context.get(context, Payouts),
    steps: () => steps,
    isDead: () => dead,
    kill: () => {
      dead = true
    },
    close: Scope.close(scope, Exit.void)
  }
  return life
})

/** Asserts that what a row of the journal claims is so. */
export const agrees = (row: PayoutRow | undefined, paid: ReadonlyArray<Pick<PayoutRequest, "id" | "status">>): void => {
  const claim = row === undefined ? "nothing is known" : `"${row.reference}" is ${row.state}`
  assert.isAtMost(paid.length, 1, "paid more than once")
  switch (row?.state) {
    case undefined:
    case "intended":
    case "rejected":
      assert.strictEqual(paid.length, 0, `${claim}, but Palomma has it`)
      break
    case "accepted":
      assert.strictEqual(paid[0]?.id, row?.payoutRequestId, `${claim}, but as another payout`)
      break
    case "approved":
    case "cancelled":
      assert.strictEqual(paid[0]?.status, row?.state, `${claim}, but it is not`)
      break
    case "sending":
    case "unknown":
    case "needsAttention":
      break
  }
}

/** Lets time pass until a fiber has come to its end, or its life has; for an hour and a half at the most. */
export const awaitEnd = (fiber: Fiber.Fiber<unknown, unknown>, life?: Life): Effect.Effect<void> =>
  Effect.gen(function* () {
    for (let minute = 0; minute < 90 && fiber.pollUnsafe() === undefined && life?.isDead() !== true; minute++) {
      for (let i = 0; i < 50; i++) yield* Effect.yieldNow
      yield* TestClock.adjust("1 minute")
    }
  })
