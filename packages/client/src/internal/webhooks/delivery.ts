/**
 * Reads the two headers of a webhook from a request of any framework.
 */
import type { WebhookDelivery, WebhookRequest } from "../../WebhooksService.ts"

type Headers = WebhookRequest["headers"]
type FetchHeaders = Extract<Headers, { readonly get: (name: string) => string | null }>

const isFetchHeaders = (headers: Headers): headers is FetchHeaders => typeof headers.get === "function"

const header = (headers: Headers, name: string): string | null | undefined => {
  if (isFetchHeaders(headers)) return headers.get(name)
  const found = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []))
  // A header that came more than once is joined, as HTTP does: then it is no signature.
  return found.length === 0 ? undefined : found.join(", ")
}

/**
 * The two headers of a request. What cannot be read counts as absent.
 *
 * The request comes from code that may be JavaScript: it may have no headers, headers of another form, or getters that throw.
 */
export const deliveryOf = (request: WebhookRequest): WebhookDelivery => {
  try {
    const { headers } = request
    return { encodedData: header(headers, "x-encoded-data"), signature: header(headers, "x-signature") }
  } catch {
    return { encodedData: undefined, signature: undefined }
  }
}
