/**
 * A journal of one row that a test can observe and make fail.
 */
import type { Transfer } from "../../../src/Transfer.ts"
import type { TransferJournalService } from "../../../src/TransferJournal.ts"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { row } from "./samples.ts"

export type Call = "now" | "find" | "findByRecordId" | "insert" | "replace" | "list"

/** A journal of at most one row, and its recorded calls. */
export interface Watched {
  readonly journal: TransferJournalService
  readonly calls: Array<Call>
  /** What was written. */
  readonly written: Array<Transfer>
  /** The stored row. */
  current: Transfer | undefined
}

/** The time of the store's clock, which no other clock has. */
export const storeTime = 1_700_000_000_000

/** The row as it is stored: with a time of the store. */
export const stored = (transfer: Transfer): Transfer => row({ ...transfer, updatedAt: storeTime })

/** Makes a journal with one row, or none. Each of its methods can be replaced. */
export const watched = (current?: Transfer, others: Partial<TransferJournalService> = {}): Watched => {
  const write = (transfer: Transfer, version: number | undefined): Option.Option<Transfer> => {
    if (made.current?.version !== version) return Option.none()
    made.current = stored(transfer)
    made.written.push(transfer)
    return Option.some(made.current)
  }
  const recorded = <A>(call: Call, method: () => A): A => {
    made.calls.push(call)
    return method()
  }
  const plain: TransferJournalService = {
    isDurable: true,
    now: Effect.succeed(storeTime),
    find: () => Effect.sync(() => Option.fromUndefinedOr(made.current)),
    findByRecordId: () => Effect.sync(() => Option.fromUndefinedOr(made.current)),
    insert: (transfer) => Effect.sync(() => write(transfer, undefined)),
    replace: (transfer) => Effect.sync(() => write(transfer, transfer.version - 1)),
    list: () => Effect.sync(() => (made.current === undefined ? [] : [made.current])),
    ...others
  }
  const made: Watched = {
    journal: {
      ...plain,
      find: (query) => recorded("find", () => plain.find(query)),
      findByRecordId: (...query) => recorded("findByRecordId", () => plain.findByRecordId(...query)),
      insert: (transfer) => recorded("insert", () => plain.insert(transfer)),
      replace: (transfer) => recorded("replace", () => plain.replace(transfer)),
      list: (query) => recorded("list", () => plain.list(query))
    },
    calls: [],
    written: [],
    current
  }
  return made
}
