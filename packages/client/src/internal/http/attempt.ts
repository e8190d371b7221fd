/**
 * One attempt of a call: one HTTP request with a timeout. For a create, it also determines whether the body was sent.
 */
import type { Drift } from "@palomma-effect/schema"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HandOver from "../../HandOver.ts"
import { PalommaConnectionError, type PalommaNotFound, PalommaTimeout } from "../../PalommaError.ts"
import { defectText } from "../defectText.ts"
import { report } from "../driftLog.ts"
import type { Call, Failure } from "./call.ts"
import type { Connection } from "./connection.ts"
import { within } from "./deadline.ts"
import { CurrentFence } from "./fence.ts"
import { interpret } from "./interpret.ts"
import * as Response from "./response.ts"
import { annotate } from "./span.ts"
import { transportFailure } from "./transportFailure.ts"

/** The time limits of an attempt. */
export interface AttemptLimits {
  readonly timeout: Duration.Duration
  /**
   * The end of the whole call by the wall clock, in milliseconds since the epoch. No body is handed over after it. The
   * wall clock counts the time that the machine slept.
   */
  readonly wallClockEnd: number
}

/** The fiber of the call, for its context and span, and the clock. */
export interface AttemptContext {
  readonly fiber: Fiber.Fiber<unknown, unknown>
  readonly clock: Clock.Clock
}

/** The `code` of the connection error of a call whose check refused to hand over the body. */
export const refusedCode = "HAND_OVER_REFUSED"

/** The failure of a create that was stopped before its request began. */
const notStarted = { _tag: "NotStarted" } as const

/** The request of one create, and the proof of whether it was sent. */
interface CreateRequest {
  readonly send: Effect.Effect<
    HttpClientResponse.HttpClientResponse,
    HttpClientError.HttpClientError | typeof notStarted
  >
  /**
   * Closes the switch, and returns whether it is proven that nothing was sent. If the switch can prove nothing, the
   * proof by the code of the failure decides.
   */
  readonly isNotSent: (isProvenByCode: boolean) => boolean
  /** Why the body was not handed over, if it was refused. */
  readonly refusal: () => HandOver.Refusal | undefined
}

// A check that dies refuses the hand-over, and the hand-over does not log why.
const logDefect = (check: Effect.Effect<boolean>): Effect.Effect<boolean> =>
  Effect.catchDefect(check, (defect) =>
    Effect.as(
      Effect.logError(`The check before the hand-over of the body died. Nothing was sent. ${defectText(defect)}`),
      false
    )
  )

const createRequest = (
  connection: Connection,
  request: HttpClientRequest.HttpClientRequest,
  limits: AttemptLimits,
  { clock, fiber }: AttemptContext
): CreateRequest => {
  const fence = fiber.getRef(CurrentFence)
  const check = fence === undefined ? undefined : logDefect(fence.check)
  const { timeout, wallClockEnd } = limits
  const monotonicEnd = clock.monotonicTimeNanosUnsafe() + Duration.toNanosUnsafe(timeout)
  const handOver = HandOver.make({ check, wallClockEnd, monotonicEnd }, fiber.context, clock)
  let hasBegun = false
  let isClosed = false
  let refusal: HandOver.Refusal | undefined
  const refuse = (reason: HandOver.Refusal): CreateRequest["send"] => {
    refusal = reason
    return Effect.fail(notStarted)
  }
  const execute = Effect.suspend((): CreateRequest["send"] => {
    // No request may start after `isNotSent` was called, even if the check could not be interrupted.
    if (isClosed) return Effect.fail(notStarted)
    if (!(clock.currentTimeMillisUnsafe() < wallClockEnd)) return refuse("wall-clock")
    if (!(clock.monotonicTimeNanosUnsafe() < monotonicEnd)) return refuse("monotonic-clock")
    hasBegun = true
    return connection.execute(request, handOver)
  })
  return {
    // A client of the program may not run the check at the hand-over, so it also runs before the request.
    send:
      check === undefined || connection.isFetch
        ? execute
        : Effect.flatMap(check, (isAllowed) => (isAllowed ? execute : refuse("check"))),
    isNotSent: (isProvenByCode) => {
      isClosed = true
      const isProvenBySwitch = handOver.close()
      if (hasBegun && handOver.isTaken() && !isProvenBySwitch) fence?.onHandedOver()
      return !hasBegun || (handOver.isTaken() ? isProvenBySwitch : isProvenByCode)
    },
    refusal: () => refusal ?? handOver.refusal()
  }
}

/** Makes one request. It ends within its timeout, even if the server or the clean-up hangs. */
export const attempt = <A, Missing extends PalommaNotFound>(
  connection: Connection,
  call: Call<A, Missing>,
  limits: AttemptLimits,
  context: AttemptContext
): Effect.Effect<A, Failure | Missing> => {
  const { clock, fiber } = context
  const { operation, request, safety } = call
  const { timeout } = limits
  const create = safety === "read" ? undefined : createRequest(connection, request, limits, context)
  // Reading the outcome of a create closes its switch.
  const outcome = (isProvenByCode = false) =>
    create === undefined ? "none" : create.isNotSent(isProvenByCode) ? "not-sent" : "unknown"

  const timeoutError = () => new PalommaTimeout({ operation, outcome: outcome(), waited: timeout })

  const connectionError = (error: unknown) => {
    const refusal = create?.refusal()
    if (refusal === "wall-clock" || refusal === "monotonic-clock") return timeoutError()
    if (refusal === "check") {
      return new PalommaConnectionError({ operation, outcome: outcome(), reason: "other", code: refusedCode })
    }
    const { code, isNotSent, reason } = transportFailure(error)
    return new PalommaConnectionError({
      operation,
      outcome: outcome(isNotSent),
      reason,
      ...(code === undefined ? {} : { code })
    })
  }

  const resultOf = (response: Response.BufferedResponse): Effect.Effect<A, Failure | Missing> => {
    annotate(fiber, "http.response.status_code", response.status)
    const drifts: Array<Drift.Drift> = []
    const now = clock.currentTimeMillisUnsafe()
    const { rejectedStatuses } = connection
    const result = interpret(call, response, { now, rejectedStatuses }, (drift) => void drifts.push(drift))
    const ended = Effect.fromResult(result)
    return drifts.length === 0 ? ended : Effect.andThen(report(operation, drifts), ended)
  }

  const exchange = Effect.matchEffect(create === undefined ? connection.execute(request, undefined) : create.send, {
    onFailure: (error) => Effect.fail(connectionError(error)),
    onSuccess: (response) =>
      // A browser hides a redirect that it did not follow: the response has status 0.
      response.status === 0
        ? Effect.fail(new PalommaConnectionError({ operation, outcome: outcome(), reason: "redirect" }))
        : Effect.flatMap(Response.read(response, connection.isFetch), resultOf)
  })
  // A client or `fetch` of the program may die. The caller still needs an error with an outcome.
  const exchangeWithoutDefects = Effect.catchDefect(exchange, (defect) => {
    const log = Effect.logError(`${operation}: the HTTP client died. ${defectText(defect, call.secrets())}`)
    return Effect.andThen(log, Effect.fail(connectionError(defect)))
  })
  // A response may arrive before the body was requested. Closing the switch on every exit prevents a late hand-over.
  return Effect.onExit(within(exchangeWithoutDefects, timeout), () => Effect.sync(outcome)).pipe(
    Effect.flatMap((result) => (result._tag === "Some" ? Effect.succeed(result.value) : Effect.fail(timeoutError())))
  )
}
