/**
 * Collecting and sending money in Colombia through the Palomma API.
 */
export * from "./AwaitOptions.ts"
export * from "./CreateOptions.ts"
export { type CustomerQuery, Customers } from "./Customers.ts"
export * as FetchOnce from "./FetchOnce.ts"
export * as HandOver from "./HandOver.ts"
export { MerchantAccounts } from "./MerchantAccounts.ts"
export * from "./Outcome.ts"
export * as Palomma from "./Palomma.ts"
export * from "./PalommaEndpoint.ts"
export * from "./PalommaError.ts"
export * from "./PalommaOptions.ts"
export * from "./PalommaStillPending.ts"
export { type PayinLinkQuery, PayinLinks } from "./PayinLinks.ts"
export { type PayinRequestQuery, PayinRequests } from "./PayinRequests.ts"
export { PayinSettlements } from "./PayinSettlements.ts"
export { PayinSourceCancelled, type PayinSourceQuery, PayinSources } from "./PayinSources.ts"
export * from "./PayoutError.ts"
export * from "./PayoutJournal.ts"
export { type PayoutRequestQuery, PayoutRequests } from "./PayoutRequests.ts"
export { PayoutTargetCancelled, type PayoutTargetQuery, PayoutTargets } from "./PayoutTargets.ts"
export * from "./Payouts.ts"
export * from "./PayoutsService.ts"
export * as RateLimit from "./RateLimit.ts"
export {
  type CallOptions,
  type CallPolicy,
  defaultRetryPolicy,
  type RetryOptions,
  type RetryPolicy,
  withRetry
} from "./RetryPolicy.ts"
export * as SafeText from "./SafeText.ts"
export { WebhookInbox, WebhookInboxError } from "./WebhookInbox.ts"
export * from "./WebhookRejected.ts"
export * from "./Webhooks.ts"
export * from "./WebhooksService.ts"
