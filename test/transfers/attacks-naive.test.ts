/** Controls: naive programs pay or debit twice in these cases, and the tests detect it. */
import { assert, describe, it } from "@effect/vitest"
import { type Palomma, PayinRequests, PayoutRequests } from "@palomma-effect/client"
import { PayinSourceId, PayoutTargetId } from "@palomma-effect/schema"
import { Fault } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { palomma } from "../support/transfers.ts"
import { amount, has, inTime, type Kind, kinds, makeWorld, type World } from "./support/scenario.ts"

// The bare call of the API.
const create = ({ name }: Kind, { account }: World): Effect.Effect<unknown, unknown, Palomma.Services> =>
  name === "payout"
    ? PayoutRequests.use((requests) =>
        requests.create({ reference: "a", payoutTargetId: PayoutTargetId.make(account), amount })
      )
    : PayinRequests.use((requests) =>
        requests.create({ reference: "a", payinSourceId: PayinSourceId.make(account), amount })
      )

const over = (client: HttpClient.HttpClient) =>
  palomma().pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, client)))

describe.each(kinds)("%s", (_, kind) => {
  it.effect("moves the money once where a retry loop around the bare call moves it twice", () =>
    Effect.gen(function* () {
      const naive = yield* makeWorld(kind)
      yield* naive.fault("create", Fault.commitThenDrop)
      const loop = Effect.retry(create(kind, naive), Schedule.recurs(2))
      yield* inTime(Effect.provide(loop, over(naive.simulator.httpClient)))
      assert.strictEqual((yield* naive.records("a")).length, 2)

      const world = yield* makeWorld(kind)
      const process = yield* world.start()
      yield* world.fault("create", Fault.commitThenDrop)
      has(yield* inTime(process.send(world.intent("a"))), { state: "accepted" })
      assert.strictEqual((yield* world.records("a")).length, 1)
    })
  )

  it.effect("moves the money once over a client that repeats requests automatically", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      // The second request of one claim gets no body from a client that asks the `HandOver` of a request.
      const process = yield* world.start({ request: (_, send) => Effect.retry(send, { times: 3 }) })
      yield* world.fault("create", Fault.commitThenDrop)
      has(yield* inTime(process.send(world.intent("a"))), { state: "accepted", claims: 1 })
      assert.strictEqual((yield* world.records("a")).length, 1)
    })
  )

  it.effect("moves the money once over Effect's retryTransient, as the bare call does", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld(kind)
      const transient = HttpClient.retryTransient(world.simulator.httpClient, { times: 3 })
      yield* world.fault("create", Fault.commitThenDrop)
      const exit = yield* inTime(Effect.exit(Effect.provide(create(kind, world), over(transient))))
      assert.strictEqual(exit._tag, "Failure")
      assert.strictEqual((yield* world.records("a")).length, 1)
    })
  )
})
