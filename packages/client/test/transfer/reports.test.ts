/**
 * Counters and log lines of transfers: each change is reported once, when it is written.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import { Sensitive } from "@palomma-effect/schema"
import { type Transfer, TransferAlarm } from "../../src/Transfer.ts"
import { unwritten } from "../../src/internal/transfer/change.ts"
import type { Event } from "../../src/internal/transfer/event.ts"
import * as Store from "../../src/internal/transfer/store.ts"
import { content, events, key, record, row, rows } from "./support/samples.ts"
import { watched } from "./support/journal.ts"

interface Report {
  readonly counts: { readonly [name: string]: number }
  readonly lines: ReadonlyArray<string>
}

/** Applies events one after the other, and returns what was counted and logged. */
const reportOf = (
  first: Transfer,
  happened: ReadonlyArray<Event | ((row: Transfer) => Event)>
): Effect.Effect<Report> =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const logger = Logger.make(({ logLevel, message }) => void lines.push(`${logLevel} ${String(message)}`))
    const { journal } = watched(first.version === 0 ? undefined : first)
    const store = Store.make(journal, "sandbox", first.kind, Duration.seconds(10))
    let current = first
    for (const event of happened) {
      const applied = store.apply(current, typeof event === "function" ? event(current) : event)
      current = (yield* Effect.provide(applied, Logger.layer([logger]))).row
    }
    const counts: Record<string, number> = {}
    for (const metric of yield* Metric.snapshot) {
      if (metric.type !== "Counter") continue
      assert.deepStrictEqual({ ...metric.attributes }, { kind: first.kind })
      counts[metric.id.replace("palomma_transfers_", "")] = Number(metric.state.count)
    }
    return { counts, lines }
  }).pipe(Effect.orDie, Effect.provideService(Metric.MetricRegistry, new Map()))

const review = `Warn Debit "${key.reference}": in doubt, and waits for a decision of a person.`
const alarm = (kind: string, ids: string, own = " The transfer's own record is 1.") =>
  `Error Debit "${key.reference}": alarm "${kind}", records ${ids}.${own} Find out what happened, then acknowledge the alarm.`

type Case = readonly [
  row: keyof typeof rows,
  event: keyof typeof events,
  counts: Report["counts"],
  lines?: Report["lines"]
]

const cases: ReadonlyArray<Case> = [
  ["sending", "answered 1 same, owner", { sent: 1 }],
  ["sending", "answered 1 same, owner, approved", { sent: 1 }],
  ["unknown", "answered 1 same, owner", { sent: 1 }],
  ["accepted #1", "answered 1 same, owner, approved", {}],
  ["sending", "seen 1 same, processing", { reconciled: 1 }],
  ["unknown", "seen 1 same, cancelled", { reconciled: 1 }],
  ["needsReview #1", "seen 1 same, partial", { reconciled: 1 }],
  ["accepted #1", "seen 1 same, approved", {}],
  ["sending", "answered 1 differs, owner", { reviews: 1 }, [review]],
  ["unknown", "seen 2 similar", { reviews: 1 }, [review]],
  ["unknown", "absent, version as looked at", { reviews: 1 }, [review]],
  ["needsReview", "seen 2 similar", {}],
  ["sending", "answerLost, owner", { in_doubt: 1 }],
  ["sending", "answerLost id 1, owner", { in_doubt: 1 }],
  ["sending +ev", "answerLost, owner", { in_doubt: 1, reviews: 1 }, [review]],
  ["sending", "expired, that claim", { in_doubt: 1 }],
  ["unknown", "answerLost id 1, owner", {}],
  ["intended", "claimed, version as looked at", { resent: 1 }],
  ["unknown", "resolved paid 1 same", {}],
  ["unknown", "looked", {}],
  ["intended", "withdrawn, no version", {}],
  ["sending", "notSent, claim's owner", {}],
  ["sending", "rejected, owner", {}],
  ["sending", "seen 2 differs", { alarms: 1 }, [alarm("differs", "2", "")]],
  ["approved #1", "seen 1 same, cancelled", { alarms: 1 }, [alarm("changed-final", "1")]],
  ["approved #1", "seen 2 same, processing", { alarms: 1 }, [alarm("duplicate", "1, 2")]],
  ["accepted #1 alarm", "seen 2 same, processing", { alarms: 1 }, [alarm("duplicate", "1, 2")]],
  ["accepted #1 alarm", "seen 1 same, approved", {}],
  ["accepted #1 alarm", "acknowledged, as it was", {}],
  ["withdrawn", "seen 1 same, processing", { alarms: 1 }, [alarm("changed-final", "1")]]
]

