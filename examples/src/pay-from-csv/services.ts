/**
 * The services of the example: `Payouts` over a SQLite file beside the CSV file, or over PostgreSQL if `PAYOUT_JOURNAL` names one.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import { Palomma, type PayoutJournal, Payouts } from "@palomma-effect/client"
import { SqlitePayoutJournal, SqlPayoutJournal } from "@palomma-effect/durable"
import { Config, Effect, Layer, Option, type Redacted } from "effect"

const journal = (file: string, url: Option.Option<Redacted.Redacted>): Layer.Layer<PayoutJournal, unknown> =>
  Option.isSome(url)
    ? SqlPayoutJournal.layer().pipe(Layer.provide(PgClient.layer({ url: url.value })))
    : SqlitePayoutJournal.layer({ filename: `${file}.journal` })

/** Everything it takes to pay a file. The deadlines are Payouts' own unless `PAYOUT_SEND_DEADLINE` or `PAYOUT_PATIENCE` says otherwise. */
export const services = (file: string) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const url = yield* Config.option(Config.Redacted("PAYOUT_JOURNAL"))
      const sendDeadline = Option.getOrUndefined(yield* Config.option(Config.Duration("PAYOUT_SEND_DEADLINE")))
      const patience = Option.getOrUndefined(yield* Config.option(Config.Duration("PAYOUT_PATIENCE")))
      return Payouts.layer({ sendDeadline, patience }).pipe(Layer.provide(journal(file, url)))
    })
  ).pipe(Layer.provideMerge(Palomma.layerConfig()))
