import { WebhookEventType } from "../../WebhookEvent.ts"

const header = (name: string, description: string): object => ({
  name,
  in: "header",
  required: true,
  description,
  schema: { type: "string" }
})

const nameOf = (eventType: string): string =>
  eventType
    .replace(/\.update$/, "-updated")
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("")

/**
 * The requests that Palomma sends to the merchant, one entry per documented kind of event. `HttpApi` cannot describe
 * them.
 */
export const webhooks: Readonly<Record<string, object>> = Object.fromEntries(
  WebhookEventType.values.map((eventType) => [
    eventType,
    {
      post: {
        operationId: `on${nameOf(eventType)}`,
        summary: WebhookEventType.describe(eventType),
        security: [],
        parameters: [
          header("X-Encoded-Data", "The body of the request, in base64."),
          header("X-Signature", "The HMAC-SHA-256 of the text of X-Encoded-Data, in lower-case hex.")
        ],
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: `#/components/schemas/${nameOf(eventType)}` } } }
        },
        responses: { "200": { description: "The event was received." } }
      }
    }
  ])
)
