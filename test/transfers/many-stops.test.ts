/** A failure that affects every transfer of a run stops it. A failure of one transfer does not. */
import { assert, describe, it } from "@effect/vitest"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Stream from "effect/Stream"
import {
  broken,
  inTime,
  type Intent,
  kinds,
  makeWorld,
  type Process,
  type Result,
  type StartOptions,
  type World
} from "./support/scenario.ts"

const forGood = { times: 9_999 } as const

const intents = (world: World): Array<Intent> =>
  Array.from({ length: 20 }, (_, n) => world.intent(`r${String(n).padStart(3, "0")}`))

const run = (process: Process, inputs: ReadonlyArray<Intent>, concurrency: number) =>
  inTime(Stream.runCollect(process.sendAll(Stream.fromIterable(inputs), { concurrency })))

const tally = (results: ReadonlyArray<Result>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { _tag } of results) counts[_tag] = (counts[_tag] ?? 0) + 1
  return counts
}

const json = { message: "No" }

const nameIsUnknown = (): Effect.Effect<never, HttpClientError.HttpClientError> => {
  const code = { code: "ENOTFOUND", syscall: "getaddrinfo" }
  const cause = new TypeError("fetch failed", { cause: Object.assign(new Error("getaddrinfo ENOTFOUND"), code) })
  const request = HttpClientRequest.get("http://127.0.0.1/v0")
  const reason = new HttpClientError.TransportError({ request, cause })
  return Effect.fail(new HttpClientError.HttpClientError({ reason }))
}

interface Trouble {
  readonly arm?: (world: World) => Effect.Effect<void>
  readonly options?: StartOptions
}

const ofAll: Readonly<Record<string, Trouble>> = {
  "a key that is rejected": {
    arm: (world) => world.fault("list", Fault.respond({ status: 401, body: json }), forGood)
  },
  "a key that may read but not send": {
    arm: (world) => world.fault("create", Fault.respond({ status: 401, body: json }), forGood)
  },
  "a wrong base URL": {
    arm: (world) => world.fault("list", Fault.respond({ status: 404, body: "<html>" }), forGood)
  },
  "a connection that is refused": {
    arm: (world) => world.simulator.fault({ kind: Fault.refuse, ...forGood })
  },
  "a host name that does not exist": { options: { request: nameIsUnknown } },
  "a journal that cannot be read": {
    options: {
      journal: { before: ({ operation }) => (operation === "find" ? Effect.fail(broken("find")) : Effect.void) }
    }
  },
  "a journal that cannot be written": {
    options: {
      journal: { before: ({ operation }) => (operation === "insert" ? Effect.fail(broken("insert")) : Effect.void) }
    }
  }
}

const second = "r001"

const ofOne: Readonly<Record<string, Trouble>> = {
  "a refusal": {
    arm: (world) => world.fault("create", Fault.respond({ status: 400, body: json }), { containing: second })
  },
  "a rejection with a status that the merchant configured": {
    arm: (world) => world.fault("create", Fault.respond({ status: 422, body: json }), { containing: second }),
    options: { client: { rejectedStatuses: [422] } }
  },
  "a connection that breaks": { arm: (world) => world.fault("create", Fault.drop(), { containing: second }) },
  "a response that never arrives": {
    arm: (world) => world.fault("create", Fault.hang({ at: "before" }), { containing: second })
  },
  "a failing server": {
    arm: (world) => world.fault("list", Fault.respond({ status: 503, body: json }), { containing: second, times: 9 })
  },
  "an endless list": {
    arm: (world) => world.fault("list", Fault.endlessCursor(), { containing: second, times: 999 }),
    options: { transfers: { lookUpPages: 5 } }
  }
}

describe.each(kinds)("%sAll", (_, kind) => {
  describe.each(Object.entries(ofAll))("stops at %s", (_, { arm, options = {} }) => {
    it.effect("and stops the others: none of them is started, and no row remains", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        yield* arm?.(world) ?? Effect.void
        const results = yield* run(yield* world.start(options), intents(world), 1)
        assert.deepStrictEqual(tally(results), { Failed: 1, Skipped: 19 })
        const [failed, ...skipped] = results
        for (const result of skipped) {
          assert.strictEqual(result._tag, "Skipped")
          if (result._tag === "Skipped" && failed?._tag === "Failed") {
            assert.strictEqual(result.cause, failed.error)
          }
        }
        assert.isAtMost((yield* world.rows).length, 1)
        assert.deepStrictEqual(yield* world.records("r000"), [])
      })
    )

    it.effect("so that the same run can be repeated and sends each once", () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        yield* arm?.(world) ?? Effect.void
        const results = yield* run(yield* world.start(options), intents(world), 2)
        const { Failed = 0, Skipped = 0 } = tally(results)
        assert.isAtMost(Failed, 3)
        assert.strictEqual(Failed + Skipped, 20)
        yield* world.simulator.clearFaults
        assert.deepStrictEqual(tally(yield* run(yield* world.start(), intents(world), 2)), { Accepted: 20 })
        assert.strictEqual((yield* kind.all(world.simulator)).length, 20)
      })
    )
  })

  for (const [what, { arm, options }] of Object.entries(ofOne)) {
    it.effect(`continues after ${what}, which fails one of them`, () =>
      Effect.gen(function* () {
        const world = yield* makeWorld(kind)
        yield* arm?.(world) ?? Effect.void
        const results = yield* run(yield* world.start(options), intents(world), 1)
        assert.deepStrictEqual(tally(results), { Accepted: 19, Failed: 1 })
        assert.strictEqual(results.find(({ _tag }) => _tag === "Failed")?.intent.reference, second)
      })
    )
  }
})
