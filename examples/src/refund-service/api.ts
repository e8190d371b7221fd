/**
 * The routes of the service, for its callers.
 */
import type { IntendError } from "@palomma-effect/client"
import { PayoutTargetId } from "@palomma-effect/schema"
import { Effect, Schema } from "effect"
import { HttpApi, HttpApiEndpoint, HttpApiError, HttpApiGroup } from "effect/http-api"
import type { SqlError } from "effect/sql"

/** A refund of an order, as a caller sees it. */
export const Refund = Schema.Struct({
  reference: Schema.String,
  /** `requested`, or what `onEnd` wrote: a state of the transfer, or `review` if it has an alarm. */
  status: Schema.String
})

/** What a caller sends. `Durable.intend` checks the amount. */
export const RefundRequest = Schema.Struct({ payoutTargetId: PayoutTargetId, amount: Schema.Finite })

const path = "/orders/:order/refund"

const params = { order: Schema.String.check(Schema.isPattern(/^[\w-]{1,100}$/)) }

/** The API. The webhook is not in it, since its callers do not call it. */
export class RefundApi extends HttpApi.make("refunds").add(
  HttpApiGroup.make("refunds")
    .add(
      HttpApiEndpoint.post("request", path, {
        params,
        payload: RefundRequest,
        success: Refund,
        error: [HttpApiError.BadRequest, HttpApiError.Conflict, HttpApiError.ServiceUnavailable]
      })
    )
    .add(
      HttpApiEndpoint.get("find", path, {
        params,
        success: Refund,
        error: [HttpApiError.NotFound, HttpApiError.ServiceUnavailable]
      })
    )
) {}

/** Logs an error that a caller cannot do anything about, and asks the caller to try again later. */
const unavailable = (error: SqlError.SqlError | IntendError) =>
  Effect.andThen(Effect.logError(error.message), new HttpApiError.ServiceUnavailable())

/**
 * Says what a caller has to know about an error of `intend`. After a 503 the refund may have been written all the same,
 * so the caller asks again with the same reference. After the others nothing was written.
 */
export const explained = <A, R>(self: Effect.Effect<A, SqlError.SqlError | IntendError, R>) =>
  Effect.catchTags(self, {
    PalommaInvalidInput: () => new HttpApiError.BadRequest(),
    TransferConflict: () => new HttpApiError.Conflict(),
    TransferInvalidState: () => new HttpApiError.Conflict(),
    TransferJournalError: unavailable,
    SqlError: unavailable
  })

/** Answers with a refund, if there is one. */
export const shown = <A, R>(self: Effect.Effect<A | undefined, SqlError.SqlError, R>) =>
  self.pipe(
    Effect.catchTag("SqlError", unavailable),
    Effect.flatMap((refund) => (refund === undefined ? new HttpApiError.NotFound() : Effect.succeed(refund)))
  )
