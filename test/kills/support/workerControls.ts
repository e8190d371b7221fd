/** Small cases in which the library, without one of its parts, must be caught. Each is played with that part too. */
import type { TransferKind } from "@palomma-effect/client"
import { Durable } from "@palomma-effect/durable"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import { dropAll } from "./dropped.ts"
import { endAll, facts } from "./facts.ts"
import * as Lives from "./lives.ts"
import * as Orders from "./orders.ts"
import { linesOf } from "./round.ts"
import type { Store } from "./services.ts"
import { verdict } from "./verdict.ts"
import type { Order, Point, WorkerJob } from "./workerJob.ts"
import { live, type World } from "./workerLives.ts"
import { open, services } from "./workerRound.ts"

const kinds: ReadonlyArray<TransferKind> = ["payout", "payin"]

const prepare = Effect.fnUntraced(function* (tag: Store["_tag"], count: number) {
  const simulator = yield* PalommaSimulator
  const directory = yield* Lives.directory
  const { store } = yield* open(tag, directory)
  const orders: Array<Order> = []
  for (const kind of kinds) {
    const { id } = yield* kind === "payout" ? simulator.addPayoutTarget() : simulator.addPayinSource()
    for (const line of yield* linesOf(`order-${kind}`, [id], count)) orders.push({ ...line, kind })
  }
  yield* Effect.provide(Orders.create, services(store, simulator))
  const world: World = { simulator, store, directory, cache: directory, running: new Set() }
  return { world, orders }
})

/** Waits for a fact. What never becomes true ends with the time limit of the test. */
const until = <E, R>(is: Effect.Effect<boolean, E, R>) =>
  Effect.repeat(Effect.delay(is, "50 millis"), { until: (seen) => seen })

const printed = ({ running }: World, text: string) =>
  until(Effect.sync(() => [...running].some(({ output }) => output().includes(text))))

const played = <A, E, R>(self: Effect.Effect<A, E, R>) =>
  self.pipe(Effect.scoped, Effect.provide(layerServer({ balances: { default: 1e12 } })), Random.withSeed("control"))

const isRecorded = Durable.use(({ list }) =>
  Effect.map(Stream.runCollect(list()), (rows) => rows.some(({ recordId }) => recordId !== undefined))
)

/**
 * A worker is stopped after its look-up, until another one has sent the transfer. Returns the transfers that were made
 * twice.
 */
export const claim = (kind: TransferKind, isThere: boolean) =>
  played(
    Effect.gen(function* () {
      const { orders: all, world } = yield* prepare("PostgreSQL", 1)
      const orders = all.filter((order) => order.kind === kind)
      const life = { orders, sendTimeout: 300_000, isLast: true } as const
      const wrong = isThere ? {} : ({ wrong: "no claim" } as const)
      const signal = { signal: "SIGSTOP", point: "looked up", times: 1 } as const
      const stopped = yield* Effect.forkChild(live(world, 0, { ...life, ...wrong, life: "stopped", signal }))
      yield* printed(world, '"SIGSTOP"')
      const [first] = world.running
      const other = yield* Effect.forkChild(live(world, 1, { ...life, ...wrong, life: "other" }))
      const made = Effect.map(facts, ({ made }) => made)
      // Before the other one has recorded its answer, the stopped one could still read it and not send.
      yield* Effect.provide(until(isRecorded), services(world.store, world.simulator))
      first?.signal("SIGCONT")
      const ending = Effect.forever(Effect.delay(endAll(Random.next), "200 millis"))
      const ended = Effect.andThen(Fiber.join(stopped), Fiber.join(other))
      const twice = until(Effect.map(made, ({ length }) => length === 2))
      yield* Effect.raceFirst(Effect.raceFirst(Effect.asVoid(ended), Effect.asVoid(twice)), ending)
      return verdict([], [], yield* made).movedTwice
    })
  )

/** The tables of the queue are dropped while money is on its way. Returns the transfers that are without a job then. */
export const sweep = (isThere: boolean) =>
  played(
    Effect.gen(function* () {
      const { orders, world } = yield* prepare("SQLite", 3)
      const sweepEvery = isThere ? 1_000 : 1e9
      const life = { life: "dropped", orders, sendTimeout: 300_000, isLast: true, sweepEvery } as const
      const living = yield* Effect.forkChild(live(world, 0, life))
      yield* printed(world, '"jobs"')
      yield* dropAll(world.store)
      yield* endAll(Random.next)
      // Without the sweep it never ends.
      yield* isThere ? Fiber.join(living) : Effect.sleep("4 seconds")
      yield* Fiber.interrupt(living)
      return (yield* Effect.provide(Orders.needs, services(world.store, world.simulator))).jobless
    })
  )

// The first program is killed at a point, and the second one runs to its end.
const killedAt = Effect.fnUntraced(function* (point: Point, wrong: WorkerJob["wrong"]) {
  const { orders, world } = yield* prepare("SQLite", 1)
  const life = { orders, sendTimeout: 300_000, isLast: true, ...(wrong === undefined ? {} : { wrong }) } as const
  const signal = { signal: "SIGKILL", point, times: 1 } as const
  const lives = Effect.all([
    live(world, 0, { ...life, life: "killed", signal }),
    live(world, 0, { ...life, life: "next" })
  ])
  const ending = Effect.forever(Effect.delay(endAll(Random.next), "200 millis"))
  const reports = (yield* Effect.raceFirst(lives, ending)).flatMap(({ reports }) => reports)
  return { reports, world }
})

/** The program is killed while it is told. Returns the transfers that it was told of twice. */
export const telling = (isShared: boolean) =>
  played(
    Effect.gen(function* () {
      const { reports, world } = yield* killedAt(
        "between onEnd and COMMIT",
        isShared ? undefined : "tells outside of the transaction"
      )
      const inside = yield* Effect.provide(Orders.tellings, services(world.store, world.simulator))
      return Orders.toldTwice([...reports.filter((line) => line.is === "told"), ...inside])
    })
  )

/**
 * The program is killed while it hands a transfer over. Returns the orders without a transfer, and the transfers
 * without an order.
 */
export const handingOver = (isShared: boolean) =>
  played(
    Effect.gen(function* () {
      const wrong = isShared ? undefined : "intends outside of the transaction"
      const { reports } = yield* killedAt("between intend and COMMIT", wrong)
      return reports.flatMap((line) => (line.is === "orders" ? line.halves : []))
    })
  )
