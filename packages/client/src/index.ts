/**
 * Collecting and sending money in Colombia through the Palomma API.
 */
export { type CustomerQuery, Customers } from "./Customers.ts"
export type { AwaitOptions } from "./internal/poll.ts"
export * from "./Outcome.ts"
export * as Palomma from "./Palomma.ts"
export { PalommaTarget } from "./Palomma.ts"
export * from "./PalommaError.ts"
export * from "./PalommaStillPending.ts"
export { type PayoutRequestQuery, PayoutRequests } from "./PayoutRequests.ts"
export { PayoutTargetCancelled, type PayoutTargetQuery, PayoutTargets } from "./PayoutTargets.ts"
export * from "./RetryPolicy.ts"
