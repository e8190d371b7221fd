/** Metrics of transfers, for dashboards and alerts. */
import { assert, describe, it } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { failure, inTime, type Kind, kinds, makeWorld, scenario } from "./support/scenario.ts"

const prefix = "palomma_transfers_"

const counted = ({ name }: Kind) =>
  Effect.map(Metric.snapshot, (metrics) => {
    const counts: Record<string, number> = {}
    for (const { attributes, id, state } of metrics) {
      if (id.startsWith(prefix) && attributes?.["kind"] === name && "count" in state) {
        counts[id.slice(prefix.length)] = Number(state.count)
      }
    }
    return counts
  })

// The increase of each counter of a kind during an effect. Unchanged counters are left out.
const risenBy = <A, E, R>(kind: Kind, effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const before = yield* counted(kind)
    yield* effect
    const after = Object.entries(yield* counted(kind))
    return Object.fromEntries(
      after
        .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
        // How many look-ups a search needs depends on its random pauses.
        .filter(([name, count]) => count > 0 && name !== "look_ups")
    )
  })

describe.each(kinds)("%s counts", (_, kind) => {
  scenario("a transfer that Palomma accepted", kind, function* ({ process, world }) {
    assert.deepStrictEqual(yield* risenBy(kind, process.send(world.intent("a"))), { sent: 1 })
    assert.deepStrictEqual(yield* risenBy(kind, process.send(world.intent("a"))), {})
  })

  scenario("a transfer in doubt, and that it was found", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.commitThenDrop)
    assert.deepStrictEqual(yield* risenBy(kind, inTime(process.send(world.intent("a")))), {
      in_doubt: 1,
      reconciled: 1
    })
  })

  it.effect("a transfer that was found before it was sent", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* kind.addRecord(world.simulator, world.intent("a"))
      const process = yield* world.start()
      assert.deepStrictEqual(yield* risenBy(kind, process.send(world.intent("a"))), { reconciled: 1 })
    })
  )

  scenario("each claim after one that had no effect", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.refuse, { times: 3 })
    assert.deepStrictEqual(yield* risenBy(kind, failure(process.send(world.intent("a")))), { resent: 2 })
    assert.deepStrictEqual(yield* risenBy(kind, inTime(process.send(world.intent("a")))), { resent: 1, sent: 1 })
  })

  scenario("a transfer that enters manual review, once", kind, function* ({ process, world }) {
    yield* world.fault("create", Fault.drop())
    assert.deepStrictEqual(yield* risenBy(kind, failure(process.send(world.intent("a")))), {
      in_doubt: 1,
      reviews: 1
    })
    assert.deepStrictEqual(yield* risenBy(kind, failure(process.send(world.intent("a")))), {})
  })

  it.effect("an alarm, once", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      yield* kind.addRecord(world.simulator, world.intent("a"))
      yield* kind.addRecord(world.simulator, world.intent("a"))
      const process = yield* world.start()
      assert.deepStrictEqual(yield* risenBy(kind, failure(process.send(world.intent("a")))), {
        alarms: 1,
        reconciled: 1
      })
      assert.deepStrictEqual(yield* risenBy(kind, failure(process.send(world.intent("a")))), {})
    })
  )
})
