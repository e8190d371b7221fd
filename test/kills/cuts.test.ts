// Laws 6 and 10, with a journal whose connections are cut while a program pays and debits: at any moment of a
// statement, and after a statement was executed, so that only its response is lost. `CUTS=2000 npx -y pnpm@12.21.0
// kills` sets the number of cuts.
import { assert, describe, it } from "@effect/vitest"
import { Payins, Payouts, type Transfer, type TransferKind } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as References from "effect/References"
import { SqlClient } from "effect/sql/SqlClient"
import * as Stream from "effect/Stream"
import { avoidable, causeOf } from "./support/causes.ts"
import { facts } from "./support/facts.ts"
import { type Line, payinIntent, payoutIntent } from "./support/job.ts"
import { nameOf } from "./support/name.ts"
import * as Postgres from "./support/postgres.ts"
import { proxyTo } from "./support/proxy.ts"
import { resultOf } from "./support/results.ts"
import type { Report } from "./support/reports.ts"
import { journalOf, layer } from "./support/services.ts"
import { falseReports } from "./support/truth.ts"
import { verdict } from "./support/verdict.ts"
import * as Witness from "./support/witness.ts"

const wanted = Number(process.env["CUTS"] ?? "200")

// The number of transfers of each kind for so many cuts.
const lines = Math.ceil(wanted / 4)

/** Cuts connections until it has done so often enough or is interrupted, and counts the cuts. */
interface Cutter {
  readonly url: string
  readonly begin: Effect.Effect<unknown, unknown>
  readonly cuts: () => number
}

// Prefers a connection with a running statement.
const terminate = (application: string) =>
  SqlClient.use(
    (sql) => sql<{ readonly pid: number }>`
      SELECT pg_terminate_backend(pid), pid FROM (
        SELECT pid FROM pg_stat_activity WHERE application_name = ${application}
        ORDER BY state = 'active' DESC, random() LIMIT 1
      ) AS one`
  )

const terminating = Effect.gen(function* () {
  const url = new URL(yield* Postgres.schema)
  const application = `cuts_${process.pid}`
  url.searchParams.set("application_name", application)
  let cuts = 0
  const cutter: Cutter = {
    url: url.href,
    begin: Effect.gen(function* () {
      while (cuts < wanted) {
        cuts += (yield* terminate(application)).length
        yield* Effect.sleep(yield* Random.nextIntBetween(0, 30))
      }
    }).pipe(Effect.provide(Postgres.client())),
    cuts: () => cuts
  }
  return cutter
})

const losing = Effect.gen(function* () {
  const url = new URL(yield* Postgres.schema)
  const proxy = yield* proxyTo(url)
  url.hostname = "127.0.0.1"
  url.port = String(proxy.port)
  const cutter: Cutter = {
    url: url.href,
    // In proportion to the calls of one transfer to a journal, so that each of its statements is hit.
    begin: Effect.andThen(
      Effect.sync(() => proxy.lose(11, wanted)),
      Effect.never
    ).pipe(Effect.ensuring(Effect.sync(() => proxy.lose(11, 0)))),
    cuts: proxy.lost
  }
  return cutter
})

const ways = { "while statements run": terminating, "before their responses arrive": losing }

