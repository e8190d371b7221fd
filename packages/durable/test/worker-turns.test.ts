/** One turn of a job: what it asks of the transfer, and which job it writes. */
import { assert, describe } from "@effect/vitest"
import { type Transfer, TransferAlarm } from "@palomma-effect/client/Transfer"
import { PalommaBadRequest, PalommaRateLimited, PalommaUnauthorized } from "@palomma-effect/client/PalommaError"
import { TransferInvalidState } from "@palomma-effect/client/TransferError"
import type { Advanced } from "@palomma-effect/client/TransferResult"
import type { AdvanceOptions } from "@palomma-effect/client/TransferService"
import { Fault } from "@palomma-effect/testing"
import * as Duration from "effect/Duration"
import * as SafeText from "@palomma-effect/client/SafeText"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { TestClock } from "effect/testing"
import { Job } from "../src/internal/worker/job.ts"
import { makeLimitedLog } from "../src/internal/worker/limitedLog.ts"
import * as Queue from "../src/internal/worker/queue.ts"
import * as Turn from "../src/internal/worker/turn.ts"
import { aClaim, both, gaps, type Kind, makeScene, metricsOf, pass, recordLog, type Scene } from "./support/worker.ts"

const alarm = new TransferAlarm({ kind: "differs", records: ["01HB"], at: 0 })

const jobOf = (kind: Kind, fields: Partial<ConstructorParameters<typeof Job>[0]> = {}) =>
  new Job({ key: `${kind.name}:a:`, kind: kind.name, reference: "a", version: 3, turn: 2, nth: 5, ...fields })

interface Given {
  readonly job: Job
  /** The row before the step. */
  readonly row?: Transfer | undefined
  /** The result of the step. */
  readonly advanced?: Advanced | undefined
  /** Whether the row is no longer there when it is read again. */
  readonly isRemoved?: boolean
  readonly onEnd?: (row: Transfer) => Effect.Effect<unknown, string>
}

/** Runs one turn over these rows, and records what it does. */
const runTurn = Effect.fnUntraced(function* (scene: Scene, { advanced, isRemoved, job, onEnd, row }: Given) {
  const process = yield* scene.start()
  const asked: Array<AdvanceOptions> = []
  let reads = 0
  const offers: Array<readonly [Job, number]> = []
  const { lines, logged } = recordLog()
  const doubled = {
    find: () => Effect.sync(() => Option.fromUndefinedOr(isRemoved === true && reads++ > 0 ? undefined : row)),
    carry: (_: string, options: AdvanceOptions = {}) => {
      asked.push(options)
      return advanced === undefined
        ? Effect.fail(
            new TransferInvalidState({
              operation: "Payouts.carry",
              kind: "payout",
              reference: "a",
              reason: "unknown-reference",
              records: []
            })
          )
        : Effect.succeed(advanced)
    }
  }
  const queue: Queue.JobQueue = {
    ...process.backend.queue,
    offer: (offered, options) =>
      Effect.sync(() => {
        const delay = Duration.fromInputUnsafe(options?.delay ?? Duration.zero)
        offers.push([offered, Duration.toSeconds(delay)])
        return options?.id ?? ""
      })
  }
  const worker = {
    backend: { ...process.backend, queue },
    transfers: { payout: { ...process.payouts, ...doubled }, payin: { ...process.payins, ...doubled } },
    onEnd,
    onEndTimeout: Duration.seconds(5),
    warn: makeLimitedLog()
  }
  yield* logged(Turn.run<string, never>(worker, job))
  return { asked, offers, lines, metrics: yield* metricsOf(scene.kind) }
})

const wait = (transfer: Transfer, more: Partial<Extract<Advanced, { readonly _tag: "Wait" }>> = {}): Advanced => ({
  _tag: "Wait",
  transfer,
  reason: "in-progress",
  ...more
})

const answered = { operation: "payoutRequests.create", status: 429, outcome: "not-sent" } as const

