/**
 * The base URL and the merchant rules of a Palomma layer.
 *
 * @since 0.1.0
 */
import type { MerchantRules } from "@palomma-effect/schema"
import * as Context from "effect/Context"

/**
 * The base URL and the merchant rules of a Palomma layer.
 *
 * A program that must never move real money can check `kind` when it starts.
 *
 * @category services
 * @since 0.1.0
 */
export class PalommaEndpoint extends Context.Service<
  PalommaEndpoint,
  {
    /** The base URL, without a trailing slash. */
    readonly baseUrl: string
    /** The server of the base URL. `other` is neither a server of Palomma nor this machine. */
    readonly kind: "sandbox" | "production" | "loopback" | "other"
    /** The bounds of amounts, in pesos, and the values that inputs are checked against. */
    readonly rules: MerchantRules
  }
>()("@palomma-effect/client/PalommaEndpoint") {}
