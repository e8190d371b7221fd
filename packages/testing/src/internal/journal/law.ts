/**
 * What a law of a journal is made of.
 */
import { Transfer } from "@palomma-effect/client/Transfer"
import type { TransferJournalError } from "@palomma-effect/client/TransferError"
import {
  TransferJournal,
  type TransferJournalQuery,
  type TransferJournalService
} from "@palomma-effect/client/TransferJournal"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"

/**
 * A journal does not do what `TransferJournalService` says.
 *
 * @category errors
 * @since 0.1.0
 */
export class JournalConformanceError extends Schema.TaggedError<JournalConformanceError>()("JournalConformanceError", {
  /** The name of the law. */
  law: Schema.String,
  /** What was looked at. */
  subject: Schema.String,
  /** What the law says of it. */
  expected: Schema.String,
  /** What the journal does instead. */
  found: Schema.String
}) {
  override get message(): string {
    return `A journal ${this.law}. ${this.subject}: expected ${this.expected}, found ${this.found}`
  }
}

/**
 * What a law can fail with.
 *
 * @category errors
 * @since 0.1.0
 */
export type LawError = JournalConformanceError | TransferJournalError

/**
 * One thing that every journal does.
 *
 * @category models
 * @since 0.1.0
 */
export interface Law {
  /** What a journal does, such as `inserts a row once`. */
  readonly name: string
  /**
   * Tries it on a journal, in namespaces of its own. It leaves rows behind, and waits for no clock but the journal's.
   */
  readonly run: Effect.Effect<void, LawError, TransferJournal>
}

/** A journal on trial. */
export interface Trial {
  readonly journal: TransferJournalService
  /** A namespace that no other trial uses. */
  readonly namespace: string
  /** A row of that namespace: an intended payout, unless told otherwise. */
  readonly row: (reference: string, more?: Partial<Transfer>) => Transfer
  /** Fails unless both are equal. */
  readonly equal: (
    subject: string,
    found: string | number | boolean,
    expected: string | number | boolean
  ) => Effect.Effect<void, JournalConformanceError>
  /** Fails unless a number is between two others, or one of them. */
  readonly between: (
    subject: string,
    found: number | undefined,
    least: number,
    most: number
  ) => Effect.Effect<void, JournalConformanceError>
  /** Fails unless there is a row, and it is the expected one but for the times that a journal sets. Succeeds with it. */
  readonly stored: (
    subject: string,
    found: Option.Option<Transfer>,
    expected: Transfer
  ) => Effect.Effect<Transfer, JournalConformanceError>
  /** Fails unless there is none. */
  readonly none: (subject: string, found: Option.Option<Transfer>) => Effect.Effect<void, JournalConformanceError>
  /** Fails unless both are the same row, times included. */
  readonly same: (subject: string, found: Transfer, expected: Transfer) => Effect.Effect<void, JournalConformanceError>
  /** Inserts a row that must not be there yet. */
  readonly insert: (row: Transfer) => Effect.Effect<Transfer, LawError>
  /** Replaces a row whose version must be the one before. */
  readonly replace: (row: Transfer) => Effect.Effect<Transfer, LawError>
  /** Lists the payouts of the namespace: those of one page, a large one by default. */
  readonly list: (query?: Partial<TransferJournalQuery>) => Effect.Effect<ReadonlyArray<Transfer>, LawError>
  /**
   * Waits until the journal's clock has gone on by so many milliseconds. It may stand still, as memory does under a test clock: then this
   * is `false` after a while.
   */
  readonly passed: (millis: number) => Effect.Effect<boolean, LawError>
}

/** The next version of a row. */
export const next = (row: Transfer, more: Partial<Transfer> = {}): Transfer =>
  new Transfer({ ...row, version: row.version + 1, ...more })

/** A row without a field. */
export const without = (row: Transfer, field: keyof Transfer): Transfer => {
  const { [field]: _, ...rest } = row
  // The constructor checks that the field was optional.
  return new Transfer(rest as Transfer)
}

const timeless = (row: Transfer): Transfer =>
  new Transfer({ ...without(row, "leftSendingAt"), createdAt: 0, updatedAt: 0 })

const encode = Schema.encodeUnknownEffect(Schema.fromJsonString(Transfer))

const trial = (law: string, journal: TransferJournalService, namespace: string): Trial => {
  const failed = (subject: string, expected: string, found: string) =>
    new JournalConformanceError({ law, subject, expected, found })
  const text = (subject: string, row: Transfer): Effect.Effect<string, JournalConformanceError> =>
    Effect.mapError(encode(row), (error) => failed(subject, "a Transfer", `something else: ${error.message}`))

  const equal: Trial["equal"] = (subject, found, expected) =>
    found === expected ? Effect.void : Effect.fail(failed(subject, String(expected), String(found)))

  const same: Trial["same"] = Effect.fnUntraced(function* (subject, found, expected) {
    yield* equal(subject, yield* text(subject, found), yield* text(subject, expected))
  })

  const stored: Trial["stored"] = Effect.fnUntraced(function* (subject, found, expected) {
    if (Option.isNone(found)) return yield* failed(subject, "a row", "none")
    // What is no Transfer is told so, before its fields are looked at.
    yield* text(subject, found.value)
    yield* same(subject, timeless(found.value), timeless(expected))
    return found.value
  })

  const passed: Trial["passed"] = Effect.fnUntraced(function* (millis) {
    const from = yield* journal.now
    for (let tries = 0; tries < 20_000; tries++) {
      if ((yield* journal.now) - from >= millis) return true
      yield* Effect.yieldNow
    }
    return false
  })

  return {
    journal,
    namespace,
    row: (reference, more = {}) =>
      new Transfer({
        namespace,
        kind: "payout",
        reference,
        accountId: "account",
        amount: 50_000,
        state: "intended",
        version: 1,
        claims: 0,
        evidence: [],
        notOurs: [],
        lookUps: 0,
        createdAt: 0,
        updatedAt: 0,
        ...more
      }),
    equal,
    between: (subject, found, least, most) =>
      found !== undefined && found >= least && found <= most
        ? Effect.void
        : Effect.fail(failed(subject, `from ${least} to ${most}`, String(found ?? "nothing"))),
    stored,
    none: Effect.fnUntraced(function* (subject, found) {
      if (Option.isSome(found)) return yield* failed(subject, "none", yield* text(subject, found.value))
    }),
    same,
    insert: (row) =>
      Effect.flatMap(journal.insert(row), (found) => stored(`the insert of ${row.reference}`, found, row)),
    replace: (row) =>
      Effect.flatMap(journal.replace(row), (found) => stored(`the replacement of ${row.reference}`, found, row)),
    list: (query) => journal.list({ namespace, kind: "payout", limit: 10_000, ...query }),
    passed
  }
}

/** Makes a law of a check. */
export const law = (name: string, check: (trial: Trial) => Effect.Effect<void, LawError>): Law => ({
  name,
  run: Effect.gen(function* () {
    const journal = yield* TransferJournal
    const random = yield* Random.nextIntBetween(0, Number.MAX_SAFE_INTEGER)
    yield* check(trial(name, journal, `conformance-${random.toString(36)}`))
  })
})
