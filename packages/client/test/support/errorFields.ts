/**
 * The error of a call, with every property that any error has.
 */
import { assert } from "@effect/vitest"
import { isPalommaError, type Outcome, type Palomma, type PalommaError } from "@palomma-effect/client"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Operation } from "./operations.ts"
import { failure, type Reply, stub } from "./stub.ts"

/** Every error, with every property that any of them has. */
export interface ErrorFields {
  readonly _tag: PalommaError["_tag"]
  readonly operation: string
  readonly outcome: Outcome
  readonly isSafeToResend: boolean
  readonly message: string
  readonly status?: number
  readonly requestId?: string
  readonly serverMessage?: string
  readonly retryAfter?: Duration.Duration
  readonly reason?: string
  readonly code?: string
  readonly defect?: string
  readonly recordId?: string
  readonly problems?: ReadonlyArray<{ readonly field: string; readonly code: string; readonly rule: string }>
  readonly more?: number
  readonly waited?: Duration.Duration
}

export const fieldsOf = (error: PalommaError): ErrorFields => error

/** Calls an operation that is expected to fail, and counts its requests. */
export const failing = (operation: Operation, reply: Reply, options?: Partial<Palomma.PalommaOptions>) =>
  Effect.gen(function* () {
    const palomma = stub(reply)
    const error = fieldsOf(yield* failure(operation.call, palomma, options))
    assert.isTrue(isPalommaError(error), operation.name)
    assert.strictEqual(error.operation, operation.operation)
    assert.include(error.message, operation.operation)
    return { error, sent: palomma.requests.length }
  })

/** The number of attempts of a call that may be retried, by the default policy. */
export const maxAttempts = 3

/** The error of a failed `fetch` in Node. */
export const fetchFailed = (fields: Record<string, unknown>): Error =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("no"), fields) })

/** A connection that was never made: proven not sent. */
export const refused: Effect.Effect<never, unknown> = Effect.suspend(() =>
  Effect.fail(fetchFailed({ code: "ECONNREFUSED", syscall: "connect" }))
)

/** A connection that broke: it is not known what was sent. */
export const reset: Effect.Effect<never, unknown> = Effect.suspend(() =>
  Effect.fail(fetchFailed({ code: "ECONNRESET", syscall: "read" }))
)
