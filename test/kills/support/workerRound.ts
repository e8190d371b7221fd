/**
 * Orders of payouts and debits, one simulated Palomma that fails at a configured rate, and programs with workers that
 * are killed and stopped meanwhile.
 */
import { Palomma, type Transfer } from "@palomma-effect/client"
import { Durable } from "@palomma-effect/durable"
import { Fault, PalommaSimulator, WebhookFault } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { join } from "node:path"
import { drop } from "./dropped.ts"
import { endAll, facts, type Made } from "./facts.ts"
import * as Lives from "./lives.ts"
import { nameOf } from "./name.ts"
import * as Orders from "./orders.ts"
import * as Postgres from "./postgres.ts"
import { proxyTo } from "./proxy.ts"
import { absences, faults, linesOf } from "./round.ts"
import type { Store } from "./services.ts"
import { verdict, type Verdict } from "./verdict.ts"
import { fate, live, type Lived, type World } from "./workerLives.ts"
import { intentOf, type Order } from "./workerJob.ts"

/** Options of a round. */
export interface WorkerRoundOptions {
  readonly store: Store["_tag"]
  readonly seed: string
  readonly kills: number
  /** The share of creates with a fault. */
  readonly faulty: number
  readonly cache: string
}

/** The result of a round. */
export interface WorkerRound extends Verdict {
  readonly orders: ReadonlyArray<Order>
  readonly kills: number
  readonly stops: number
  /** How many of the kills and stops were at each point. */
  readonly atPoints: ReadonlyArray<string>
  readonly cuts: number
  readonly drops: number
  /** Orders without a transfer or transfers without an order, at the beginning of any life. */
  readonly halves: ReadonlyArray<string>
  /** How many transfers needed a job after the last kill, and those that had none. */
  readonly needed: number
  readonly jobless: ReadonlyArray<string>
  /** Transfers that have not ended, and that no person is asked about. */
  readonly unfinished: ReadonlyArray<string>
  readonly toldTwice: ReadonlyArray<string>
  /** Transfers whose order has another state. */
  readonly differing: ReadonlyArray<string>
  /** Transfers that need manual review although they exist at Palomma. */
  readonly madeForAPerson: ReadonlyArray<string>
  /** Transfers that need manual review since their process did not record an outcome. */
  readonly withoutOutcome: ReadonlyArray<string>
  /** Transfers that were not made exactly once after the manual review of those that needed it. */
  readonly unsettled: ReadonlyArray<string>
}

/** How many orders are added before each life: of each kind. */
const perLife = 1

/** The orders that only the last lives hand over, of each kind. */
const atTheEnd = 5

/** The services of a program without a worker, for the judge and for a person. */
export const services = (store: Store, simulator: PalommaSimulator["Service"]) => {
  const options = { quietTime: "1 millis", sendTimeout: "30 seconds" } as const
  return (
    store._tag === "SQLite"
      ? Durable.layerSqlite({ filename: store.filename, ...options })
      : Durable.layerPostgres({ url: store.url, ...options })
  ).pipe(
    Layer.provideMerge(
      Palomma.layerFetch({ apiKey: Redacted.make(simulator.apiKey), baseUrl: simulator.url, fetch: globalThis.fetch })
    )
  )
}

// Hands webhooks to any program that runs. One that is killed or stopped loses them.
const delivering = Effect.fnUntraced(function* ({ running, simulator }: World) {
  while (true) {
    for (const { encodedData, signature } of yield* simulator.webhooks.take) {
      const all = [...running]
      all[yield* Random.nextIntBetween(0, Math.max(1, all.length))]?.write(JSON.stringify({ encodedData, signature }))
    }
    yield* Effect.sleep("100 millis")
  }
})

