/**
 * The names of the operations, and how a request is matched to one.
 */
import type * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import type * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import { PalommaApi } from "@palomma-effect/schema/PalommaApi"

type Groups = typeof PalommaApi extends HttpApi.HttpApi<infer _Id, infer G> ? G : never

type NameOf<G> = G extends HttpApiGroup.Constraint
  ? `${HttpApiGroup.Identifier<G>}.${HttpApiEndpoint.Identifier<HttpApiGroup.Endpoints<G>>}`
  : never

/**
 * The name of an operation of the contract, such as `payoutRequests.create`.
 *
 * @category models
 * @since 0.1.0
 */
export type Operation = NameOf<Groups>

/** The prefix of all paths, as in `https://sandbox.api.palomma.com/v0`. */
export const basePath = "/v0"

interface Route {
  readonly operation: Operation
  readonly method: string
  readonly path: RegExp
}

interface Group {
  readonly identifier: string
  readonly endpoints: Readonly<
    Record<string, { readonly identifier: string; readonly method: string; readonly path: string }>
  >
}

const routes: ReadonlyArray<Route> = (Object.values(PalommaApi.groups) as ReadonlyArray<Group>).flatMap((group) =>
  Object.values(group.endpoints).map((endpoint) => ({
    operation: `${group.identifier}.${endpoint.identifier}` as Operation,
    method: endpoint.method,
    path: new RegExp(`^${endpoint.path.replace(/:[A-Za-z]+/g, "[^/]+")}$`)
  }))
)

/** All operations, in the order of the contract. */
export const operations: ReadonlyArray<Operation> = routes.map((route) => route.operation)

/** Finds the operation of a method and a path. */
export const operationOf = (method: string, path: string): Operation | undefined =>
  routes.find((route) => route.method === method && route.path.test(path))?.operation
