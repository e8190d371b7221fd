import { BadRequestBody, NotFoundBody } from "@palomma-effect/schema/ErrorBody"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import { messageOf, type Problems } from "../checks.ts"
import type { RecordNotFound } from "../service/RecordNotFound.ts"
import type { Simulator } from "../simulator.ts"
import { ControlApi } from "./ControlApi.ts"
import { armedOf, armedWebhookOf, injectionOf, webhookInjectionOf } from "./faultBodies.ts"

const orNotFound = <A>(effect: Effect.Effect<A, RecordNotFound>): Effect.Effect<A, NotFoundBody> =>
  Effect.mapError(effect, ({ message }) => new NotFoundBody({ message }))

const orBadRequest = (arm: () => Problems): Effect.Effect<void, BadRequestBody> =>
  Effect.suspend(() => {
    const problems = arm()
    return problems.length === 0
      ? Effect.void
      : Effect.fail(new BadRequestBody({ message: messageOf("fault", problems) }))
  })

/** The handlers of the controls over HTTP. */
export const layer = ({ arm, armWebhooks, service }: Simulator) =>
  HttpApiBuilder.layer(ControlApi).pipe(
    Layer.provide(
      HttpApiBuilder.group(ControlApi, "simulator", (handlers) =>
        handlers.handleAll({
          ledger: Effect.fnUntraced(function* () {
            const requests = yield* service.ledger.requests
            return {
              requests: requests.map(({ headers: _headers, operation, ...request }) => ({
                ...request,
                ...(operation === undefined ? {} : { operation })
              })),
              payouts: yield* service.ledger.payouts,
              payins: yield* service.ledger.payins,
              movements: yield* service.ledger.movements,
              totalPaid: yield* service.ledger.totalPaid
            }
          }),
          fault: ({ payload }) => orBadRequest(() => arm(injectionOf(payload))),
          armedFaults: () => Effect.map(service.armedFaults, (armed) => armed.map(armedOf)),
          clearFaults: () => service.clearFaults,
          addPayoutRequest: ({ payload }) => service.addPayoutRequest(payload),
          addPayinRequest: ({ payload }) => service.addPayinRequest(payload),
          returnPayout: ({ params, payload }) => orNotFound(service.returnPayout(params.id, payload)),
          setPayoutStatus: ({ params, payload }) => orNotFound(service.setPayoutStatus(params.id, payload)),
          setPayoutTargetStatus: ({ params, payload }) => orNotFound(service.setPayoutTargetStatus(params.id, payload)),
          setPayinLinkStatus: ({ params, payload }) => orNotFound(service.setPayinLinkStatus(params.id, payload)),
          setPayinSourceStatus: ({ params, payload }) => orNotFound(service.setPayinSourceStatus(params.id, payload)),
          setPayinStatus: ({ params, payload }) => orNotFound(service.setPayinStatus(params.id, payload)),
          settle: ({ params }) =>
            Effect.flatMap(orNotFound(service.settle(params.id)), (settlement) =>
              settlement === undefined
                ? Effect.fail(
                    new NotFoundBody({
                      message: `Merchant account ${params.id} has not collected any money. Approve a payin first.`
                    })
                  )
                : Effect.succeed(settlement)
            ),
          setBalance: ({ params, payload }) => service.setBalance(params.id, payload.amount),
          takeWebhooks: () => service.webhooks.take,
          events: () => service.webhooks.events,
          armedWebhookFaults: () => Effect.map(service.webhooks.armedFaults, (armed) => armed.map(armedWebhookOf)),
          webhookFault: ({ payload }) => orBadRequest(() => armWebhooks(webhookInjectionOf(payload))),
          redeliver: ({ params }) => orNotFound(service.webhooks.redeliver(params.id))
        })
      )
    )
  )