// A person finds out for each what really happened, and the program hands over again what Palomma rejected.
const endByHand = Effect.fnUntraced(function* (
  rows: ReadonlyArray<Transfer>,
  made: ReadonlyArray<Made>,
  orders: ReadonlyArray<Order>
) {
  const durable = yield* Durable
  const orderOf = new Map(orders.map((order) => [nameOf(order), order]))
  for (const row of rows) {
    const order = orderOf.get(nameOf(row))
    if (row.state === "rejected" && order !== undefined) yield* durable.intend(intentOf(order))
    if (row.state !== "needsReview") continue
    const record = made.find((record) => nameOf(record) === nameOf(row))
    const word = { version: row.version, by: "ana", note: "Palomma's ledger" }
    yield* durable.resolve(
      row,
      record === undefined ? { as: "not-paid", ...word } : { as: "paid", recordId: record.id, ...word }
    )
  }
})

/** Opens a store of a round, with a proxy that can cut the connections of its programs. */
export const open = Effect.fnUntraced(function* (tag: Store["_tag"], directory: string) {
  if (tag === "SQLite") {
    const store: Store = { _tag: "SQLite", filename: join(directory, "journal") }
    return { store, cut: store, proxy: undefined }
  }
  const url = yield* Postgres.schema
  const at = new URL(url)
  const proxy = yield* proxyTo(at)
  at.hostname = "127.0.0.1"
  at.port = String(proxy.port)
  const store: Store = { _tag: "PostgreSQL", url }
  const cut: Store = { _tag: "PostgreSQL", url: at.href }
  return { store, cut, proxy }
})

