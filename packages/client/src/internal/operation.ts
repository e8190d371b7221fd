/**
 * The operations of the contract, as functions: validated first, then called.
 */
import { Sensitive, type UnauthorizedBody } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import {
  type CreateError,
  type GetError,
  type InputProblem,
  type ListError,
  PalommaInvalidInput,
  PalommaNotFound
} from "../PalommaError.ts"
import * as Call from "./call.ts"
import type { Connection } from "./connection.ts"
import { problems } from "./problems.ts"

/**
 * A request on its way.
 *
 * The types of the derived client promise errors it cannot have in this mode and hide some that it can: whatever fails is judged as it is.
 */
export type Sent = Effect.Effect<
  HttpClientResponse.HttpClientResponse,
  HttpClientError.HttpClientError | UnauthorizedBody
>

/** An endpoint of the contract: its schemas in untyped slots, and their types beside them. */
export interface Endpoint<A, Params, Query> {
  readonly method: string
  readonly path: string
  readonly params: Schema.Top | undefined
  readonly query: Schema.Top | undefined
  readonly success: ReadonlySet<Schema.Top>
  readonly "~Success": { readonly Type: A }
  readonly "~Params": { readonly Type: Params }
  readonly "~Query": { readonly Type: Query }
}

/** Checks an input against a schema: all problems at once, fields that do not belong there included. */
export const check = <A>(schema: Schema.Codec<A>, input: A): Result.Result<A, ReadonlyArray<InputProblem>> =>
  Result.mapError(
    Schema.decodeUnknownResult(schema, { errors: "all", onExcessProperty: "error" })(input),
    ({ issue }) => problems(issue)
  )

const found = (result: Result.Result<unknown, ReadonlyArray<InputProblem>>): ReadonlyArray<InputProblem> =>
  Result.isFailure(result) ? result.failure : []

const validate = <A>(
  operation: string,
  schema: Schema.Codec<A>,
  input: A,
  outcome: "none" | "not-sent"
): Effect.Effect<A, PalommaInvalidInput> =>
  Effect.mapError(
    Effect.fromResult(check(schema, input)),
    (problems) => new PalommaInvalidInput({ operation, outcome, problems })
  )

// The one place where a slot is given the type that stands beside it.
const slot = <A>(schema: Schema.Top | undefined): Schema.Codec<A> => (schema ?? Schema.Void) as Schema.Codec<A>

const call = <A, Missing extends PalommaNotFound>(
  connection: Connection,
  operation: string,
  endpoint: Endpoint<A, unknown, unknown>,
  send: Sent,
  secrets: ReadonlyArray<string>,
  missing: Call.Call<A, Missing>["missing"]
): Call.Call<A, Missing> => ({
  operation,
  safety: endpoint.method === "GET" ? "read" : "create",
  method: endpoint.method,
  path: endpoint.path,
  answer: slot<A>([...endpoint.success][0]),
  missing,
  refusals: connection.refusals,
  secrets: [Redacted.value(connection.apiKey), ...secrets],
  policy: connection.policy,
  send
})

/** A create: the body is validated by the merchant's own rules, and sent as it was given. */
export const create =
  <A, Body>(
    connection: Connection,
    operation: string,
    endpoint: Endpoint<A, unknown, unknown>,
    body: Schema.Codec<Body, unknown>,
    send: (payload: Body) => Sent
  ) =>
  (input: Body): Effect.Effect<A, CreateError> =>
    validate(operation, Schema.toType(body), input, "not-sent").pipe(
      Effect.flatMap((payload) =>
        Call.run<A, never>(
          call(connection, operation, endpoint, send(payload), Sensitive.values(body, payload), undefined)
        )
      )
    )

/** A read of one record by path parameters. */
export const get =
  <A, Params>(
    connection: Connection,
    operation: string,
    endpoint: Endpoint<A, Params, unknown>,
    send: (params: Params) => Sent
  ) =>
  (params: Params): Effect.Effect<A, GetError> =>
    validate(operation, Schema.toType(slot<Params>(endpoint.params)), params, "none").pipe(
      Effect.flatMap((valid) =>
        Call.run(call(connection, operation, endpoint, send(valid), [], (fields) => new PalommaNotFound(fields)))
      )
    )

/** A read of one page by query parameters, and by path parameters where the list belongs to a record. */
export const list =
  <A, Params, Query>(
    connection: Connection,
    operation: string,
    endpoint: Endpoint<A, Params, Query>,
    send: (params: Params, query: Query) => Sent
  ) =>
  (params: Params, query: Query): Effect.Effect<A, ListError> => {
    const path = check(Schema.toType(slot<Params>(endpoint.params)), params)
    const filter = check(Schema.toType(slot<Query>(endpoint.query)), query)
    if (Result.isSuccess(path) && Result.isSuccess(filter)) {
      return Call.run<A, never>(
        call(connection, operation, endpoint, send(path.success, filter.success), [], undefined)
      )
    }
    const problems = [...found(path), ...found(filter)]
    return Effect.fail(new PalommaInvalidInput({ operation, outcome: "none", problems }))
  }