describe("a job that tells", () => {
  both("does nothing if its transfer has changed, or if the program was told", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      let calls = 0
      const onEnd = () => Effect.sync(() => calls++)
      const rows = [{ version: 4, alarm }, { version: 2, alarm }, { version: 3, alarm, toldAt: 1 }, { version: 3 }]
      for (const fields of rows) {
        const row = scene.aRow("a", { state: "accepted", carriedBy: "worker", ...fields })
        const { lines, offers } = yield* runTurn(scene, { job: jobOf(kind, { tells: true }), row, onEnd })
        assert.deepStrictEqual([offers, lines], [[], []])
      }
      assert.strictEqual(calls, 0)
    })
  )

  both("is left to the sweep of another worker if this one has no onEnd", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const row = scene.aRow("a", { state: "accepted", version: 3, alarm, carriedBy: "worker" })
      const { lines, metrics, offers } = yield* runTurn(scene, { job: jobOf(kind, { tells: true }), row })
      assert.deepStrictEqual([offers, lines, metrics["untold"]], [[], [], undefined])
    })
  )

  both("is put back with the delay of the next turn if onEnd fails", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const row = scene.aRow("a", { state: "accepted", version: 3, alarm, carriedBy: "worker" })
      const onEnd = () => Effect.fail("closed")
      const { offers } = yield* runTurn(scene, { job: jobOf(kind, { tells: true }), row, onEnd })
      assert.deepStrictEqual(offers, [[jobOf(kind, { tells: true, turn: 3, nth: 6 }), 120]])
    })
  )

  both("of nothing is logged", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const { lines, offers } = yield* runTurn(scene, {
        job: jobOf(kind, { tells: true }),
        onEnd: () => Effect.void
      })
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], "the journal has no row")
      assert.deepStrictEqual(offers, [])
    })
  )

  both("of a transfer that is removed while the program is told is done", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const row = scene.aRow("a", { state: "accepted", version: 3, alarm, carriedBy: "worker" })
      const job = jobOf(kind, { tells: true })
      const { lines, offers } = yield* runTurn(scene, { job, row, isRemoved: true, onEnd: () => Effect.void })
      assert.deepStrictEqual([offers, lines], [[], []])
    })
  )
})

