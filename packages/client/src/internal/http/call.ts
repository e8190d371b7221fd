/**
 * One call of an operation: its request and how to read its response.
 */
import type { Drift } from "@palomma-effect/schema"
import type * as Result from "effect/Result"
import type * as SchemaIssue from "effect/SchemaIssue"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { CallError, PalommaInvalidInput, PalommaNotFound } from "../../PalommaError.ts"

/** One call of an operation. */
export interface Call<A, Missing extends PalommaNotFound> {
  /** The operation, such as `PayoutRequests.create`. */
  readonly operation: string
  /** A read has no effect at Palomma. A second create makes a second record. */
  readonly safety: "read" | "create"
  readonly method: string
  /** The path with its parameters' names, such as `/payoutRequests/:payoutRequestId`. */
  readonly path: string
  readonly request: HttpClientRequest.HttpClientRequest
  /** Decodes the JSON of a successful response. */
  readonly decode: (raw: unknown, onDrift: (drift: Drift.Drift) => void) => Result.Result<A, SchemaIssue.Issue>
  /** Makes the error of a 404, for operations that get one record. */
  readonly missing: ((fields: ConstructorParameters<typeof PalommaNotFound>[0]) => Missing) | undefined
  /** The texts that no message may contain: the API key and the sensitive values of the request. */
  readonly secrets: () => ReadonlyArray<string>
}

/** Errors of a call whose input is valid. */
export type Failure = Exclude<CallError, PalommaInvalidInput>
