/**
 * A durable journal that can be restored from a backup. It is in memory, not in a database, so that thousands of runs
 * are cheap.
 */
import { Transfer, type TransferJournalService, type TransferKey, type TransferKind } from "@palomma-effect/client"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** A journal with a backup. */
export interface LawJournal extends TransferJournalService {
  /** Every current row. */
  readonly rows: () => ReadonlyArray<Transfer>
  /** Copies every row. The result restores them. */
  readonly backUp: () => () => void
}

/** Deliberate defects of a journal. */
export interface JournalDefects {
  /** A write succeeds with any current version. */
  readonly writesAlways?: boolean | undefined
  /** A read returns rows as they were before their last change, as a replica that lags behind does. */
  readonly readsCopy?: boolean | undefined
}

const nameOf = ({ kind, namespace, reference }: TransferKey): string => `${namespace} ${kind} ${reference}`

/** Makes a journal with the clock of the argument, from its current wall time. */
export const makeJournal = (clock: Clock.Clock, defects: JournalDefects = {}): LawJournal => {
  let rows = new Map<string, Transfer>()
  const before = new Map<string, Transfer>()
  const now = () => Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
  const all = (namespace: string, kind: TransferKind): ReadonlyArray<Transfer> =>
    [...rows.values()].filter((row) => row.namespace === namespace && row.kind === kind)
  const put = (row: Transfer): Transfer => {
    const name = nameOf(row)
    const old = rows.get(name)
    if (old !== undefined) before.set(name, old)
    rows.set(name, row)
    return row
  }
  return {
    isDurable: true,
    now: Effect.sync(now),
    find: (key) =>
      Effect.sync(() => {
        const name = nameOf(key)
        const row = rows.get(name)
        return Option.fromUndefinedOr(defects.readsCopy === true ? (before.get(name) ?? row) : row)
      }),
    findByRecordId: (namespace, kind, recordId) =>
      Effect.sync(() => Option.fromUndefinedOr(all(namespace, kind).find((row) => row.recordId === recordId))),
    insert: (row) =>
      Effect.sync(() => {
        if (rows.has(nameOf(row)) && defects.writesAlways !== true) return Option.none()
        const { leftSendingAt: _, ...rest } = row
        return Option.some(put(new Transfer({ ...rest, createdAt: now(), updatedAt: now() })))
      }),
    replace: (row) =>
      Effect.sync(() => {
        const old = rows.get(nameOf(row))
        if (old === undefined || (old.version !== row.version - 1 && defects.writesAlways !== true)) {
          return Option.none()
        }
        const { leftSendingAt: _, ...rest } = row
        const left = old.state === "sending" && row.state !== "sending" ? now() : old.leftSendingAt
        const times = { createdAt: old.createdAt, updatedAt: now() }
        return Option.some(
          put(new Transfer({ ...rest, ...(left === undefined ? {} : { leftSendingAt: left }), ...times }))
        )
      }),
    list: ({ after, alarmed, kind, limit, namespace, olderThan, states }) =>
      Effect.sync(() =>
        all(namespace, kind)
          .filter(
            (row) =>
              (states === undefined || states.includes(row.state)) &&
              (alarmed === undefined || (row.alarm !== undefined) === alarmed) &&
              (olderThan === undefined || now() - row.updatedAt >= Duration.toMillis(olderThan)) &&
              (after === undefined || row.reference > after)
          )
          .sort((a, b) => (a.reference < b.reference ? -1 : 1))
          .slice(0, limit)
      ),
    rows: () => [...rows.values()],
    backUp: () => {
      const copy = new Map(rows)
      return () => {
        rows = new Map(copy)
        before.clear()
      }
    }
  }
}
