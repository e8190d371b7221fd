/**
 * The services of the example: `Payouts` with a journal in a SQLite file beside the CSV file, or in the PostgreSQL of
 * `PAYOUT_JOURNAL`.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import { Palomma, Payouts, type TransferJournal } from "@palomma-effect/client"
import { SqliteTransferJournal, SqlTransferJournal } from "@palomma-effect/durable"
import { Config, Effect, Layer, Option, type Redacted } from "effect"

const journal = (file: string, url: Option.Option<Redacted.Redacted>): Layer.Layer<TransferJournal, unknown> =>
  Option.isSome(url)
    ? SqlTransferJournal.layer().pipe(Layer.provide(PgClient.layer({ url: url.value })))
    : SqliteTransferJournal.layer({ filename: `${file}.journal` })

const duration = (name: string) => Effect.map(Config.option(Config.Duration(name)), Option.getOrUndefined)

/** The client, configured by environment variables. */
export const palomma = Palomma.layerConfig()

/** The services that pay a file. Environment variables can change the default times. */
export const services = (file: string) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const url = yield* Config.option(Config.Redacted("PAYOUT_JOURNAL"))
      const sendTimeout = yield* duration("PAYOUT_SEND_TIMEOUT")
      const reconcileTimeout = yield* duration("PAYOUT_RECONCILE_TIMEOUT")
      const quietTime = yield* duration("PAYOUT_QUIET_TIME")
      return Payouts.layer({ sendTimeout, reconcileTimeout, quietTime }).pipe(Layer.provide(journal(file, url)))
    })
  ).pipe(Layer.provideMerge(palomma))
