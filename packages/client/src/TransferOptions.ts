/**
 * How long a transfer waits for what, and where it is kept.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"

/**
 * How long a transfer waits for what, and where it is kept.
 *
 * The same for `Payouts` and `Payins`.
 *
 * @category options
 * @since 0.1.0
 */
export interface TransferOptions {
  /**
   * How long one transfer may take from the look-up before it to the last byte of its answer: 60 seconds by default, 10 minutes at
   * the most. A look-up before it may take half of this. Others wait 5 seconds longer before they take a claim for lost.
   */
  readonly sendTimeout?: Duration.Input | undefined
  /** How long a transfer in doubt is looked up before it goes to a person: 2 minutes by default. */
  readonly reconcileTimeout?: Duration.Input | undefined
  /** How long one look-up may take: 20 seconds by default. */
  readonly lookUpTimeout?: Duration.Input | undefined
  /** How many pages of 100 records one look-up may read: 100 by default. */
  readonly lookUpPages?: number | undefined
  /**
   * Whether a reference is looked up at Palomma before it is first sent, one request more per transfer: `true` by default. `false` spares
   * it only for a reference that this very call writes into a journal that outlives the process.
   *
   * The look-up finds what the journal cannot know of: what was sent before its database was lost, moved or restored, or by another
   * program.
   */
  readonly lookUpFirst?: boolean | undefined
  /**
   * How long a transfer must have been out of `sending` before a person may say that it did not move money: 20 minutes by default. It must
   * be longer than a late request can live.
   */
  readonly quietTime?: Duration.Input | undefined
  /**
   * The name under which the journal keeps these transfers. The default is `sandbox`, `production`, or the base URL of anything else.
   *
   * **Gotchas**
   *
   * Money moves once per reference and namespace. Two API keys of two merchants need two namespaces. Name it if Palomma is reached
   * through a gateway of your own, whose address may change.
   */
  readonly namespace?: string | undefined
  /** Whether the spans of this service carry the reference, as `palomma.reference`: `false` by default. */
  readonly traceReferences?: boolean | undefined
}
