/**
 * One file of payouts and debits, one simulated Palomma that fails at a configured rate, and a program that is killed
 * meanwhile.
 */
import { Payins, Payouts, type Transfer, type TransferKind } from "@palomma-effect/client"
import { Fault, PalommaSimulator } from "@palomma-effect/testing"
import { layerServer, PalommaServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Cause, causeOf } from "./causes.ts"
import { facts, type Facts, type Made, endAll } from "./facts.ts"
import { type Job, type Line, payinIntent, payoutIntent } from "./job.ts"
import * as Lives from "./lives.ts"
import { type Name, nameOf } from "./name.ts"
import * as Postgres from "./postgres.ts"
import { parseReports, type Report } from "./reports.ts"
import { journalOf, layer, type Store } from "./services.ts"
import { type FalseReport, falseReports } from "./truth.ts"
import { type Verdict, verdict } from "./verdict.ts"

/** The possible faults of a create. One is drawn. */
export const faults: ReadonlyArray<Fault.Fault> = [
  Fault.drop(),
  Fault.drop({ by: "close" }),
  Fault.commitThenDrop,
  Fault.respond({ status: 500, body: { message: "Internal error" }, takesEffect: true }),
  Fault.respond({ status: 500, body: { message: "Internal error" } }),
  Fault.respond({ status: 400, body: { message: "The account cannot be used now" } }),
  Fault.hang(),
  Fault.hang({ at: "body" }),
  // It takes effect after the caller has stopped waiting.
  Fault.slow("700 millis", { takesEffect: "after" })
]

/** The program that is killed. */
export const program = join(import.meta.dirname, "payer.ts")

/** Options of a round. */
export interface RoundOptions {
  readonly store: Store["_tag"]
  readonly seed: string
  /** The number of payouts, and the number of debits. */
  readonly lines: number
  readonly kills: number
  /** The share of creates with a fault. */
  readonly faulty: number
  /** The directory of the compile cache, so that a life starts faster. */
  readonly cache: string
}

/** A transfer that needs manual review, and why. */
export interface ForAPerson {
  readonly kind: TransferKind
  readonly cause: Cause
  readonly wasMade: boolean
}

/** The result of a round. */
export interface Round extends Verdict {
  readonly lines: number
  readonly kills: number
  /** The number of results that were compared with the facts. */
  readonly checked: number
  readonly falseReports: ReadonlyArray<FalseReport>
  readonly people: ReadonlyArray<ForAPerson>
  /** Transfers that were not made exactly once after the manual review of those that needed it. */
  readonly unsettled: ReadonlyArray<string>
}

/** Random lines for accounts. */
export const linesOf = Effect.fnUntraced(function* (prefix: string, accounts: ReadonlyArray<string>, count: number) {
  const lines: Array<Line> = []
  for (let i = 0; i < count; i++) {
    const amount = yield* Random.nextIntBetween(10_000, 90_000)
    lines.push({ reference: `${prefix}-${i}`, accountId: accounts[i % accounts.length] ?? "", amount })
  }
  return lines
})

interface Death {
  readonly moment: Lives.Moment
  /** Whether it begins with lines that others have claimed. */
  readonly claimedFirst: boolean
}

// Most lives end while they send, half of these just when a claim is written or a body is handed over. A few last until
// they have waited for the claims of others, and look those up.
const death = Effect.fnUntraced(function* (within: number) {
  const chance = yield* Random.next
  if (chance < 0.1) return { moment: yield* Lives.after(8_000), claimedFirst: true } satisfies Death
  if (chance < 0.5) return { moment: yield* Lives.after(within), claimedFirst: false } satisfies Death
  const times = yield* Random.nextIntBetween(1, within / 20)
  const text = chance < 0.65 ? '"claiming"' : '"handedOver"'
  return { moment: { _tag: "Once", text, times }, claimedFirst: false } satisfies Death
})

// Sometimes no server listens for a moment, which proves that nothing was sent.
/** Takes the server away for moments, until it is interrupted. */
export const absences = Effect.gen(function* () {
  const server = yield* PalommaServer
  while (true) {
    yield* Effect.sleep(yield* Random.nextIntBetween(1_000, 5_000))
    const absence = Effect.sleep(yield* Random.nextIntBetween(10, 150))
    yield* server.pause.pipe(
      Effect.andThen(absence),
      Effect.andThen(Effect.orDie(server.resume)),
      Effect.uninterruptible
    )
  }
})

// A person finds out for each what really happened, and the rest is paid without faults.
const endByHand = Effect.fnUntraced(function* (rows: ReadonlyArray<Transfer>, made: ReadonlyArray<Made>) {
  const payouts = yield* Payouts
  const payins = yield* Payins
  for (const row of rows) {
    if (row.state !== "needsReview") continue
    const { kind, reference, version } = row
    const record = made.find((record) => nameOf(record) === nameOf(row))
    const word = { version, by: "ana", note: "Palomma's ledger" }
    const { resolve } = kind === "payout" ? payouts : payins
    yield* resolve(
      reference,
      record === undefined ? { as: "not-paid", ...word } : { as: "paid", recordId: record.id, ...word }
    )
  }
})

