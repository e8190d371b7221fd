/**
 * The times of a worker: when a transfer has its next turn.
 */
import type { Transfer, TransferState } from "@palomma-effect/client/Transfer"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import { toldStates } from "../transfersTable.ts"
import { firstJob, type Job } from "./job.ts"

/** How fast a worker works through its schedule. */
export interface Pace {
  /** The factor of the delays before turns. The length of a claim is none of them. */
  readonly scale: number
  /** How often a worker sweeps. */
  readonly sweepEvery: Duration.Duration
}

/** The pace of the workers. Only tests change it: what takes days must take seconds there. */
export const CurrentPace = Context.Reference<Pace>("@palomma-effect/durable/CurrentPace", {
  defaultValue: () => ({ scale: 1, sweepEvery: Duration.seconds(30) })
})

const delays = {
  /** A transfer that is proven not to have been sent: tried again without end. */
  unsent: ["0 seconds", "5 seconds", "30 seconds", "2 minutes", "10 minutes", "30 minutes"],
  /** A transfer in doubt. Its last look-up is after about 31 hours. */
  inDoubt: [
    "0 seconds",
    "15 seconds",
    "1 minute",
    "5 minutes",
    "15 minutes",
    "1 hour",
    "6 hours",
    "24 hours",
    "1 hour"
  ],
  /** A transfer that Palomma has: followed without end. Webhooks do the rest. */
  accepted: ["1 minute", "5 minutes", "15 minutes", "1 hour", "6 hours"],
  /** A transfer whose end the program could not be told. */
  untold: ["0 seconds", "5 seconds", "30 seconds", "2 minutes", "10 minutes", "30 minutes"]
} as const

const at = (list: ReadonlyArray<Duration.Input>, turn: number): Duration.Duration =>
  Duration.fromInputUnsafe(list[Math.min(turn, list.length - 1)] ?? 0)

/** Whether a worker carries a transfer of which the program has not been told: its end, or a question for a person. */
export const isUntold = ({ alarm, carriedBy, state, toldAt }: Transfer): boolean =>
  carriedBy !== undefined && toldAt === undefined && (alarm !== undefined || toldStates.includes(state))

/** Returns the delay before a turn that carries a transfer on, or `undefined` if no worker has anything to do. */
export const delayOf = (row: Transfer, turn: number): Duration.Duration | undefined => {
  switch (row.state) {
    case "sending":
      return Duration.millis(row.claim?.length ?? 0)
    case "intended":
      return row.carriedBy === undefined ? undefined : at(delays.unsent, turn)
    case "unknown":
      return at(delays.inDoubt, turn)
    case "accepted":
      return at(delays.accepted, turn)
    case "needsReview":
    case "rejected":
    case "approved":
    case "partial":
    case "cancelled":
    case "withdrawn":
      return undefined
  }
}

/** Returns the delay before the program is told of a transfer, after some failed calls. */
export const toldDelayOf = (turn: number): Duration.Duration => at(delays.untold, turn)

/** A job, and when it is due. */
export interface DueJob {
  readonly job: Job
  readonly delay: Duration.Duration
}

/** Returns the job that carries a row on, or `undefined` if it needs none. `period` is that of a sweep. */
export const carryingJob = (row: Transfer, key: string, period?: number): DueJob | undefined => {
  const turn = firstTurnOf(row)
  // The first turn of a claim begins the wait for it.
  const delay = row.state === "sending" ? Duration.zero : delayOf(row, turn)
  return delay === undefined ? undefined : { job: firstJob(row, key, turn, { period }), delay }
}

/** Returns the job that tells the program of a row. */
export const tellingJob = (row: Transfer, key: string, period?: number): DueJob => ({
  job: firstJob(row, key, 0, { tells: true, period }),
  delay: Duration.zero
})

/** Returns the jobs that a change of a worker's row needs. A process that sends it has the job of the claim. */
export const jobsAfterChange = (row: Transfer, key: string): ReadonlyArray<DueJob> => {
  if (row.carriedBy === undefined || row.state === "sending") return []
  const carrying = carryingJob(row, key)
  return [...(carrying === undefined ? [] : [carrying]), ...(isUntold(row) ? [tellingJob(row, key)] : [])]
}

/**
 * Returns the number of the first turn of a row: how many turns it had in this state already, as far as the row itself
 * says it.
 */
export const firstTurnOf = (row: Transfer): number => {
  // A person who decided "not paid" removes the last error, and then the transfer is sent at once.
  if (row.state === "intended") return row.lastError === undefined ? 0 : Math.max(1, row.claims)
  return row.state === "unknown" ? row.lookUps : 0
}

const lastLookUp = delays.inDoubt.length - 2

/** Failed look-ups are repeated for about a day after the last one was due. */
const failedLookUps = 24

/** Returns whether the search of a transfer in doubt ends with this turn. */
export const endSearchOf = (turn: number): "if-complete" | "always" | undefined =>
  turn < lastLookUp ? undefined : turn < lastLookUp + failedLookUps ? "if-complete" : "always"

interface Overdue {
  /** The first turn that is overdue. */
  readonly first: number
  /** How many turns a transfer has in a day by then. */
  readonly perDay: number
}

const overdue: Partial<Record<TransferState, Overdue>> = {
  // 5 s + 30 s + 2 min + 10 min + 30 min + 30 min.
  intended: { first: 6, perDay: 48 },
  // 1 min + 5 min + 15 min + 1 h, and 12 times 6 h.
  accepted: { first: 15, perDay: 4 }
}

/**
 * Whether a transfer has waited unusually long by the delays of its turns: an hour without being sent, or three days
 * without a final status.
 */
export const isOverdue = ({ state }: Transfer, turn: number): boolean => turn >= (overdue[state]?.first ?? Infinity)

/** Whether an overdue transfer is logged in this turn: in its first overdue turn, and then once a day. */
export const isOverdueLogged = ({ state }: Transfer, turn: number): boolean => {
  const { first, perDay } = overdue[state] ?? { first: Infinity, perDay: 1 }
  return turn >= first && (turn - first) % perDay === 0
}
