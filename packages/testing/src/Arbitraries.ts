/**
 * Arbitraries for everything that Palomma sends and accepts: of fast-check, and of Effect at the same time.
 *
 * They often generate edge cases, and shrink to readable values: `invoice-1`, `1001`, `nequi`. Arbitraries whose names
 * begin with `invalid` generate values that must be refused. `fc.assert` accepts them, and `it.prop` and
 * `it.effect.prop` of `@effect/vitest` do too: see {@link from}.
 *
 * **Example** (Finding the payout for which a function is wrong)
 *
 * ```ts
 * import { PayoutRequest } from "@palomma-effect/schema"
 * import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
 * import * as fc from "fast-check"
 *
 * // Wrong: Palomma may add a status that is not final.
 * const isOver = (payout: PayoutRequest) => payout.status !== "processing"
 *
 * const agrees = (payout: PayoutRequest) => isOver(payout) === (payout.status === "approved")
 * fc.check(fc.property(Arbitraries.payoutRequest, agrees)).failed // => true
 * ```
 *
 * @since 0.1.0
 */
export { type Arbitrary, from } from "./internal/arbitraries/arbitrary.ts"
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