const playing = Effect.fnUntraced(function* (options: RoundOptions) {
  const simulator = yield* PalommaSimulator
  const { cache, faulty, kills } = options
  const directory = yield* Lives.directory
  const store: Store =
    options.store === "SQLite"
      ? { _tag: "SQLite", filename: join(directory, "journal") }
      : { _tag: "PostgreSQL", url: yield* Postgres.schema }
  const accounts = Array.from({ length: 10 })
  const targets = yield* Effect.forEach(accounts, () => simulator.addPayoutTarget())
  const sources = yield* Effect.forEach(accounts, () => simulator.addPayinSource())
  const ids = (records: ReadonlyArray<{ readonly id: string }>) => records.map(({ id }) => id)
  const payments = yield* linesOf("salary", ids(targets), options.lines)
  const debits = yield* linesOf("rent", ids(sources), options.lines)
  const names = [
    ...payments.map(({ reference }): Name => ({ kind: "payout", reference })),
    ...debits.map(({ reference }): Name => ({ kind: "payin", reference }))
  ]

  const arm = simulator.fault({
    operation: ["payoutRequests.create", "payinRequests.create"],
    kind: faults,
    rate: faulty
  })
  yield* arm
  // One look-up in four does not show recent records yet: an empty result must prove nothing.
  yield* simulator.fault({
    operation: ["payoutRequests.list", "payinRequests.list"],
    kind: Fault.lag("5 seconds"),
    rate: 0.25
  })
  const endpoint = { apiKey: simulator.apiKey, url: simulator.url }
  const reportsOf: Array<ReadonlyArray<Report>> = []
  const begin = Effect.fnUntraced(function* (job: Partial<Job>, moment?: Lives.Moment) {
    const life = `life-${reportsOf.length}`
    const place = reportsOf.push([]) - 1
    // All lives read the file in its order, so that processes meet.
    const whole: Job = {
      life,
      endpoint,
      store,
      payments,
      debits,
      claimedFirst: false,
      concurrency: 4,
      sendTimeout: 300,
      reconcileTimeout: 1_000,
      maxRuns: 100,
      ...job
    }
    const file = join(directory, `${life}.json`)
    writeFileSync(file, JSON.stringify(whole))
    const ended = yield* Lives.run({ arguments: [program, file], env: { NODE_COMPILE_CACHE: cache } }, moment)
    if (!ended.wasKilled && ended.code !== 0) {
      return yield* Effect.die(new Error(`A program failed: ${ended.errors}`))
    }
    reportsOf[place] = parseReports(ended.output)
    yield* endAll(Random.next)
    return ended
  })

  const processes = options.store === "SQLite" ? 1 : 3
  let left = kills
  const killing = Effect.gen(function* () {
    while (left > 0) {
      left -= 1
      const { claimedFirst, moment } = yield* death(processes === 1 ? 400 : 1_200)
      const { wasKilled } = yield* begin({ claimedFirst }, moment)
      if (wasKilled) continue
      // It has reached the end of the file.
      left += 1
      break
    }
  })
  const together = <A, E, R>(self: Effect.Effect<A, E, R>) =>
    Effect.all(
      Array.from({ length: processes }, () => self),
      { concurrency: "unbounded", discard: true }
    )
  yield* Effect.raceFirst(together(killing), absences)
  // At the end the lists show everything.
  yield* Effect.andThen(simulator.clearFaults, arm)
  // The last lives are not killed, and a busy machine needs more than 300 ms for a connection.
  yield* together(begin({ sendTimeout: 30_000, concurrency: 25 }))

  const before = yield* facts
  const byHand = { sendTimeout: "30 seconds", quietTime: "1 millis" } as const
  const seen = yield* Effect.gen(function* () {
    const payouts = yield* Payouts
    const payins = yield* Payins
    const rows = [...(yield* Stream.runCollect(payouts.list())), ...(yield* Stream.runCollect(payins.list()))]
    const found = verdict(names, rows, before.made)
    yield* simulator.clearFaults
    yield* endByHand(rows, before.made)
    yield* Stream.runDrain(payouts.sendAll(Stream.fromIterable(payments.map(payoutIntent))))
    yield* Stream.runDrain(payins.chargeAll(Stream.fromIterable(debits.map(payinIntent))))
    const made = new Set(before.made.map(nameOf))
    const people = rows
      .filter(({ state }) => state === "needsReview")
      .map((row): ForAPerson => ({ kind: row.kind, cause: causeOf(row, reportsOf), wasMade: made.has(nameOf(row)) }))
    return { ...found, people }
  }).pipe(Effect.provide(layer(endpoint, journalOf(store), byHand)))
  const after: Facts = yield* facts
  const madeAfter = Map.groupBy(after.made, nameOf)
  const round: Round = {
    ...seen,
    lines: options.lines,
    kills: kills - left,
    checked: reportsOf.flat().filter((line) => line.is === "result").length,
    falseReports: reportsOf.flatMap((reports) => falseReports(reports, before)),
    unsettled: names.map(nameOf).filter((name) => madeAfter.get(name)?.length !== 1)
  }
  return round
})

/** Plays a round. */
export const round = (options: RoundOptions) =>
  playing(options).pipe(
    Effect.scoped,
    Effect.provide(layerServer({ seed: options.seed, maxRequestsKept: 1_000_000, balances: { default: 1e12 } })),
    Random.withSeed(options.seed)
  )
