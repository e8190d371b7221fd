/**
 * A service that pays refunds. A request writes the refund and its payout in one transaction, and a worker of the same
 * process pays it, also if the process stops or is killed in between.
 *
 *   npx --package=@palomma-effect/testing palomma-simulator --port 4010 \
 *     --webhook-url http://127.0.0.1:3000/webhooks/palomma
 *   PALOMMA_API_KEY=sim-key PALOMMA_BASE_URL=http://127.0.0.1:4010/v0 PALOMMA_INTEGRITY_KEY=sim-integrity-key \
 *     REFUND_DATABASE=refunds.db node examples/src/refund-service.ts
 *
 * In a clone, the first command is `npx -y pnpm@12.21.0 simulator`, with the same options.
 */
import { Palomma, WebhookInbox, Webhooks } from "@palomma-effect/client"
import { Durable, type DurableIntent } from "@palomma-effect/durable"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import { SqlClient } from "effect/sql"
import { explained, RefundApi, shown } from "./refund-service/api.ts"
import { database, find } from "./refund-service/database.ts"
import { serve } from "./refund-service/serve.ts"
import { runLasting } from "./support/run.ts"

/** Writes the refund and hands its payout over: both, or neither. A repeated request finds the first refund. */
const request = Effect.fnUntraced(function* (intent: DurableIntent) {
  const sql = yield* SqlClient.SqlClient
  const { intend } = yield* Durable
  const { reference } = intent
  yield* Effect.andThen(
    intend(intent),
    sql`INSERT INTO refunds (reference, status) VALUES (${reference}, 'requested')
      ON CONFLICT (reference) DO UPDATE SET status = 'requested' WHERE refunds.status = 'rejected'`
  ).pipe(sql.withTransaction)
  return (yield* find(reference)) ?? { reference, status: "requested" }
})

// For your own services only: the caller decides who is paid and how much.
const api = HttpApiBuilder.group(RefundApi, "refunds", (handlers) =>
  handlers
    .handle("request", ({ params: { order }, payload }) =>
      explained(request({ kind: "payout", reference: `refund-${order}`, ...payload }))
    )
    .handle("find", ({ params: { order } }) => shown(find(`refund-${order}`)))
)

const webhook = Webhooks.route("/webhooks/palomma", (event) => Durable.use(({ applyWebhook }) => applyWebhook(event)))

const routes = Layer.merge(webhook, HttpApiBuilder.layer(RefundApi).pipe(Layer.provide(api)))

/** Pays what was requested. The end of a payout and the row of the refund are committed together. */
const worker = Durable.layerWorker({
  onEnd: ({ alarm, reference, state }) =>
    SqlClient.SqlClient.use(
      (sql) => sql`UPDATE refunds SET status = ${alarm ? "review" : state} WHERE reference = ${reference}`
    )
})

const services = Layer.mergeAll(worker, Webhooks.layerConfig(), WebhookInbox.layerMemory).pipe(
  Layer.provideMerge(database),
  Layer.provideMerge(Palomma.layerConfig())
)

// When the process is asked to stop, first the server ends its requests, then the worker its payouts.
const main = Effect.gen(function* () {
  const context = yield* Effect.context<Layer.Success<typeof services>>()
  const app = routes.pipe(Layer.provide(Layer.succeedContext(context)), Layer.provide(HttpServer.layerServices))
  const { handler } = yield* Effect.acquireRelease(
    Effect.sync(() => HttpRouter.toWebHandler(app)),
    ({ dispose }) => Effect.promise(dispose)
  )
  yield* serve((request) => handler(request, context))
  return yield* Effect.never
})

runLasting(Effect.scoped(main), services)
