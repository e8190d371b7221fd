/**
 * The places where the laws are asked to hold: a simulated Palomma in this process, the same on a port, and the real sandbox.
 */
import { Palomma } from "@palomma-effect/client"
import { PalommaSimulator } from "@palomma-effect/testing"
import { layerServer } from "@palomma-effect/testing/server"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

/** A place with a Palomma in it. */
export interface Place {
  readonly name: string
  /** The client's services there. With a key of its own, those of a merchant whom it does not know. */
  readonly palomma: (apiKey?: string) => Layer.Layer<Palomma.Services>
  /** Why a law cannot be tried there; none where it can. What the sandbox keeps, or what cannot be forced there, is not tried. */
  readonly skips: (law: string) => string | undefined
}

const nothing = () => undefined

const inProcess: Place = {
  name: "the simulator in process",
  palomma: (apiKey = "sim-key") =>
    Palomma.layer({ apiKey: Redacted.make(apiKey), baseUrl: "http://127.0.0.1/v0" }).pipe(
      Layer.provide(PalommaSimulator.layer({ seed: 1 })),
      Layer.orDie
    ),
  skips: nothing
}

const overHttp: Place = {
  name: "the simulator over HTTP",
  palomma: (apiKey = "sim-key") =>
    Layer.unwrap(
      PalommaSimulator.useSync(({ url }) => Palomma.layer({ apiKey: Redacted.make(apiKey), baseUrl: url }))
    ).pipe(Layer.provide(FetchHttpClient.layer), Layer.provide(layerServer({ seed: 1 })), Layer.orDie),
  skips: nothing
}

// What must not be tried where money is only pretended but records are real.
const unsafeThere: Readonly<Record<string, string>> = {
  "a reference is not unique": "it would leave two payouts of one reference in a sandbox that others look at",
  "lists go page by page": "it would have to fill a sandbox with records",
  "a payout comes to its end": "the sandbox documents no way to make one come to its end, nor how long it takes"
}

const sandbox: Place = {
  name: "the sandbox",
  palomma: (apiKey) =>
    Palomma.layerFetch({
      apiKey: Redacted.make(apiKey ?? process.env["PALOMMA_API_KEY"] ?? ""),
      environment: "sandbox"
    }).pipe(Layer.orDie),
  skips: (law) =>
    unsafeThere[law] ?? (process.env["PALOMMA_API_KEY"] === undefined ? "PALOMMA_API_KEY is not set" : undefined)
}

/** Every place. */
export const places: ReadonlyArray<Place> = [inProcess, overHttp, sandbox]
