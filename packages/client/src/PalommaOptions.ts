/**
 * What the Palomma layers are told.
 *
 * @since 0.1.0
 */
import type { MerchantRulesOptions, palommaServers } from "@palomma-effect/schema"
import type * as Redacted from "effect/Redacted"
import type { RateLimit } from "./RateLimit.ts"
import type { RetryOptions } from "./RetryOptions.ts"

/**
 * Where requests go: no money moves in the sandbox.
 *
 * @category models
 * @since 0.1.0
 */
export type Environment = keyof typeof palommaServers

/**
 * The options of the Palomma layers.
 *
 * Only the key is required; every option is checked when the layer is built.
 *
 * @category options
 * @since 0.1.0
 */
export interface PalommaOptions {
  /** The API key, which Palomma receives as a bearer token. */
  readonly apiKey: Redacted.Redacted
  /** `sandbox` by default. */
  readonly environment?: Environment | undefined
  /**
   * Where requests go instead of the environment's own address. It must be https, or http on loopback.
   *
   * Older copies of Palomma's documentation name `https://prod.api.palomma.com/v0` for production.
   */
  readonly baseUrl?: string | undefined
  /** The merchant's own bounds of amounts, in pesos, if Palomma changed them. */
  readonly limits?: MerchantRulesOptions["limits"]
  /**
   * Values that Palomma accepts of this merchant beside the documented ones: banks, document types, account types, link methods.
   *
   * A request holds one of them as `unrecognized("newbank")` of the schema package.
   */
  readonly extra?: MerchantRulesOptions["extra"]
  /** The parts of the retry policy that are to be different. */
  readonly retry?: RetryOptions | undefined
  /** A limit to how many requests are made: `RateLimit.make({ limit: 10, window: "1 second" })`. */
  readonly rateLimit?: RateLimit | undefined
  /**
   * Statuses that mean refusal, as Palomma confirmed to the merchant: `[403, 429]`, for example.
   *
   * **Gotchas**
   *
   * A create that fails with one of them is taken to have had no effect, and one that asks to wait is sent again. If money can move in
   * spite of such a status, it moves twice: name a status only if that is certain.
   */
  readonly rejectedStatuses?: ReadonlyArray<number> | undefined
}
