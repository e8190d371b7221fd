/**
 * A program that pays and debits what a file asks for, and says what came of each.
 *
 *   node payer.ts <file>
 *
 * It runs until nothing is left that was not begun, and can be killed at any moment.
 */
import { Payins, Payouts, type TransferKind } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import { readFileSync } from "node:fs"
import { type Job, type Line, payinIntent, payoutIntent } from "./job.ts"
import { resultOf } from "./results.ts"
import { type Result, say } from "./said.ts"
import { journalOf, layer } from "./services.ts"
import * as Witness from "./witness.ts"

const job: Job = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"))

let runs = 0
const run = (): string => `${job.life}.${runs}`

const tell = (result: Result): Effect.Effect<boolean> =>
  Effect.sync(() => {
    say(result)
    return result.tag === "Skipped" || result.tag === "TransferNotSent"
  })

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
      // A busy machine needs longer for it than the time that a transfer has.
    ).pipe(Effect.retry({ times: 100 }))
  const told = (kind: TransferKind) => (result: Parameters<typeof resultOf>[2]) => tell(resultOf(run(), kind, result))
  const paying = (payments: ReadonlyArray<Line>) =>
    payouts
      .sendAll(Stream.fromIterable(payments.map(payoutIntent)), { concurrency })
      .pipe(Stream.mapEffect(told("payout")))
  const debiting = (debits: ReadonlyArray<Line>) =>
    payins
      .chargeAll(Stream.fromIterable(debits.map(payinIntent)), { concurrency })
      .pipe(Stream.mapEffect(told("payin")))

  console.log("Paying")
  for (let isLeft = true; isLeft; runs++) {
    if (runs > 0) yield* Effect.sleep("250 millis")
    const left = yield* Stream.merge(
      paying(ordered(job.payments, yield* claimed(payouts))),
      debiting(ordered(job.debits, yield* claimed(payins)))
    ).pipe(
      Stream.filter((isLeft) => isLeft),
      Stream.runCount
    )
    isLeft = left > 0 && runs < job.maxRuns
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
