/** What a program with a worker gets, and what it shares with its judge. */
import type { TransferKind } from "@palomma-effect/client"
import type { DurableIntent } from "@palomma-effect/durable"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import { type Line, payinIntent, payoutIntent } from "./job.ts"
import type { Endpoint, Store } from "./services.ts"

/** A payout or a debit that the program hands over. */
export interface Order extends Line {
  readonly kind: TransferKind
}

/** The points at which a program ends or stops itself, in the order of a transfer. */
export const points = [
  "between intend and COMMIT",
  "handed over to the worker",
  "looked up",
  "claimed",
  "the body is handed over",
  "answered",
  "between onEnd and COMMIT"
] as const

/** A point at which a program ends or stops itself. */
export type Point = (typeof points)[number]

/** A signal that a program sends to itself when it reaches a point for the n-th time. */
export interface Signal {
  readonly signal: "SIGKILL" | "SIGSTOP"
  readonly point: Point
  readonly times: number
}

/** The input file of one life of a program with a worker. */
export interface WorkerJob {
  readonly life: string
  readonly endpoint: Endpoint
  readonly integrityKey: string
  readonly store: Store
  readonly orders: ReadonlyArray<Order>
  readonly concurrency: number
  readonly sendTimeout: number
  readonly lockExpiration: number
  readonly sweepEvery: number
  /** How far its wall clock is ahead, in milliseconds. */
  readonly clockShift: number
  readonly signal?: Signal
  /** Whether it ends when every transfer has ended or waits for a person. Otherwise it runs until it is killed. */
  readonly isLast: boolean
  /** What a control does wrong. */
  readonly wrong?: "no claim" | "tells outside of the transaction" | "intends outside of the transaction"
}

/** An order as the library gets it. */
export const intentOf = (order: Order): DurableIntent =>
  order.kind === "payout" ? { kind: "payout", ...payoutIntent(order) } : { kind: "payin", ...payinIntent(order) }

/** The pace of the library's workers, which is not public: by its key, a day takes about nine seconds. */
export const CurrentPace = Context.Reference<{ readonly scale: number; readonly sweepEvery: Duration.Duration }>(
  "@palomma-effect/durable/CurrentPace",
  { defaultValue: () => ({ scale: 1, sweepEvery: Duration.seconds(30) }) }
)
