/**
 * Waiting for the final status of a record: reads with growing pauses, up to a timeout. Only documented ends count.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  type AwaitOptions,
  type Palomma,
  PalommaInvalidInput,
  PalommaStillPending,
  PayinSourceCancelled,
  PayoutTargetCancelled,
  SafeText,
  withRetry
} from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import * as fc from "fast-check"
import { call, sampleOf } from "./support/operations.ts"
import { type Reply, runTest, services, runToEnd, stub } from "./support/stub.ts"
import { maxAttempts } from "./support/errorFields.ts"

interface Waiting {
  readonly group: string
  readonly method: string
  /** The statuses with which the wait succeeds. */
  readonly good: ReadonlyArray<string>
  /** The statuses with which it fails, if an unsuccessful end is an error. */
  readonly cancelled?: string
  readonly pending: ReadonlyArray<string>
}

const waits: ReadonlyArray<Waiting> = [
  { group: "payoutRequests", method: "awaitFinal", good: ["approved", "cancelled"], pending: ["processing"] },
  { group: "payinRequests", method: "awaitFinal", good: ["approved", "partial", "cancelled"], pending: ["processing"] },
  { group: "payinLinks", method: "awaitFinal", good: ["approved", "cancelled"], pending: ["pending", "processing"] },
  { group: "payoutTargets", method: "awaitActive", good: ["active"], cancelled: "PayoutTargetCancelled", pending: [] },
  {
    group: "payinSources",
    method: "awaitActive",
    good: ["active"],
    cancelled: "PayinSourceCancelled",
    pending: ["pending", "processing"]
  }
]

// Undocumented statuses that sound final. One wait gets all of them.
const unknown = ["finished", "settled", "rejected", "APPROVED", "Approved", "canceled", "paid", "", "toString"]

const id = "01H"

const answered = (group: string, status: string, more: object = {}): Reply => ({
  json: { ...sampleOf(group).record, id, status, ...more }
})

const waited = (wait: Waiting, reply: (number: number) => Reply, options?: AwaitOptions) =>
  Effect.gen(function* () {
    const palomma = stub((_, number) => reply(number))
    const start = yield* Clock.currentTimeMillis
    const waiting: Effect.Effect<unknown, unknown, Palomma.Services> = call(wait.group, wait.method, id, options)
    const ended = Effect.flatMap(Effect.exit(waiting), (exit) =>
      Effect.map(Clock.currentTimeMillis, (at) => ({ exit, at }))
    )
    const { at, exit } = yield* Effect.flatten(runToEnd(ended, palomma))
    const sentAt = palomma.requests.map((request) => request.at - start)
    return {
      exit,
      took: Math.round((at - start) * 1_000) / 1_000,
      looks: palomma.requests.length,
      pauses: sentAt.slice(1).map((at, i) => at - (sentAt[i] ?? 0))
    }
  })

const errorOf = (exit: Exit.Exit<unknown, unknown>) =>
  Effect.map(Effect.flip(exit), (error) => {
    assert.isTrue(typeof error === "object" && error !== null && "_tag" in error)
    return error as { readonly _tag: string; readonly message: string; readonly operation?: string }
  })

const named = waits.map((wait) => [`${wait.group}.${wait.method}`, wait] as const)

const operationOf = ({ group, method }: Waiting) => `${group.charAt(0).toUpperCase()}${group.slice(1)}.${method}`

