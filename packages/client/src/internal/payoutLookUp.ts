/**
 * Looking for a payout at Palomma, by its reference.
 */
import type { PayoutRequest } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { ListError } from "../PalommaError.ts"
import { PayoutDuplicateDetected, PayoutReferenceConflict } from "../PayoutError.ts"
import type { PayoutRequestQuery, PayoutRequests } from "../PayoutRequests.ts"
import type { PayoutIntent } from "../PayoutsService.ts"
import * as SafeText from "../SafeText.ts"
import * as Counters from "./payoutCounters.ts"
import * as Pages from "./resource/pages.ts"

/**
 * Finds the payout of a reference, over all pages. A page that fails voids the look-up, and so does a record that cannot be read and may
 * be the one.
 *
 * Palomma's own filter is not trusted, nor is a reference to be unique. The `wide` look goes through all payouts of the target instead,
 * in case the filter by reference lags behind.
 */
export const lookUp = (
  payoutRequests: PayoutRequests["Service"],
  intent: PayoutIntent,
  how: "narrow" | "wide"
): Effect.Effect<Option.Option<PayoutRequest>, ListError | PayoutReferenceConflict | PayoutDuplicateDetected> =>
  Effect.gen(function* () {
    const { reference } = intent
    const matches =
      how === "narrow"
        ? yield* payoutRequests.findByReference(reference)
        : yield* Pages.withReference<PayoutRequest, PayoutRequestQuery>(
            "PayoutRequests.list",
            payoutRequests.list,
            { payoutTargetId: intent.payoutTargetId },
            reference
          )
    const [payout, ...others] = matches
    if (payout === undefined) return Option.none()
    if (others.length > 0) {
      const duplicate = new PayoutDuplicateDetected({
        reference,
        payoutRequestIds: matches.map(({ id }) => SafeText.id(id))
      })
      yield* Counters.alarm(duplicate)
      return yield* duplicate
    }
    if (payout.payoutTargetId !== intent.payoutTargetId || payout.amount !== intent.amount) {
      return yield* new PayoutReferenceConflict({ reference, payoutRequestId: SafeText.id(payout.id) })
    }
    return Option.some(payout)
  })
