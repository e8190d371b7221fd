/**
 * A simulator of Palomma for tests, on any runtime.
 *
 * `@palomma-effect/testing/server` runs it on a port and needs Node. `@palomma-effect/testing/Arbitraries` has
 * arbitraries for fast-check.
 *
 * @since 0.1.0
 */
export * as Fault from "./Fault.ts"
export * as JournalConformance from "./JournalConformance.ts"
export * from "./PalommaSimulator.ts"
export type { NumberTransformation, TextTransformation, Transformation } from "./Transformation.ts"
export * as TransferDouble from "./TransferDouble.ts"
export * as WebhookFault from "./WebhookFault.ts"
export * as WebhookInboxConformance from "./WebhookInboxConformance.ts"
export * as WebhookSigner from "./WebhookSigner.ts"
