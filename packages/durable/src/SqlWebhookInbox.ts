/**
 * A webhook inbox in an SQL database, PostgreSQL or SQLite, for any number of processes.
 *
 * @since 0.1.0
 */
import * as SafeText from "@palomma-effect/client/SafeText"
import { WebhookInbox, WebhookInboxError } from "@palomma-effect/client/WebhookInbox"
import type { WebhookId } from "@palomma-effect/schema/Id"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { optionsProblem } from "./internal/checks.ts"
import { durabilityProblem } from "./internal/durability.ts"
import { leasedHandler, newLeaseId } from "./internal/leasedHandler.ts"
import { limitedTransaction, TransactionFailure } from "./internal/limitedTransaction.ts"
import { migrate } from "./internal/migrations.ts"
import { onePerKey } from "./internal/onePerKey.ts"
import { isPrefix, prefixRule } from "./internal/prefix.ts"
import { reasonOf } from "./internal/sqlReason.ts"
import { keyOf } from "./internal/webhookKey.ts"
import * as Statements from "./internal/webhookStatements.ts"
import { migrations, tableOf } from "./internal/webhooksTable.ts"
import { withTimeLimit } from "./internal/withTimeLimit.ts"

/**
 * The inbox could not be opened.
 *
 * No webhook was handled.
 *
 * @category errors
 * @since 0.1.0
 */
export class SqlWebhookInboxOpenError extends Schema.TaggedError<SqlWebhookInboxOpenError>()(
  "SqlWebhookInboxOpenError",
  {
    /** The option or setting to correct, or the error of the database. */
    reason: Schema.String
  }
) {
  override get message(): string {
    return `The webhook inbox could not be opened: ${this.reason}. No webhook was handled.`
  }
}

/**
 * Options of the inbox: its tables, its timeouts, and whether a handler runs in the transaction that records its
 * webhook.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * The beginning of the names of its two tables. The default is `palomma_`, for `palomma_webhooks` and
   * `palomma_webhooks_migrations`. At most 40 lower-case letters, digits and underscores.
   */
  readonly prefix?: string | undefined
  /** The time limit of one statement. The default is 10 seconds. */
  readonly timeout?: Duration.Input | undefined
  /**
   * How long a webhook waits for a process that was killed while it handled it. The default is 30 seconds, the minimum
   * one second. A process that runs renews its lease, so a handler may take longer.
   *
   * It has no effect with `transaction`: then the database ends the transaction of a process whose connection is gone.
   */
  readonly lease?: Duration.Input | undefined
  /**
   * Whether the handler runs in the SQL transaction that records the webhook. The default is `false`.
   *
   * If `true`, all that the handler writes with the same `SqlClient` is committed together with the record, exactly
   * once, or not at all.
   *
   * **Gotchas**
   *
   * - `Payouts.applyWebhook` and `Payins.applyWebhook` fail in such a transaction, because a journal must not be rolled
   *   back. Use the default for them: they are idempotent.
   * - What the handler does elsewhere, such as an e-mail, is not undone if it fails.
   * - The transaction holds a connection while the handler runs. A SQLite database has only one writer, so all other
   *   writes wait, and fail after `timeout`.
   */
  readonly transaction?: boolean | undefined
}

const retention = Duration.days(30)
const cleanupInterval = Duration.hours(1)
const cleanupBatch = 1_000

const inTransaction = "it was called inside an SQL transaction, which could roll it back: call it outside"

// The database has rolled back such a transaction, so it can be run again.
const wroteNothing = ({ reason }: SqlError): boolean =>
  ["SerializationError", "DeadlockError", "LockTimeoutError"].includes(reason._tag)

const shortPause = Schedule.jittered(Schedule.spaced("20 millis"))

/** Waits a little longer after each check, at most one second. */
const pause = (checks: number) => Effect.sleep(Math.min(1_000, 20 * 2 ** Math.min(checks, 10)))

// The type asks for each option that is added.
const known: Record<keyof Options, true> = { prefix: true, timeout: true, lease: true, transaction: true }

