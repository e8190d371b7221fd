/**
 * The journal of transfers: one row per namespace, kind and reference.
 *
 * Each transfer is written to the journal before it is sent. A process claims it there with one compare-and-set, and a
 * process that loses the claim does not send. A journal only stores rows: `Payouts` and `Payins` decide which change is
 * possible.
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
  /** Only rows in one of these states. An empty list returns no rows. */
  readonly states?: ReadonlyArray<TransferState> | undefined
  /** `true`: only rows with an alarm. `false`: only rows without one. */
  readonly alarmed?: boolean | undefined
  /** Only rows that have not changed for this long, by the journal's clock. */
  readonly olderThan?: Duration.Duration | undefined
  /** Only rows after this reference in the journal's order. */
  readonly after?: string | undefined
  /** The highest number of rows to return. */
  readonly limit: number
}

/**
 * The methods of a journal.
 *
 * It may be an object or an instance of a class.
 *
 * Each method fails with a `TransferJournalError` if the store fails. The store keeps a row as it is passed, except
 * three fields. It sets these by its own clock in whole milliseconds, and ignores their values in the row:
 *
 * - `createdAt`, when the row is inserted.
 * - `updatedAt`, with each change.
 * - `leftSendingAt`, when a row in state `sending` is replaced by a row in another state. An inserted row has none.
 *
 * A store may replace characters that it cannot hold in `lastError`, and in a person's `by` and `note`.
 *
 * `JournalConformance` of `@palomma-effect/testing` tests all of this.
 *
 * @category services
 * @since 0.1.0
 */
export interface TransferJournalService {
  /** Whether rows survive the end of the process. */
  readonly isDurable: boolean
  /** Reads the store's own clock, in milliseconds since 1970. */
  readonly now: Effect.Effect<number, TransferJournalError>
  /**
   * Reads the present row. It must see every earlier write, so it must never read from a replica that may be behind.
   */
  readonly find: (key: TransferKey) => Effect.Effect<Option.Option<Transfer>, TransferJournalError>
  /** Reads the row that has this `recordId`. If there are several, it returns any of them. */
  readonly findByRecordId: (
    namespace: string,
    kind: TransferKind,
    recordId: string
  ) => Effect.Effect<Option.Option<Transfer>, TransferJournalError>
  /** Inserts a row. Returns the stored row, or none if the journal already has a row with that key. */
  readonly insert: (row: Transfer) => Effect.Effect<Option.Option<Transfer>, TransferJournalError>
  /**
   * Replaces the row whose version is one less. Returns the stored row, or none if the journal has another version.
   *
   * It must be one atomic compare-and-set. The change must be durable when the method returns.
   */
  readonly replace: (row: Transfer) => Effect.Effect<Option.Option<Transfer>, TransferJournalError>
  /** Reads a page of rows, ordered by reference. A journal may choose the collation, but must not change it. */
  readonly list: (query: TransferJournalQuery) => Effect.Effect<ReadonlyArray<Transfer>, TransferJournalError>
}

const keyOf = ({ kind, namespace, reference }: TransferKey): string => JSON.stringify([namespace, kind, reference])

const makeMemory = Effect.gen(function* () {
  const rows = new Map<string, Transfer>()
  // The wall clock may be set back, so only its value at the start is used.
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
 * The journal of transfers: one row per namespace, kind and reference.
 *
 * @category services
 * @since 0.1.0
 */
export class TransferJournal extends Context.Service<TransferJournal, TransferJournalService>()(
  "@palomma-effect/client/TransferJournal"
) {
  /**
   * Provides a journal in memory that lasts as long as the layer: for tests and one-off scripts.
   *
   * **Gotchas**
   *
   * It loses its rows when the process ends. Every new reference is therefore looked up at Palomma before it is sent.
   * The look-up finds what an earlier run paid, but not what another process is sending at the same time.
   */
  static readonly layerMemory: Layer.Layer<TransferJournal> = Layer.effect(TransferJournal, makeMemory)
}
