/**
 * One call: which operation, and what must be known to send it and to understand its answer.
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
  /** Whether a second one can do harm. */
  readonly safety: "read" | "create"
  readonly method: string
  /** The path with its parameters' names, such as `/payoutRequests/:payoutRequestId`. */
  readonly path: string
  readonly request: HttpClientRequest.HttpClientRequest
  /** Reads a successful answer. */
  readonly decode: (raw: unknown, onDrift: (drift: Drift.Drift) => void) => Result.Result<A, SchemaIssue.Issue>
  /** What a 404 means, for operations that ask for one record. */
  readonly missing: ((fields: ConstructorParameters<typeof PalommaNotFound>[0]) => Missing) | undefined
  /** What must not appear in any text: the key, and the marked values of the request. */
  readonly secrets: () => ReadonlyArray<string>
}

/** What a call can fail with once its input is valid. */
export type Failure = Exclude<CallError, PalommaInvalidInput>
