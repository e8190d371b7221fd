/**
 * The methods that resources share: create, get, list, stream and find by reference.
 */
import type { Page, PageQuery } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { CreateOptions } from "../../CreateOptions.ts"
import type { CreateError, GetError, ListError } from "../../PalommaError.ts"
import type { Connection } from "../http/connection.ts"
import type { ServiceWith } from "./contract.ts"
import * as Operation from "./operation.ts"
import * as Pages from "./pages.ts"

interface Readable<A, Id, Query> {
  readonly get: (id: Id) => Effect.Effect<A, GetError>
  readonly list: (query?: Query) => Effect.Effect<Page<A>, ListError>
  readonly stream: (query?: Query) => Stream.Stream<A, ListError>
}

interface Creatable<A, Id, Query, Body> extends Readable<A, Id, Query> {
  readonly create: (body: Body, options?: CreateOptions) => Effect.Effect<A, CreateError>
  readonly findByReference: (reference: string) => Effect.Effect<Array<A>, ListError>
}

interface ReadableParts<A, Id, Params, Query> {
  readonly connection: Connection
  /** The name of the service, such as `Customers`. Operation names begin with it. */
  readonly service: ServiceWith<"list"> & ServiceWith<"get">
  readonly operations: {
    readonly list: Operation.Operation<Page<A>> & Operation.WithQuery<Query>
    readonly get: Operation.Operation<A> & Operation.WithParams<Params>
  }
  /** Returns the path parameters of an id. */
  readonly params: (id: Id) => Params
  /** Converts the query that all resources share to the query type of this resource. */
  readonly query: (query: PageQuery) => Query
}

interface CreatableParts<A, Id, Params, Query, Body> extends ReadableParts<A, Id, Params, Query> {
  readonly operations: ReadableParts<A, Id, Params, Query>["operations"] & {
    readonly create: Operation.Operation<A>
  }
  readonly service: ServiceWith<"create"> & ServiceWith<"list"> & ServiceWith<"get">
  readonly query: (query: PageQuery & { readonly reference?: string | undefined }) => Query
  /** The schema of the body, with the rules of the merchant. */
  readonly body: Schema.Codec<Body, unknown>
  /** Whether a body is of a type that this version does not know. */
  readonly isOfOtherType?: (body: Body) => boolean
}

/** Makes the methods of a resource that can be read by id and listed. */
export const readable = <A, Id, Params, Query extends PageQuery>(
  parts: ReadableParts<A, Id, Params, Query>
): Readable<A, Id, Query> => {
  const { connection, operations, service } = parts
  const get = Operation.get(connection, `${service}.get`, operations.get)
  const page = Operation.list(connection, `${service}.list`, operations.list)
  const list = (query: Query = parts.query({})) => page(undefined, query)
  return {
    get: (id) => get(parts.params(id)),
    list,
    stream: (query = parts.query({})) => Pages.stream(`${service}.stream`, list, query)
  }
}

/** Makes the methods of a resource that can also be created, and found by the reference of its create. */
export const creatable = <
  A extends { readonly id: string; readonly reference?: string },
  Id,
  Params,
  Query extends PageQuery,
  Body
>(
  parts: CreatableParts<A, Id, Params, Query, Body>
): Creatable<A, Id, Query, Body> => {
  const { body, connection, isOfOtherType = () => false, operations, service } = parts
  const read = readable(parts)
  return {
    ...read,
    create: Operation.create(connection, `${service}.create`, operations.create, body, isOfOtherType),
    findByReference: (reference) =>
      Pages.withReference(`${service}.findByReference`, read.list, parts.query({ reference }), reference)
  }
}
