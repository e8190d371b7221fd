/**
 * One attempt of a call: one request, timed, with the proof of whether it was sent.
 */
import type { Drift } from "@palomma-effect/schema"
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
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

/** How long an attempt may take, and until when its body may be handed over. */
export interface AttemptLimits {
  readonly timeout: Duration.Duration
  /** The end of the whole call by the wall clock, in milliseconds: a machine that slept has no time left by it. */
  readonly wallClockEnd: number
}

/** What an attempt runs in: the call's own fiber, for its context and span, and the clock. */
export interface AttemptContext {
  readonly fiber: Fiber.Fiber<unknown, unknown>
  readonly clock: Clock.Clock
}

/** The code of a connection error whose body the caller's own check kept here. */
export const refusedCode = "HAND_OVER_REFUSED"

/** The caller's own check said no, so there was no request. */
const keptHere = { _tag: "KeptHere" } as const

/** A create on its way. */
interface Sending {
  readonly send: Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError | typeof keptHere>
  /** Closes the switch, and tells whether nothing was sent. What the code of a failure proves counts if the switch can prove nothing. */
  readonly isNotSent: (isProvenByCode: boolean) => boolean
  /** Why the body was kept here, if it was. */
  readonly refusal: () => HandOver.Refusal | undefined
}

// A check that dies keeps the body here, and must not do so in silence.
const told = (check: Effect.Effect<boolean>): Effect.Effect<boolean> =>
  Effect.catchDefect(check, (defect) =>
    Effect.as(Effect.logError(`The check before a hand-over died, so nothing was sent. ${defectText(defect)}`), false)
  )

const sending = (
  connection: Connection,
  request: HttpClientRequest.HttpClientRequest,
  limits: AttemptLimits,
  { clock, fiber }: AttemptContext
): Sending => {
  const fence = fiber.getRef(CurrentFence)
  const check = fence === undefined ? undefined : told(fence.check)
  const { timeout, wallClockEnd } = limits
  const monotonicEnd = clock.monotonicTimeNanosUnsafe() + Duration.toNanosUnsafe(timeout)
  const handOver = HandOver.make({ check, wallClockEnd, monotonicEnd }, fiber.context, clock)
  let hasBegun = false
  let isClosed = false
  let refusal: HandOver.Refusal | undefined
  const keep = (reason: HandOver.Refusal): Sending["send"] => {
    refusal = reason
    return Effect.fail(keptHere)
  }
  const execute = Effect.suspend((): Sending["send"] => {
    // Reading the proof ends the attempt, even if the check cannot be interrupted.
    if (isClosed) return Effect.fail(keptHere)
    if (!(clock.currentTimeMillisUnsafe() < wallClockEnd)) return keep("wall-clock")
    if (!(clock.monotonicTimeNanosUnsafe() < monotonicEnd)) return keep("monotonic-clock")
    hasBegun = true
    return connection.execute(request, handOver)
  })
  return {
    // Over a client of the program's own the check may not stand at the hand-over, so it stands before the request too.
    send:
      check === undefined || connection.isFetch
        ? execute
        : Effect.flatMap(check, (isAllowed) => (isAllowed ? execute : keep("check"))),
    isNotSent: (isProvenByCode) => {
      isClosed = true
      const isKeptHere = handOver.close()
      if (hasBegun && handOver.isTaken() && !isKeptHere) fence?.onHandedOver()
      return !hasBegun || (handOver.isTaken() ? isKeptHere : isProvenByCode)
    },
    refusal: () => refusal ?? handOver.refusal()
  }
}

/** Makes one request. It has ended within its timeout, whatever the server and the clean-up do. */
export const attempt = <A, Missing extends PalommaNotFound>(
  connection: Connection,
  call: Call<A, Missing>,
  limits: AttemptLimits,
  context: AttemptContext
): Effect.Effect<A, Failure | Missing> => {
  const { clock, fiber } = context
  const { operation, request, safety } = call
  const { timeout } = limits
  const create = safety === "read" ? undefined : sending(connection, request, limits, context)
  // Asking closes the switch.
  const outcome = (isProvenByCode = false) =>
    create === undefined ? "none" : create.isNotSent(isProvenByCode) ? "not-sent" : "unknown"

  const timedOut = () => new PalommaTimeout({ operation, outcome: outcome(), waited: timeout })

  const disconnected = (error: unknown) => {
    const refusal = create?.refusal()
    if (refusal === "wall-clock" || refusal === "monotonic-clock") return timedOut()
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

  const understood = (answer: Response.Answer): Effect.Effect<A, Failure | Missing> => {
    annotate(fiber, "http.response.status_code", answer.status)
    const drifts: Array<Drift.Drift> = []
    const now = clock.currentTimeMillisUnsafe()
    const { rejectedStatuses } = connection
    const result = interpret(call, answer, { now, rejectedStatuses }, (drift) => void drifts.push(drift))
    const ended = Result.isSuccess(result) ? Effect.succeed(result.success) : Effect.fail(result.failure)
    return drifts.length === 0 ? ended : Effect.andThen(report(operation, drifts), ended)
  }

  const exchange = Effect.matchEffect(create === undefined ? connection.execute(request, undefined) : create.send, {
    onFailure: (error) => Effect.fail(disconnected(error)),
    onSuccess: (response) =>
      // A redirect that a browser does not show has no status.
      response.status === 0
        ? Effect.fail(new PalommaConnectionError({ operation, outcome: outcome(), reason: "redirect" }))
        : Effect.flatMap(Response.read(response, connection.isFetch), understood)
  })
  // A client or a `fetch` of the program's own may die in any way. What is known of the money is told all the same.
  const answered = Effect.catchDefect(exchange, (defect) => {
    const log = Effect.logError(`${operation}: the HTTP client died. ${defectText(defect, call.secrets())}`)
    return Effect.andThen(log, Effect.fail(disconnected(defect)))
  })
  // An answer may come before the body was asked for: what is over, however it ended, hands nothing over.
  return Effect.onExit(within(answered, timeout), () => Effect.sync(outcome)).pipe(
    Effect.flatMap((ended) => (ended._tag === "Some" ? Effect.succeed(ended.value) : Effect.fail(timedOut())))
  )
}
