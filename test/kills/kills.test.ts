// Law 6, with real processes: a program that pays a file is killed while it pays, again and again, while Palomma fails.
//
// A hundred times in CI, a few times elsewhere. `KILLS=2000 npx -y pnpm@12.21.0 kills` says how often; `KILLS_SEED` repeats the chance,
// though not the moments of a machine.
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { randomUUID } from "node:crypto"
import { control } from "./support/control.ts"
import * as Lives from "./support/lives.ts"
import * as Postgres from "./support/postgres.ts"
import { program, round, type Round, type RoundOptions } from "./support/round.ts"

const total = Number(process.env["KILLS"] ?? ((process.env["CI"] ?? "") === "" ? 20 : 100))
const seed = process.env["KILLS_SEED"] ?? randomUUID().slice(0, 8)
const stores: ReadonlyArray<RoundOptions["store"]> = Postgres.isThere ? ["SQLite", "PostgreSQL"] : ["SQLite"]

/** Rounds over one store until the program was killed as often as is said. */
const rounds = Effect.fnUntraced(function* (store: RoundOptions["store"], kills: number, cache: string) {
  const played: Array<Round> = []
  const left = () => kills - played.reduce((sum, round) => sum + round.kills, 0)
  while (left() > 0) {
    const options = {
      store,
      seed: `${seed}-${store}-${played.length}`,
      lines: 150,
      kills: Math.min(10, left()),
      faulty: 0.4,
      cache
    }
    played.push(yield* round(options))
  }
  return played
})

const sum = (rounds: ReadonlyArray<Round>, of: (round: Round) => number) =>
  rounds.reduce((sum, round) => sum + of(round), 0)

const print = (rounds: ReadonlyArray<Round>, store: string, seconds: number) => {
  const lines = sum(rounds, (round) => round.lines)
  const people = sum(rounds, (round) => round.forAPerson.length)
  const paid = sum(rounds, (round) => round.forAPersonThoughPaid.length)
  console.log(
    `${store.padEnd(11)}${String(sum(rounds, (round) => round.kills)).padStart(5)} kills of ${lines} payouts, 40 % of them faulty: ` +
      `${sum(rounds, (round) => round.paidTwice.length)} paid twice, ` +
      `${sum(rounds, (round) => round.claimedWrongly.length)} claimed wrongly, ` +
      `${sum(rounds, (round) => round.lost.length)} lost; ` +
      `${((100 * people) / lines).toFixed(1)} % need a person (${paid} of ${people} were paid); ${seconds.toFixed(0)} s`
  )
}

describe(`a program that is killed while it pays (seed ${seed})`, () => {
  it("is killed over PostgreSQL too, where tests must not be skipped", () =>
    assert.isTrue(Postgres.isThere || !Postgres.isRequired, "there is no PostgreSQL"))

  it.live(
    "pays nothing twice, claims nothing that is not so, and loses nothing",
    () =>
      Effect.gen(function* () {
        const cache = yield* Lives.directory
        // Once to its end, so that the compiled code is there for all those that never come to theirs.
        yield* Lives.runOnce({ arguments: [program, "help"], env: { NODE_COMPILE_CACHE: cache }, begins: "help" })
        const all = yield* Effect.forEach(
          stores,
          (store, i) =>
            Effect.gen(function* () {
              const begin = performance.now()
              const share = Math.floor(total / stores.length) + (i === 0 ? total % stores.length : 0)
              const played = yield* rounds(store, share, cache)
              print(played, store, (performance.now() - begin) / 1_000)
              return played
            }),
          { concurrency: "unbounded" }
        )
        for (const { claimedWrongly, lost, paidTwice, unsettled } of all.flat()) {
          assert.deepStrictEqual(
            { claimedWrongly, lost, paidTwice, unsettled },
            {
              claimedWrongly: [],
              lost: [],
              paidTwice: [],
              unsettled: []
            }
          )
        }
        assert.strictEqual(
          sum(all.flat(), ({ kills }) => kills),
          total
        )
      }).pipe(Effect.scoped),
    60_000 + total * 3_000
  )

  // If these were not caught, the proof above would prove nothing.
  for (const how of ["loop", "retryTransient"] as const) {
    it.live(
      `would be caught if it sent again what failed (${how})`,
      () =>
        Effect.gen(function* () {
          const paidTwice = yield* control(how, seed)
          console.log(`${how.padEnd(15)}: ${paidTwice.length} of 40 payouts paid twice, as it must be`)
          assert.isAbove(paidTwice.length, 0)
        }),
      60_000
    )
  }
})