describe.each(named)("%s", (_, wait) => {
  const { good, group, method, pending } = wait
  const operation = operationOf(wait)
  const waiting = [...pending, ...(group === "payoutRequests" ? unknown : unknown.slice(0, 1))]

  it.effect.each(good)("ends immediately if the status is %s", (status) =>
    Effect.gen(function* () {
      const { exit, looks, took } = yield* waited(wait, () => answered(group, status))
      assert.isTrue(Exit.isSuccess(exit))
      assert.strictEqual(looks, 1)
      assert.strictEqual(took, 0)
    })
  )

  it.effect.each(waiting)("continues if the status is %j", (status) =>
    Effect.gen(function* () {
      const end = good[0] ?? ""
      const { exit, looks } = yield* waited(wait, (number) => answered(group, number < 4 ? status : end))
      assert.isTrue(Exit.isSuccess(exit))
      assert.strictEqual(looks, 4)
      const found: unknown = Exit.isSuccess(exit) ? exit.value : undefined
      assert.deepInclude(found as object, { id, status: end })
    })
  )

  it.effect.each(waiting)("never treats %j as final", (status) =>
    Effect.gen(function* () {
      const { exit, looks, took } = yield* waited(wait, () => answered(group, status))
      const error = yield* errorOf(exit)
      assert.instanceOf(error, PalommaStillPending)
      assert.isAtMost(took, 900_000)
      assert.isAbove(took, 900_000 - 31_000)
      assert.isAbove(looks, 30)
      if (!(error instanceof PalommaStillPending)) return
      // A message shows the status without the white space around it.
      const trimmed = status.trim()
      assert.deepInclude<object>(error, { operation, recordId: id, status: trimmed })
      assert.strictEqual(
        error.message,
        `${operation}: after 15m, ${id} is still "${trimmed}". ` +
          "Nothing has failed. Read the record again later, or wait for its webhook."
      )
    })
  )

  it.effect("refuses an invalid id, and sends nothing", () =>
    Effect.gen(function* () {
      const palomma = stub({ status: 500 })
      const exit = yield* runToEnd(call(group, method, ".."), palomma)
      assert.strictEqual((yield* errorOf(exit))._tag, "PalommaInvalidInput")
      assert.strictEqual(palomma.requests.length, 0)
    })
  )
})

// All waits share their code, so one record that moves money and one account are enough.
const ways = named.filter(([, { group }]) => group === "payoutRequests" || group === "payinSources")