const settingsOf = (options: Options) => {
  // A misspelt `transaction` must not let a handler run twice.
  const problem = optionsProblem(options, Object.keys(known))
  if (problem !== undefined) return problem
  const { lease = "30 seconds", prefix = "palomma_", timeout = "10 seconds", transaction = false } = options
  const limits = Option.all({ timeout: Duration.fromInput(timeout), lease: Duration.fromInput(lease) })
  if (!isPrefix(prefix)) return `the option prefix ${prefixRule}`
  if (Option.isNone(limits)) return "the options timeout and lease must be durations, such as 10 seconds"
  if (typeof transaction !== "boolean") return "the option transaction must be true or false"
  const limit = Duration.toMillis(limits.value.timeout)
  if (!(limit > 0) || !Number.isFinite(limit)) return "the option timeout must be longer than 0, and finite"
  const length = Duration.toMillis(limits.value.lease)
  if (!(length >= 1_000) || !Number.isFinite(length)) return "the option lease must be at least one second, and finite"
  return { ...limits.value, prefix, transaction }
}

const make = Effect.fnUntraced(function* (options: Options) {
  const sql = yield* SqlClient
  const openError = (reason: string) => new SqlWebhookInboxOpenError({ reason })
  const settings = settingsOf(options)
  if (typeof settings === "string") return yield* openError(settings)
  const { lease, prefix, timeout, transaction } = settings
  const statements = Statements.make(sql, prefix)
  const leaseLength = Math.floor(Duration.toMillis(lease))

  /** Fails inside a transaction of the caller, whose rollback would remove what the inbox reported. */
  const outside = Effect.flatMap(Effect.serviceOption(sql.transactionService), (ambient) =>
    Option.isSome(ambient) ? Effect.fail(inTransaction) : Effect.void
  )

  /** Runs one statement with the time limit. It can also be stopped in uninterruptible code. */
  const inTime = <A>(self: Effect.Effect<A, SqlError>, canRepeat = wroteNothing): Effect.Effect<A, string> =>
    withTimeLimit(Effect.interruptible(Effect.retry(self, { while: canRepeat, schedule: shortPause })), timeout).pipe(
      Effect.mapError((error) => reasonOf(error)),
      Effect.flatMap(
        Option.match({
          onNone: () => Effect.fail(`no answer within ${Duration.format(timeout)}`),
          onSome: Effect.succeed
        })
      )
    )

  const deleteOld = Effect.repeat(inTime(statements.deleteOld(Duration.toMillis(retention), cleanupBatch)), {
    until: (deleted) => deleted < cleanupBatch
  }).pipe(
    Effect.catch((reason) => Effect.logWarning(`Old webhooks could not be deleted from the inbox: ${reason}.`)),
    Effect.repeat(Schedule.spaced(cleanupInterval))
  )

  /** Handles a webhook with a lease, which other processes see and wait for. */
  const handleLeased = Effect.fnUntraced(function* <E, R>(
    key: string,
    handle: Effect.Effect<unknown, E, R>,
    failed: (reason: string) => WebhookInboxError,
    restore: <A1, E1, R1>(self: Effect.Effect<A1, E1, R1>) => Effect.Effect<A1, E1, R1>
  ) {
    const id = newLeaseId()
    const requestedAt = yield* Clock.monotonicTimeNanos
    const isMine = yield* Effect.mapError(inTime(statements.lease(key, id, leaseLength)), failed)
    if (!isMine) return false
    const renew = inTime(statements.renew(key, id, leaseLength))
    const release = Effect.catch(inTime(statements.release(key, id)), (reason) =>
      Effect.logWarning(`The next delivery of a webhook waits, because its lease could not be ended: ${reason}.`)
    )
    yield* restore(leasedHandler({ length: lease, renew, requestedAt }, handle, failed)).pipe(
      Effect.onError(() => release)
    )
    // The handler has succeeded. A lost answer does not matter, since the statement can run twice.
    const isPassing = (error: SqlError) => wroteNothing(error) || error.reason._tag === "ConnectionError"
    yield* Effect.mapError(inTime(statements.record(key), isPassing), failed)
    return true
  })

  /** Handles a webhook in the transaction that records it. */
  const handleInTransaction = Effect.fnUntraced(function* <E, R>(
    key: string,
    handle: Effect.Effect<unknown, E, R>,
    failed: (reason: string) => WebhookInboxError
  ) {
    const first = statements.recordIfFree(key)
    const last = Effect.map(statements.state(key), (state) => state === "handled")
    const from = yield* Clock.monotonicTimeNanos
    for (let tries = 0; ; tries++) {
      const result = yield* limitedTransaction(sql, timeout, { first, handle, last }).pipe(
        Effect.catchIf(
          (error) => error instanceof TransactionFailure,
          (failure) => Effect.succeed(failure)
        )
      )
      if (typeof result === "boolean") return result
      const waited = Duration.nanos((yield* Clock.monotonicTimeNanos) - from)
      const canRepeat = result.beforeHandler !== undefined && wroteNothing(result.beforeHandler)
      if (!canRepeat || Duration.isGreaterThanOrEqualTo(waited, timeout))
        return yield* Effect.fail(failed(result.reason))
      yield* pause(tries)
    }
  })

  const oneDelivery = onePerKey()

  const process = <E, R>(webhookId: WebhookId, handle: Effect.Effect<unknown, E, R>) => {
    const failed = (reason: string) => new WebhookInboxError({ webhookId: SafeText.id(webhookId), reason })
    return Effect.gen(function* () {
      yield* Effect.mapError(outside, failed)
      const key = yield* keyOf(webhookId)
      const once = Effect.uninterruptibleMask((restore) =>
        transaction ? restore(handleInTransaction(key, handle, failed)) : handleLeased(key, handle, failed, restore)
      )
      const deliver = Effect.gen(function* () {
        for (let checks = 0; ; checks++) {
          const state = checks === 0 ? "free" : yield* Effect.mapError(inTime(statements.state(key)), failed)
          if (state === "handled") return "already-handled"
          if (state === "leased") yield* pause(checks)
          else if (yield* once) return "handled"
        }
      })
      return yield* oneDelivery(key, deliver)
    })
  }

  yield* Effect.mapError(outside, openError)
  const problem = yield* Effect.mapError(inTime(Effect.provideService(durabilityProblem, SqlClient, sql)), openError)
  if (problem !== undefined) return yield* openError(problem)
  yield* Effect.mapError(migrate(`${tableOf(prefix)}_migrations`, migrations(prefix)), openError)
  yield* Effect.forkScoped(deleteOld)
  return { process }
})

