/**
 * Commands of other senders: the dashboard, and a program whose transfers are adopted.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as fc from "fast-check"
import { ofOne, unlessCalm, which } from "./drawn.ts"
import { awaitEnd, type Intent } from "./lives.ts"
import { launch, type Real } from "./model.ts"
import { nameOf, rowOf, truthOf } from "./world.ts"

const dashboardReferences = ["same", "lower-case", "none", "other"] as const

const dashboardReference = ({ reference }: Intent, as: (typeof dashboardReferences)[number]): string | undefined => {
  switch (as) {
    case "same":
      return reference
    case "lower-case":
      return reference.toLowerCase()
    case "none":
      return undefined
    case "other":
      return "made in the dashboard"
  }
}

/** A person makes a record without this library. */
export const dashboardMakes = ofOne(
  [fc.constantFrom(...dashboardReferences), fc.boolean()],
  (reference, isSameAmount) =>
    `the dashboard makes a similar one with the reference ${reference} and ${isSameAmount ? "the same" : "another"} amount`,
  (intent, as, isSameAmount) =>
    unlessCalm(({ world }) => {
      const fields = { amount: isSameAmount ? intent.amount : 1_333_331, reference: dashboardReference(intent, as) }
      return intent.kind === "payout"
        ? Effect.asVoid(world.simulator.addPayoutRequest({ ...fields, payoutTargetId: world.accounts.payout }))
        : Effect.asVoid(world.simulator.addPayinRequest({ ...fields, payinSourceId: world.accounts.payin }))
    })
)

/**
 * Another program may have sent the transfer. Palomma makes its record after `adopt` has returned, as it does with a
 * request that was on its way.
 */
export const isAdopted = ofOne(
  [which, fc.constantFrom(...dashboardReferences, "never sent" as const), fc.boolean()],
  (which, as, isNamed) =>
    `${which} adopts it, and another program ${as === "never sent" ? "did not send it" : `sent it with the reference ${as}`}` +
    (isNamed ? ", and its id is added" : ""),
  (intent, which, as, isNamed) =>
    Effect.fnUntraced(function* (real: Real) {
      const { lives, world } = real
      const { amount, kind, reference } = intent
      // Nothing of it need be sent, and a person may have to decide all the same.
      world.troubled.add(nameOf(kind, reference))
      const fiber = yield* Effect.forkDetach(Effect.exit(lives[which].adopt(intent)))
      yield* awaitEnd(fiber, lives[which])
      const row = rowOf(world, kind, reference)
      const exit = fiber.pollUnsafe()
      const isAdded = exit !== undefined && Exit.isSuccess(exit) && Exit.isSuccess(exit.value)
      if (!isAdded || (row?.state !== "unknown" && row?.state !== "needsReview")) return
      const truth = truthOf(world, yield* world.books, kind, reference)
      // A request of this library may have moved the money before.
      const isUnsent = truth.requests.every(({ isHandedOver, status }) => !isHandedOver || status === 400)
      if (as === "never sent" || !isUnsent || truth.records.length > 0) return
      // A backup from before does not know what the other program sent.
      real.backup = undefined
      const accountId = world.accounts[kind]
      const made = { amount, reference: dashboardReference(intent, as) }
      const { id } = yield* kind === "payout"
        ? world.simulator.addPayoutRequest({ ...made, payoutTargetId: accountId })
        : world.simulator.addPayinRequest({ ...made, payinSourceId: accountId })
      world.makers.set(id, world.wire.addOther({ kind, reference, accountId, amount }))
      if (isNamed) yield* launch(real, lives[which].adopt(intent, id))
    }, Effect.orDie)
)
