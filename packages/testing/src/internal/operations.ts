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

/** The prefix of every path, as in `https://sandbox.api.palomma.com/v0`. */
export const basePath = "/v0"

interface Entry {
  readonly operation: Operation
  readonly method: string
  readonly path: RegExp
}

interface Described {
  readonly identifier: string
  readonly endpoints: Readonly<
    Record<string, { readonly identifier: string; readonly method: string; readonly path: string }>
  >
}

const entries: ReadonlyArray<Entry> = (Object.values(PalommaApi.groups) as ReadonlyArray<Described>).flatMap((group) =>
  Object.values(group.endpoints).map((endpoint) => ({
    operation: `${group.identifier}.${endpoint.identifier}` as Operation,
    method: endpoint.method,
    path: new RegExp(`^${endpoint.path.replace(/:[A-Za-z]+/g, "[^/]+")}$`)
  }))
)

/** Every operation of the contract, in its order. */
export const operations: ReadonlyArray<Operation> = entries.map((entry) => entry.operation)

/** The operation that a method and a path ask for. */
export const operationOf = (method: string, path: string): Operation | undefined =>
  entries.find((entry) => entry.method === method && entry.path.test(path))?.operation
