/**
 * The operations of the contract, as functions: validated first, then called.
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
  /** The schema of a successful answer. */
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

// Paths and queries hold texts and whole numbers only, which the contract's schemas have checked.
const values = (checked: unknown): Request.Values => (checked ?? {}) as Request.Values

const failureOf = (result: Result.Result<unknown, ReadonlyArray<InputProblem>>): ReadonlyArray<InputProblem> =>
  Result.isFailure(result) ? result.failure : []

/** A create: the body is validated by the merchant's own rules when it is run, and sent as it was given. */
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
  // What such a body needs, beside what every body has, is not known: it may be called as a field of another type is.
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
      const ran: Effect.Effect<A, CallError> =
        Result.isSuccess(payload) && Result.isSuccess(extra)
          ? Attempts.run(connection, call(payload.success, extra.success))
          : Effect.fail(invalidInput(operation, "not-sent", [...failureOf(payload), ...failureOf(extra)]))
      return Effect.catch(ran, (error) => (isCreateError(error) ? Effect.fail(error) : Effect.die(error)))
    })
}

/** A read of one record by path parameters. */
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
        request: Request.make(connection, endpoint, { params: values(params.success) }),
        missing: (fields) => new PalommaNotFound(fields),
        secrets: () => connection.secrets
      })
    })
}

// Most lists belong to no record.
const nothing = (): Result.Result<unknown> => Result.succeed({})

/** A read of one page by query parameters, and by path parameters if the list belongs to a record. */
export const list = <A, Params, Query>(
  connection: Connection,
  operation: OperationName,
  endpoint: Operation<A> & WithQuery<Query> & Partial<WithParams<Params>>
): ((params: Params, query: Query) => Effect.Effect<A, ListError>) => {
  const shared = sharedOf(operation, endpoint)
  const checkParams = endpoint.params === undefined ? nothing : Validate.of(endpoint.params)
  const checkQuery = Validate.of(endpoint.query)
  return (params, query) =>
    Effect.suspend((): Effect.Effect<A, ListError> => {
      const path = checkParams(params)
      const filter = checkQuery(query)
      if (Result.isFailure(path) || Result.isFailure(filter)) {
        return Effect.fail(invalidInput(operation, "none", [...failureOf(path), ...failureOf(filter)]))
      }
      return Attempts.run<A, never>(connection, {
        ...shared,
        request: Request.make(connection, endpoint, { params: values(path.success), query: values(filter.success) }),
        missing: undefined,
        secrets: () => connection.secrets
      })
    })
}
