/**
 * The service that pays once, made of its parts.
 */
import {
  CreatePayoutRequest,
  type InputProblem,
  PayoutRequest,
  PayoutStatus,
  WebhookEvent
} from "@palomma-effect/schema"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { PalommaEndpoint } from "../PalommaEndpoint.ts"
import type { PalommaInvalidInput } from "../PalommaError.ts"
import { invalidInput } from "./options.ts"
import { PayoutReferenceConflict, PayoutWrongState, type SendError } from "../PayoutError.ts"
import { PayoutJournal, PayoutResolution, type PayoutRow } from "../PayoutJournal.ts"
import { PayoutRequests } from "../PayoutRequests.ts"
import type { PayoutIntent, PayoutsOptions, PayoutsService } from "../PayoutsService.ts"
import * as Validate from "./resource/validate.ts"
import * as SafeText from "../SafeText.ts"
import * as Book from "./payoutBook.ts"
import * as Row from "./payoutRow.ts"
import { makeBrake, sendAll } from "./payoutRun.ts"
import { read as readOptions } from "./payoutsOptions.ts"
import { drive, payoutOf, type Sender, settle } from "./payoutSend.ts"
import { awaitRecord } from "./resource/awaiting.ts"

interface InFlight {
  readonly intent: PayoutIntent
  readonly done: Deferred.Deferred<PayoutRequest, SendError>
}

