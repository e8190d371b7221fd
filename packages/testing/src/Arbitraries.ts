/**
 * Arbitraries of everything Palomma says, for property tests with fast-check.
 *
 * They are often at the edges, and shrink to values that a person can read: `invoice-1`, `1001`, `nequi`. Whatever begins with
 * `invalid` must be refused.
 *
 * **Example** (Finding the payout that breaks a function of your own)
 *
 * ```ts
 * import { PayoutRequest } from "@palomma-effect/schema"
 * import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
 * import * as fc from "fast-check"
 *
 * // It forgets that a status can be new.
 * const isOver = (payout: PayoutRequest) => payout.status !== "processing"
 *
 * const { failed } = fc.check(fc.property(Arbitraries.payoutRequest, (payout) => isOver(payout) === (payout.status === "approved")))
 * failed // => true
 * ```
 *
 * @since 0.1.0
 */
export * from "./internal/arbitraries/bodies.ts"
export * from "./internal/arbitraries/enums.ts"
export * from "./internal/arbitraries/errors.ts"
export * from "./internal/arbitraries/ids.ts"
export * from "./internal/arbitraries/invalid.ts"
export {
  customer,
  customerDetails,
  merchantAccount,
  page,
  payinLink,
  payinRequest,
  payinSettlement,
  payinSource,
  payinSourceDetails,
  payoutRequest,
  payoutTarget,
  payoutTargetDetails,
  webhookEvent
} from "./internal/arbitraries/models.ts"
export * from "./internal/arbitraries/values.ts"
