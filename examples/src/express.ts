/**
 * An Express server that pays each order back once, receives webhooks, and stops without losing a payout.
 *
 *   npx --package=@palomma-effect/testing palomma-simulator --port 4010 \
 *     --webhook-url http://127.0.0.1:3000/webhooks/palomma
 *   PALOMMA_API_KEY=sim-key PALOMMA_BASE_URL=http://127.0.0.1:4010/v0 PALOMMA_INTEGRITY_KEY=sim-integrity-key \
 *     node examples/src/express.ts
 *
 * In a clone, the first command is `npx -y pnpm@12.21.0 simulator`, with the same options.
 */
import { Palomma, Payouts, WebhookInbox, Webhooks } from "@palomma-effect/client"
import { SqliteTransferJournal } from "@palomma-effect/durable"
import { Effect, Layer, ManagedRuntime, Option, Schedule, Stream } from "effect"
import express from "express"
import { failed, found, none } from "./express/answers.ts"

const palomma = ManagedRuntime.make(
  Layer.merge(Webhooks.layerConfig(), WebhookInbox.layerMemory).pipe(
    Layer.provideMerge(Payouts.layer()),
    Layer.provide(SqliteTransferJournal.layer({ filename: process.env["REFUND_JOURNAL"] ?? "refunds.sqlite" })),
    Layer.provideMerge(Palomma.layerConfig())
  )
)

const app = express()

app.post("/webhooks/palomma", async (request, response) => {
  const { status } = await palomma.runPromise(
    Webhooks.handle(request, (event) => Payouts.use((payouts) => payouts.applyWebhook(event)))
  )
  response.sendStatus(status)
})

// For your own services only: the caller decides who is paid and how much. The order is the reference.
app.post("/refunds", express.json(), async (request, response) => {
  const { amount, order, payoutTargetId } = request.body ?? {}
  // `send` checks its input, so the body needs no other check.
  const send = Payouts.use(({ send }) => send({ reference: order, payoutTargetId, amount }))
  // After ten seconds the caller gets an answer. The payout continues.
  const answer = await palomma.runPromise(send, { signal: AbortSignal.timeout(10_000) }).then(found, failed)
  response.status(answer.status).json(answer.body)
})

app.get("/refunds/:order", async (request, response) => {
  const find = Payouts.use(({ find }) => find(request.params.order))
  const answer = await palomma.runPromise(find).then(Option.match({ onNone: () => none, onSome: found }), failed)
  response.status(answer.status).json(answer.body)
})

await palomma.context() // a missing key or a journal in use ends the process here

// What webhooks miss. It also looks up the payouts that were in doubt when the process was killed.
const sweep = Payouts.use(({ reconcileAll }) =>
  Stream.runForEach(reconcileAll(), (result) =>
    result._tag === "Failed" ? Effect.logError(result.error.message) : Effect.void
  )
)
palomma.runFork(sweep.pipe(Effect.catch(Effect.logError), Effect.repeat(Schedule.spaced("5 minutes"))))

const server = app.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  const address = server.address()
  console.log(`Listening on http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`)
})

// First the server, which waits for its requests, then the runtime, which waits for its payouts.
const stop = () => void server.close(() => void palomma.dispose())
process.once("SIGINT", stop)
process.once("SIGTERM", stop)