describe.each(ways)("how %s waits", (_, wait) => {
  const { good, group, method } = wait
  const operation = operationOf(wait)

  it.effect("pauses for a second at first, then half as long again each time, and at most 30 seconds", () =>
    Effect.gen(function* () {
      const { pauses } = yield* waited(wait, () => answered(group, "unheard-of"))
      pauses.forEach((pause, i) => {
        const end = Math.min(1_000 * 1.5 ** i, 30_000)
        assert.isAtMost(pause, end + 0.001, `pause ${i + 1}`)
        assert.isAtLeast(pause, end * 0.75 - 0.001, `pause ${i + 1}`)
      })
    })
  )

  it.effect("uses the configured pauses", () =>
    Effect.gen(function* () {
      const options: AwaitOptions = { timeout: "1 minute", initialBackoff: "4 seconds", maxBackoff: "5 seconds" }
      const { pauses, took } = yield* waited(wait, () => answered(group, "unheard-of"), options)
      assert.isTrue((pauses[0] ?? 0) >= 3_000 && (pauses[0] ?? 0) <= 4_000)
      assert.isTrue(pauses.slice(1).every((pause) => pause >= 3_750 - 0.001 && pause <= 5_000.001))
      assert.isAtMost(took, 60_000)
    })
  )

  it.effect("uses the same pauses for the same seed", () =>
    Effect.gen(function* () {
      const once = Effect.map(
        waited(wait, () => answered(group, "unheard-of")).pipe(Random.withSeed("seed")),
        ({ pauses }) => pauses.map((pause) => Math.round(pause * 1_000))
      )
      assert.deepStrictEqual(yield* once, yield* once)
    })
  )

  it.effect.each([
    [{ timeout: 0 }, "timeout"],
    [{ timeout: "999 micros" }, "timeout"],
    [{ initialBackoff: "1 nano" }, "initialBackoff"],
    [{ maxBackoff: 0.5 }, "maxBackoff"],
    [{ timeout: "25 days" }, "timeout"],
    [{ timeout: "soon" }, "timeout"],
    [{ initialBackoff: 0 }, "initialBackoff"],
    [{ maxBackoff: -1 }, "maxBackoff"],
    [{ deadline: "1 minute" }, "deadline"],
    [null, ""]
  ] as ReadonlyArray<readonly [unknown, string]>)("refuses the options %j, and sends nothing", ([options, field]) =>
    Effect.gen(function* () {
      const { exit, looks } = yield* waited(wait, () => answered(group, "unheard-of"), options as AwaitOptions)
      const error = yield* errorOf(exit)
      assert.instanceOf(error, PalommaInvalidInput)
      assert.strictEqual(error.operation, operation)
      assert.strictEqual(error.outcome, "none")
      assert.deepStrictEqual(
        error.problems.map((problem) => problem.field),
        [field]
      )
      assert.strictEqual(looks, 0)
    })
  )

  it.effect("reads once if its first pause is longer than its timeout", () =>
    Effect.gen(function* () {
      const options: AwaitOptions = { timeout: "3 seconds", initialBackoff: "10 seconds" }
      const { exit, looks, took } = yield* waited(wait, () => answered(group, "unheard-of"), options)
      assert.instanceOf(yield* errorOf(exit), PalommaStillPending)
      assert.strictEqual(looks, 1)
      assert.strictEqual(took, 0)
    })
  )

  it.effect("ends at its timeout if a read hangs", () =>
    Effect.gen(function* () {
      const hanging = (number: number): Reply =>
        number === 1 ? answered(group, "unheard-of") : Effect.onInterrupt(Effect.never, () => Effect.never)
      const { exit, took } = yield* waited(wait, hanging, { timeout: "10 seconds" })
      assert.strictEqual(took, 10_000)
      const error = yield* errorOf(exit)
      assert.instanceOf(error, PalommaStillPending)
      assert.include(error.message, `${id} is still "unheard-of"`)
    })
  )

  it.effect("reports that it has seen no status in its time", () =>
    Effect.gen(function* () {
      const { exit } = yield* waited(wait, () => Effect.never, { timeout: "5 seconds" })
      const error = yield* errorOf(exit)
      assert.instanceOf(error, PalommaStillPending)
      assert.include(error.message, "after 5s, the record was not read")
    })
  )

  it.effect.each([
    ["a 500", { status: 500 }],
    ["a 503 that asks to wait", { status: 503, headers: { "retry-after": "1" } }],
    ["a 429", { status: 429 }],
    ["a reset", Effect.suspend(() => thrown({ code: "ECONNRESET", syscall: "read" }))],
    ["a refused connection", Effect.suspend(() => thrown({ code: "ECONNREFUSED", syscall: "connect" }))],
    ["a cut answer", { text: "{" }],
    ["an answer that never comes", Effect.never]
  ] as ReadonlyArray<readonly [string, Reply]>)("continues after %s", ([, reply]) =>
    Effect.gen(function* () {
      // More failures than one read retries.
      const { exit } = yield* waited(wait, (number) =>
        number === 1 ? answered(group, "unheard-of") : number < 9 ? reply : answered(group, good[0] ?? "")
      )
      assert.isTrue(Exit.isSuccess(exit))
    })
  )

  it.effect.each([
    ["a 404", { status: 404, json: { message: "no" } }, "PalommaNotFound"],
    ["a 401", { status: 401, json: { message: "no" } }, "PalommaUnauthorized"],
    ["a 403", { status: 403 }, "PalommaUnexpectedStatus"],
    ["a redirect", { status: 302 }, "PalommaUnexpectedStatus"],
    [
      "the certificate of another host",
      Effect.suspend(() => thrown({ code: "ERR_TLS_CERT_ALTNAME_INVALID" })),
      "PalommaConnectionError"
    ],
    ["an answer of another shape", { json: {} }, "PalommaInvalidResponse"]
  ] as ReadonlyArray<readonly [string, Reply, string]>)("fails after %s", ([, reply, tag]) =>
    Effect.gen(function* () {
      const { exit, looks } = yield* waited(wait, (number) => (number === 1 ? answered(group, "unheard-of") : reply))
      const error = yield* errorOf(exit)
      assert.strictEqual(error._tag, tag)
      assert.strictEqual(looks, 2)
    })
  )

  it.effect("reports the failure if its reads fail until the end", () =>
    Effect.gen(function* () {
      const { exit, took } = yield* waited(wait, () => ({ status: 503 }), { timeout: "20 seconds" })
      assert.strictEqual((yield* errorOf(exit))._tag, "PalommaServerError")
      assert.isAtMost(took, 20_000)
    })
  )

  it.effect("reports the failure of its last read if the next one hangs until the end", () =>
    Effect.gen(function* () {
      const { exit, looks } = yield* waited(
        wait,
        (number) => (number <= maxAttempts ? { status: 503 } : Effect.never),
        { timeout: "6 seconds" }
      )
      assert.strictEqual(looks, maxAttempts + 1)
      assert.strictEqual((yield* errorOf(exit))._tag, "PalommaServerError")
    })
  )

  it.effect("uses the retry policy of its caller", () =>
    Effect.gen(function* () {
      const palomma = stub({ status: 503 })
      yield* runToEnd(
        withRetry(call(group, method, id, { timeout: "2 seconds" }), { reads: { maxAttempts: 1 } }),
        palomma
      )
      // One request per read: the second comes after the pause between reads, not after that between attempts.
      const [first, second] = palomma.requests
      assert.isAtLeast((second?.at ?? 0) - (first?.at ?? 0), 749)
    })
  )

  it.effect("stops if its caller is interrupted", () =>
    Effect.gen(function* () {
      const palomma = stub(answered(group, "unheard-of"))
      const fiber = yield* Effect.forkChild(Effect.provide(call(group, method, id), services(palomma)))
      yield* TestClock.adjust("5 seconds")
      const looks = palomma.requests.length
      assert.isAbove(looks, 1)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(palomma.requests.length, looks)
    })
  )

  it("never outlasts its timeout, with any answers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 120 }),
        async (kinds, seconds) => {
          const replies: ReadonlyArray<Reply> = [
            answered(group, "unheard-of"),
            { status: 503, headers: { "retry-after": "14" } },
            Effect.never,
            Effect.as(Effect.sleep("6 seconds"), { status: 500 }),
            { status: 429, headers: { "retry-after": "999999999" } }
          ]
          const { exit, took } = await runTest(
            waited(wait, (number) => replies[kinds[number % kinds.length] ?? 0] ?? {}, {
              timeout: Duration.seconds(seconds)
            })
          )
          assert.isTrue(Exit.isFailure(exit))
          assert.isAtMost(took, seconds * 1_000)
        }
      ),
      { numRuns: 50 }
    )
  })
})

