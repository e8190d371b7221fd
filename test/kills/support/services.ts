/** The services of a program that pays and debits. */
import {
  Palomma,
  Payins,
  Payouts,
  type TransferJournal,
  type TransferJournalError,
  type TransferOptions
} from "@palomma-effect/client"
import { type SqliteFileInUse, SqliteTransferJournal, SqlTransferJournal } from "@palomma-effect/durable"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { SqlError } from "effect/sql/SqlError"
import { client } from "./database.ts"

/** The store of a journal. */
export type Store =
  | { readonly _tag: "SQLite"; readonly filename: string }
  | { readonly _tag: "PostgreSQL"; readonly url: string }

/** The journal of a store. */
export const journalOf = (
  store: Store
): Layer.Layer<TransferJournal, TransferJournalError | SqliteFileInUse | SqlError> =>
  store._tag === "SQLite"
    ? SqliteTransferJournal.layer({ filename: store.filename })
    : SqlTransferJournal.layer().pipe(Layer.provide(client(store.url)))

/** The address of Palomma. */
export interface Endpoint {
  readonly apiKey: string
  readonly url: string
}

/** Both services, over a journal and a `fetch`. */
export const layer = <E>(
  endpoint: Endpoint,
  journal: Layer.Layer<TransferJournal, E>,
  options: TransferOptions,
  fetch: typeof globalThis.fetch = globalThis.fetch
) =>
  Layer.merge(Payouts.layer(options), Payins.layer(options)).pipe(
    Layer.provideMerge(journal),
    Layer.provideMerge(Palomma.layerFetch({ apiKey: Redacted.make(endpoint.apiKey), baseUrl: endpoint.url, fetch }))
  )
