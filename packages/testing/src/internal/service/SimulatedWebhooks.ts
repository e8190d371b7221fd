import type { WebhookEvent } from "@palomma-effect/schema/WebhookEvent"
import type * as Effect from "effect/Effect"
import type { ArmedFault, WebhookFaultInjection } from "../faults/armed.ts"
import type { ReportedWebhook } from "../webhooks/outbox.ts"
import type { RecordNotFound } from "./RecordNotFound.ts"

/**
 * The webhooks of the simulator.
 *
 * @category services
 * @since 0.1.0
 */
export interface SimulatedWebhooks {
  /**
   * All events, including those whose webhooks were lost or delayed.
   *
   * **Example** (The event of an approved payout)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = PalommaSimulator.use((simulator) =>
   *   Effect.andThen(simulator.addPayoutRequest({ status: "approved" }), simulator.webhooks.events)
   * )
   * const events = Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer())))
   * events.map(({ eventType }) => eventType) // => ["payout-request.update"]
   * ```
   */
  readonly events: Effect.Effect<ReadonlyArray<WebhookEvent>>
  /**
   * Takes the signed webhooks that are due, and returns each of them once.
   *
   * **Example** (The signed webhook of an approved payout)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const simulator = yield* PalommaSimulator
   *   yield* simulator.addPayoutRequest({ status: "approved" })
   *   const [webhook] = yield* simulator.webhooks.take
   *   return webhook?.headers["x-signature"] === webhook?.signature
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => true
   * ```
   */
  readonly take: Effect.Effect<ReadonlyArray<ReportedWebhook>>
  /**
   * Sends an event again, with the same `webhookId` and `timestamp`.
   *
   * **Example** (A webhook that is delivered again)
   *
   * ```ts
   * import { PalommaSimulator } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const { addPayoutRequest, webhooks } = yield* PalommaSimulator
   *   yield* addPayoutRequest({ status: "approved" })
   *   const [first] = yield* webhooks.take
   *   yield* webhooks.redeliver(first?.event.webhookId ?? "")
   *   const [second] = yield* webhooks.take
   *   return second?.encodedData === first?.encodedData
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => true
   * ```
   */
  readonly redeliver: (webhookId: string) => Effect.Effect<void, RecordNotFound>
  /**
   * Arms a fault for the delivery of webhooks. An invalid fault, such as a billion copies, is a defect.
   *
   * **Example** (A webhook that arrives twice)
   *
   * ```ts
   * import { PalommaSimulator, WebhookFault } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const { addPayoutRequest, webhooks } = yield* PalommaSimulator
   *   yield* webhooks.fault({ eventType: "payout-request.update", kind: WebhookFault.duplicate() })
   *   yield* addPayoutRequest({ status: "approved" })
   *   return yield* webhooks.take
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))).length // => 2
   * ```
   */
  readonly fault: (injection: WebhookFaultInjection) => Effect.Effect<void>
  /**
   * The faults of webhooks that are still armed.
   *
   * **Example** (A fault that has happened)
   *
   * ```ts
   * import { PalommaSimulator, WebhookFault } from "@palomma-effect/testing"
   * import { Effect } from "effect"
   *
   * const program = Effect.gen(function*() {
   *   const { addPayoutRequest, webhooks } = yield* PalommaSimulator
   *   yield* webhooks.fault({ kind: WebhookFault.lose })
   *   yield* addPayoutRequest({ status: "approved" })
   *   return yield* webhooks.armedFaults
   * })
   * Effect.runSync(program.pipe(Effect.provide(PalommaSimulator.layer()))) // => []
   * ```
   */
  readonly armedFaults: Effect.Effect<ReadonlyArray<ArmedFault<WebhookFaultInjection>>>
}