// A value that fetch throws has no tag.
const thrown = (fields: object): Effect.Effect<never, unknown> => {
  const failure: unknown = Object.assign(new TypeError("fetch failed"), fields)
  return Effect.fail(failure)
}

describe("a payout target or payin source that was cancelled", () => {
  it.effect.each(
    waits.filter(({ cancelled }) => cancelled !== undefined).map((wait) => [wait.cancelled, wait] as const)
  )("is reported by a %s with its reason, immediately", ([tag, wait]) =>
    Effect.gen(function* () {
      const cancelled = answered(wait.group, "cancelled", { statusMessage: "INVALID_ACCOUNT" })
      const { exit, looks } = yield* waited(wait, (number) =>
        number < 3 ? answered(wait.group, "unheard-of") : cancelled
      )
      const error = yield* errorOf(exit)
      assert.strictEqual(error._tag, tag)
      assert.strictEqual(looks, 3)
      assert.strictEqual(Reflect.get(error, "statusMessage"), "INVALID_ACCOUNT")
      assert.include(error.message, `${id} was cancelled and will never be active. The account number does not exist`)
    })
  )

  it.effect("may have no reason, or an unknown one", () =>
    Effect.gen(function* () {
      for (const wait of waits.filter(({ cancelled }) => cancelled !== undefined)) {
        const without = yield* errorOf((yield* waited(wait, () => answered(wait.group, "cancelled"))).exit)
        assert.match(without.message, /was cancelled and will never be active\. Register the account again\.$/)
        const strange = answered(wait.group, "cancelled", { statusMessage: "SOMETHING_NEW" })
        const error = yield* errorOf((yield* waited(wait, () => strange)).exit)
        assert.match(
          error.message,
          /was cancelled and will never be active\. Palomma's reason: SOMETHING_NEW\. Register the account again\.$/
        )
      }
    })
  )

  it("has an error class of its own", () => {
    assert.instanceOf(new PayoutTargetCancelled({ payoutTargetId: SafeText.id(id) }), Error)
    assert.instanceOf(new PayinSourceCancelled({ payinSourceId: SafeText.id(id) }), Error)
  })
})