describe("a job that carries", () => {
  both("asks for a step of its version only", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const row = scene.aRow("a", { state: "unknown", version: 3, carriedBy: "worker" })
      const { asked } = yield* runTurn(scene, { job: jobOf(kind, { turn: 7, claim: "c" }), row, advanced: wait(row) })
      assert.deepStrictEqual(asked, [{ version: 3, lostClaim: "c", endSearch: "if-complete" }])
    })
  )

  both("may end a search from the turn with the last look-up on", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const row = scene.aRow("a", { state: "unknown", version: 3, carriedBy: "worker" })
      const ends: Array<unknown> = []
      for (const turn of [6, 7, 30, 31]) {
        const { asked } = yield* runTurn(scene, { job: jobOf(kind, { turn }), row, advanced: wait(row) })
        ends.push(...asked.map(({ endSearch }) => endSearch))
      }
      assert.deepStrictEqual(ends, [undefined, "if-complete", "if-complete", "always"])
    })
  )

  both("of nothing is logged, and done", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const { lines, offers } = yield* runTurn(scene, { job: jobOf(kind) })
      assert.strictEqual(lines.length, 1)
      assert.include(lines[0], "the journal has no row")
      assert.deepStrictEqual(offers, [])
    })
  )

  both("waits for a claim with its id and its length, in this version or in a new one", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      for (const [version, nth] of [
        [3, 6],
        [4, 1]
      ] as const) {
        const row = scene.aRow("a", { state: "sending", version, claim: aClaim("c"), carriedBy: "worker" })
        const { metrics, offers } = yield* runTurn(scene, { job: jobOf(kind), row, advanced: wait(row) })
        assert.deepStrictEqual(offers, [[jobOf(kind, { version, nth, turn: 3, claim: "c" }), 65]])
        assert.isUndefined(metrics["take_overs"])
      }
    })
  )

  both("counts a claim as taken over only if it waited for it, and nobody changed the transfer", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const before = scene.aRow("a", { state: "sending", version: 3, claim: aClaim("c"), carriedBy: "worker" })
      const changed = scene.aRow("a", { state: "unknown", version: 4, carriedBy: "worker" })
      for (const [job, row] of [
        [jobOf(kind), before],
        [jobOf(kind, { claim: "c" }), changed],
        [jobOf(kind, { claim: "c" }), undefined]
      ] as const) {
        const { metrics } = yield* runTurn(scene, { job, row, advanced: wait(changed) })
        assert.isUndefined(metrics["take_overs"])
      }
      const { metrics } = yield* runTurn(scene, {
        job: jobOf(kind, { claim: "c" }),
        row: before,
        advanced: wait(changed)
      })
      assert.strictEqual(metrics["take_overs"], 1)
    })
  )

  both("comes again with its turn after a pause", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const row = scene.aRow("a", { state: "unknown", version: 3, carriedBy: "worker" })
      const delayOf = (nth: number, pause: number) =>
        Effect.map(
          runTurn(scene, {
            job: jobOf(kind, { nth, period: 9 }),
            row,
            advanced: wait(row, { waitFor: Duration.seconds(pause) })
          }),
          ({ offers: [offer] }) => {
            assert.deepStrictEqual(offer?.[0], jobOf(kind, { nth: nth + 1, period: 9 }))
            return offer?.[1] ?? assert.fail()
          }
        )
      assert.strictEqual(yield* delayOf(0, 77), 77)
      // A pause that comes again and again is longer each time, and not the same for all transfers.
      for (const [nth, most] of [
        [1, 20],
        [3, 80],
        [50, 600]
      ] as const) {
        const delay = yield* delayOf(nth, 1)
        assert.isTrue(delay >= most / 2 && delay <= most, `${nth}: ${delay}`)
      }
    })
  )

  both("has its next turn if nothing has changed, with its delay", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      for (const carriedBy of [undefined, "worker" as const]) {
        const row = scene.aRow("a", { state: "accepted", version: 3, ...(carriedBy && { carriedBy }) })
        const { offers } = yield* runTurn(scene, { job: jobOf(kind), row, advanced: wait(row) })
        assert.deepStrictEqual(offers, [[jobOf(kind, { turn: 3, nth: 6 }), 3_600]])
      }
    })
  )

  both("writes a job of a new version only if the journal did not", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const plain = scene.aRow("a", { state: "unknown", version: 4, lookUps: 2 })
      const carried = scene.aRow("a", { state: "unknown", version: 4, lookUps: 2, carriedBy: "worker" })
      const ofPlain = yield* runTurn(scene, { job: jobOf(kind), row: plain, advanced: wait(plain) })
      assert.deepStrictEqual(ofPlain.offers, [[jobOf(kind, { version: 4, turn: 2, nth: 1 }), 60]])
      const ofCarried = yield* runTurn(scene, { job: jobOf(kind), row: carried, advanced: wait(carried) })
      assert.deepStrictEqual(ofCarried.offers, [])
    })
  )

  both("writes no job of a plain transfer that was not sent, or that ended", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      for (const state of ["intended", "approved", "needsReview"] as const) {
        const row = scene.aRow("a", { state, version: 4 })
        const { offers } = yield* runTurn(scene, { job: jobOf(kind), row, advanced: wait(row) })
        assert.deepStrictEqual(offers, [])
      }
    })
  )

  both("logs an error that needs a correction, and what Palomma says of a transfer that it rejected", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const unauthorized = new PalommaUnauthorized({ ...answered, status: 401 })
      const bad = new PalommaBadRequest({ ...answered, status: 400 })
      const limited = new PalommaRateLimited({ ...answered })
      const linesOf = (state: Transfer["state"], error: typeof bad | typeof unauthorized | typeof limited) => {
        const row = scene.aRow("a", { state, version: 3, carriedBy: "worker" })
        return Effect.map(
          runTurn(scene, { job: jobOf(kind), row, advanced: wait(row, { error }) }),
          ({ lines }) => lines
        )
      }
      const said = new PalommaBadRequest({
        ...answered,
        status: 400,
        serverMessage: SafeText.make(`no ${scene.aRow("a", {}).accountId}`)
      })
      const [rejection = ""] = yield* linesOf("rejected", said)
      assert.include(
        rejection,
        "rejected by Palomma: PalommaBadRequest (no <redacted><redacted>). No worker sends it again."
      )
      assert.include((yield* linesOf("rejected", bad))[0], "rejected by Palomma: PalommaBadRequest. No worker")
      assert.deepStrictEqual(yield* linesOf("intended", limited), [])
      assert.strictEqual((yield* linesOf("intended", unauthorized)).length, 1)
      assert.strictEqual((yield* linesOf("accepted", unauthorized)).length, 1)
    })
  )

  both("raises an alarm with its last error, by the turns of its present state", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const fields = { state: "intended", claims: 7, lastError: "last", carriedBy: "worker" } as const
      const error = new PalommaRateLimited({ ...answered })
      const alarmsOf = (turn: number, version: number, more: Parameters<typeof wait>[1] = {}) => {
        const row = scene.aRow("a", { ...fields, version })
        return Effect.map(runTurn(scene, { job: jobOf(kind, { turn }), row, advanced: wait(row, more) }), ({ lines }) =>
          lines.filter((line) => line.includes("Last: ")).map((line) => line.slice(line.indexOf("Last: ")))
        )
      }
      assert.deepStrictEqual(yield* alarmsOf(6, 3, { error }), ["Last: PalommaRateLimited"])
      assert.deepStrictEqual(yield* alarmsOf(6, 3), ["Last: last"])
      assert.deepStrictEqual(yield* alarmsOf(5, 3), [])
      assert.deepStrictEqual(yield* alarmsOf(7, 3), [])
      // The seventh request failed, in the turn with the number 6.
      assert.deepStrictEqual(yield* alarmsOf(0, 4), ["Last: last"])
    })
  )

  both("of an older version does not come again after a pause", (kind) =>
    Effect.gen(function* () {
      const scene = yield* makeScene(kind)
      const process = yield* scene.start()
      yield* process.carry({ concurrency: 2 })
      yield* process.intend(scene.intent("a"))
      yield* pass("1000 seconds", "1 second")
      yield* scene.fault("list", Fault.rateLimited(300))
      yield* process.intend(scene.intent("first"))
      yield* TestClock.adjust("1 second")
      yield* process.withdraw(scene.name("first"), { by: "ana", note: "a typing error" })
      for (const period of [1, 2, 3]) {
        const job = jobOf(kind, { version: 1, period })
        yield* Queue.offer(process.backend.queue, { job, delay: Duration.zero })
      }
      yield* pass("2 hours", "1 second")
      const gets = yield* scene.times("get")
      assert.deepStrictEqual(gaps(gets), [300, 940, 3_600])
      assert.strictEqual(gets.length, 4)
    })
  )
})
