/**
 * The only writer of transfers: it applies events to the rows of one namespace and kind.
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
import { isEnd, newAlarm, type Step } from "./change.ts"
import * as Counters from "./counters.ts"
import { type Event, isTrueOfAnyVersion } from "./event.ts"
import { step } from "./transition.ts"

/** The result of an event. */
export interface Applied {
  /** The row that the journal has now. */
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
   * Applies an event to a row, and writes the changed row. A row of version 0 is inserted.
   *
   * If another process changed the row since it was read, an event that is true for every version is applied to the
   * present row. Any other event is refused.
   */
  readonly apply: (row: Transfer, event: Event) => Effect.Effect<Applied, TransferJournalError>
}

/** How often one event is written before the store fails because other processes keep changing the row. */
const maxWrites = 100

const alarmText = (row: Transfer, alarm: TransferAlarm): string => {
  const { recordId } = row
  const records = listed(alarm.records.map((id) => SafeText.id(id)))
  const record = recordId === undefined ? "" : ` The transfer's own record is ${SafeText.id(recordId)}.`
  const happened = `${nameOf(row)}: alarm "${alarm.kind}", records ${records}.${record}`
  return `${happened} Find out what happened, then acknowledge the alarm.`
}

// Counts and logs a change after it was written, so each change counts once.
const report = Effect.fnUntraced(function* (before: Transfer, after: Transfer, event: Event) {
  const { kind } = after
  const alarm = newAlarm(before, after)
  if (alarm !== undefined) {
    yield* Counters.alarms(kind)
    yield* Effect.logError(alarmText(after, alarm))
  }
  if (after.state === "needsReview" && before.state !== "needsReview") {
    yield* Counters.reviews(kind)
    yield* Effect.logWarning(`${nameOf(after)}: in doubt, and waits for a decision of a person.`)
  }
  const isLost = event._tag === "answerLost" || event._tag === "expired"
  if (isLost && after.state !== before.state) yield* Counters.inDoubt(kind)
  if (event._tag === "claimed" && before.claims > 0) yield* Counters.resent(kind)
  if (before.state !== "accepted" && !isEnd(before) && (after.state === "accepted" || isEnd(after))) {
    if (event._tag === "answered") yield* Counters.sent(kind)
    if (event._tag === "seen") yield* Counters.reconciled(kind)
  }
})

// The store sends nothing, so it overwrites what a journal put in `sent`. `send` knows what the call sent, and adds it.
const asNotSent = ({ operation, reason, reference, written }: TransferJournalError): TransferJournalError =>
  new TransferJournalError({
    operation,
    reason,
    written,
    sent: "no",
    ...(reference === undefined ? {} : { reference })
  })

/** Makes the store of a namespace and kind. The timeout applies to each call of the journal. */
export const make = (
  journal: TransferJournalService,
  namespace: string,
  kind: TransferKind,
  timeout: Duration.Duration
): Store => {
  const limited = <A>(
    operation: string,
    reference: string | undefined,
    // A method of a journal may throw, so it is called inside the guard below.
    call: () => Effect.Effect<A, TransferJournalError>
  ): Effect.Effect<A, TransferJournalError> => {
    const failed = (reason: string) =>
      new TransferJournalError({ operation, reason, ...(reference === undefined ? {} : { reference }) })
    const guarded = Effect.catchDefect(Effect.suspend(call), (defect) =>
      Effect.andThen(
        Effect.logError(`The transfer journal failed with a defect in "${operation}". ${defectText(defect)}`),
        Effect.fail(failed("the call ended in a defect, see the log"))
      )
    )
    return Effect.flatMap(
      within(guarded, timeout),
      Option.match({
        onNone: () => Effect.fail(failed(`no answer within ${Duration.format(timeout)}`)),
        onSome: Effect.succeed
      })
    ).pipe(Effect.mapError(asNotSent))
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
    for (let writes = 0; writes < maxWrites; writes++) {
      const next = step(row, event, yield* Clock.currentTimeMillis)
      if (next._tag !== "Changed") return { row, before: row, step: next }
      const written = yield* write(next.row)
      if (Option.isSome(written)) {
        yield* report(row, written.value, event)
        return { row: written.value, before: row, step: next }
      }
      const current = yield* find(reference)
      if (Option.isNone(current)) {
        return yield* new TransferJournalError({
          operation: "replace",
          reference,
          sent: "no",
          written: "no",
          reason: "a row that exists cannot be read, as if reads went to a replica that is behind"
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
      written: "no",
      reason: "other processes keep changing the row"
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