const playing = Effect.fnUntraced(function* (options: WorkerRoundOptions) {
  const simulator = yield* PalommaSimulator
  const { cache, faulty, kills } = options
  const directory = yield* Lives.directory
  const { cut, proxy, store } = yield* open(options.store, directory)
  const accounts = Array.from({ length: 10 })
  const targets = yield* Effect.forEach(accounts, () => simulator.addPayoutTarget())
  const sources = yield* Effect.forEach(accounts, () => simulator.addPayinSource())
  const each = kills * perLife + atTheEnd
  const payments = yield* linesOf(
    "salary",
    targets.map(({ id }) => id),
    each
  )
  const debits = yield* linesOf(
    "rent",
    sources.map(({ id }) => id),
    each
  )
  const orders = payments.flatMap((line, i): ReadonlyArray<Order> => {
    const debit = debits[i]
    return [{ ...line, kind: "payout" }, ...(debit === undefined ? [] : [{ ...debit, kind: "payin" } as const])]
  })

  const arm = Effect.andThen(
    simulator.fault({ operation: ["payoutRequests.create", "payinRequests.create"], kind: faults, rate: faulty }),
    // One look-up in four does not show recent records yet: an empty result must prove nothing.
    simulator.fault({
      operation: ["payoutRequests.list", "payinRequests.list"],
      kind: Fault.lag("5 seconds"),
      rate: 0.25
    })
  )
  yield* arm
  yield* simulator.webhooks.fault({ kind: [WebhookFault.lose, WebhookFault.duplicate()], rate: 0.4 })

  const world: World = { simulator, store: cut, directory, cache, running: new Set() }
  const all = services(store, simulator)
  yield* Effect.provide(Orders.create, all)
  // The first life that ends by itself writes the compile cache.
  yield* live(world, 0, { life: "first", orders: [], sendTimeout: 30_000, isLast: true })

  const processes = options.store === "SQLite" ? 1 : 3
  const lives: Array<Lived> = []
  let started = 0
  let killed = 0
  let drops = 0
  const killing = (place: number) =>
    Effect.gen(function* () {
      while (started < kills) {
        started += 1
        const released = orders.slice(0, started * perLife * 2)
        const life = { life: `life-${lives.length}-${place}`, orders: released, sendTimeout: 3_000, isLast: false }
        const lived = yield* live(world, place, life, yield* fate(processes === 1 ? 0.1 : 0.25))
        lives.push(lived)
        // A life whose connection was cut at its beginning is started again.
        if (lived.wasKilled) killed += 1
        else started -= 1
        yield* endAll(Random.next)
      }
    })
  const dropping = Effect.gen(function* () {
    while (true) {
      yield* Effect.sleep(yield* Random.nextIntBetween(4_000, 10_000))
      if (yield* drop(store)) drops += 1
    }
  })
  const together = <A, E, R>(self: (place: number) => Effect.Effect<A, E, R>) =>
    Effect.all(
      Array.from({ length: processes }, (_, place) => self(place)),
      { concurrency: "unbounded" }
    )
  proxy?.lose(97, kills)
  const disturbed = Effect.raceFirst(Effect.raceFirst(together(killing), absences), dropping)
  yield* Effect.raceFirst(disturbed, delivering(world))
  proxy?.lose(97, 0)
  const cuts = proxy?.lost() ?? 0

  // Everyone is left alone, and ends by itself. Money is still on its way until each has looked at the jobs.
  yield* simulator.clearFaults
  const undisturbed = Effect.fnUntraced(function* (name: string) {
    const ending = Effect.gen(function* () {
      while (true) {
        const outputs = [...world.running].map(({ output }) => output())
        if (outputs.length > 0 && outputs.every((output) => output.includes('"jobs"'))) yield* endAll(Random.next)
        yield* Effect.sleep("300 millis")
      }
    })
    const last = together((place) =>
      live(world, place, { life: `${name}-${place}`, orders, sendTimeout: 30_000, concurrency: 25, isLast: true })
    )
    return yield* Effect.raceFirst(Effect.raceFirst(last, ending), delivering(world)).pipe(
      // A transfer that is lost never ends, and the judge names it.
      Effect.timeoutOption("10 minutes"),
      Effect.map((ended) => (ended._tag === "Some" ? ended.value : []))
    )
  })
  const last = yield* undisturbed("last")
  const before = yield* facts

  const seen = yield* Effect.gen(function* () {
    const durable = yield* Durable
    const rows = yield* Stream.runCollect(durable.list())
    const found = verdict(orders, rows, before.made)
    const halves = yield* Orders.halves
    const needs = yield* Orders.needs
    const toldTwice = Orders.toldTwice(yield* Orders.tellings)
    const differing = Orders.differing(rows, yield* Orders.all)
    const made = new Set(before.made.map(nameOf))
    yield* endByHand(rows, before.made, orders)
    return {
      ...found,
      unfinished: rows.filter(({ state, toldAt }) => state === "accepted" || toldAt === undefined).map(nameOf),
      halves,
      jobless: needs.jobless,
      toldTwice,
      differing,
      withoutOutcome: rows
        .filter(({ lastError, state }) => state === "needsReview" && lastError?.includes("did not record an outcome"))
        .map(nameOf),
      madeForAPerson: found.forAPerson.filter((name) => made.has(name))
    }
  }).pipe(Effect.provide(all))

  yield* undisturbed("after")
  const madeAfter = Map.groupBy((yield* facts).made, nameOf)
  const reports = [...lives, ...last].flatMap(({ reports }) => reports)
  const jobs = reports.filter((line) => line.is === "jobs")
  const round: WorkerRound = {
    ...seen,
    orders,
    kills: killed,
    stops: lives.filter(({ wasStopped }) => wasStopped).length,
    atPoints: reports.flatMap((line) => (line.is === "signalling" ? [`${line.signal} ${line.point}`] : [])),
    cuts,
    drops,
    halves: [...seen.halves, ...reports.flatMap((line) => (line.is === "orders" ? line.halves : []))],
    needed: Math.max(0, ...jobs.map(({ count }) => count)),
    jobless: [...seen.jobless, ...jobs.flatMap(({ jobless }) => jobless)],
    unsettled: orders.map(nameOf).filter((name) => madeAfter.get(name)?.length !== 1)
  }
  return round
})

/** Plays a round. */
export const workerRound = (options: WorkerRoundOptions) =>
  playing(options).pipe(
    Effect.scoped,
    Effect.provide(layerServer({ seed: options.seed, maxRequestsKept: 1_000_000, balances: { default: 1e12 } })),
    Random.withSeed(options.seed)
  )
