/**
 * Layers over a stub, and what they report about themselves.
 */
import { Palomma, PalommaEndpoint, PayoutRequests } from "@palomma-effect/client"
import { PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as HttpClient from "effect/http/HttpClient"
import { apiKey, type Stub, stub } from "./stub.ts"

export const key = Redacted.make(apiKey)

/** A read, and a create. */
export const getPayout = PayoutRequests.use((payouts) => payouts.get(PayoutRequestId.make("01H")))
export const createPayout = PayoutRequests.use((payouts) =>
  payouts.create({ payoutTargetId: PayoutTargetId.make("01T"), amount: 50_000 })
)

/** The layer over a stub. */
export const over = (palomma: Stub, options: Partial<Palomma.PalommaOptions> = {}) =>
  Palomma.layer({ apiKey: key, ...options }).pipe(Layer.provide(Layer.succeed(HttpClient.HttpClient, palomma.client)))

/** Builds a layer with any options, which may have any form. */
export const built = (options: unknown) =>
  Layer.build(Palomma.layer(options as Palomma.PalommaOptions)).pipe(
    Effect.provideService(HttpClient.HttpClient, stub({}).client)
  )

/** Returns where a layer sends its requests. */
export const endpointOf = (options: Partial<Palomma.PalommaOptions>) =>
  Effect.map(built({ apiKey: key, ...options }), (context) => Context.get(context, PalommaEndpoint))
