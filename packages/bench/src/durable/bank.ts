/**
 * A bank that answers immediately, in the process of the worker. So the times are those of the library and of the
 * database.
 */
import { Palomma } from "@palomma-effect/client"
import { PayoutTargetId } from "@palomma-effect/schema"
import * as Redacted from "effect/Redacted"
import { createBody, payout } from "../fixtures.ts"

const drained = async (body: unknown): Promise<string> => {
  if (!(body instanceof ReadableStream)) return String(body)
  let text = ""
  for await (const part of body.pipeThrough(new TextDecoderStream())) text += part
  return text
}

const respond = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", "x-request-id": "r" } })

let made = 0

const nextId = (): string => `01HPR8QBF5QKA313${String(made++).padStart(10, "0")}`

/** The intent of a payout with this reference. */
export const intentOf = (reference: string) => ({
  kind: "payout" as const,
  reference,
  payoutTargetId: PayoutTargetId.make(createBody.payoutTargetId),
  amount: 100_000
})

/** A bank. */
export interface Bank {
  /** `Palomma`, over the bank. */
  readonly palomma: ReturnType<typeof Palomma.layerFetch>
  /** The time at which each payout was asked for, by `performance.now`. */
  readonly asked: ReadonlyMap<string, number>
  /** The time of the last request of any kind. */
  lastRequest: number | undefined
}

/** Opens a bank. It accepts every payout, and none ends. */
export const open = (): Bank => {
  const asked = new Map<string, number>()
  const records = new Map<string, Record<string, unknown>>()
  const bank: Bank & { readonly fetch: typeof globalThis.fetch } = {
    asked,
    lastRequest: undefined,
    fetch: async (input, init) => {
      bank.lastRequest = performance.now()
      const { pathname } = new URL(input instanceof Request ? input.url : String(input))
      if (init?.method === "POST") {
        const body = JSON.parse(await drained(init.body)) as { readonly reference: string; readonly amount: number }
        const id = nextId()
        const record = { ...payout(id), ...body, amountSent: body.amount }
        records.set(id, record)
        asked.set(body.reference, performance.now())
        return respond(201, record)
      }
      const one = records.get(pathname.split("/").at(-1) ?? "")
      return one === undefined ? respond(200, { items: [], count: 0 }) : respond(200, one)
    },
    get palomma() {
      return Palomma.layerFetch({
        apiKey: Redacted.make("test-key"),
        baseUrl: "http://localhost:4000/v0",
        fetch: bank.fetch
      })
    }
  }
  return bank
}
