/**
 * Reads the two headers of a webhook from the request of any framework.
 */
import type { WebhookDelivery, WebhookRequest } from "../../WebhooksService.ts"

type Headers = WebhookRequest["headers"]
type FetchHeaders = Extract<Headers, { readonly get: (name: string) => string | null }>

const isFetchHeaders = (headers: Headers): headers is FetchHeaders => typeof headers.get === "function"

const header = (headers: Headers, name: string): string | null | undefined => {
  if (isFetchHeaders(headers)) return headers.get(name)
  const values = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []))
  // HTTP joins repeated headers with commas. Two signatures joined this way are not a valid signature.
  return values.length === 0 ? undefined : values.join(", ")
}

/**
 * Returns the two headers of a request. Unreadable headers count as absent.
 *
 * A JavaScript program can pass a request without headers, with headers of another form, or with getters that throw.
 */
export const deliveryOf = (request: WebhookRequest): WebhookDelivery => {
  try {
    const { headers } = request
    return { encodedData: header(headers, "x-encoded-data"), signature: header(headers, "x-signature") }
  } catch {
    return { encodedData: undefined, signature: undefined }
  }
}
