/**
 * What every target does: one payout, one debit, and the webhooks about both. It uses no `node:` module.
 */
import {
  Customers,
  Palomma,
  Payins,
  PayinSources,
  Payouts,
  PayoutTargets,
  type TransferJournal,
  WebhookInbox,
  Webhooks
} from "@palomma-effect/client"
import type { PalommaSimulator } from "@palomma-effect/testing"
import { Data, Effect, Layer, Option, Redacted } from "effect"

/** What a program reports: `done`, or what was there instead. */
export interface Report {
  readonly payout: string
  readonly debit: string
  readonly webhook: string
}

/** What a program cannot do with the API: what the bank does, and what Palomma sends. */
export interface Controls {
  readonly activate: (payinSourceId: string) => Effect.Effect<unknown, ControlFailed>
  readonly approvePayout: (id: string) => Effect.Effect<unknown, ControlFailed>
  readonly approvePayin: (id: string) => Effect.Effect<unknown, ControlFailed>
  readonly takeWebhooks: Effect.Effect<ReadonlyArray<Signed>, ControlFailed>
}

interface Signed {
  readonly encodedData: string
  readonly signature: string
}

/** A control of the simulator did not do what it was asked. */
export class ControlFailed extends Data.TaggedError("ControlFailed")<{ readonly cause: unknown }> {}

/** The controls of a simulator in the same process. */
export const inProcess = (simulator: PalommaSimulator["Service"]): Controls => {
  const failed = (cause: unknown) => new ControlFailed({ cause })
  return {
    activate: (id) => Effect.mapError(simulator.setPayinSourceStatus(id, { status: "active" }), failed),
    approvePayout: (id) => Effect.mapError(simulator.setPayoutStatus(id, { status: "approved" }), failed),
    approvePayin: (id) => Effect.mapError(simulator.setPayinStatus(id, { status: "approved" }), failed),
    takeWebhooks: simulator.webhooks.take
  }
}

/** The controls of a simulator on a port. */
export const overHttp = (baseUrl: string): Controls => {
  const post = (path: string, body: object) =>
    Effect.tryPromise({
      try: async () => {
        const response = await fetch(new URL(`/_simulator/${path}`, baseUrl), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body)
        })
        const text = await response.text()
        if (!response.ok) throw new Error(`${response.status} ${text}`)
        return text
      },
      catch: (cause) => new ControlFailed({ cause })
    })
  return {
    activate: (id) => post(`payinSources/${id}/status`, { status: "active" }),
    approvePayout: (id) => post(`payoutRequests/${id}/status`, { status: "approved" }),
    approvePayin: (id) => post(`payinRequests/${id}/status`, { status: "approved" }),
    takeWebhooks: Effect.map(post("webhooks/take", {}), (text): ReadonlyArray<Signed> => JSON.parse(text))
  }
}

/** Palomma over the `fetch` of the runtime. */
export const palomma = (baseUrl: string) => Palomma.layerFetch({ apiKey: Redacted.make("sim-key"), baseUrl })

const webhooks = Layer.merge(
  Webhooks.layer({ integrityKeys: [Redacted.make("sim-integrity-key")] }),
  WebhookInbox.layerMemory
)

const isApproved = (state: string): string => (state === "approved" ? "done" : `it is ${state}`)

/** Pays 50,000 pesos to a new account, debits 20,000 from another, and learns from the webhooks that both are final. */
export const moveMoney = Effect.fnUntraced(function* (name: string, controls: Controls) {
  const payouts = yield* Payouts
  const payins = yield* Payins
  const customer = yield* Customers.use(({ create }) =>
    create({
      name: "Ana María Rojas",
      documentType: "cc",
      documentNumber: "1020304050",
      email: "ana.rojas@example.com",
      phoneNumber: "3013111111"
    })
  )
  const target = yield* PayoutTargets.use(({ create }) =>
    create({
      customerId: customer.id,
      type: "bankAccount",
      bankAccount: { bank: "nequi", accountType: "savings", accountNumber: "3013111111" },
      redirectUrl: "https://shop.example/registered"
    })
  )
  const source = yield* PayinSources.use(({ create }) =>
    create({
      customerId: customer.id,
      type: "nequiToken",
      phoneNumber: "3013111111",
      redirectUrl: "https://shop.example/registered"
    })
  )
  yield* controls.activate(source.id)

  const payout = yield* payouts.send({ reference: `${name}-payout`, payoutTargetId: target.id, amount: 50_000 })
  const debit = yield* payins.charge({ reference: `${name}-debit`, payinSourceId: source.id, amount: 20_000 })
  yield* controls.approvePayout(payout.recordId ?? "")
  yield* controls.approvePayin(debit.recordId ?? "")

  const statuses: Array<number> = []
  for (const { encodedData, signature } of yield* controls.takeWebhooks) {
    const headers = new Headers({ "x-encoded-data": encodedData, "x-signature": signature })
    const handled = yield* Webhooks.handle({ headers }, (event) =>
      Effect.andThen(payouts.applyWebhook(event), payins.applyWebhook(event))
    )
    statuses.push(handled.status)
  }
  const paid = Option.getOrThrow(yield* payouts.find(`${name}-payout`))
  const debited = Option.getOrThrow(yield* payins.find(`${name}-debit`))
  const isForged = yield* Webhooks.handle(
    { headers: new Headers({ "x-encoded-data": "e30=", "x-signature": "0".repeat(64) }) },
    () => Effect.void
  )
  const heard = statuses.length > 0 && statuses.every((status) => status === 200) && isForged.status === 401
  const report: Report = {
    payout: isApproved(paid.state),
    debit: isApproved(debited.state),
    webhook: heard ? "done" : `answered ${statuses.join(", ")}; a forged one ${isForged.status}`
  }
  return { report, payout: { ...payout }, debit: { ...debit }, target: target.id, source: source.id }
})

/** The services of {@link moveMoney} over one journal. They still need the services of the client. */
export const services = <E, R>(journal: Layer.Layer<TransferJournal, E, R>) =>
  Layer.mergeAll(Layer.merge(Payouts.layer(), Payins.layer()).pipe(Layer.provide(journal)), webhooks)
