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
  stands: Transfer | undefined
}

/** The time of the store's clock, which no other clock has. */
export const storeTime = 1_700_000_000_000

/** The row as it is stored: with a time of the store. */
export const stored = (given: Transfer): Transfer => row({ ...given, updatedAt: storeTime })

/** Makes a journal with one row, or none. Each of its methods can be replaced. */
export const watched = (stands?: Transfer, others: Partial<TransferJournalService> = {}): Watched => {
  const write = (given: Transfer, version: number | undefined): Option.Option<Transfer> => {
    if (made.stands?.version !== version) return Option.none()
    made.stands = stored(given)
    made.written.push(given)
    return Option.some(made.stands)
  }
  const noted = <A>(call: Call, method: () => A): A => {
    made.calls.push(call)
    return method()
  }
  const plain: TransferJournalService = {
    isDurable: true,
    now: Effect.succeed(storeTime),
    find: () => Effect.sync(() => Option.fromUndefinedOr(made.stands)),
    findByRecordId: () => Effect.sync(() => Option.fromUndefinedOr(made.stands)),
    insert: (given) => Effect.sync(() => write(given, undefined)),
    replace: (given) => Effect.sync(() => write(given, given.version - 1)),
    list: () => Effect.sync(() => (made.stands === undefined ? [] : [made.stands])),
    ...others
  }
  const made: Watched = {
    journal: {
      ...plain,
      find: (asked) => noted("find", () => plain.find(asked)),
      findByRecordId: (...asked) => noted("findByRecordId", () => plain.findByRecordId(...asked)),
      insert: (given) => noted("insert", () => plain.insert(given)),
      replace: (given) => noted("replace", () => plain.replace(given)),
      list: (asked) => noted("list", () => plain.list(asked))
    },
    calls: [],
    written: [],
    stands
  }
  return made
}