const cutting = Effect.fnUntraced(function* (way: keyof typeof ways) {
  const simulator = yield* PalommaSimulator
  const { begin, cuts, url } = yield* ways[way]
  const of = (prefix: string, accountId: string): ReadonlyArray<Line> =>
    Array.from({ length: lines }, (_, i) => ({ reference: `${prefix}-${i}`, accountId, amount: 10_000 + i }))
  const payments = of("salary", (yield* simulator.addPayoutTarget()).id)
  const debits = of("rent", (yield* simulator.addPayinSource()).id)

  const reports: Array<Report> = []
  let runs = 0
  const run = () => `cut.${runs}`
  const services = layer(
    { apiKey: simulator.apiKey, url: simulator.url },
    Witness.journal(journalOf({ _tag: "PostgreSQL", url }), (line) => reports.push(line)),
    { sendTimeout: "10 seconds", reconcileTimeout: "2 seconds" },
    Witness.fetch(run, (line) => reports.push(line))
  )
  return yield* Effect.gen(function* () {
    const payouts = yield* Payouts
    const payins = yield* Payins
    const cutter = yield* Effect.forkChild(begin)
    const names = [
      ...payments.map(({ reference }) => ({ kind: "payout", reference }) as const),
      ...debits.map(({ reference }) => ({ kind: "payin", reference }) as const)
    ]

    // A failure of the journal stops a run. The next run begins with the rest.
    const done = new Set<string>()
    const left = (kind: TransferKind, lines: ReadonlyArray<Line>) =>
      Stream.fromIterable(lines.filter(({ reference }) => !done.has(nameOf({ kind, reference }))))
    for (; done.size < names.length && runs < 100 + wanted; runs++) {
      const results = yield* Stream.runCollect(
        Stream.merge(
          Stream.map(payouts.sendAll(Stream.map(left("payout", payments), payoutIntent)), (result) =>
            resultOf(run(), "payout", result)
          ),
          Stream.map(payins.chargeAll(Stream.map(left("payin", debits), payinIntent)), (result) =>
            resultOf(run(), "payin", result)
          )
        )
      )
      reports.push(...results)
      for (const result of results) {
        if (result.tag === "Accepted" || result.tag === "TransferOutcomeUnknown") done.add(nameOf(result))
      }
    }
    yield* Fiber.interrupt(cutter)

    // The pool may still have a connection that was just cut.
    const rows: ReadonlyArray<Transfer> = yield* Effect.retry(
      Stream.runCollect(Stream.concat(payouts.list(), payins.list())),
      { times: 20 }
    )
    const now = yield* facts
    return {
      cuts: cuts(),
      runs,
      failed: reports.filter((line) => line.is === "result" && line.tag === "TransferJournalError").length,
      names: names.map(nameOf),
      made: now.made.map(nameOf),
      falseReports: falseReports(reports, now),
      // A busy machine may lose a response of Palomma, which no journal can know.
      needless: rows
        .filter((row) => row.state === "needsReview" && avoidable.includes(causeOf(row, [reports])))
        .map(nameOf),
      ...verdict(names, rows, now.made)
    }
  }).pipe(Effect.provide(services))
})

describe.skipIf(!Postgres.isThere)("a journal whose connections are cut", () => {
  for (const way of ["while statements run", "before their responses arrive"] as const) {
    it.live(
      `${way} moves every transfer once, reports each truthfully, and needs no manual review for it`,
      () =>
        Effect.gen(function* () {
          const seen = yield* cutting(way)
          const {
            claimedWrongly,
            cuts,
            failed,
            forAPerson,
            falseReports,
            lost,
            made,
            movedTwice,
            names,
            needless,
            runs
          } = seen
          console.log(
            `PostgreSQL: ${cuts} connections cut ${way}, over ${names.length} transfers in ${runs} runs, ${failed} failures ` +
              `and reported: ${movedTwice.length} paid or debited twice, ${claimedWrongly.length + falseReports.length} claimed wrongly, ` +
              `${lost.length} lost, ${forAPerson.length} need manual review`
          )
          assert.deepStrictEqual(
            { movedTwice, claimedWrongly, falseReports, lost, needless },
            { movedTwice: [], claimedWrongly: [], falseReports: [], lost: [], needless: [] }
          )
          assert.sameMembers([...made, ...forAPerson.filter((name) => !made.includes(name))], names)
          assert.isAbove(cuts, 10)
          assert.isAbove(failed, 0)
        }).pipe(
          Effect.scoped,
          Effect.provide(layerServer({ maxRequestsKept: 1_000_000, balances: { default: 1e12 } })),
          Effect.provideService(References.MinimumLogLevel, "None")
        ),
      600_000 + wanted * 5_000
    )
  }
})
