/**
 * The metrics of a worker.
 */
import type { Transfer, TransferKind } from "@palomma-effect/client/Transfer"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { unfinishedStates } from "../transfersTable.ts"

const counter = (name: string, description: string) => {
  const metric = Metric.counter(`palomma_transfers_${name}`, { description, incremental: true })
  return (kind: TransferKind) => Metric.update(Metric.withAttributes(metric, { kind }), 1)
}

/** Claims whose process did not record an outcome, and that a worker ended. */
export const takeOvers = counter("take_overs", "Transfers that a worker took over from another process")

/** Calls of `onEnd` that failed. */
export const untold = counter("untold", "Calls of onEnd that failed, so that the program was not told of a transfer")

/** Turns that found a transfer waiting unusually long. */
export const overdue = counter("overdue", "Turns of transfers that have waited unusually long")

const open = Metric.gauge("palomma_transfers_open", { description: "Transfers that have not ended" })

const oldest = Metric.gauge("palomma_transfers_oldest_seconds", {
  description: "The age of the oldest transfer that has not ended, in seconds"
})

const kinds: ReadonlyArray<TransferKind> = ["payout", "payin"]

/**
 * Sets the gauges of a namespace, by the kind and the state: how many transfers are open, and the age of the oldest in
 * milliseconds. A process can have workers of several namespaces.
 */
export const setOpen = (
  namespace: string,
  of: ReadonlyMap<string, readonly [count: number, age: number]>
): Effect.Effect<void> =>
  Effect.forEach(
    kinds.flatMap((kind) => unfinishedStates.map((state) => ({ namespace, kind, state }))),
    (attributes) => {
      const [count, age] = of.get(`${attributes.kind} ${attributes.state}`) ?? [0, 0]
      return Effect.andThen(
        Metric.update(Metric.withAttributes(open, attributes), count),
        Metric.update(Metric.withAttributes(oldest, attributes), Math.max(0, age) / 1_000)
      )
    },
    { discard: true }
  )

const untilRequest = Metric.histogram("palomma_transfers_until_request_seconds", {
  description: "The time from the intent of a transfer to its first claim, by the clock of the database",
  boundaries: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600]
})

/** Measures the time from the intent of a carried transfer to its first claim. */
export const onWritten = ({ carriedBy, claims, createdAt, kind, state, updatedAt }: Transfer): Effect.Effect<void> =>
  carriedBy !== undefined && state === "sending" && claims === 1
    ? Metric.update(Metric.withAttributes(untilRequest, { kind }), Math.max(0, updatedAt - createdAt) / 1_000)
    : Effect.void
