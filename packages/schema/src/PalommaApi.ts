/**
 * The contract: the operations of the Palomma API v0 as an `HttpApi`, from which the simulator and the OpenAPI document are derived.
 *
 * **Gotchas**
 *
 * `HttpApiClient` and `Schema.toCodecJson` read answers strictly, by the JSON schema of a model: one unreadable optional field, and
 * the answer is an error. `Schema.decodeUnknown…` of a model, and `Drift.decoder`, read them tolerantly.
 *
 * @since 0.1.0
 */
import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import { tidyDocument } from "./internal/contract/document.ts"
import {
  customers,
  merchantAccounts,
  payinLinks,
  payinRequests,
  payinSettlements,
  payinSources,
  payoutRequests,
  payoutTargets
} from "./internal/contract/groups.ts"
import { palommaServers } from "./PalommaServers.ts"
import { WebhookEvent } from "./WebhookEvent.ts"

export { PalommaAuth } from "./internal/contract/groups.ts"

/**
 * The contract of the Palomma API v0.
 *
 * @category contract
 * @since 0.1.0
 */
export class PalommaApi extends HttpApi.make("PalommaApi")
  .add(
    customers,
    payinLinks,
    payinSources,
    payinRequests,
    payoutTargets,
    payoutRequests,
    merchantAccounts,
    payinSettlements
  )
  .annotate(HttpApi.AdditionalSchemas, [WebhookEvent])
  .annotateMerge(
    OpenApi.annotations({
      title: "Palomma API v0",
      version: "0",
      description: "Derived from @palomma-effect/schema. Not an official document of Palomma.",
      servers: [
        // The first one is the default of the clients that are generated from the document.
        { url: palommaServers.sandbox, description: "Sandbox: no real money" },
        { url: palommaServers.production, description: "Production" }
      ],
      transform: tidyDocument
    })
  ) {}
