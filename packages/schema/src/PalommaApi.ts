/**
 * The contract: every operation of the Palomma API v0, with its paths, parameters, bodies and statuses.
 *
 * Client, simulator and OpenAPI document are all derived from it. It holds what is true for every merchant: bounds and extra values
 * differ per merchant, and are checked by the `forMerchant` of each create body.
 *
 * **Gotchas**
 *
 * `HttpApiClient` and `Schema.toCodecJson` read answers strictly, by the JSON schema of a model: one unreadable optional field, and
 * the answer is an error. `Schema.decodeUnknown…` of a model, and `Drift.decoder`, read them tolerantly.
 */
import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import { customers } from "./internal/contract/customers.ts"
import { tidyDocument } from "./internal/contract/document.ts"
import { merchantAccounts } from "./internal/contract/merchantAccounts.ts"
import { payinLinks } from "./internal/contract/payinLinks.ts"
import { payinRequests } from "./internal/contract/payinRequests.ts"
import { payinSettlements } from "./internal/contract/payinSettlements.ts"
import { payinSources } from "./internal/contract/payinSources.ts"
import { payoutRequests } from "./internal/contract/payoutRequests.ts"
import { payoutTargets } from "./internal/contract/payoutTargets.ts"
import { WebhookEvent } from "./WebhookEvent.ts"

export { PalommaAuth } from "./internal/contract/common.ts"

/** Where Palomma answers. Older copies of its documentation say `prod.api.palomma.com` for production. */
export const palommaServers = {
  sandbox: "https://sandbox.api.palomma.com/v0",
  production: "https://api.palomma.com/v0"
} as const

/** The contract of the Palomma API v0: 22 operations in 8 groups. */
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
