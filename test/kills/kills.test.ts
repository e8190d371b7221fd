// Laws 6 and 10, with real processes: a program that pays and debits is killed meanwhile, again and again, while
// Palomma fails. A hundred times in CI, a few times locally. `KILLS=500 npx -y pnpm@12.21.0 kills` sets the number.
// `KILLS_SEED` repeats the random choices, but not the timing of a machine.
import { assert, describe, it } from "@effect/vitest"
import type { TransferKind } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import { randomUUID } from "node:crypto"
import { avoidable, count } from "./support/causes.ts"
import { asked, control } from "./support/control.ts"
import * as Lives from "./support/lives.ts"
import * as Postgres from "./support/postgres.ts"
import { type ForAPerson, round, type Round, type RoundOptions } from "./support/round.ts"

const total = Number(process.env["KILLS"] ?? ((process.env["CI"] ?? "") === "" ? 20 : 100))
const seed = process.env["KILLS_SEED"] ?? randomUUID().slice(0, 8)
const stores: ReadonlyArray<RoundOptions["store"]> = Postgres.isThere ? ["SQLite", "PostgreSQL"] : ["SQLite"]

/** Plays rounds over one store until the program was killed as often as requested. */
const rounds = Effect.fnUntraced(function* (store: RoundOptions["store"], kills: number, cache: string) {
  const played: Array<Round> = []
  const left = () => kills - played.reduce((sum, round) => sum + round.kills, 0)
  while (left() > 0) {
    const options = {
      store,
      seed: `${seed}-${store}-${played.length}`,
      lines: 100,
      kills: Math.min(15, left()),
      faulty: 0.4,
      cache
    }
    played.push(yield* round(options))
  }
  return played
})

const sum = (rounds: ReadonlyArray<Round>, of: (round: Round) => number) =>
  rounds.reduce((sum, round) => sum + of(round), 0)

const words: Record<TransferKind, readonly [many: string, twice: string]> = {
  payout: ["payouts", "paid twice"],
  payin: ["debits", "debited twice"]
}

const print = (rounds: ReadonlyArray<Round>, store: string, seconds: number) => {
  const lines = sum(rounds, (round) => round.lines)
  console.log(
    `${store}: ${sum(rounds, (round) => round.kills)} kills, 40 % of the responses faulty, ` +
      `${sum(rounds, (round) => round.checked)} results checked; ${seconds.toFixed(0)} s`
  )
  for (const kind of ["payout", "payin"] as const) {
    const [many, twice] = words[kind]
    const of = (names: ReadonlyArray<string>) => names.filter((name) => name.startsWith(`${kind} `)).length
    const people = rounds.flatMap(({ people }) => people.filter((person) => person.kind === kind))
    const falseReports = sum(
      rounds,
      ({ falseReports }) => falseReports.filter(({ result }) => result.kind === kind).length
    )
    console.log(
      `  ${lines} ${many}: ${sum(rounds, ({ movedTwice }) => of(movedTwice))} ${twice}, ` +
        `${sum(rounds, ({ claimedWrongly }) => of(claimedWrongly)) + falseReports} claimed wrongly, ` +
        `${sum(rounds, ({ lost }) => of(lost))} lost, ${people.length} need manual review`
    )
    const made = (people: ReadonlyArray<ForAPerson>) => people.filter(({ wasMade }) => wasMade).length
    for (const [cause, times] of count(people.map(({ cause }) => cause))) {
      if (times === 0) continue
      const ofCause = people.filter((person) => person.cause === cause)
      console.log(`    ${times}: ${cause} (${made(ofCause)} exist at Palomma)`)
    }
  }
}

describe(`a program that is killed while it pays and debits (seed ${seed})`, () => {
  it("is killed over PostgreSQL too if its tests must not be skipped", () =>
    assert.isTrue(Postgres.isThere || !Postgres.isRequired, "there is no PostgreSQL"))

  it.live(
    "moves no money twice, reports nothing false, and loses nothing",
    () =>
      Effect.gen(function* () {
        const cache = yield* Lives.directory
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
        for (const { claimedWrongly, falseReports, lost, movedTwice, people, unsettled } of all.flat()) {
          const needless = people.filter(({ cause }) => avoidable.includes(cause))
          assert.deepStrictEqual(
            { claimedWrongly, falseReports, lost, movedTwice, needless, unsettled },
            { claimedWrongly: [], falseReports: [], lost: [], movedTwice: [], needless: [], unsettled: [] }
          )
        }
        assert.strictEqual(
          sum(all.flat(), ({ kills }) => kills),
          total
        )
      }).pipe(Effect.scoped),
    600_000 + total * 60_000
  )

  // If these programs were not caught, the test above would prove nothing.
  for (const how of ["loop", "retryTransient"] as const) {
    it.live(`would be caught if it repeated failed requests (${how})`, () =>
      Effect.gen(function* () {
        const { debits, payouts, rounds } = yield* control(how, seed)
        const of = asked * rounds
        console.log(
          `${how}: of ${of} payouts ${payouts} paid twice, of ${of} debits ${debits} debited twice, as expected`
        )
        assert.isAbove(payouts, 0)
        assert.isAbove(debits, 0)
      })
    )
  }
})
