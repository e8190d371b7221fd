/**
 * A Palomma of your own, for tests, on any runtime.
 *
 * On a port it is `@palomma-effect/testing/server`, which needs Node; the fast-check
 * arbitraries are in `@palomma-effect/testing/Arbitraries`.
 *
 * @since 0.1.0
 */
export * as Fault from "./Fault.ts"
export * as JournalConformance from "./JournalConformance.ts"
export * from "./PalommaSimulator.ts"
export type { NumberTransformation, TextTransformation, Transformation } from "./Transformation.ts"
export * as TransferDouble from "./TransferDouble.ts"
export * as WebhookFault from "./WebhookFault.ts"
export * as WebhookSigner from "./WebhookSigner.ts"
