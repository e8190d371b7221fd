/**
 * The operations as groups of `HttpApi` endpoints, from which `PalommaApi` is made.
 */
import type * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as OpenApi from "effect/http-api/OpenApi"
import { BadRequestBody, NotFoundBody, ServerErrorBody, UnauthorizedBody } from "../../ErrorBody.ts"
import * as Operations from "../../Operations.ts"

/**
 * The bearer token that every operation requires.
 *
 * @category contract
 * @since 0.1.0
 */
export class PalommaAuth extends HttpApiMiddleware.Service<PalommaAuth>()("@palomma-effect/schema/PalommaAuth", {
  security: { bearerAuth: HttpApiSecurity.bearer },
  error: UnauthorizedBody
}) {}

// The types of the groups are written down. The compiler would infer the same ones, but it prints the members of an
// inferred union in an order that changes from build to build, so the declarations of two builds would differ.
interface Operation<Path extends `/${string}` = `/${string}`, Success extends Schema.Top = Schema.Top> {
  readonly path: Path
  readonly success: Success
}

interface Created extends Operation {
  readonly payload: Schema.Top
}

interface Listed extends Operation {
  readonly query: Schema.Top
}

type Params<O> = O extends { readonly params: infer P extends Schema.Top } ? Schema.toCodecStringTree<P> : never

type Create<O extends Created> = HttpApiEndpoint.HttpApiEndpoint<
  "create",
  "POST",
  O["path"],
  never,
  never,
  Schema.toCodecJson<O["payload"]>,
  never,
  Schema.toCodecJson<O["success"]>,
  Schema.toCodecJson<typeof BadRequestBody | typeof ServerErrorBody>,
  PalommaAuth
>

type List<O extends Listed> = HttpApiEndpoint.HttpApiEndpoint<
  "list",
  "GET",
  O["path"],
  Params<O>,
  Schema.toCodecStringTree<O["query"]>,
  never,
  never,
  Schema.toCodecJson<O["success"]>,
  Schema.toCodecJson<typeof ServerErrorBody>,
  PalommaAuth
>

type Get<O extends Operation> = HttpApiEndpoint.HttpApiEndpoint<
  "get",
  "GET",
  O["path"],
  Params<O>,
  never,
  never,
  never,
  Schema.toCodecJson<O["success"]>,
  Schema.toCodecJson<typeof BadRequestBody | typeof NotFoundBody | typeof ServerErrorBody>,
  PalommaAuth
>

/** A group whose records can be created, listed and fetched. */
type Full<
  Name extends string,
  O extends { readonly create: Created; readonly list: Listed; readonly get: Operation }
> = HttpApiGroup.HttpApiGroup<Name, Create<O["create"]> | List<O["list"]> | Get<O["get"]>>

/** A group whose records can only be listed and fetched: Palomma makes them. */
type ReadOnly<
  Name extends string,
  O extends { readonly list: Listed; readonly get: Operation }
> = HttpApiGroup.HttpApiGroup<Name, List<O["list"]> | Get<O["get"]>>

const create = <const Path extends `/${string}`, Success extends Schema.Top, Payload extends Schema.Top>(
  operation: Operation<Path, Success> & { readonly payload: Payload },
  identifier: string,
  summary: string
) =>
  HttpApiEndpoint.post("create", operation.path, {
    payload: operation.payload,
    success: operation.success,
    error: [BadRequestBody, ServerErrorBody]
  }).annotateMerge(OpenApi.annotations({ identifier, summary }))

const list = <const Path extends `/${string}`, Success extends Schema.Top, Query extends Schema.Top>(
  operation: Operation<Path, Success> & { readonly query: Query },
  identifier: string,
  summary: string
) =>
  HttpApiEndpoint.get("list", operation.path, {
    query: operation.query,
    success: operation.success,
    error: ServerErrorBody
  }).annotateMerge(OpenApi.annotations({ identifier, summary }))

const listOf = <
  const Path extends `/${string}`,
  Success extends Schema.Top,
  Query extends Schema.Top,
  Params extends Schema.Top
>(
  operation: Operation<Path, Success> & { readonly query: Query; readonly params: Params },
  identifier: string,
  summary: string
) =>
  HttpApiEndpoint.get("list", operation.path, {
    params: operation.params,
    query: operation.query,
    success: operation.success,
    error: ServerErrorBody
  }).annotateMerge(OpenApi.annotations({ identifier, summary }))

