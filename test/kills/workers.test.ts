// Laws 6 and 10, with workers: programs that hand transfers over and carry them are killed and stopped, connections are
// cut and the tables of the queue are dropped, while Palomma fails. Two hundred kills in CI, a few locally.
// `KILLS=500 npx -y pnpm@12.21.0 kills` sets the number.
import { assert, describe, it } from "@effect/vitest"
import { Palomma } from "@palomma-effect/client"
import { Durable } from "@palomma-effect/durable"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { randomUUID } from "node:crypto"
import * as Lives from "./support/lives.ts"
import * as Postgres from "./support/postgres.ts"
import { claim, handingOver, sweep, telling } from "./support/workerControls.ts"
import { points } from "./support/workerJob.ts"
import { type WorkerRound, workerRound, type WorkerRoundOptions } from "./support/workerRound.ts"

const total = Number(process.env["KILLS"] ?? ((process.env["CI"] ?? "") === "" ? 20 : 200))
const seed = process.env["KILLS_SEED"] ?? randomUUID().slice(0, 8)

// Three processes play three times as many lives in the same time.
const shares: ReadonlyArray<readonly [WorkerRoundOptions["store"], number]> = Postgres.isThere
  ? [
      ["SQLite", Math.floor(total / 5)],
      ["PostgreSQL", total - Math.floor(total / 5)]
    ]
  : [["SQLite", total]]

const longest = 200

/** Plays rounds over one store until programs were killed as often as requested. */
const rounds = Effect.fnUntraced(function* (store: WorkerRoundOptions["store"], kills: number, cache: string) {
  const played: Array<WorkerRound> = []
  const left = () => kills - played.reduce((sum, round) => sum + round.kills, 0)
  while (left() > 0) {
    const options = { store, seed: `${seed}-${store}-${played.length}`, kills: Math.min(longest, left()), faulty: 0.4 }
    played.push(yield* workerRound({ ...options, cache }))
  }
  return played
})

const sum = (rounds: ReadonlyArray<WorkerRound>, of: (round: WorkerRound) => number) =>
  rounds.reduce((sum, round) => sum + of(round), 0)

const print = (rounds: ReadonlyArray<WorkerRound>, store: string, seconds: number) => {
  const of = (count: (round: WorkerRound) => number) => sum(rounds, count)
  console.log(
    `${store} with ${store === "SQLite" ? "one worker" : "three workers"}: ${of(({ kills }) => kills)} kills, ` +
      `${of(({ stops }) => stops)} stops, ${of(({ cuts }) => cuts)} connections cut, tables dropped ` +
      `${of(({ drops }) => drops)} times, 40 % of the responses faulty; ${seconds.toFixed(0)} s`
  )
  for (const kind of ["payout", "payin"] as const) {
    const [many, twice] = kind === "payout" ? ["payouts", "paid twice"] : ["debits", "debited twice"]
    const count = (names: ReadonlyArray<string>) => names.filter((name) => name.startsWith(`${kind} `)).length
    console.log(
      `  ${of(({ orders }) => orders.filter((order) => order.kind === kind).length)} ${many}: ` +
        `${of(({ movedTwice }) => count(movedTwice))} ${twice}, ` +
        `${of(({ claimedWrongly }) => count(claimedWrongly))} claimed wrongly, ` +
        `${of(({ lost, unfinished }) => count(lost) + count(unfinished))} lost, ` +
        `${of(({ toldTwice }) => count(toldTwice))} told twice, ` +
        `${of(({ forAPerson }) => count(forAPerson))} need manual review ` +
        `(${of(({ withoutOutcome }) => count(withoutOutcome))} of them since their process was killed or stopped; ` +
        `${of(({ madeForAPerson }) => count(madeForAPerson))} exist at Palomma)`
    )
  }
  const atPoints = rounds.flatMap(({ atPoints }) => atPoints)
  console.log(`  at a point: ${points.map((p) => `${p} ${atPoints.filter((at) => at.endsWith(p)).length}`).join(", ")}`)
}

