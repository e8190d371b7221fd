/** R7: an error describes this call, and is true. Each way in which a first send can fail, with its error. */
import { assert, describe } from "@effect/vitest"
import type { Transfer, TransferError } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import type * as EffectResult from "effect/Result"
import { type HeldRecord, inTime, kinds, scenario, type World } from "./support/scenario.ts"

const json = { message: "No" }
const isHtml = "<html>"

const accepted = "accepted"
const doubt = "TransferOutcomeUnknown sent: yes"
const doubtWithId = "TransferOutcomeUnknown sent: yes, its id"

interface Row {
  readonly fault: Fault.Fault
  /** How often the fault occurs. */
  readonly times?: number
  /** The result of the call. */
  readonly outcome: string
  /** The error of the call to Palomma, in the result. */
  readonly cause?: string
  /** The result if no list shows the record that was made. */
  readonly ifNotShown?: string
  readonly state: Transfer["state"]
  readonly stateIfNotShown?: Transfer["state"]
  /** How many creates Palomma received. */
  readonly received: number
  /** How many records Palomma made. */
  readonly made: number
  readonly claims?: number
}

const notSent = "TransferNotSent"
const rejected = "TransferRejected"

const unmade = { outcome: doubt, state: "needsReview", received: 1, made: 0 } as const

const made = {
  outcome: accepted,
  ifNotShown: doubt,
  state: "accepted",
  stateIfNotShown: "needsReview",
  received: 1,
  made: 1
} as const

const rows: Readonly<Record<string, Row>> = {
  "no fault": { ...made, fault: Fault.slow("1 second"), ifNotShown: accepted, stateIfNotShown: "accepted" },
  "no connection": {
    fault: Fault.refuse,
    times: 99,
    outcome: notSent,
    cause: "PalommaConnectionError",
    state: "intended",
    received: 0,
    made: 0,
    claims: 3
  },
  "no connection at first": {
    ...made,
    fault: Fault.refuse,
    ifNotShown: accepted,
    stateIfNotShown: "accepted",
    claims: 2
  },
  "a connection that is never established": {
    fault: Fault.hang({ at: "connect" }),
    outcome: notSent,
    cause: "PalommaTimeout",
    state: "intended",
    received: 0,
    made: 0
  },
  "a connection that breaks before it took effect": {
    ...unmade,
    fault: Fault.drop(),
    cause: "PalommaConnectionError"
  },
  "a connection that breaks after it took effect": { ...made, fault: Fault.commitThenDrop },
  "a connection that closes after it took effect": { ...made, fault: Fault.drop({ by: "close", takesEffect: true }) },
  "a response that is cut": { ...made, fault: Fault.cut() },
  "no response, and no effect": { ...unmade, fault: Fault.hang({ at: "before" }), cause: "PalommaTimeout" },
  "no response after it took effect": { ...made, fault: Fault.hang({ at: "after" }) },
  "half of a response": { ...made, fault: Fault.hang({ at: "body" }) },
  "a response after 90 seconds": { ...made, fault: Fault.slow("90 seconds") },
  "an effect after 90 seconds": { ...made, fault: Fault.slow("90 seconds", { takesEffect: "after" }) },
  "a response that is not JSON": { ...made, fault: Fault.notJson },
  "a response without a status": {
    ...made,
    fault: Fault.rewrite("status", undefined),
    // By its id it is still found.
    ifNotShown: accepted,
    stateIfNotShown: "accepted"
  },
  "a response without a status or an id": {
    ...made,
    fault: Fault.respond({ status: 200, body: { object: "payment" }, takesEffect: true })
  },
  "a refusal": {
    fault: Fault.respond({ status: 400, body: json }),
    outcome: rejected,
    cause: "PalommaBadRequest",
    state: "rejected",
    received: 1,
    made: 0
  },
  "a rejected key": {
    fault: Fault.respond({ status: 401, body: json }),
    outcome: rejected,
    cause: "PalommaUnauthorized",
    state: "rejected",
    received: 1,
    made: 0
  },
  "a 400 of another server than Palomma": {
    ...unmade,
    fault: Fault.respond({ status: 400, body: isHtml }),
    cause: "PalommaUnexpectedStatus"
  },
  ...Object.fromEntries(
    [302, 403, 404, 409, 413, 422].map((status) => [
      `a ${status}`,
      { ...unmade, fault: Fault.respond({ status, body: json }), cause: "PalommaUnexpectedStatus" }
    ])
  ),
  "a 429": { ...unmade, fault: Fault.rateLimited(1), cause: "PalommaRateLimited" },
  "a 500": { ...unmade, fault: Fault.respond({ status: 500, body: json }), cause: "PalommaServerError" },
  "a 500 after it took effect": { ...made, fault: Fault.respond({ status: 500, body: json, takesEffect: true }) },
  "a 503": { ...unmade, fault: Fault.respond({ status: 503, body: isHtml }), cause: "PalommaServerError" },
  "another amount in the response": {
    ...made,
    fault: Fault.transform("amount", { add: -500 }),
    outcome: doubtWithId,
    ifNotShown: doubtWithId,
    state: "needsReview"
  },
  "an undocumented status": {
    ...made,
    fault: Fault.rewrite("status", "queued"),
    ifNotShown: accepted,
    stateIfNotShown: "accepted"
  }
}

