/**
 * The memory of transfers: one row per namespace, kind and reference.
 *
 * A transfer is written down before it is sent and is claimed by one compare-and-set, so that a process that loses the claim never
 * sends. A journal stores rows and decides nothing: what may follow what is decided by `Payouts` and `Payins`.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { Transfer, type TransferKey, type TransferKind, type TransferState } from "./Transfer.ts"
import type { TransferJournalError } from "./TransferError.ts"

/**
 * Which rows to read.
 *
 * @category options
 * @since 0.1.0
 */
export interface TransferJournalQuery {
  readonly namespace: string
  readonly kind: TransferKind
  /** Only rows in one of these states: none of them if the list is empty. */
  readonly states?: ReadonlyArray<TransferState> | undefined
  /** Only rows with an alarm. */
  readonly alarmed?: boolean | undefined
  /** Only rows that were not changed for so long, by the journal's clock. */
  readonly olderThan?: Duration.Duration | undefined
  /** Only rows that come after this reference in the journal's order. */
  readonly after?: string | undefined
  /** How many rows at the most. */
  readonly limit: number
}

/**
 * What a journal does.
 *
 * It may be an object or an instance of a class.
 *
 * Each method ends in a `TransferJournalError` if the store fails. A row is stored as it is given, but for three times, which the store
 * sets by its own clock in whole milliseconds, whatever the row holds: `createdAt` when the row is inserted, `updatedAt` with each
 * change, and `leftSendingAt` when a row whose state was `sending` is replaced by one whose state is not. A row that is inserted has no
 * `leftSendingAt`. In `lastError` and in a person's `by` and `note`, a store may replace characters that it cannot hold.
 *
 * `JournalConformance` of `@palomma-effect/testing` holds a journal to all of this.
 *
 * @category services
 * @since 0.1.0
 */
export interface TransferJournalService {
  /** Whether rows outlive the process. */
  readonly isDurable: boolean
  /** The time by the store's own clock, in milliseconds since 1970. */
  readonly now: Effect.Effect<number, TransferJournalError>
  /** Reads a row as it is now: what was written is seen at once. A copy that may lag behind, such as a replica, must never answer. */
  readonly find: (key: TransferKey) => Effect.Effect<Option.Option<Transfer>, TransferJournalError>
  /** Reads the row that has a record of Palomma's; any of them, if there are several. */
  readonly findByRecordId: (
    namespace: string,
    kind: TransferKind,
    recordId: string
  ) => Effect.Effect<Option.Option<Transfer>, TransferJournalError>
  /** Writes a new row, unless there is one of that key. The row as stored, or none if there was one. */
  readonly insert: (row: Transfer) => Effect.Effect<Option.Option<Transfer>, TransferJournalError>
  /**
   * Writes a row over the one whose version is one less. The row as stored, or none if another version stands there.
   *
   * It must be one atomic compare-and-set that is permanent when it returns.
   */
  readonly replace: (row: Transfer) => Effect.Effect<Option.Option<Transfer>, TransferJournalError>
  /** Reads a page of rows, in an order by reference that is the journal's own and does not change. */
  readonly list: (query: TransferJournalQuery) => Effect.Effect<ReadonlyArray<Transfer>, TransferJournalError>
}

const keyOf = ({ kind, namespace, reference }: TransferKey): string => JSON.stringify([namespace, kind, reference])

const makeMemory = Effect.gen(function* () {
  const rows = new Map<string, Transfer>()
  // A wall clock may be set. This one only goes on.
  const wall = yield* Clock.currentTimeMillis
  const start = yield* Clock.monotonicTimeNanos
  const now = Effect.map(
    Clock.monotonicTimeNanos,
    (nanos) => wall + Math.floor(Duration.toMillis(Duration.nanos(nanos - start)))
  )
  const of = (namespace: string, kind: TransferKind): Array<Transfer> =>
    [...rows.values()].filter((row) => row.namespace === namespace && row.kind === kind)
  const journal: TransferJournalService = {
    isDurable: false,
    now,
    find: (key) => Effect.sync(() => Option.fromUndefinedOr(rows.get(keyOf(key)))),
    findByRecordId: (namespace, kind, recordId) =>
      Effect.sync(() => Option.fromUndefinedOr(of(namespace, kind).find((row) => row.recordId === recordId))),
    insert: (row) =>
      Effect.map(now, (at) => {
        if (rows.has(keyOf(row))) return Option.none()
        const { leftSendingAt: _, ...rest } = row
        const stored = new Transfer({ ...rest, createdAt: at, updatedAt: at })
        rows.set(keyOf(row), stored)
        return Option.some(stored)
      }),
    replace: (row) =>
      Effect.map(now, (at) => {
        const before = rows.get(keyOf(row))
        if (before?.version !== row.version - 1) return Option.none()
        const { leftSendingAt: _, ...rest } = row
        const left = before.state === "sending" && row.state !== "sending" ? at : before.leftSendingAt
        const stored = new Transfer({
          ...rest,
          ...(left === undefined ? {} : { leftSendingAt: left }),
          createdAt: before.createdAt,
          updatedAt: at
        })
        rows.set(keyOf(row), stored)
        return Option.some(stored)
      }),
    list: ({ after, alarmed, kind, limit, namespace, olderThan, states }) =>
      Effect.map(now, (at) =>
        of(namespace, kind)
          .filter(
            (row) =>
              (states === undefined || states.includes(row.state)) &&
              (alarmed === undefined || (row.alarm !== undefined) === alarmed) &&
              (olderThan === undefined || at - row.updatedAt >= Duration.toMillis(olderThan)) &&
              (after === undefined || row.reference > after)
          )
          .sort((a, b) => (a.reference < b.reference ? -1 : 1))
          .slice(0, limit)
      )
  }
  return journal
})

/**
 * The memory of transfers: one row per namespace, kind and reference.
 *
 * @category services
 * @since 0.1.0
 */
export class TransferJournal extends Context.Service<TransferJournal, TransferJournalService>()(
  "@palomma-effect/client/TransferJournal"
) {
  /**
   * A journal that lasts as long as the layer: for tests and one-off scripts.
   *
   * **Gotchas**
   *
   * It forgets with the process. Every new reference is therefore looked up at Palomma before it is sent, which finds what an earlier
   * run paid, but not what another process is sending at that very moment.
   */
  static readonly layerMemory: Layer.Layer<TransferJournal> = Layer.effect(TransferJournal, makeMemory)
}
