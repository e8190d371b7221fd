/**
 * Claims: the right to send one request, and waiting for one that another process has.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type { Transfer } from "../../Transfer.ts"
import type { TransferJournalError } from "../../TransferError.ts"
import type { Fence } from "../http/fence.ts"
import type { Sender } from "./sender.ts"
import type { Applied, Store } from "./store.ts"

/** By how much others wait longer than the owner of a claim may take, so that it can write down how it ended. */
const grace = Duration.seconds(5)

/** How long others wait for a claim, in milliseconds. */
export const lengthOf = ({ sendTimeout }: Sender): number => Duration.toMillis(Duration.sum(sendTimeout, grace))

/**
 * A new id of a claim: 128 random bits, as 32 hexadecimal digits.
 *
 * They are not drawn from the `Random` of the program, which may be seeded: of two processes with the same ids, the proof that one sent
 * nothing would end the claim of the other.
 */
export const newId: Effect.Effect<string> = Effect.sync(() =>
  Array.from(globalThis.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    ""
  )
)

const holds = (row: Transfer, claimId: string): boolean => row.state === "sending" && row.claim?.id === claimId

/** Whether a claim may still be used: the row is read again, and nothing was seen of it meanwhile. */
export const fence = (store: Store, reference: string, claimId: string, onHandedOver: () => void): Fence => ({
  check: store.find(reference).pipe(
    Effect.map(Option.exists((row) => holds(row, claimId) && row.evidence.length === 0 && row.recordId === undefined)),
    // What cannot be read cannot be sent. The journal's error is told by the next read of it.
    Effect.orElseSucceed(() => false)
  ),
  onHandedOver
})

const patiently = Schedule.exponential("100 millis").pipe(Schedule.upTo({ times: 6 }))

/** Writes down how a claim ended. A journal that fails for a moment must not turn what is known into what is not. */
export const record = <A>(write: Effect.Effect<A, TransferJournalError>): Effect.Effect<A, TransferJournalError> =>
  Effect.retry(write, patiently)

/**
 * Takes a claim. If the journal failed, the claim may have been written all the same: then it is given back, since nothing was sent.
 */
export const take = (
  { store }: Sender,
  row: Transfer,
  claimId: string,
  taken: Effect.Effect<Applied, TransferJournalError>
): Effect.Effect<Applied, TransferJournalError> =>
  Effect.tapError(taken, () =>
    record(
      Effect.flatMap(store.find(row.reference), (found) =>
        // Another process may have taken it for lost by now. The proof is of this claim alone, and changes no row of another one.
        Option.isSome(found)
          ? store.apply(found.value, {
              _tag: "notSent",
              claim: claimId,
              error: "The journal failed while the transfer was claimed, so it was not sent."
            })
          : Effect.void
      )
    ).pipe(
      // The journal's first error is the one that is told. A claim that could not be given back ends by its time.
      Effect.ignore
    )
  )

/** How many claims of others are remembered. One that is forgotten is waited for anew. */
const maxSeen = 10_000

/** Waits until the claim of a row has ended, or until its time is over by the monotonic clock of this process. */
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
  }
  const end = since + Duration.toNanosUnsafe(Duration.millis(claim.length))
  let current = row
  let pause = Duration.millis(100)
  while (holds(current, id)) {
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
