/**
 * Claims: how a process gets the right to send one request, and how others wait for its end.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { Transfer } from "../../Transfer.ts"
import type { TransferJournalError } from "../../TransferError.ts"
import { nameOf } from "../transferText.ts"
import type { Fence } from "../http/fence.ts"
import type { Sender } from "./sender.ts"
import type { Applied, Store } from "./store.ts"

/** How much longer than `sendTimeout` others wait, so that the owner of the claim can record the outcome. */
const grace = Duration.seconds(5)

/** Returns how long others wait for a claim, in milliseconds. */
export const lengthOf = ({ sendTimeout }: Sender): number => Duration.toMillis(Duration.sum(sendTimeout, grace))

/**
 * Generates the id of a claim: 128 random bits as 32 hexadecimal digits.
 *
 * It does not use Effect's `Random`, which may be seeded. If two processes had the same id, the proof that one of them
 * sent nothing would end the claim of the other.
 */
export const newId: Effect.Effect<string> = Effect.sync(() =>
  Array.from(globalThis.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    ""
  )
)

const hasClaim = (row: Transfer, claimId: string): boolean => row.state === "sending" && row.claim?.id === claimId

/**
 * Makes the check before the hand-over of the body: it reads the row again, and allows the request only if the claim is
 * still there and no record was seen since.
 */
export const fence = (store: Store, reference: string, claimId: string, onHandedOver: () => void): Fence => ({
  check: store.find(reference).pipe(
    Effect.map(
      Option.exists((row) => hasClaim(row, claimId) && row.evidence.length === 0 && row.recordId === undefined)
    ),
    // If the row cannot be read, the request is not sent. The next read of the journal reports the error.
    Effect.orElseSucceed(() => false)
  ),
  onHandedOver
})

const writeRetries = Schedule.exponential("100 millis").pipe(Schedule.upTo({ times: 6 }))

/** Records the outcome of a claim. Retries, so that a short failure of the journal does not lose a known outcome. */
export const retryWrite = <A>(write: Effect.Effect<A, TransferJournalError>): Effect.Effect<A, TransferJournalError> =>
  Effect.retry(write, writeRetries)

/**
 * Takes a claim. If the journal fails, it may have written the claim all the same. Nothing was sent, so the claim is
 * released.
 */
export const take = (
  { store }: Sender,
  row: Transfer,
  claimId: string,
  taken: Effect.Effect<Applied, TransferJournalError>
): Effect.Effect<Applied, TransferJournalError> =>
  Effect.tapError(taken, () =>
    retryWrite(
      Effect.flatMap(store.find(row.reference), (found) =>
        // The event names this claim. If another process has claimed the row meanwhile, the event changes nothing.
        Option.isSome(found)
          ? store.apply(found.value, {
              _tag: "notSent",
              claim: claimId,
              error: "The journal failed while the transfer was claimed, so it was not sent."
            })
          : Effect.void
      )
    ).pipe(
      // The caller gets the first error of the journal. A claim that could not be released expires.
      Effect.ignore
    )
  )

/** How many claims of other processes are remembered. The wait for a forgotten claim starts again. */
const maxSeen = 10_000

/** Waits until the claim of a row has ended, or has expired by the monotonic clock of this process. */
export const awaitEnd = Effect.fnUntraced(function* (
  { firstSeen, store }: Pick<Sender, "firstSeen" | "store">,
  row: Transfer
): Effect.fn.Return<void, TransferJournalError> {
  const { claim, reference } = row
  if (claim === undefined) return
  const { id } = claim
  const now = yield* Clock.monotonicTimeNanos
  const since = firstSeen.get(id) ?? now
  if (!firstSeen.has(id)) {
    const [oldest] = firstSeen.keys()
    if (firstSeen.size >= maxSeen && oldest !== undefined) firstSeen.delete(oldest)
    firstSeen.set(id, now)
    // After a process was killed, the caller gets no answer until then. Without this line it looks like a hang.
    const longest = Math.ceil(claim.length / 1_000)
    yield* Effect.logInfo(
      `${nameOf(row)}: another call may be sending it. Waiting for that call, for at most ${longest} s.`
    )
  }
  const end = since + Duration.toNanosUnsafe(Duration.millis(claim.length))
  let current = row
  let pause = Duration.millis(100)
  while (hasClaim(current, id)) {
    const left = end - (yield* Clock.monotonicTimeNanos)
    if (left <= BigInt(0)) {
      yield* store.apply(current, { _tag: "expired", claim: id })
      break
    }
    yield* Effect.sleep(Duration.min(pause, Duration.nanos(left)))
    pause = Duration.min(Duration.times(pause, 2), Duration.seconds(5))
    const next = yield* store.find(reference)
    if (Option.isNone(next)) break
    current = next.value
  }
  firstSeen.delete(id)
})
