/**
 * Where the services of a layer send their requests, and by which rules of the merchant's.
 *
 * @since 0.1.0
 */
import type { MerchantRules } from "@palomma-effect/schema"
import * as Context from "effect/Context"

/**
 * Where the services of a layer send their requests, and by which rules of the merchant's.
 *
 * A program that must never touch real money asks it before it begins.
 *
 * @category services
 * @since 0.1.0
 */
export class PalommaEndpoint extends Context.Service<
  PalommaEndpoint,
  {
    /** The base URL, without a slash at its end. */
    readonly baseUrl: string
    /** What stands behind it; `other` is neither Palomma's nor this machine. */
    readonly kind: "sandbox" | "production" | "loopback" | "other"
    /** The bounds of amounts, in pesos, and the values that inputs are checked against. */
    readonly rules: MerchantRules
  }
>()("@palomma-effect/client/PalommaEndpoint") {}
