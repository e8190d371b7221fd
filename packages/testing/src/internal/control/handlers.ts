import { BadRequestBody, NotFoundBody } from "@palomma-effect/schema/ErrorBody"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import type { Problems } from "../checks.ts"
import type { RecordNotFound } from "../service.ts"
import type { Simulator } from "../simulator.ts"
import { ControlApi } from "./ControlApi.ts"
import { injectionOf, webhookInjectionOf } from "./faultBodies.ts"

const found = <A>(effect: Effect.Effect<A, RecordNotFound>): Effect.Effect<A, NotFoundBody> =>
  Effect.mapError(effect, ({ message }) => new NotFoundBody({ message }))

const done = (act: () => Problems): Effect.Effect<void, BadRequestBody> =>
  Effect.suspend(() => {
    const problems = act()
    return problems.length === 0 ? Effect.void : Effect.fail(new BadRequestBody({ message: problems.join("; ") }))
  })

/** The controls over HTTP. */
export const layer = ({ arm, armWebhooks, service }: Simulator) =>
  HttpApiBuilder.layer(ControlApi).pipe(
    Layer.provide(
      HttpApiBuilder.group(ControlApi, "simulator", (handlers) =>
        handlers.handleAll({
          ledger: Effect.fnUntraced(function* () {
            const requests = yield* service.ledger.requests()
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
          fault: ({ payload }) => done(() => arm(injectionOf(payload))),
          clearFaults: () => service.clearFaults,
          addPayoutRequest: ({ payload }) => service.addPayoutRequest(payload),
          addPayinRequest: ({ payload }) => service.addPayinRequest(payload),
          returnPayout: ({ params, payload }) => found(service.returnPayout(params.id, payload)),
          setPayoutStatus: ({ params, payload }) => found(service.setPayoutStatus(params.id, payload)),
          setPayoutTargetStatus: ({ params, payload }) => found(service.setPayoutTargetStatus(params.id, payload)),
          setPayinLinkStatus: ({ params, payload }) => found(service.setPayinLinkStatus(params.id, payload)),
          setPayinSourceStatus: ({ params, payload }) => found(service.setPayinSourceStatus(params.id, payload)),
          setPayinStatus: ({ params, payload }) => found(service.setPayinStatus(params.id, payload)),
          settle: ({ params }) =>
            Effect.flatMap(found(service.settle(params.id)), (settlement) =>
              settlement === undefined
                ? Effect.fail(new NotFoundBody({ message: `Merchant account ${params.id} has nothing to hand over` }))
                : Effect.succeed(settlement)
            ),
          setBalance: ({ params, payload }) => service.setBalance(params.id, payload.amount),
          takeWebhooks: () => service.webhooks.take,
          events: () => service.webhooks.events,
          webhookFault: ({ payload }) => done(() => armWebhooks(webhookInjectionOf(payload))),
          redeliver: ({ params }) => found(service.webhooks.redeliver(params.id))
        })
      )
    )
  )
