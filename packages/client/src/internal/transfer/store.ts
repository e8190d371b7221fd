/**
 * The only writer of transfers: the journal, in one namespace and of one kind, changed by events alone.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as SafeText from "../../SafeText.ts"
import type { Transfer, TransferAlarm, TransferKind } from "../../Transfer.ts"
import { TransferJournalError } from "../../TransferError.ts"
import type { TransferJournalQuery, TransferJournalService } from "../../TransferJournal.ts"
import { defectText } from "../defectText.ts"
import { within } from "../http/deadline.ts"
import { listed, nameOf } from "../transferText.ts"
import { isEnd, type Step } from "./change.ts"
import * as Counters from "./counters.ts"
import { type Event, isTrueOfAnyVersion } from "./event.ts"
import { step } from "./transition.ts"

/** What an event came to. */
export interface Applied {
  /** The row that stands there now. */
  readonly row: Transfer
  /** The row before the event. */
  readonly before: Transfer
  readonly step: Step
}

/** The transfers of one namespace and kind. */
export interface Store {
  readonly kind: TransferKind
  readonly namespace: string
  readonly isDurable: boolean
  /** The time by the journal's own clock, in milliseconds since 1970. */
  readonly now: Effect.Effect<number, TransferJournalError>
  readonly find: (reference: string) => Effect.Effect<Option.Option<Transfer>, TransferJournalError>
  readonly findByRecordId: (recordId: string) => Effect.Effect<Option.Option<Transfer>, TransferJournalError>
  readonly list: (
    query: Omit<TransferJournalQuery, "namespace" | "kind">
  ) => Effect.Effect<ReadonlyArray<Transfer>, TransferJournalError>
  /**
   * Applies an event to a row, beginning with the row at hand. A row of version 0 is inserted.
   *
   * If the row was changed meanwhile, an event that is true of any version is applied to what stands there now.
   */
  readonly apply: (row: Transfer, event: Event) => Effect.Effect<Applied, TransferJournalError>
}

/** How often a row may change between a read and a write before it is given up. */
const maxWrites = 100

const alarmText = (row: Transfer, alarm: TransferAlarm): string => {
  const { recordId } = row
  const records = listed(alarm.records.map((id) => SafeText.id(id)))
  const record = recordId === undefined ? "" : ` Its own record is ${SafeText.id(recordId)}.`
  return `${nameOf(row)}: alarm "${alarm.kind}", records ${records}.${record} LookUpResult at it, and acknowledge it.`
}

// What a person has to know is counted and logged when it is written down, and once.
const tell = Effect.fnUntraced(function* (before: Transfer, after: Transfer, event: Event) {
  const { alarm, kind } = after
  if (
    alarm !== undefined &&
    (before.alarm?.kind !== alarm.kind || before.alarm.records.length < alarm.records.length)
  ) {
    yield* Counters.alarms(kind)
    yield* Effect.logError(alarmText(after, alarm))
  }
  if (after.state === "needsReview" && before.state !== "needsReview") {
    yield* Counters.reviews(kind)
    yield* Effect.logWarning(`${nameOf(after)}: it is in doubt and waits for a person.`)
  }
  const isLost = event._tag === "answerLost" || event._tag === "expired"
  if (isLost && after.state !== before.state) yield* Counters.inDoubt(kind)
  if (event._tag === "claimed" && before.claims > 0) yield* Counters.resent(kind)
  if (before.state !== "accepted" && !isEnd(before) && (after.state === "accepted" || isEnd(after))) {
    if (event._tag === "answered") yield* Counters.sent(kind)
    if (event._tag === "seen") yield* Counters.reconciled(kind)
  }
})

// The store sends nothing, whatever a journal says of it. What a call sent is known to `send` alone, which says it in its own error.
const unsent = ({ operation, reason, reference }: TransferJournalError): TransferJournalError =>
  new TransferJournalError({ operation, reason, sent: "no", ...(reference === undefined ? {} : { reference }) })

/** Makes the store of a namespace and kind. No call of the journal is waited for longer than the timeout. */
export const make = (
  journal: TransferJournalService,
  namespace: string,
  kind: TransferKind,
  timeout: Duration.Duration
): Store => {
  const limited = <A>(
    operation: string,
    reference: string | undefined,
    // It may be a method of a class that throws, so it is called here.
    call: () => Effect.Effect<A, TransferJournalError>
  ): Effect.Effect<A, TransferJournalError> => {
    const failed = (reason: string) =>
      new TransferJournalError({ operation, reason, ...(reference === undefined ? {} : { reference }) })
    const guarded = Effect.catchDefect(Effect.suspend(call), (defect) =>
      Effect.andThen(
        Effect.logError(`The transfer journal died while it had to ${operation}. ${defectText(defect)}`),
        Effect.fail(failed("it ended in a defect, which is in the log"))
      )
    )
    return Effect.flatMap(
      within(guarded, timeout),
      Option.match({
        onNone: () => Effect.fail(failed(`no answer within ${Duration.format(timeout)}`)),
        onSome: Effect.succeed
      })
    ).pipe(Effect.mapError(unsent))
  }

  const find: Store["find"] = (reference) =>
    limited("find", reference, () => journal.find({ namespace, kind, reference }))

  const write = (row: Transfer): Effect.Effect<Option.Option<Transfer>, TransferJournalError> =>
    row.version === 1
      ? limited("insert", row.reference, () => journal.insert(row))
      : limited("replace", row.reference, () => journal.replace(row))

  const apply = Effect.fnUntraced(function* (
    first: Transfer,
    event: Event
  ): Effect.fn.Return<Applied, TransferJournalError> {
    const { reference } = first
    let row = first
    for (let tries = 0; tries < maxWrites; tries++) {
      const next = step(row, event, yield* Clock.currentTimeMillis)
      if (next._tag !== "Changed") return { row, before: row, step: next }
      const written = yield* write(next.row)
      if (Option.isSome(written)) {
        yield* tell(row, written.value, event)
        return { row: written.value, before: row, step: next }
      }
      const current = yield* find(reference)
      if (Option.isNone(current)) {
        return yield* new TransferJournalError({
          operation: "replace",
          reference,
          sent: "no",
          reason: "a row that is there cannot be read, as if reads went to a copy that lags behind"
        })
      }
      row = current.value
      if (!isTrueOfAnyVersion(event)) {
        return { row, before: row, step: { _tag: "Refused", reason: "version" } }
      }
    }
    return yield* new TransferJournalError({
      operation: "replace",
      reference,
      sent: "no",
      reason: "other processes keep changing it"
    })
  })

  return {
    kind,
    namespace,
    isDurable: journal.isDurable,
    now: limited("read its clock", undefined, () => journal.now),
    find,
    findByRecordId: (recordId) => limited("find", undefined, () => journal.findByRecordId(namespace, kind, recordId)),
    list: (query) => limited("list", undefined, () => journal.list({ ...query, namespace, kind })),
    apply
  }
}
