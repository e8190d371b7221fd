/**
 * R1: one claim, one request.
 */
import { assert, describe, it } from "@effect/vitest"
import { TransferNotSent, TransferOutcomeUnknown, TransferRejected, withRetry } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import { failure, has, inTime, kinds, makeWorld, type Process, scenario, type World } from "./support/scenario.ts"

const posts = ({ steps }: Process): number => steps.filter((step) => step === "POST").length
const looks = ({ steps }: Process): number => steps.filter((step) => step === "GET").length

// A rejection that asks to wait. A plain create would be retried after it.
const askedToWait = Fault.respond({ status: 429, headers: { "retry-after": "1" }, body: { message: "Wait" } })

const manyAttempts = { creates: { maxAttempts: 5, timeout: "50 seconds", attemptTimeout: "10 seconds" } } as const

const policies: ReadonlyArray<
  readonly [string, Parameters<World["start"]>[0], <A, E>(self: Effect.Effect<A, E>) => Effect.Effect<A, E>]
> = [
  ["the default policy", {}, (send) => send],
  ["a retry policy of the Palomma layer", { client: { retry: manyAttempts } }, (send) => send],
  ["withRetry around the call", {}, (send) => withRetry(send, manyAttempts)]
]

describe.each(kinds)("%s, by R1,", (_, kind) => {
  describe.each(policies)("with %s", (_, options, retried) => {
    it.effect("makes one request for a claim that is rejected, even if Palomma asks to wait", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        const client = { ...options?.client, rejectedStatuses: [429] }
        const process = yield* world.start({ ...options, client })
        yield* world.fault("create", askedToWait, { times: 99 })
        const error = yield* failure(retried(process.send(world.intent("a"))))
        assert.instanceOf(error, TransferRejected)
        assert.strictEqual(posts(process), 1)
        has(yield* world.row("a"), { state: "rejected", claims: 1 })
      })
    )

    scenario(
      "makes one request if the outcome is unknown",
      kind,
      function* ({ process, world }) {
        yield* world.fault("create", Fault.drop(), { times: 99 })
        assert.instanceOf(yield* failure(retried(process.send(world.intent("a")))), TransferOutcomeUnknown)
        assert.strictEqual(posts(process), 1)
        assert.strictEqual((yield* world.row("a")).claims, 1)
      },
      { start: options }
    )

    scenario(
      "makes one request for each of three claims that are proven not to have been sent",
      kind,
      function* ({ process, world }) {
        yield* world.fault("create", Fault.refuse, { times: 99 })
        const error = yield* failure(retried(process.send(world.intent("a"))))
        assert.instanceOf(error, TransferNotSent)
        assert.strictEqual(error.cause._tag, "PalommaConnectionError")
        assert.strictEqual(posts(process), 3)
        has(yield* world.row("a"), { state: "intended", claims: 3 })
      },
      { start: options }
    )
  })

  it.effect("makes a new claim for each request", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const claims = new Set<string>()
      const process = yield* world.start({
        journal: {
          before: ({ row }) => Effect.sync(() => void (row?.state === "sending" && claims.add(row.claim?.id ?? "")))
        }
      })
      yield* world.fault("create", Fault.refuse, { times: 2 })
      has(yield* inTime(process.send(world.intent("a"))), { state: "accepted", claims: 3 })
      assert.strictEqual(claims.size, 3)
      for (const claim of claims) assert.match(claim, /^[0-9a-f]{32}$/)
    })
  )

  scenario(
    "looks it up once for claims that follow its own proof, until the timeout of the look-up",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.refuse, { times: 2 })
      yield* inTime(process.send(world.intent("a")))
      assert.strictEqual(posts(process), 3)
      assert.strictEqual(looks(process), 1)
    }
  )

  scenario(
    "does not claim again after the timeout of the look-up",
    kind,
    function* ({ process, world }) {
      // Every connection fails only after the whole timeout.
      yield* world.fault("create", Fault.hang({ at: "connect" }), { times: 99 })
      const error = yield* failure(process.send(world.intent("a")))
      assert.instanceOf(error, TransferNotSent)
      assert.strictEqual(error.cause._tag, "PalommaTimeout")
      assert.strictEqual(posts(process), 1)
      has(yield* world.row("a"), { state: "intended", claims: 1 })
    },
    { start: { transfers: { sendTimeout: "10 seconds" } } }
  )

  scenario(
    "looks it up again in the next call, after any proof of the call before",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.refuse, { times: 3 })
      yield* failure(process.send(world.intent("a")))
      // Another program sends it meanwhile.
      const made = yield* kind.addRecord(world.simulator, world.intent("a"))
      has(yield* inTime(process.send(world.intent("a"))), { state: "accepted", recordId: made.id })
      assert.strictEqual(yield* world.creates, 0)
    }
  )

  scenario(
    "looks it up again if another process changed the row after the proof",
    kind,
    function* ({ process: other, world }) {
      let isFirst = true
      const process = yield* world.start({
        journal: {
          // Between the proof and the next claim another process sends it too, and proves that it was not sent.
          after: ({ row }) =>
            Effect.suspend(() => {
              if (row?.state !== "intended" || !isFirst) return Effect.void
              isFirst = false
              return Effect.ignore(other.send(world.intent("a")))
            })
        }
      })
      yield* world.fault("create", Fault.refuse, { times: 4 })
      has(yield* inTime(process.send(world.intent("a"))), { state: "accepted" })
      assert.isAtLeast(looks(process), 2)
      assert.strictEqual((yield* world.records("a")).length, 1)
    }
  )
})