/**
 * Keeps the inbox in the database of an `SqlClient`: PostgreSQL (`PgClient.layer` of `@effect/sql-pg`) or SQLite.
 *
 * The layer creates the tables. It fails with a {@link SqlWebhookInboxOpenError} if the tables are of a later version,
 * if the database is configured to lose commits, or if it is a standby. All times are from the clock of the database.
 *
 * One process runs the handler of a webhook. It has a lease, which it renews while the handler runs. The others wait,
 * and handle the webhook if the handler fails. If the process is killed, the next delivery waits until the lease ends.
 * A process that cannot renew its lease interrupts the handler. A handled webhook is remembered for 30 days.
 *
 * The tables contain the ids of webhooks and times, and nothing else of a webhook.
 *
 * **Gotchas**
 *
 * - By default, a handler runs again if its process is killed after it succeeded and before that is recorded. It can
 *   even run twice at the same time, if its machine is suspended for longer than the lease. So it must be idempotent,
 *   as `Payouts.applyWebhook` is. With the option `transaction`, what it writes in the database is written exactly
 *   once.
 * - All processes that share the tables must have the same options.
 *
 * **Example** (A row that is written once)
 *
 * ```ts no-run
 * import { PgClient } from "@effect/sql-pg"
 * import { Webhooks } from "@palomma-effect/client"
 * import { SqlWebhookInbox } from "@palomma-effect/durable"
 * import { Config, Effect, Layer } from "effect"
 * import { SqlClient } from "effect/sql"
 *
 * const receiver = Webhooks.route("/webhooks/palomma", (event) =>
 *   SqlClient.SqlClient.use((sql) => sql`INSERT INTO received (webhook) VALUES (${event.webhookId})`)
 * )
 *
 * export const live = receiver.pipe(
 *   Layer.provide(Webhooks.layerConfig()),
 *   Layer.provide(SqlWebhookInbox.layer({ transaction: true })),
 *   Layer.provide(PgClient.layerConfig({ url: Config.Redacted("DATABASE_URL") }))
 * )
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options: Options = {}): Layer.Layer<WebhookInbox, SqlWebhookInboxOpenError, SqlClient> =>
  Layer.effect(WebhookInbox, make(options))