const outcomeOf = (
  result: EffectResult.Result<Transfer, TransferError>,
  record: HeldRecord | undefined
): { readonly outcome: string; readonly cause?: string } => {
  if (result._tag === "Success") {
    assert.strictEqual(result.success.recordId, record?.id)
    return { outcome: result.success.state }
  }
  const error = result.failure
  if (error._tag === "TransferNotSent" || error._tag === "TransferRejected") {
    return { outcome: error._tag, cause: error.cause._tag }
  }
  if (error._tag !== "TransferOutcomeUnknown") return { outcome: error._tag }
  const hasId = error.recordId !== undefined
  if (hasId) assert.strictEqual(String(error.recordId), record?.id)
  assert.notMatch(error.message, /sent nothing|new reference/u)
  return {
    outcome: `${error._tag} sent: ${error.sent}${hasId ? ", its id" : ""}`,
    ...(error.lastErrorTag === undefined ? {} : { cause: error.lastErrorTag })
  }
}

// The facts, beside the result of the call.
const observe = Effect.fnUntraced(function* (world: World, result: EffectResult.Result<Transfer, TransferError>) {
  const [record, ...others] = yield* world.records("a")
  assert.deepStrictEqual(others, [])
  const row = yield* world.row("a")
  return {
    ...outcomeOf(result, record),
    state: row.state,
    received: yield* world.creates,
    made: record === undefined ? 0 : 1,
    claims: row.claims
  }
})

describe.each(kinds)("%s, by R7,", (_, kind) => {
  describe.each(Object.entries(rows))("after %s", (_, row) => {
    const { cause, claims = 1, fault, times = 1 } = row
    const reason = cause === undefined ? {} : { cause }

    scenario("reports what is true of its call", kind, function* ({ process, world }) {
      yield* world.fault("create", fault, { times })
      const result = yield* inTime(Effect.result(process.send(world.intent("a"))))
      const { outcome: text, state, received, made } = row
      const { cause: reported, ...seen } = yield* observe(world, result)
      assert.deepStrictEqual(seen, { outcome: text, state, received, made, claims })
      if (cause !== undefined) assert.strictEqual(reported, reason.cause)
    })

    scenario("reports what is true of its call if no list shows the record", kind, function* ({ process, world }) {
      yield* world.fault("create", fault, { times })
      yield* world.fault("list", Fault.lag("30 days"), { rate: 1 })
      const result = yield* inTime(Effect.result(process.send(world.intent("a"))))
      const { ifNotShown = row.outcome, stateIfNotShown = row.state, received, made } = row
      const { cause: _, ...seen } = yield* observe(world, result)
      assert.deepStrictEqual(seen, { outcome: ifNotShown, state: stateIfNotShown, received, made, claims })
    })

    scenario(
      "is followed by a call that reports that it sent nothing itself, or sends it once",
      kind,
      function* ({ process, world }) {
        yield* world.fault("create", fault, { times })
        yield* inTime(Effect.result(process.send(world.intent("a"))))
        const before = yield* world.creates
        yield* world.simulator.clearFaults
        const result = yield* inTime(Effect.result(process.send(world.intent("a"))))
        const sent = (yield* world.creates) - before
        assert.isAtMost((yield* world.records("a")).length, 1)
        if (row.state === "intended" || row.state === "rejected") {
          assert.strictEqual(sent, 1)
          assert.strictEqual(result._tag, "Success")
        } else {
          assert.strictEqual(sent, 0)
          if (result._tag === "Failure" && result.failure._tag === "TransferOutcomeUnknown") {
            assert.strictEqual(result.failure.sent, "no")
          }
        }
      }
    )
  })

  scenario(
    "reports whether this call handed the body over, not whether the one before did",
    kind,
    function* ({ process, world }) {
      yield* world.fault("create", Fault.drop())
      const first = yield* inTime(Effect.flip(process.send(world.intent("a"))))
      const second = yield* inTime(Effect.flip(process.send(world.intent("a"))))
      assert.strictEqual(first._tag === "TransferOutcomeUnknown" ? first.sent : "", "yes")
      assert.strictEqual(second._tag === "TransferOutcomeUnknown" ? second.sent : "", "no")
      assert.include(second.message, "This call sent nothing.")
    },
    { start: { transfers: { reconcileTimeout: 0 } } }
  )
})
