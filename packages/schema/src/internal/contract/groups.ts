import type * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as OpenApi from "effect/http-api/OpenApi"
import { BadRequestBody, NotFoundBody, ServerErrorBody, UnauthorizedBody } from "../../ErrorBody.ts"
import * as Operations from "../../Operations.ts"

/** The bearer token that every operation asks for. */
export class PalommaAuth extends HttpApiMiddleware.Service<PalommaAuth>()("@palomma-effect/schema/PalommaAuth", {
  security: { bearerAuth: HttpApiSecurity.bearer },
  error: UnauthorizedBody
}) {}

interface Operation<Path extends `/${string}`, Success extends Schema.Top> {
  readonly path: Path
  readonly identifier: string
  readonly summary: string
  readonly success: Success
}

const named = ({ identifier, summary }: { readonly identifier: string; readonly summary: string }) =>
  OpenApi.annotations({ identifier, summary })

const create = <const Path extends `/${string}`, Success extends Schema.Top, Payload extends Schema.Top>(
  operation: Operation<Path, Success> & { readonly payload: Payload }
) =>
  HttpApiEndpoint.post("create", operation.path, {
    payload: operation.payload,
    success: operation.success,
    error: [BadRequestBody, ServerErrorBody]
  }).annotateMerge(named(operation))

const list = <const Path extends `/${string}`, Success extends Schema.Top, Query extends Schema.Top>(
  operation: Operation<Path, Success> & { readonly query: Query }
) =>
  HttpApiEndpoint.get("list", operation.path, {
    query: operation.query,
    success: operation.success,
    error: ServerErrorBody
  }).annotateMerge(named(operation))

const listOf = <
  const Path extends `/${string}`,
  Success extends Schema.Top,
  Query extends Schema.Top,
  Params extends Schema.Top
>(
  operation: Operation<Path, Success> & { readonly query: Query; readonly params: Params }
) =>
  HttpApiEndpoint.get("list", operation.path, {
    params: operation.params,
    query: operation.query,
    success: operation.success,
    error: ServerErrorBody
  }).annotateMerge(named(operation))

const get = <const Path extends `/${string}`, Success extends Schema.Top, Params extends Schema.Top>(
  operation: Operation<Path, Success> & { readonly params: Params }
) =>
  HttpApiEndpoint.get("get", operation.path, {
    params: operation.params,
    success: operation.success,
    error: [BadRequestBody, NotFoundBody, ServerErrorBody]
  }).annotateMerge(named(operation))

const about = ({ description, title }: { readonly title: string; readonly description: string }) =>
  OpenApi.annotations({ title, description })

export const customers = HttpApiGroup.make("customers")
  .add(create(Operations.customers.create), list(Operations.customers.list), get(Operations.customers.get))
  .middleware(PalommaAuth)
  .annotateMerge(about(Operations.customers))

export const payinLinks = HttpApiGroup.make("payinLinks")
  .add(create(Operations.payinLinks.create), list(Operations.payinLinks.list), get(Operations.payinLinks.get))
  .middleware(PalommaAuth)
  .annotateMerge(about(Operations.payinLinks))

export const payinSources = HttpApiGroup.make("payinSources")
  .add(create(Operations.payinSources.create), list(Operations.payinSources.list), get(Operations.payinSources.get))
  .middleware(PalommaAuth)
  .annotateMerge(about(Operations.payinSources))

export const payinRequests = HttpApiGroup.make("payinRequests")
  .add(create(Operations.payinRequests.create), list(Operations.payinRequests.list), get(Operations.payinRequests.get))
  .middleware(PalommaAuth)
  .annotateMerge(about(Operations.payinRequests))

export const payoutTargets = HttpApiGroup.make("payoutTargets")
  .add(create(Operations.payoutTargets.create), list(Operations.payoutTargets.list), get(Operations.payoutTargets.get))
  .middleware(PalommaAuth)
  .annotateMerge(about(Operations.payoutTargets))

export const payoutRequests = HttpApiGroup.make("payoutRequests")
  .add(
    create(Operations.payoutRequests.create),
    list(Operations.payoutRequests.list),
    get(Operations.payoutRequests.get)
  )
  .middleware(PalommaAuth)
  .annotateMerge(about(Operations.payoutRequests))

export const merchantAccounts = HttpApiGroup.make("merchantAccounts")
  .add(list(Operations.merchantAccounts.list), get(Operations.merchantAccounts.get))
  .middleware(PalommaAuth)
  .annotateMerge(about(Operations.merchantAccounts))

export const payinSettlements = HttpApiGroup.make("payinSettlements")
  .add(listOf(Operations.payinSettlements.list), get(Operations.payinSettlements.get))
  .middleware(PalommaAuth)
  .annotateMerge(about(Operations.payinSettlements))
