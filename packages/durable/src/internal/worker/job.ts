/**
 * Jobs: whose turn it is. A job holds only the name of a transfer, so it is never out of date in what it says about
 * money.
 */
import { type Transfer, TransferKind } from "@palomma-effect/client/Transfer"
import * as Schema from "effect/Schema"

/** One turn of a transfer. */
export class Job extends Schema.Class<Job>("Job")({
  /** The random key of the row. The ids of its jobs begin with it. */
  key: Schema.String,
  kind: TransferKind,
  reference: Schema.String,
  /** The version of the row when the job was written. */
  version: Schema.Finite,
  /** `true` if the job tells the program of the row, instead of carrying the transfer on. */
  tells: Schema.optionalKey(Schema.Literal(true)),
  /** How many turns the row had in this state before this one. It decides the delay of the next turn. */
  turn: Schema.Finite,
  /** How often the job was put back for this version. */
  nth: Schema.Finite,
  /** The period of the sweep that wrote the first of these jobs. */
  period: Schema.optionalKey(Schema.Finite),
  /** The claim whose end the job has waited for. */
  claim: Schema.optionalKey(Schema.String)
}) {}

const hex = (value: number, length: number): string => value.toString(16).padStart(length, "0")

/** How many characters follow the key in the id of a job, in this order. */
export const digits = { version: 10, tells: 1, nth: 8, period: 10 }

/**
 * Returns the id of a job. The queue ignores an id that it had before, also if that job is done, so each turn has its
 * own id. The jobs that follow from a sweep have the number of the sweep's period, since an earlier queue may have had
 * the others.
 *
 * All ids have one length and consist of hexadecimal digits, so that every collation has them in the same order.
 */
export const idOf = ({ key, nth, period = 0, tells, version }: Job): string =>
  key +
  hex(version, digits.version) +
  hex(tells === true ? 1 : 0, digits.tells) +
  hex(nth, digits.nth) +
  hex(period, digits.period)

/** Returns the job of the first turn of a row in its present form. */
export const firstJob = (
  { kind, reference, version }: Transfer,
  key: string,
  turn: number,
  more: { readonly tells?: true; readonly period?: number | undefined }
): Job => {
  const { period, tells } = more
  return new Job({
    key,
    kind,
    reference,
    version,
    turn,
    nth: 0,
    ...(tells && { tells }),
    ...(period !== undefined && { period })
  })
}

/** Returns the job that follows another one, for the row in its present form. */
export const nextJob = (job: Job, { version }: Transfer, turn: number, claim?: string): Job => {
  const { claim: _, ...rest } = job
  const nth = version === job.version ? job.nth + 1 : 1
  return new Job({ ...rest, version, turn, nth, ...(claim !== undefined && { claim }) })
}
