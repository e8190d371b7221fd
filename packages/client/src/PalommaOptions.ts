/**
 * The options of the Palomma layers.
 *
 * @since 0.1.0
 */
import type { MerchantRulesOptions, palommaServers } from "@palomma-effect/schema"
import type * as Redacted from "effect/Redacted"
import type { RateLimit } from "./RateLimit.ts"
import type { RetryOptions } from "./RetryOptions.ts"

/**
 * An environment of Palomma.
 *
 * No money moves in the sandbox.
 *
 * @category models
 * @since 0.1.0
 */
export type Environment = keyof typeof palommaServers

/**
 * The options of the Palomma layers.
 *
 * Only `apiKey` is required. All options are checked when the layer is built.
 *
 * @category options
 * @since 0.1.0
 */
export interface PalommaOptions {
  /** The API key. It is sent to Palomma as a bearer token. */
  readonly apiKey: Redacted.Redacted
  /** The environment, by default `sandbox`. It must not be set together with `baseUrl`. */
  readonly environment?: Environment | undefined
  /**
   * The URL of another server, such as a simulator. It must be https, or http for a loopback address. It must not be
   * set together with `environment`.
   *
   * Older copies of Palomma's documentation have `https://prod.api.palomma.com/v0` for production.
   */
  readonly baseUrl?: string | undefined
  /** The bounds of amounts, in pesos, if Palomma changed them for this merchant. */
  readonly limits?: MerchantRulesOptions["limits"]
  /**
   * Undocumented values that Palomma accepts from this merchant: banks, document types, account types, link methods.
   *
   * Pass such a value in a request as `unrecognized("newbank")`, from the schema package.
   */
  readonly extra?: MerchantRulesOptions["extra"]
  /** Changes of the default retry policy. */
  readonly retry?: RetryOptions | undefined
  /**
   * The rate limit of all requests, for example `RateLimit.make({ limit: 10, window: "1 second" })`. By default there
   * is none.
   */
  readonly rateLimit?: RateLimit | undefined
  /**
   * Statuses that always mean rejection, as Palomma confirmed to the merchant. For example `[403, 429]`.
   *
   * **Gotchas**
   *
   * A create that fails with one of these statuses counts as having had no effect. It is sent again if Palomma asks to
   * wait. If the first request moved money after all, the money moves twice. Add a status only if Palomma confirmed it.
   */
  readonly rejectedStatuses?: ReadonlyArray<number> | undefined
}
