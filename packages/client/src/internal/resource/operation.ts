/**
 * Functions for the operations of the contract. Each validates its input and then makes the call.
 */
import { Drift, type InputProblem, Sensitive } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { CreateOptions } from "../../CreateOptions.ts"
import {
  type CallError,
  type CreateError,
  type GetError,
  isCreateError,
  type ListError,
  PalommaNotFound
} from "../../PalommaError.ts"
import * as Attempts from "../http/attempts.ts"
import type { Call } from "../http/call.ts"
import type { Connection } from "../http/connection.ts"
import * as Request from "../http/request.ts"
import { invalidInput } from "../options/checks.ts"
import type { OperationName } from "./contract.ts"
import * as Validate from "./validate.ts"

/** An operation of the contract. */
export interface Operation<A> {
  readonly method: "GET" | "POST"
  /** The path with its parameters' names, such as `/payoutRequests/:payoutRequestId`. */
  readonly path: string
  /** The schema of a successful response. */
  readonly success: Schema.Codec<A, unknown>
}

/** An operation whose path has parameters. */
export interface WithParams<Params> {
  readonly params: Schema.Codec<Params, unknown>
}

/** An operation that takes a query. */
export interface WithQuery<Query> {
  readonly query: Schema.Codec<Query, unknown>
}

type Shared<A> = Pick<Call<A, never>, "operation" | "safety" | "method" | "path" | "decode">

const sharedOf = <A>(operation: OperationName, { method, path, success }: Operation<A>): Shared<A> => ({
  operation,
  safety: method === "GET" ? "read" : "create",
  method,
  path,
  decode: Drift.decoder(success)
})

// The schemas of the contract allow only texts and whole numbers in paths and queries.
const parametersOf = (checked: unknown): Request.Parameters => (checked ?? {}) as Request.Parameters

const problemsOf = (result: Result.Result<unknown, ReadonlyArray<InputProblem>>): ReadonlyArray<InputProblem> =>
  Result.isFailure(result) ? result.failure : []

/**
 * Makes the function of a create. The body is validated by the merchant's rules when the effect runs, and sent
 * unchanged.
 */
export const create = <A, Body>(
  connection: Connection,
  operation: OperationName,
  endpoint: Operation<A>,
  body: Schema.Codec<Body, unknown>,
  isOfOtherType: (body: Body) => boolean
): ((input: Body, options?: CreateOptions) => Effect.Effect<A, CreateError>) => {
  const shared = sharedOf(operation, endpoint)
  const check = Validate.of(body)
  const encode = Validate.encoder(body)
  const names = Validate.namesOf(body.ast)
  const checkOptions = Validate.createOptions(names.all)
  // The fields of an unknown type are not known. Its own fields may have the names of fields of other types.
  const checkOptionsOfOtherType = Validate.createOptions(names.common)

  const call = (payload: Body, extra: object): Call<A, never> => ({
    ...shared,
    request: Request.make(connection, endpoint, { body: { ...encode(payload), ...extra } }),
    missing: undefined,
    secrets: () => [...connection.secrets, ...Sensitive.values(body, payload), ...Validate.textsIn(extra)]
  })

  return (input, options) =>
    Effect.suspend(() => {
      const payload = check(input)
      const isOther = Result.isSuccess(payload) && isOfOtherType(payload.success)
      const extra = isOther ? checkOptionsOfOtherType(options) : checkOptions(options)
      const result: Effect.Effect<A, CallError> =
        Result.isSuccess(payload) && Result.isSuccess(extra)
          ? Attempts.run(connection, call(payload.success, extra.success))
          : Effect.fail(invalidInput(operation, "not-sent", [...problemsOf(payload), ...problemsOf(extra)]))
      return Effect.catch(result, (error) => (isCreateError(error) ? Effect.fail(error) : Effect.die(error)))
    })
}

/** Makes the function that reads one record by its path parameters. */
export const get = <A, Params>(
  connection: Connection,
  operation: OperationName,
  endpoint: Operation<A> & WithParams<Params>
): ((params: Params) => Effect.Effect<A, GetError>) => {
  const shared = sharedOf(operation, endpoint)
  const check = Validate.of(endpoint.params)
  return (input) =>
    Effect.suspend((): Effect.Effect<A, GetError> => {
      const params = check(input)
      if (Result.isFailure(params)) return Effect.fail(invalidInput(operation, "none", params.failure))
      return Attempts.run(connection, {
        ...shared,
        request: Request.make(connection, endpoint, { params: parametersOf(params.success) }),
        missing: (fields) => new PalommaNotFound(fields),
        secrets: () => connection.secrets
      })
    })
}

// Most lists have no path parameters.
const noParameters = (): Result.Result<unknown> => Result.succeed({})

/** Makes the function that reads one page of a list by its query and its path parameters, if it has any. */
export const list = <A, Params, Query>(
  connection: Connection,
  operation: OperationName,
  endpoint: Operation<A> & WithQuery<Query> & Partial<WithParams<Params>>
): ((params: Params, query: Query) => Effect.Effect<A, ListError>) => {
  const shared = sharedOf(operation, endpoint)
  const checkParams = endpoint.params === undefined ? noParameters : Validate.of(endpoint.params)
  const checkQuery = Validate.of(endpoint.query)
  return (params, query) =>
    Effect.suspend((): Effect.Effect<A, ListError> => {
      const path = checkParams(params)
      const filter = checkQuery(query)
      if (Result.isFailure(path) || Result.isFailure(filter)) {
        return Effect.fail(invalidInput(operation, "none", [...problemsOf(path), ...problemsOf(filter)]))
      }
      return Attempts.run<A, never>(connection, {
        ...shared,
        request: Request.make(connection, endpoint, {
          params: parametersOf(path.success),
          query: parametersOf(filter.success)
        }),
        missing: undefined,
        secrets: () => connection.secrets
      })
    })
}
