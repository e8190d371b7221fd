/**
 * The places where the laws are tested: a simulated Palomma in this process, the same on a port, and the real sandbox.
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
  /** The client's services for this place. With another key they are those of an unknown merchant. */
  readonly palomma: (apiKey?: string) => Layer.Layer<Palomma.Services>
  /**
   * Why a law cannot be tested here; undefined if it can. Laws that would leave records in the sandbox, or that cannot
   * be forced there, are skipped.
   */
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

// Laws that must not be tested where money is simulated but records are permanent.
const unsafeThere: Readonly<Record<string, string>> = {
  "a reference is not unique": "it would leave two payouts with one reference in a shared sandbox",
  "lists go page by page": "it would have to fill a sandbox with records",
  "a payout becomes final": "the sandbox documents no way to make one final, and no duration"
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