describe("the report of a transfer", () => {
  it.effect.each(cases)('of a row "%s" by "%s"', ([at, name, counts, lines = []]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* reportOf(rows[at], [events[name]]), { counts, lines })
    })
  )

  it.effect("is made once, even if a record is seen again", () =>
    Effect.gen(function* () {
      const seen = [events["seen 2 same, processing"], events["answered 2 same, other claim"]]
      const once = { counts: { alarms: 1 }, lines: [alarm("duplicate", "1, 2")] }
      assert.deepStrictEqual(yield* reportOf(rows["accepted #1"], [...seen, ...seen]), once)
      const similar = events["seen 2 similar"]
      assert.deepStrictEqual(yield* reportOf(rows.unknown, [similar, similar]), {
        counts: { reviews: 1 },
        lines: [review]
      })
    })
  )

  it.effect("is made again for another record, or if the alarm changed to a duplicate", () =>
    Effect.gen(function* () {
      const third = { _tag: "seen", record: record("3") } as const
      const differs = events["seen 1 differs"]
      const both = yield* reportOf(rows["accepted #1"], [differs, events["seen 2 same, processing"], third, differs])
      assert.deepStrictEqual(both, {
        counts: { alarms: 3 },
        lines: [alarm("differs", "1"), alarm("duplicate", "1, 2"), alarm("duplicate", "1, 2, 3")]
      })
      const known = row({
        ...rows["accepted #1"],
        alarm: new TransferAlarm({ kind: "differs", records: ["1", "2"], at: 1 })
      })
      assert.deepStrictEqual(yield* reportOf(known, [events["seen 2 same, processing"]]), {
        counts: { alarms: 1 },
        lines: [alarm("duplicate", "1, 2")]
      })
    })
  )

  it.effect("does not count a first claim as sent again", () =>
    Effect.gen(function* () {
      const first = unwritten(key, content, 0)
      const claim = events["claimed, version as looked at"]
      assert.deepStrictEqual((yield* reportOf(first, [claim])).counts, {})
      const again: Event = { _tag: "notSent", claim: "claim-9", error: "no connection" }
      assert.deepStrictEqual((yield* reportOf(first, [claim, again, claim, again, claim])).counts, { resent: 2 })
    })
  )

  it.effect("names the kind, and masks an id that is not an id", () =>
    Effect.gen(function* () {
      const odd = record("ANA PEREZ 3007654321")
      const payout = row({ state: "sending", kind: "payout", claims: 1 })
      const event: Event = { _tag: "seen", record: { ...odd, amount: 1 } }
      const { counts, lines } = yield* reportOf(payout, [event])
      assert.deepStrictEqual(counts, { alarms: 1 })
      assert.deepStrictEqual(lines, [
        `Error Payout "${key.reference}": alarm "differs", records ${Sensitive.masked}. Find out what happened, then acknowledge the alarm.`
      ])
      const withdrawn = yield* reportOf(row({ state: "withdrawn" }), [{ ...event }])
      assert.include(withdrawn.lines[0], `The transfer's own record is ${Sensitive.masked}.`)
    })
  )

  it.effect("has a description for each counter, and counters only rise", () =>
    Effect.gen(function* () {
      const apply = (at: Transfer, name: keyof typeof events) =>
        Store.make(watched(at).journal, "sandbox", "payin", Duration.seconds(1)).apply(at, events[name](at))
      yield* apply(rows.sending, "answered 1 same, owner")
      yield* apply(rows.sending, "answerLost, owner")
      yield* apply(rows.intended, "claimed, version as looked at")
      yield* Effect.provide(apply(rows.unknown, "seen 2 similar"), Logger.layer([]))
      yield* Effect.provide(apply(rows["accepted #1"], "seen 2 same, processing"), Logger.layer([]))
      yield* apply(rows.unknown, "seen 1 same, processing")
      const described = (yield* Metric.snapshot).map((metric) => [metric.id, metric.description])
      assert.sameDeepMembers(described, [
        ["palomma_transfers_alarms", "Alarms raised by transfers"],
        ["palomma_transfers_in_doubt", "Claims whose outcome is not known"],
        ["palomma_transfers_reconciled", "Transfers in doubt or not known to be sent that a look-up found"],
        ["palomma_transfers_resent", "Transfers that were claimed again after a claim without effect"],
        ["palomma_transfers_reviews", "Transfers that started to wait for a person"],
        ["palomma_transfers_sent", "Transfers that Palomma accepted"]
      ])
      for (const metric of yield* Metric.snapshot) assert.deepInclude({ ...metric.state }, { incremental: true })
    }).pipe(Effect.provideService(Metric.MetricRegistry, new Map()))
  )
})
