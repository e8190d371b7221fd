/**
 * The type of a law, and the checks that laws use.
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
 * A journal violates the contract of `TransferJournalService`.
 *
 * @category errors
 * @since 0.1.0
 */
export class JournalConformanceError extends Schema.TaggedError<JournalConformanceError>()("JournalConformanceError", {
  /** The name of the violated law. */
  law: Schema.String,
  /** The value that was checked. */
  subject: Schema.String,
  /** The value that the law requires. */
  expected: Schema.String,
  /** The value that the journal returned. */
  found: Schema.String
}) {
  override get message(): string {
    const { expected, found, law, subject } = this
    return `The journal violates the law "${law}". Correct it: expected ${expected} for ${subject}, found ${found}.`
  }
}

/**
 * Errors of a law.
 *
 * @category errors
 * @since 0.1.0
 */
export type LawError = JournalConformanceError | TransferJournalError

/**
 * One law that every journal must follow.
 *
 * @category models
 * @since 0.1.0
 */
export interface Law {
  /** What a journal must do, such as `inserts a row once`. */
  readonly name: string
  /**
   * Checks a journal in a new namespace. It does not delete its rows, and waits only for the journal's clock.
   */
  readonly run: Effect.Effect<void, LawError, TransferJournal>
}

/** A journal that is checked, with the checks. */
export interface Trial {
  readonly journal: TransferJournalService
  /** A namespace that no other trial uses. */
  readonly namespace: string
  /** Makes a row of this namespace, by default an intended payout. */
  readonly row: (reference: string, more?: Partial<Transfer>) => Transfer
  /** Fails if the values differ. */
  readonly equal: (
    subject: string,
    found: string | number | boolean,
    expected: string | number | boolean
  ) => Effect.Effect<void, JournalConformanceError>
  /** Fails if a number is not in a range, including both bounds. */
  readonly between: (
    subject: string,
    found: number | undefined,
    min: number,
    max: number
  ) => Effect.Effect<void, JournalConformanceError>
  /** Fails if there is no row, or if it differs in anything but the times that a journal sets. Returns the row. */
  readonly stored: (
    subject: string,
    found: Option.Option<Transfer>,
    expected: Transfer
  ) => Effect.Effect<Transfer, JournalConformanceError>
  /** Fails if there is a row. */
  readonly none: (subject: string, found: Option.Option<Transfer>) => Effect.Effect<void, JournalConformanceError>
  /** Fails if the rows differ, including their times. */
  readonly same: (subject: string, found: Transfer, expected: Transfer) => Effect.Effect<void, JournalConformanceError>
  /** Inserts a row, and fails if the journal refuses it. */
  readonly insert: (row: Transfer) => Effect.Effect<Transfer, LawError>
  /** Replaces a row, and fails if the journal refuses it. */
  readonly replace: (row: Transfer) => Effect.Effect<Transfer, LawError>
  /** Lists one page of the payouts of this namespace, by default up to 10,000 rows. */
  readonly list: (query?: Partial<TransferJournalQuery>) => Effect.Effect<ReadonlyArray<Transfer>, LawError>
  /**
   * Waits until the journal's clock has advanced by this many milliseconds. Returns `false` if the clock does not
   * advance, as under a test clock.
   */
  readonly waitFor: (millis: number) => Effect.Effect<boolean, LawError>
}

/** Makes the next version of a row. */
export const next = (row: Transfer, more: Partial<Transfer> = {}): Transfer =>
  new Transfer({ ...row, version: row.version + 1, ...more })

/** Removes an optional field of a row. */
export const without = (row: Transfer, field: keyof Transfer): Transfer => {
  const { [field]: _, ...rest } = row
  // The constructor throws if the field is required.
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
    // A value that is not a `Transfer` must fail with that reason, not in the comparison.
    yield* text(subject, found.value)
    yield* same(subject, timeless(found.value), timeless(expected))
    return found.value
  })

  const waitFor: Trial["waitFor"] = Effect.fnUntraced(function* (millis) {
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
    between: (subject, found, min, max) =>
      found !== undefined && found >= min && found <= max
        ? Effect.void
        : Effect.fail(failed(subject, `from ${min} to ${max}`, String(found ?? "nothing"))),
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
    waitFor
  }
}

/** Makes a law from its name and its check. */
export const law = (name: string, check: (trial: Trial) => Effect.Effect<void, LawError>): Law => ({
  name,
  run: Effect.gen(function* () {
    const journal = yield* TransferJournal
    const random = yield* Random.nextIntBetween(0, Number.MAX_SAFE_INTEGER)
    yield* check(trial(name, journal, `conformance-${random.toString(36)}`))
  })
})
