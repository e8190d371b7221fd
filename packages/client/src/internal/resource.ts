/**
 * What every resource can do: create, get, list, stream, find by reference.
 */
import type { Page, PageQuery } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { GetError, ListError } from "../PalommaError.ts"
import type { Connection } from "./connection.ts"
import * as Operation from "./operation.ts"
import * as Pages from "./pages.ts"

interface Readable<A, Id, Query> {
  readonly get: (id: Id) => Effect.Effect<A, GetError>
  readonly list: (query: Query) => Effect.Effect<Page<A>, ListError>
  readonly stream: (query: Query) => Stream.Stream<A, ListError>
}

/** A resource that can be read: by id, and page by page. */
export const readable = <A, Id, Params, Query extends PageQuery>(
  connection: Connection,
  service: string,
  endpoints: {
    readonly list: Operation.Endpoint<Page<A>, unknown, Query>
    readonly get: Operation.Endpoint<A, Params, unknown>
  },
  client: {
    readonly list: (request: { readonly query: Query; readonly responseMode: "response-only" }) => Operation.Sent
    readonly get: (request: { readonly params: Params; readonly responseMode: "response-only" }) => Operation.Sent
  },
  params: (id: Id) => Params
): Readable<A, Id, Query> => {
  const responseMode = "response-only"
  const one = Operation.get(connection, `${service}.get`, endpoints.get, (params) =>
    client.get({ params, responseMode })
  )
  const page = Operation.list(connection, `${service}.list`, endpoints.list, (_, query) =>
    client.list({ query, responseMode })
  )
  const list = (query: Query) => page(undefined, query)
  return {
    get: (id) => one(params(id)),
    list,
    stream: (query) => Pages.stream(`${service}.stream`, list, query)
  }
}
