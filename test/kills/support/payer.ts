/**
 * A program that pays and debits the lines of a file, and reports the result of each.
 *
 * Usage: `node payer.ts <file>`
 *
 * It runs until every line was started, and can be killed at any moment.
 */
import { Payins, Payouts, type TransferKind } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import { readFileSync } from "node:fs"
import { type Job, type Line, payinIntent, payoutIntent } from "./job.ts"
import { nameOf } from "./name.ts"
import { resultOf } from "./results.ts"
import { type Result, writeReport } from "./reports.ts"
import { journalOf, layer } from "./services.ts"
import * as Witness from "./witness.ts"

const job: Job = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"))

let runs = 0
const run = (): string => `${job.life}.${runs}`

// Results that have to be tried again: the transfer was not sent, or the journal failed.
const isOpen = ({ tag }: Result): boolean =>
  tag === "Skipped" || tag === "TransferNotSent" || tag === "TransferJournalError"

const ordered = (all: ReadonlyArray<Line>, claimed: ReadonlySet<string>): ReadonlyArray<Line> => {
  const waiting = all.filter(({ reference }) => claimed.has(reference))
  const others = all.filter(({ reference }) => !claimed.has(reference))
  return job.claimedFirst ? [...waiting, ...others] : [...others, ...waiting]
}

const pay = Effect.gen(function* () {
  const payouts = yield* Payouts
  const payins = yield* Payins
  const { concurrency } = job
  const claimed = (of: typeof payouts | typeof payins) =>
    Stream.runFold(
      of.list({ state: "sending" }),
      () => new Set<string>(),
      (references, { reference }) => references.add(reference)
      // A busy machine needs longer for it than the timeout of a transfer.
    ).pipe(Effect.retry({ times: 100 }))
  const reported = new Set<string>()
  const left = (kind: TransferKind, lines: ReadonlyArray<Line>) =>
    lines.filter(({ reference }) => !reported.has(nameOf({ kind, reference })))
  const emit = (kind: TransferKind) => (transfer: Parameters<typeof resultOf>[2]) =>
    Effect.sync(() => {
      const result = resultOf(run(), kind, transfer)
      writeReport(result)
      if (!isOpen(result)) reported.add(nameOf(result))
    })

  console.log("Paying")
  for (; runs < job.maxRuns; runs++) {
    const payments = left("payout", job.payments)
    const debits = left("payin", job.debits)
    if (payments.length + debits.length === 0) return
    if (runs > 0) yield* Effect.sleep("250 millis")
    const paying = Stream.fromIterable(ordered(payments, yield* claimed(payouts)).map(payoutIntent))
    const debiting = Stream.fromIterable(ordered(debits, yield* claimed(payins)).map(payinIntent))
    yield* Stream.runDrain(
      Stream.merge(
        Stream.mapEffect(payouts.sendAll(paying, { concurrency }), emit("payout")),
        Stream.mapEffect(payins.chargeAll(debiting, { concurrency }), emit("payin"))
      )
    )
  }
})

const { endpoint, reconcileTimeout, sendTimeout, store } = job
const services = layer(
  endpoint,
  Witness.journal(journalOf(store)),
  { reconcileTimeout, sendTimeout },
  Witness.fetch(run)
)
await Effect.runPromise(pay.pipe(Effect.provide(Layer.merge(services, Logger.layer([])))))
