/**
 * The contract: the operations of the Palomma API v0 as an `HttpApi`.
 *
 * The simulator and the OpenAPI document are derived from it.
 *
 * **Gotchas**
 *
 * `HttpApiClient` and `Schema.toCodecJson` decode answers strictly, by the JSON schema of a model: one unreadable
 * optional field makes the answer an error. `Schema.decodeUnknown…` of a model and `Drift.decoder` ignore such a field.
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

type Groups =
  | typeof customers
  | typeof payinLinks
  | typeof payinSources
  | typeof payinRequests
  | typeof payoutTargets
  | typeof payoutRequests
  | typeof merchantAccounts
  | typeof payinSettlements

const contract: HttpApi.HttpApi<"PalommaApi", Groups> = HttpApi.make("PalommaApi")
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
        // Clients that are generated from the document use the first server by default.
        { url: palommaServers.sandbox, description: "Sandbox: no real money" },
        { url: palommaServers.production, description: "Production" }
      ],
      transform: tidyDocument
    })
  )

/**
 * The contract of the Palomma API v0.
 *
 * @category contract
 * @since 0.1.0
 */
export class PalommaApi extends contract {}
