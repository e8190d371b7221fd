/**
 * The look-up of a transfer in Palomma's lists.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { ListError } from "../../PalommaError.ts"
import type { Transfer } from "../../Transfer.ts"
import { type TransferJournalError, TransferLookUpIncomplete } from "../../TransferError.ts"
import { within } from "../http/deadline.ts"
import type { Filter, TransferApi } from "./api.ts"
import type { TransferRecord } from "./record.ts"
import { type Likeness, likeness as likenessOf } from "./samePayment.ts"
import type { Store } from "./store.ts"

/** A record that is or may be the transfer, and the list that shows it. */
export interface Sighting {
  readonly record: TransferRecord
  readonly likeness: Exclude<Likeness, "other">
  readonly seenIn: "reference-list" | "account-list"
}

/** The result of a look-up. */
export interface LookUpResult {
  /** The records that are or may be the transfer, without repetitions. */
  readonly sightings: ReadonlyArray<Sighting>
  /** The id of the transfer's claim if the list of the account shows a record that Palomma created after it. */
  readonly claimBeforeOther: string | undefined
  /** The limit that the look-up reached, if any. Palomma may have more records than it read. */
  readonly incomplete: TransferLookUpIncomplete | undefined
}

/** The limits of a look-up. */
export interface LookUpLimits {
  readonly timeout: Duration.Duration
  /** The option that the timeout comes from, if it is not `lookUpTimeout`. */
  readonly timeoutOf?: "sendTimeout"
  readonly pages: number
}

/** Errors of a look-up. */
export type LookUpError = ListError | TransferJournalError

/**
 * How many records that are the transfer a look-up keeps, and how many that only may be it. Each of them is written to
 * the row, so a faulty list must not fill the row or the log.
 */
const maxSightings = 100

const listNames = { reference: "reference-list", account: "account-list" } as const

/**
 * Looks up a transfer in Palomma's lists. It always reads the list of the reference. If `isWide`, it also reads the
 * list of the account, in case Palomma changed the reference or its filter is behind.
 *
 * If the transfer was corrected, `earlier` is the row before the correction. A record with that content is found too,
 * since a rejected request may exist at Palomma all the same.
 *
 * The look-up checks every record itself: it trusts neither Palomma's filter nor that references are unique. A record
 * that belongs to another row is not this transfer.
 */
export const lookUp = (
  api: TransferApi,
  store: Store,
  row: Transfer,
  isWide: boolean,
  limits: LookUpLimits,
  earlier: Transfer = row
): Effect.Effect<LookUpResult, LookUpError> =>
  Effect.gen(function* () {
    const { accountId, kind, reference } = row
    let pages = 0
    const incomplete = (limit: TransferLookUpIncomplete["limit"]) =>
      new TransferLookUpIncomplete({ kind, reference, limit, pages: Math.min(pages, limits.pages) })
    const found = new Map<string, Sighting>()
    const counts = { ours: 0, similar: 0 }
    let claimBeforeOther: string | undefined

    const addRecord = (
      record: TransferRecord,
      seenIn: Sighting["seenIn"]
    ): Effect.Effect<void, TransferJournalError> => {
      const present = likenessOf(row, record)
      const likeness = present === "other" ? likenessOf(earlier, record) : present
      const claimedAt = row.claim?.at
      const isLater = claimedAt !== undefined && record.createdAt !== undefined && record.createdAt > claimedAt
      if (isLater && seenIn === "account-list") claimBeforeOther = row.claim?.id
      if (likeness === "other") return Effect.void
      // Several pages and lists may show a record. It counts once, and a certain match replaces a similar one.
      const known = found.get(record.id)
      if (known !== undefined && (likeness === "similar" || known.likeness !== "similar")) return Effect.void
      const count = likeness === "similar" ? "similar" : "ours"
      if (counts[count] >= maxSightings) return Effect.void
      const add = Effect.sync(() => {
        counts[count] += 1
        found.set(record.id, { record, likeness, seenIn })
      })
      if (record.id === row.recordId) return add
      // If Palomma changed a reference, this list may show the record of another row.
      return Effect.flatMap(store.findByRecordId(record.id), (owner) =>
        Option.isSome(owner) && owner.value.reference !== reference ? Effect.void : add
      )
    }

    const isOverLimit = (): boolean => pages > limits.pages
    const read = (filter: Filter) =>
      Stream.suspend(() => (isOverLimit() ? Stream.empty : api.pages(filter))).pipe(
        // The first page over the limit only shows that there are more. Its records are not used.
        Stream.takeUntil(() => {
          pages += 1
          return isOverLimit()
        }),
        Stream.runForEach((records) =>
          isOverLimit()
            ? Effect.void
            : Effect.forEach(records, (record) => addRecord(record, listNames[filter.by]), { discard: true })
        )
      )

    const narrow = read({ by: "reference", reference })
    const accounts = isWide ? new Set([accountId, earlier.accountId]) : []
    const wide = Effect.forEach(accounts, (account) => read({ by: "account", accountId: account }), { discard: true })
    const completed = yield* within(Effect.andThen(narrow, wide), limits.timeout)
    return {
      sightings: [...found.values()],
      claimBeforeOther,
      incomplete: isOverLimit()
        ? incomplete("lookUpPages")
        : Option.isNone(completed)
          ? incomplete(limits.timeoutOf ?? "lookUpTimeout")
          : undefined
    }
  })

/**
 * Returns how much of a duration is left since a moment. The wall clock and the monotonic clock may differ, for example
 * after the machine slept: the clock that shows more elapsed time counts.
 */
export const leftOf = (duration: Duration.Duration, since: Moment): Effect.Effect<Duration.Duration> =>
  Effect.map(moment, (now) => {
    const byMonotonicClock = Duration.nanos(now.monotonic - since.monotonic)
    const byWallClock = Duration.millis(Math.max(0, now.wall - since.wall))
    return Duration.max(Duration.zero, Duration.subtract(duration, Duration.max(byMonotonicClock, byWallClock)))
  })

/** A moment, read from both clocks. */
export interface Moment {
  /** In milliseconds. */
  readonly wall: number
  /** In nanoseconds. */
  readonly monotonic: bigint
}

/** Reads both clocks. */
export const moment: Effect.Effect<Moment> = Effect.zipWith(
  Clock.currentTimeMillis,
  Clock.monotonicTimeNanos,
  (wall, monotonic) => ({ wall, monotonic })
)