/** Makes the service. Its payouts run in fibers of the scope: closing it waits for what is being sent. */
export const make = Effect.fnUntraced(function* (
  given: PayoutsOptions
): Effect.fn.Return<
  PayoutsService,
  PalommaInvalidInput,
  PayoutRequests | PayoutJournal | PalommaEndpoint | Scope.Scope
> {
  const options = yield* readOptions(given)
  const payoutRequests = yield* PayoutRequests
  const endpoint = yield* PalommaEndpoint
  const scope = yield* Effect.scope
  // Production has two host names: its name stands for both.
  const named = endpoint.kind === "sandbox" || endpoint.kind === "production" ? endpoint.kind : endpoint.baseUrl
  const environment = options.environment ?? named
  const book = Book.make(yield* PayoutJournal, environment)
  const brake = makeBrake()
  const sender: Sender = {
    payoutRequests,
    book,
    sendDeadline: Duration.fromInputUnsafe(options.sendDeadline ?? "60 seconds"),
    patience: Duration.fromInputUnsafe(options.patience ?? "2 minutes"),
    resendAfter: options.resendAfter === undefined ? undefined : Duration.fromInputUnsafe(options.resendAfter),
    looksFirst: options.lookFirst !== false || !book.isDurable,
    onSlowDown: brake.hold
  }
  const check = Validate.of(CreatePayoutRequest.forMerchant(endpoint.rules))

  const validate = (intent: PayoutIntent): Effect.Effect<void, PalommaInvalidInput> => {
    const checked = check(intent)
    const found: Array<InputProblem> = Result.isFailure(checked) ? [...checked.failure] : []
    if (Result.isSuccess(checked) && checked.success.reference === undefined) {
      const rule = "is missing: a payout can only be found again by its reference"
      found.push({ field: "reference", code: "required", rule })
    }
    return found.length === 0 ? Effect.void : Effect.fail(invalidInput("Payouts.send", "not-sent", found))
  }

  const inFlight = new Map<string, InFlight>()

  // In a fiber of the layer: a caller who leaves does not take the payout along.
  const start = (intent: PayoutIntent): Effect.Effect<InFlight> =>
    Effect.suspend(() => {
      const flight: InFlight = { intent, done: Deferred.makeUnsafe() }
      inFlight.set(intent.reference, flight)
      return Effect.forkIn(drive(sender, intent), scope).pipe(
        Effect.map((fiber) => {
          fiber.addObserver((exit) => {
            inFlight.delete(intent.reference)
            Deferred.doneUnsafe(flight.done, exit)
          })
          return flight
        })
      )
    }).pipe(Effect.uninterruptible)

  const join = (intent: PayoutIntent): Effect.Effect<PayoutRequest, SendError> =>
    Effect.suspend(() => {
      const current = inFlight.get(intent.reference)
      if (current === undefined) return Effect.flatMap(start(intent), ({ done }) => Deferred.await(done))
      if (Row.isSameContent(current.intent, intent)) return Deferred.await(current.done)
      // What becomes of that one decides whether this one may be sent.
      return Effect.andThen(Effect.exit(Deferred.await(current.done)), join(intent))
    })

  const send = Effect.fn("Payouts.send")((intent: PayoutIntent) => Effect.andThen(validate(intent), join(intent)))

  const rowOf = Effect.fnUntraced(function* (operation: string, reference: string) {
    const row = yield* book.find(reference)
    return Option.isSome(row) ? row.value : yield* new PayoutWrongState({ operation, reference })
  })

  const reconcile = Effect.fn("Payouts.reconcile")(function* (reference: string) {
    const operation = "Payouts.reconcile"
    while (true) {
      const row: PayoutRow = yield* rowOf(operation, reference)
      if (row.payoutRequestId !== undefined) return yield* payoutOf(sender, row, row.payoutRequestId)
      if (!Book.isOpen(row)) return yield* new PayoutWrongState({ operation, reference, state: row.state })
      const payout = yield* settle(sender, row, row)
      if (Option.isSome(payout)) return payout.value
    }
  })

  const resolve: PayoutsService["resolve"] = Effect.fn("Payouts.resolve")(function* (reference, resolution) {
    const operation = "Payouts.resolve"
    let refused: PayoutRow | undefined
    const row = yield* book.change(reference, (row, now) => {
      refused = undefined
      if (row.state === "unknown" || row.state === "needsAttention") {
        const { as, by, note } = resolution
        return Row.resolved(
          row,
          now,
          new PayoutResolution({ as, by, note, at: now }),
          resolution.as === "paid" ? resolution.payoutRequestId : undefined
        )
      }
      refused = row
      return undefined
    })
    if (Option.isNone(row)) return yield* new PayoutWrongState({ operation, reference })
    if (refused !== undefined) return yield* new PayoutWrongState({ operation, reference, state: refused.state })
    return row.value
  })

  const awaitFinal: PayoutsService["awaitFinal"] = Effect.fn("Payouts.awaitFinal")(function* (reference, options) {
    const operation = "Payouts.awaitFinal"
    const row = yield* rowOf(operation, reference)
    if (row.payoutRequestId === undefined) {
      return yield* new PayoutWrongState({ operation, reference, state: row.state })
    }
    const id = row.payoutRequestId
    const awaited = { id, read: payoutRequests.get(id), model: PayoutRequest, status: PayoutStatus }
    const payout = yield* awaitRecord(operation, awaited, options)
    yield* book.writeDown(reference, payout)
    return payout
  })

  // The row that a payout of an event belongs to: by the id where the journal knows it, else by the reference.
  const rowOfPayout = Effect.fnUntraced(function* (payout: Pick<PayoutRequest, "id" | "reference">) {
    const known = yield* book.findByPayoutRequestId(environment, payout.id)
    if (Option.isSome(known) || payout.reference === undefined) return known
    return yield* book.find(payout.reference)
  })

  const applyPayout = Effect.fnUntraced(function* (hint: Pick<PayoutRequest, "id" | "reference">) {
    // A hint without a reference may be of any payout: the record tells.
    if (hint.reference !== undefined && Option.isNone(yield* rowOfPayout(hint))) return Option.none<PayoutRow>()
    // The event only says where to look: what is written down is what Palomma says when asked.
    const payout = yield* payoutRequests.get(hint.id)
    const row = yield* rowOfPayout(payout)
    if (Option.isNone(row)) return row
    const { reference } = row.value
    if (payout.payoutTargetId !== row.value.payoutTargetId || payout.amount !== row.value.amount) {
      return yield* new PayoutReferenceConflict({ reference, payoutRequestId: SafeText.id(payout.id) })
    }
    return yield* book.writeDown(reference, payout)
  })

  const applyWebhook: PayoutsService["applyWebhook"] = Effect.fn("Payouts.applyWebhook")((event: WebhookEvent) => {
    const other = () => Effect.succeed(Option.none<PayoutRow>())
    return WebhookEvent.match(event, {
      "payout-request.update": ({ event }) => applyPayout(event),
      "payin-link.update": other,
      "payin-source.update": other,
      "payin-request.update": other,
      "payout-target.update": other,
      "payin-settlement.update": other,
      Unrecognized: other
    })
  })

  return {
    // What the caller does to its object afterwards is not what was asked for.
    send: (intent) => send({ ...intent }),
    sendAll: (intents, options) =>
      sendAll(
        {
          send,
          intend: (intent) => Effect.andThen(validate(intent), Effect.asVoid(book.open(intent))),
          brake
        },
        intents,
        options
      ),
    reconcile,
    resolve,
    awaitFinal,
    applyWebhook,
    list: (options = {}) => book.list(environment, options.state)
  }
})
