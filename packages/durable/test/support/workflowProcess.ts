/**
 * A program whose refund is a workflow: it notes the request, pays, and notes the end. It prints a line per note.
 *
 * Arguments: the SQLite file, the base URL, the API key, the payout target, and `follow` to ask Palomma for the state
 * of an accepted payout.
 */
import { Palomma } from "@palomma-effect/client"
import { Payouts } from "@palomma-effect/client/Payouts"
import { Durable } from "@palomma-effect/durable"
import * as PayoutWorkflow from "@palomma-effect/durable/PayoutWorkflow"
import { PayoutTargetId } from "@palomma-effect/schema"
import * as ClusterWorkflowEngine from "effect/cluster/ClusterWorkflowEngine"
import * as SingleRunner from "effect/cluster/SingleRunner"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import * as Activity from "effect/workflow/Activity"
import * as Workflow from "effect/workflow/Workflow"

const [filename = "", baseUrl = "", apiKey = "", target = "", follow] = process.argv.slice(2)

const say = (line: string) => Effect.sync(() => void process.stdout.write(`${line}\n`))

const Refund = Workflow.make("Refund", {
  payload: { order: Schema.String },
  success: Schema.String,
  error: PayoutWorkflow.PayoutWorkflow.errorSchema,
  idempotencyKey: ({ order }) => order
})

const RefundLayer = Refund.toLayer(
  Effect.fnUntraced(function* ({ order }) {
    yield* Activity.make({ name: "note request", execute: say("requested") })
    const { state } = yield* PayoutWorkflow.PayoutWorkflow.execute({
      reference: order,
      payoutTargetId: PayoutTargetId.make(target),
      amount: 50_000
    })
    yield* Activity.make({ name: "note end", execute: say(`ended ${state}`) })
    return state
  })
)

const runner = SingleRunner.layer({
  runnerStorage: "memory",
  shardingConfig: { entityMessagePollInterval: "50 millis", shardsPerGroup: 4 }
})

// The cluster hashes ids: with this module, or with `Crypto` in versions of effect before 4.1.
const digestModule: string = "effect/crypto/Digest"
const cryptoModule: string = "effect/Crypto"
const digest: Layer.Layer<Exclude<Layer.Services<typeof runner>, SqlClient>> = await import(digestModule).then(
  ({ layerWebCrypto }) => layerWebCrypto,
  async () => {
    const { Crypto, make } = await import(cryptoModule)
    return Layer.succeed(
      Crypto,
      make({
        randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
        digest: (algorithm: string, data: Uint8Array<ArrayBuffer>) =>
          Effect.map(
            Effect.promise(() => crypto.subtle.digest(algorithm, data)),
            (hash) => new Uint8Array(hash)
          )
      })
    )
  }
)

const services = Layer.mergeAll(
  RefundLayer,
  PayoutWorkflow.layer,
  Durable.layerWorker({ onEnd: PayoutWorkflow.onEnd })
).pipe(
  Layer.provideMerge(ClusterWorkflowEngine.layer),
  Layer.provideMerge(runner),
  Layer.provideMerge(digest),
  Layer.provideMerge(Durable.layerSqlite({ filename, pollInterval: "20 millis", lockExpiration: "3 seconds" })),
  Layer.provideMerge(Palomma.layerFetch({ apiKey: Redacted.make(apiKey), baseUrl }))
)

const name = { kind: "payout", reference: "order-1" } as const

const program = Effect.gen(function* () {
  const durable = yield* Durable
  const payouts = yield* Payouts
  yield* Refund.execute({ order: name.reference }, { discard: true })
  const look = Effect.gen(function* () {
    const row = yield* durable.poll(name)
    if (Option.isNone(row) || row.value.state !== "accepted") return
    yield* say("accepted")
    if (follow !== undefined) yield* payouts.reconcile(name.reference)
  })
  yield* Effect.repeat(look, Schedule.spaced("50 millis"))
})

await Effect.runPromise(program.pipe(Effect.provide(services)))
