/**
 * The inboxes under test, each in a separate file or in tables that are removed afterwards.
 */
import { WebhookInbox } from "@palomma-effect/client/WebhookInbox"
import { SqlWebhookInbox } from "@palomma-effect/durable"
import { WebhookId } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { SqlClient } from "effect/sql/SqlClient"
import { join } from "node:path"
import * as SqliteClient from "../../src/internal/sqliteClient.ts"
import * as Postgres from "./postgres.ts"
import { directory } from "./stores.ts"

/** A database for inboxes. */
export interface Store {
  readonly prefix: string
  readonly database: Layer.Layer<SqlClient, unknown>
  readonly options: SqlWebhookInbox.Options
  /** The arguments with which another process opens the inbox. */
  readonly arguments: ReadonlyArray<string>
}

/** An empty database. */
export type MakeStore = Effect.Effect<Store, never, Scope.Scope>

let made = 0

const dropTables = (prefix: string) =>
  SqlClient.use((sql) =>
    sql.unsafe(`DROP TABLE IF EXISTS ${prefix}webhooks, ${prefix}webhooks_migrations, ${prefix}shipped`)
  ).pipe(Effect.provide(Postgres.layer()), Effect.orDie)

/** Makes the table to which handlers write. */
const makeShipped = ({ database, prefix }: Store) =>
  SqlClient.use((sql) => sql.unsafe(`CREATE TABLE ${prefix}shipped (item TEXT)`)).pipe(
    Effect.provide(Layer.fresh(database)),
    Effect.orDie
  )

const newPrefix = (): string => `inbox_${process.pid}_${made++}_`

export const sqlite = (options: SqlWebhookInbox.Options = {}): MakeStore =>
  Effect.map(directory, (path): Store => {
    const prefix = newPrefix()
    const filename = join(path, "shop.db")
    const database = Layer.effectDiscard(SqlClient.use((sql) => sql`PRAGMA journal_mode = WAL`)).pipe(
      Layer.provideMerge(SqliteClient.layer({ filename }))
    )
    return { prefix, database, options: { ...options, prefix }, arguments: ["sqlite", filename, prefix] }
  }).pipe(Effect.tap(makeShipped))

export const postgres = (
  options: SqlWebhookInbox.Options = {},
  database: Layer.Layer<SqlClient, unknown> = Postgres.layer()
): MakeStore =>
  Effect.acquireRelease(
    Effect.sync((): Store => {
      const prefix = newPrefix()
      return { prefix, database, options: { ...options, prefix }, arguments: ["postgres", "", prefix] }
    }),
    ({ prefix }) => dropTables(prefix)
  ).pipe(Effect.tap(makeShipped))

/** Opens an inbox with a connection of its own, as another process does. */
export const open = (store: Store, options: SqlWebhookInbox.Options = {}) =>
  Effect.map(
    Layer.build(
      Layer.fresh(
        SqlWebhookInbox.layer({ ...store.options, ...options }).pipe(Layer.provideMerge(store.database), Layer.orDie)
      )
    ),
    (services) => {
      const inbox = Context.get(services, WebhookInbox)
      const sql = Context.get(services, SqlClient)
      const table = `${store.prefix}webhooks`
      return {
        inbox,
        sql,
        /** Runs a statement, in which WEBHOOKS is the table of the inbox. */
        run: (statement: string) =>
          Effect.orDie(sql.unsafe<Record<string, unknown>>(statement.replaceAll("WEBHOOKS", table)).withoutTransform),
        /** Writes a row, as a handler does. */
        ship: sql.unsafe(`INSERT INTO ${store.prefix}shipped (item) VALUES ('one')`),
        /** How many rows handlers wrote. */
        shipped: Effect.map(Effect.orDie(sql.unsafe(`SELECT item FROM ${store.prefix}shipped`)), (rows) => rows.length)
      }
    }
  )

export const leased: ReadonlyArray<readonly [string, MakeStore]> = [
  ["with a lease on SQLite", sqlite()],
  ...(Postgres.isThere ? ([["with a lease on PostgreSQL", postgres()]] as const) : [])
]

export const transactional: ReadonlyArray<readonly [string, MakeStore]> = [
  ["in a transaction on SQLite", sqlite({ transaction: true })],
  ...(Postgres.isThere ? ([["in a transaction on PostgreSQL", postgres({ transaction: true })]] as const) : [])
]

const strict = Postgres.layer({ startupParameters: { default_transaction_isolation: "serializable" } })

export const all: ReadonlyArray<readonly [string, MakeStore]> = [
  ...leased,
  ...transactional,
  ...(Postgres.isThere
    ? ([
        ["with a lease on a PostgreSQL where transactions are serializable", postgres({}, strict)],
        [
          "in a transaction on a PostgreSQL where transactions are serializable",
          postgres({ transaction: true }, strict)
        ]
      ] as const)
    : [])
]

export const id = WebhookId.make("01HPR8QBF5QKA313RPBSKYB7DS")

/** Waits until a value is as expected, without a limit: the test has one. */
export const until = <A, E, R>(
  read: Effect.Effect<A, E, R>,
  isExpected: (value: A) => boolean
): Effect.Effect<A, E, R> =>
  Effect.flatMap(read, (value) =>
    isExpected(value) ? Effect.succeed(value) : Effect.andThen(Effect.yieldNow, until(read, isExpected))
  )

export const idOf = (text: string): WebhookId => WebhookId.make(text)
