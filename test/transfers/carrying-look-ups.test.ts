/** The steps of a worker after the request: look-ups, and the end of a search by `endSearch`. They send nothing. */
import { assert, describe } from "@effect/vitest"
import type { AdvanceOptions } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { both, event, scene, sent } from "./support/people.ts"
import { broken, has, type JournalHooks, type Process } from "./support/scenario.ts"

const steps = [
  ["carry", (process: Process, reference: string, options?: AdvanceOptions) => process.carry(reference, options)],
  ["advance", (process: Process, reference: string, options?: AdvanceOptions) => process.advance(reference, options)]
] as const

for (const [name, step] of steps) {
  describe(`${name} of a transfer in doubt`, () => {
    both("looks it up once, and counts the look-up", (kind) =>
      Effect.gen(function* () {
        const { count, reference, transfers, write } = yield* scene(kind)
        yield* write({ state: "unknown", carriedBy: "worker" })
        const advanced = yield* step(transfers, reference)
        has(advanced, { _tag: "Wait", reason: "in-doubt", error: undefined })
        has(advanced.transfer, { state: "unknown", lookUps: 1 })
        assert.strictEqual(yield* count("list"), 2)
        assert.strictEqual(yield* count("create"), 0)
      })
    )

    for (const endSearch of ["if-complete", "always"] as const) {
      both(`asks a person after a complete look-up if it ends the search (${endSearch})`, (kind) =>
        Effect.gen(function* () {
          const { count, reference, row, transfers, write } = yield* scene(kind)
          const { version } = yield* write({ state: "unknown", lastError: "The answer was lost." })
          has(yield* step(transfers, reference, { endSearch }), { _tag: "NeedsReview", transfer: yield* row() })
          has(yield* row(), {
            state: "needsReview",
            version: version + 1,
            lookUps: 0,
            lastError: "The answer was lost. Palomma's lists do not show the transfer."
          })
          assert.strictEqual(yield* count("create"), 0)
        })
      )

      both(`ends with the transfer if this look-up finds it (${endSearch})`, (kind) =>
        Effect.gen(function* () {
          const { add, reference, row, transfers, write } = yield* scene(kind)
          yield* write({ state: "unknown" })
          const made = yield* add({ status: "approved" })
          has(yield* step(transfers, reference, { endSearch }), { _tag: "Ended" })
          has(yield* row(), { state: "approved", recordId: made.id })
        })
      )

      both(`changes nothing in a transfer that Palomma has (${endSearch})`, (kind) =>
        Effect.gen(function* () {
          const { fault, reference, row, transfers } = yield* sent(kind)
          const before = yield* row()
          yield* fault("get", Fault.respond({ status: 404 }))
          has(yield* step(transfers, reference, { endSearch }), { _tag: "Wait", reason: "in-progress" })
          assert.deepStrictEqual(yield* row(), before)
        })
      )

      both(`does not end the search of a row that changed during the look-up (${endSearch})`, (kind) =>
        Effect.gen(function* () {
          const { add, fault, reference, row, start, transfers, write } = yield* scene(kind)
          yield* write({ state: "unknown" })
          const made = yield* add()
          yield* fault("list", Fault.lag("1 day"), { rate: 1 })
          const process = yield* start({
            journal: {
              before: (call) =>
                call.row?.state === "needsReview"
                  ? Effect.asVoid(Effect.orDie(transfers.applyWebhook(event(kind, made.id, reference))))
                  : Effect.void
            }
          })
          has(yield* step(process, reference, { endSearch }), { _tag: "Wait", reason: "in-progress", error: undefined })
          has(yield* row(), { state: "accepted", recordId: made.id })
        })
      )
    }

    both("keeps it in doubt after a failed look-up, unless the search always ends", (kind) =>
      Effect.gen(function* () {
        const { fault, reference, row, transfers, write } = yield* scene(kind)
        const before = yield* write({ state: "unknown" })
        yield* fault("list", Fault.respond({ status: 401 }), { rate: 1 })
        const kept = yield* step(transfers, reference, { endSearch: "if-complete" })
        has(kept, { _tag: "Wait", reason: "in-doubt", transfer: before })
        has("error" in kept ? (kept.error ?? {}) : {}, { _tag: "PalommaUnauthorized" })
        has(yield* step(transfers, reference, { endSearch: "always" }), { _tag: "NeedsReview" })
        const text = `${kind.service.slice(0, -1)}Requests.list: PalommaUnauthorized 401.`
        has(yield* row(), { state: "needsReview", lastError: text })
      })
    )

    both("keeps it in doubt after an incomplete look-up, unless the search always ends", (kind) =>
      Effect.gen(function* () {
        const { fault, reference, row, transfers, write } = yield* scene(kind, { lookUpPages: 2 })
        yield* write({ state: "unknown" })
        yield* fault("list", Fault.endlessCursor(), { rate: 1 })
        const kept = yield* step(transfers, reference, { endSearch: "if-complete" })
        has(kept, { _tag: "Wait", reason: "in-doubt" })
        has("error" in kept ? (kept.error ?? {}) : {}, { _tag: "TransferLookUpIncomplete" })
        has(yield* row(), { state: "unknown", lookUps: 1 })
        has(yield* step(transfers, reference, { endSearch: "always" }), { _tag: "NeedsReview" })
        assert.include((yield* row()).lastError, "reached")
      })
    )

    both("returns the row of a process that found it while this one counted its incomplete look-up", (kind) =>
      Effect.gen(function* () {
        const { add, fault, reference, start, transfers, write } = yield* scene(kind, { lookUpPages: 2 })
        yield* write({ state: "unknown" })
        const made = yield* add({ reference: "other", amount: 70_000, status: "approved" })
        yield* fault("list", Fault.endlessCursor({ pages: "empty" }), { rate: 1 })
        const hooks: JournalHooks = {
          before: (call) =>
            call.row?.lookUps === 1
              ? Effect.gen(function* () {
                  hooks.before = undefined
                  const { version } = yield* Effect.orDie(transfers.advance(reference, { endSearch: "always" })).pipe(
                    Effect.map(({ transfer }) => transfer)
                  )
                  const differs = { amount: 70_000, reference: "other" }
                  const decision = { as: "paid", recordId: made.id, version, by: "ana", note: "seen", differs } as const
                  yield* Effect.orDie(transfers.resolve(reference, decision))
                })
              : Effect.void
        }
        const process = yield* start({ journal: hooks })
        const advanced = yield* step(process, reference)
        has(advanced, { _tag: "Ended", error: undefined })
      })
    )

    both("pauses the next transfers after a 429, of a look-up as of a read", (kind) =>
      Effect.gen(function* () {
        for (const state of ["unknown", "accepted"] as const) {
          const { add, fault, intent, reference, transfers, write } = yield* scene(kind)
          const { id } = yield* add()
          yield* write(state === "accepted" ? { state, recordId: id } : { state })
          yield* fault(state === "accepted" ? "get" : "list", Fault.rateLimited(30))
          const limited = yield* step(transfers, reference)
          has("error" in limited ? (limited.error ?? {}) : {}, { _tag: "PalommaRateLimited" })
          yield* transfers.intend({ ...intent, reference: "next" })
          const paused = yield* transfers.carry("next")
          has(paused, { _tag: "Wait", reason: "not-sent", waitFor: Duration.seconds(30) })
          yield* TestClock.adjust("30 seconds")
          has(yield* transfers.carry("next"), { _tag: "Wait", reason: "in-progress", waitFor: undefined })
        }
      })
    )

    both("fails if the journal does", (kind) =>
      Effect.gen(function* () {
        const { reference, start, write } = yield* scene(kind)
        yield* write({ state: "unknown" })
        const fails: JournalHooks["before"] = ({ operation }) =>
          operation === "replace" ? Effect.fail(broken(operation)) : Effect.void
        for (const options of [{}, { endSearch: "always" }] as const) {
          const process = yield* start({ journal: { before: fails } })
          const error = yield* Effect.flip(step(process, reference, options))
          has(error, { _tag: "TransferJournalError", operation: "replace", sent: "no" })
        }
      })
    )
  })
}