const get = <const Path extends `/${string}`, Success extends Schema.Top, Params extends Schema.Top>(
  operation: Operation<Path, Success> & { readonly params: Params },
  identifier: string,
  summary: string
) =>
  HttpApiEndpoint.get("get", operation.path, {
    params: operation.params,
    success: operation.success,
    error: [BadRequestBody, NotFoundBody, ServerErrorBody]
  }).annotateMerge(OpenApi.annotations({ identifier, summary }))

export const customers: Full<"customers", typeof Operations.customers> = HttpApiGroup.make("customers")
  .add(
    create(Operations.customers.create, "createCustomer", "Register a customer"),
    list(Operations.customers.list, "listCustomers", "List customers"),
    get(Operations.customers.get, "getCustomerById", "Fetch one customer")
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Customers", description: "People and companies that pay or are paid." }))

export const payinLinks: Full<"payinLinks", typeof Operations.payinLinks> = HttpApiGroup.make("payinLinks")
  .add(
    create(Operations.payinLinks.create, "createPayinLink", "Create a payin link"),
    list(Operations.payinLinks.list, "listPayinLinks", "List payin links"),
    get(Operations.payinLinks.get, "getPayinLinkById", "Fetch one payin link")
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Payin Links", description: "Single payments through a hosted page." }))

export const payinSources: Full<"payinSources", typeof Operations.payinSources> = HttpApiGroup.make("payinSources")
  .add(
    create(Operations.payinSources.create, "createPayinSource", "Register an account to debit"),
    list(Operations.payinSources.list, "listPayinSources", "List payin sources"),
    get(Operations.payinSources.get, "getPayinSourceById", "Fetch one payin source")
  )
  .middleware(PalommaAuth)
  .annotateMerge(
    OpenApi.annotations({ title: "Payin Sources", description: "Accounts whose owners allowed them to be debited." })
  )

export const payinRequests: Full<"payinRequests", typeof Operations.payinRequests> = HttpApiGroup.make("payinRequests")
  .add(
    create(Operations.payinRequests.create, "createPayinRequest", "Debit a payin source"),
    list(Operations.payinRequests.list, "listPayinRequests", "List payin requests"),
    get(Operations.payinRequests.get, "getPayinRequestById", "Fetch one payin request")
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Payin Requests", description: "Debits of a payin source." }))

export const payoutTargets: Full<"payoutTargets", typeof Operations.payoutTargets> = HttpApiGroup.make("payoutTargets")
  .add(
    create(Operations.payoutTargets.create, "createPayoutTarget", "Register an account to pay"),
    list(Operations.payoutTargets.list, "listPayoutTargets", "List payout targets"),
    get(Operations.payoutTargets.get, "getPayoutTargetById", "Fetch one payout target")
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Payout Targets", description: "Accounts that money can be sent to." }))

export const payoutRequests: Full<"payoutRequests", typeof Operations.payoutRequests> = HttpApiGroup.make(
  "payoutRequests"
)
  .add(
    create(Operations.payoutRequests.create, "createPayoutRequest", "Send money to a payout target"),
    list(Operations.payoutRequests.list, "listPayoutRequests", "List payout requests"),
    get(Operations.payoutRequests.get, "getPayoutRequestById", "Fetch one payout request")
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Payout Requests", description: "Transfers to a payout target." }))

export const merchantAccounts: ReadOnly<"merchantAccounts", typeof Operations.merchantAccounts> = HttpApiGroup.make(
  "merchantAccounts"
)
  .add(
    list(Operations.merchantAccounts.list, "listMerchantAccounts", "List merchant accounts"),
    get(Operations.merchantAccounts.get, "getMerchantAccountById", "Fetch one merchant account")
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Merchant Accounts", description: "The merchant's balances." }))

export const payinSettlements: ReadOnly<"payinSettlements", typeof Operations.payinSettlements> = HttpApiGroup.make(
  "payinSettlements"
)
  .add(
    listOf(
      Operations.payinSettlements.list,
      "listPayinSettlements",
      "List the payin settlements of a merchant account"
    ),
    get(Operations.payinSettlements.get, "getPayinSettlementById", "Fetch one payin settlement")
  )
  .middleware(PalommaAuth)
  .annotateMerge(
    OpenApi.annotations({
      title: "Payin Settlements",
      description: "The payins of one cycle of a merchant account, transferred together."
    })
  )