describe(`programs with workers that are killed while they pay and debit (seed ${seed})`, () => {
  it.live(
    "carry every transfer to its end once, tell of it once, and lose nothing",
    () =>
      Effect.gen(function* () {
        const cache = yield* Lives.directory
        const all = yield* Effect.forEach(
          shares,
          ([store, kills]) =>
            Effect.gen(function* () {
              const begin = performance.now()
              const played = yield* rounds(store, kills, cache)
              print(played, store, (performance.now() - begin) / 1_000)
              return played
            }),
          { concurrency: "unbounded" }
        )
        for (const round of all.flat()) {
          const { claimedWrongly, differing, halves, jobless, lost, movedTwice, toldTwice, unfinished, unsettled } =
            round
          assert.deepStrictEqual(
            { claimedWrongly, differing, halves, jobless, lost, movedTwice, toldTwice, unfinished, unsettled },
            {
              claimedWrongly: [],
              differing: [],
              halves: [],
              jobless: [],
              lost: [],
              movedTwice: [],
              toldTwice: [],
              unfinished: [],
              unsettled: []
            }
          )
          assert.isAbove(round.needed, 0)
        }
        assert.strictEqual(
          sum(all.flat(), ({ kills }) => kills),
          total
        )
        if (total < 100) return
        assert.isAbove(
          sum(all.flat(), ({ drops }) => drops),
          0
        )
        if (process.platform !== "win32") {
          assert.isAbove(
            sum(all.flat(), ({ stops }) => stops),
            0
          )
        }
        for (const { cuts } of all[1] ?? []) assert.isAbove(cuts, 0)
      }).pipe(Effect.scoped),
    600_000 + total * 60_000
  )
})

// Without these, the test above would prove nothing. They mostly wait.
describe.concurrent("programs with workers", () => {
  const say = (without: string, twice: ReadonlyArray<string>, what: string) =>
    console.log(`without ${without}: ${twice.length} ${what}, as expected`)

  for (const kind of ["payout", "payin"] as const) {
    it.live.skipIf(!Postgres.isThere || process.platform === "win32")(
      `would be caught without the claim in the journal, which moves a ${kind === "payout" ? "payout" : "debit"} twice`,
      () =>
        Effect.gen(function* () {
          const [withClaim, without] = yield* Effect.all([claim(kind, true), claim(kind, false)], { concurrency: 2 })
          say("the claim in the journal", without, kind === "payout" ? "paid twice" : "debited twice")
          assert.deepStrictEqual(withClaim, [])
          assert.lengthOf(without, 1)
        })
    )
  }

  it.live("would be caught without the sweep, which loses transfers when the queue is dropped", () =>
    Effect.gen(function* () {
      const [withSweep, without] = yield* Effect.all([sweep(true), sweep(false)], { concurrency: 2 })
      say("the sweep", without, "lost")
      assert.deepStrictEqual(withSweep, [])
      assert.isAbove(without.length, 0)
    })
  )

  for (const [what, control, how, result] of [
    ["onEnd", telling, "did not share its transaction, which tells twice", "told twice"],
    ["intend", handingOver, "did not join the transaction of the order", "without an order"]
  ] as const) {
    it.live(`would be caught if ${what} ${how}`, () =>
      Effect.gen(function* () {
        const [shared, separate] = yield* Effect.all([control(true), control(false)], { concurrency: 2 })
        say(`the transaction of ${what}`, separate, result)
        assert.deepStrictEqual(shared, [])
        assert.isAbove(separate.length, 0)
      })
    )
  }

  it.live.skipIf(!Postgres.isThere)("do not start over sessions whose time zone is not UTC", () =>
    Effect.gen(function* () {
      const simulator = yield* PalommaSimulator
      const url = new URL(yield* Postgres.schema)
      url.searchParams.set("options", `${url.searchParams.get("options") ?? ""} -c TimeZone=Asia/Tokyo`)
      const palomma = Palomma.layerFetch({ apiKey: Redacted.make(simulator.apiKey), baseUrl: simulator.url, fetch })
      const worker = Durable.layerWorker().pipe(
        Layer.provide(Durable.layer()),
        Layer.provide([Postgres.client(url.href), palomma])
      )
      const error = yield* Effect.flip(Effect.scoped(Layer.build(worker)))
      assert.include(String(error), "TimeZone")
    }).pipe(Effect.scoped, Effect.provide(layerServer()))
  )
})
