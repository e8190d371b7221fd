/**
 * A Palomma of your own, for tests. The fast-check arbitraries are in `@palomma-effect/testing/Arbitraries`.
 */
export * as Fault from "./Fault.ts"
export * as JournalConformance from "./JournalConformance.ts"
export * from "./PalommaSimulator.ts"
export * as WebhookFault from "./WebhookFault.ts"
export * as WebhookSigner from "./WebhookSigner.ts"
