/** A person who reads Palomma's own records, and decides by their current content. */
import type {
  Acknowledgement,
  Transfer,
  TransferDecision,
  TransferKind,
  TransferOperations
} from "@palomma-effect/client"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { TestClock } from "effect/testing"
import { awaitEnd, type Intent, type Life } from "./lives.ts"
import { type LedgerRecord, ourRecords, type Truth } from "./oracle.ts"
import { check, rowOf, truthOf, type World } from "./world.ts"

const other = <A>(shown: A, ours: A): A | undefined => (shown === ours ? undefined : shown)

const differenceOf = (row: Transfer, { accountId, amount, storedReference }: LedgerRecord) => ({
  accountId: other(accountId, row.accountId),
  amount: other(amount, row.amount),
  reference: other(storedReference, row.reference)
})

// The records of the account that Palomma shows and that no request of the reference made.
const notOursOf = (row: Transfer, { byId, records, requests }: Truth): ReadonlyArray<string> => {
  const suspects = [
    ...row.evidence,
    ...(row.recordId === undefined ? [] : [row.recordId]),
    ...(row.alarm?.records ?? []),
    ...records.map(({ id }) => id),
    ...[...byId.values()].filter((record) => record.request === undefined).map(({ id }) => id)
  ]
  const isOurs = (id: string) => {
    const maker = byId.get(id)?.request
    return maker !== undefined && requests.includes(maker)
  }
  return [...new Set(suspects)].filter((id) => !isOurs(id))
}

/**
 * The decision of a person who has just asked Palomma. The row is the one that the person read, which may be outdated.
 */
export const decisionOf = (row: Transfer, truth: Truth): TransferDecision => {
  const [ours] = ourRecords(truth)
  const decision = { version: row.version, by: "ana", note: "asked", notOurs: notOursOf(row, truth) }
  return ours === undefined
    ? { ...decision, as: "not-paid" }
    : { ...decision, as: "paid", recordId: ours.id, differs: differenceOf(row, ours) }
}

const isUndecided = ({ state }: Transfer): boolean => state === "unknown" || state === "needsReview"

// The transfer's own record, if the journal has another one of its alarm.
const ownOf = (row: Transfer, truth: Truth): Pick<Acknowledgement, "recordId"> => {
  const [ours] = ourRecords(truth)
  const isOther = row.recordId !== undefined && ours !== undefined && ours.id !== row.recordId
  return isOther && !isUndecided(row) && row.state !== "sending" && row.alarm?.records.includes(ours.id) === true
    ? { recordId: ours.id }
    : {}
}

/**
 * The acknowledgement of an alarm by a person who has asked Palomma. The record of the row is ruled out only if another
 * one is the transfer's.
 */
export const acknowledgementOf = (row: Transfer, truth: Truth): Acknowledgement => {
  const own = ownOf(row, truth)
  const isKept = own.recordId === undefined && !isUndecided(row)
  const notOurs = notOursOf(row, truth).filter((id) => !isKept || id !== row.recordId)
  return { version: row.version, by: "ana", note: "asked", notOurs, ...own }
}

/** Makes a call of a life and lets time pass until it ends. */
export const finished = Effect.fnUntraced(function* <A, E>(life: Life, call: Effect.Effect<A, E>) {
  const fiber = yield* Effect.forkDetach(Effect.exit(call))
  yield* awaitEnd(fiber, life)
  const exit = fiber.pollUnsafe()
  assert.isDefined(exit, "a call never ended")
  return exit === undefined || Exit.isFailure(exit) ? exit : exit.value
})

/** Calls an operation of a transfer to its end, and ignores its result. */
const follow = <A, E>(
  life: Life,
  operation: string,
  kind: TransferKind,
  reference: string,
  run: (operations: TransferOperations) => Effect.Effect<A, E>
) => finished(life, life.call(operation, kind, reference, run))

/** The maximum number of decisions about one transfer. */
const maxDecisions = 6

/** How a program drives a transfer on: it sends it again, or a worker carries it. */
export type Drive = (life: Life, intent: Intent) => Effect.Effect<unknown, unknown>

/**
 * Finishes a transfer: it is sent again, and a person decides if necessary. No further faults occur. A transfer that
 * cannot be finished is in a state that it can never leave.
 */
export const bringToEnd = Effect.fnUntraced(function* (
  world: World,
  life: Life,
  intent: Intent,
  drive: Drive = (life, intent) => life.send(intent)
) {
  const { kind, reference } = intent
  for (let decisions = 0; decisions < maxDecisions; decisions++) {
    const exit = yield* finished(life, drive(life, intent))
    yield* check(world)
    const row = rowOf(world, kind, reference)
    assert.isDefined(row, `${kind} "${reference}" was sent, and has no row: ${JSON.stringify(exit)}`)
    if (row === undefined) return
    const truth = truthOf(world, yield* world.books, kind, reference)
    if (isUndecided(row)) {
      yield* TestClock.adjust("21 minutes")
      const word = decisionOf(row, truth)
      yield* follow(life, "resolve", kind, reference, ({ resolve }) => resolve(reference, word))
    } else if (row.alarm !== undefined) {
      const word = acknowledgementOf(row, truth)
      yield* follow(life, "acknowledge", kind, reference, ({ acknowledge }) => acknowledge(reference, word))
    } else if (row.state !== "intended" && row.state !== "rejected" && row.state !== "sending") return
    yield* check(world)
  }
  assert.fail(`No person can finish ${kind} "${reference}": ${JSON.stringify(rowOf(world, kind, reference))}`)
})
