/**
 * Options of `Payouts` and `Payins`: timeouts, limits of look-ups and the namespace.
 *
 * @since 0.1.0
 */
import type * as Duration from "effect/Duration"
import type { PalommaEndpoint } from "./PalommaEndpoint.ts"

/**
 * Options of `Payouts` and `Payins`: timeouts, limits of look-ups and the namespace.
 *
 * @category options
 * @since 0.1.0
 */
export interface TransferOptions {
  /**
   * How long one transfer may take, from the start of the look-up before it to the last byte of its answer: 60 seconds
   * by default, 10 minutes at the most. The look-up may take half of this. Other processes wait 5 seconds longer before
   * they treat a claim as expired.
   */
  readonly sendTimeout?: Duration.Input | undefined
  /** How long a transfer in doubt is looked up before it changes to `needsReview`: 2 minutes by default. */
  readonly reconcileTimeout?: Duration.Input | undefined
  /** How long one look-up may take: 20 seconds by default. */
  readonly lookUpTimeout?: Duration.Input | undefined
  /** How many pages of 100 records one look-up may read: 100 by default. */
  readonly lookUpPages?: number | undefined
  /**
   * Whether a new reference is looked up at Palomma before it is sent: `true` by default. The look-up is one more
   * request per transfer. `false` skips it only for a reference that this call inserts into a durable journal.
   *
   * The look-up finds what the journal does not know: what another program sent, or what was sent before the database
   * was lost, moved or restored.
   */
  readonly lookUpFirst?: boolean | undefined
  /**
   * How long after `sending` a person may not yet decide "not paid": 20 minutes by default. A late request must not be
   * able to take effect after this time.
   */
  readonly quietTime?: Duration.Input | undefined
  /**
   * The namespace of these transfers in the journal. The default is `sandbox`, `production`, or another base URL.
   *
   * **Gotchas**
   *
   * Money moves once per reference and namespace. Two API keys of two merchants need two namespaces. Set it if you
   * reach Palomma through your own gateway, because the address of the gateway may change.
   */
  readonly namespace?: string | undefined
  /** Whether the spans of this service have the reference as `palomma.reference`: `false` by default. */
  readonly traceReferences?: boolean | undefined
}

/**
 * Returns the namespace of transfers: the option `namespace`, or the default for the endpoint.
 *
 * **Example** (The namespace of the sandbox)
 *
 * ```ts
 * import { namespaceOf } from "@palomma-effect/client"
 *
 * namespaceOf({ kind: "sandbox", baseUrl: "https://sandbox.example" }, {}) // => "sandbox"
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const namespaceOf = (
  { baseUrl, kind }: Pick<PalommaEndpoint["Service"], "kind" | "baseUrl">,
  options: Pick<TransferOptions, "namespace">
): string =>
  // Production has two host names, and both use the same namespace.
  options.namespace ?? (kind === "sandbox" || kind === "production" ? kind : baseUrl)
