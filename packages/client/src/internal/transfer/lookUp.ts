/**
 * Looking for a transfer at Palomma.
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
import { type Likeness, likeness } from "./samePayment.ts"
import type { Store } from "./store.ts"

/** A record that is or may be the transfer. */
export interface Sighting {
  readonly record: TransferRecord
  readonly is: Exclude<Likeness, "other">
  readonly seenIn: "reference-list" | "account-list"
}

/** What a look-up saw. */
export interface Look {
  /** Every record that is or may be the transfer, each once. */
  readonly sightings: ReadonlyArray<Sighting>
  /** Whether the list of the account shows a record that was made after the transfer was claimed. */
  readonly laterTransferShown: boolean
  /** The limit that it reached, if it did: there may be more than it saw. */
  readonly incomplete: TransferLookUpIncomplete | undefined
}

/** How far a look-up goes. */
export interface LookUpLimits {
  readonly timeout: Duration.Duration
  /** The option that the timeout comes from, if it is not `lookUpTimeout`. */
  readonly timeoutOf?: "sendTimeout"
  readonly pages: number
}

/** What a look-up can fail with. */
export type LookUpError = ListError | TransferJournalError

/**
 * How many records a look notes of those that are the transfer, and of those that may be. The first of them decides, and each is written
 * down: a list without sense must fill neither the row nor the log.
 */
const maxSightings = 100

const places = { reference: "reference-list", account: "account-list" } as const

/**
 * Looks for a transfer in Palomma's lists: by its reference, and if `isWide` also among all transfers of its account, in case Palomma
 * changed the reference or its filter lags behind.
 *
 * A transfer that was corrected is also looked for as it was before: what was refused may be there all the same.
 *
 * Palomma's filter is not trusted, nor is a reference to be unique. A record that is another row's is not this transfer.
 */
export const lookUp = (
  api: TransferApi,
  store: Store,
  row: Transfer,
  isWide: boolean,
  limits: LookUpLimits,
  earlier: Transfer = row
): Effect.Effect<Look, LookUpError> =>
  Effect.gen(function* () {
    const { accountId, kind, reference } = row
    let pages = 0
    const incomplete = (limit: TransferLookUpIncomplete["limit"]) =>
      new TransferLookUpIncomplete({ kind, reference, limit, pages: Math.min(pages, limits.pages) })
    const found = new Map<string, Sighting>()
    const counts = { ours: 0, similar: 0 }
    let laterTransferShown = false

    const note = (record: TransferRecord, seenIn: Sighting["seenIn"]): Effect.Effect<void, TransferJournalError> => {
      const now = likeness(row, record)
      const is = now === "other" ? likeness(earlier, record) : now
      const claimedAt = row.claim?.at
      const isLater = claimedAt !== undefined && record.createdAt !== undefined && record.createdAt > claimedAt
      if (isLater && seenIn === "account-list") laterTransferShown = true
      // One record counts once, however many pages and lists show it: as the one that tells most of it does.
      const known = found.get(record.id)
      if (is === "other" || (known !== undefined && (is === "similar" || known.is !== "similar"))) return Effect.void
      const count = is === "similar" ? "similar" : "ours"
      if (counts[count] >= maxSightings) return Effect.void
      const sighting = Effect.sync(() => {
        counts[count] += 1
        found.set(record.id, { record, is, seenIn })
      })
      if (record.id === row.recordId) return sighting
      // A server that changes references may show another row's under this one.
      return Effect.flatMap(store.findByRecordId(record.id), (owner) =>
        Option.isSome(owner) && owner.value.reference !== reference ? Effect.void : sighting
      )
    }

    const isBeyond = (): boolean => pages > limits.pages
    const read = (filter: Filter) =>
      Stream.suspend(() => (isBeyond() ? Stream.empty : api.pages(filter))).pipe(
        // The first page beyond the limit tells that there is more, and is not looked at.
        Stream.takeUntil(() => {
          pages += 1
          return isBeyond()
        }),
        Stream.runForEach((records) =>
          isBeyond()
            ? Effect.void
            : Effect.forEach(records, (record) => note(record, places[filter.by]), { discard: true })
        )
      )

    const narrow = read({ by: "reference", reference })
    const accounts = isWide ? new Set([accountId, earlier.accountId]) : []
    const wide = Effect.forEach(accounts, (account) => read({ by: "account", accountId: account }), { discard: true })
    const looked = yield* within(Effect.andThen(narrow, wide), limits.timeout)
    return {
      sightings: [...found.values()],
      laterTransferShown,
      incomplete: isBeyond()
        ? incomplete("lookUpPages")
        : Option.isNone(looked)
          ? incomplete(limits.timeoutOf ?? "lookUpTimeout")
          : undefined
    }
  })

/** How much of a duration is left since a moment, by the clock that has run further: a machine that slept has none. */
export const leftOf = (duration: Duration.Duration, since: Moment): Effect.Effect<Duration.Duration> =>
  Effect.map(moment, (now) => {
    const byMonotonicClock = Duration.nanos(now.monotonic - since.monotonic)
    const byWallClock = Duration.millis(Math.max(0, now.wall - since.wall))
    return Duration.max(Duration.zero, Duration.subtract(duration, Duration.max(byMonotonicClock, byWallClock)))
  })

/** A moment by both clocks. */
export interface Moment {
  /** In milliseconds. */
  readonly wall: number
  /** In nanoseconds. */
  readonly monotonic: bigint
}

/** Now, by both clocks. */
export const moment: Effect.Effect<Moment> = Effect.zipWith(
  Clock.currentTimeMillis,
  Clock.monotonicTimeNanos,
  (wall, monotonic) => ({ wall, monotonic })
)
