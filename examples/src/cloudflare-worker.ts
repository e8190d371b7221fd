/**
 * A Cloudflare Worker that sells through payin links: it makes the link of an order, and records the links that were
 * paid. `cloudflare-worker/shop.ts` does both; this file is what Cloudflare calls.
 *
 * It does not pay or debit: a Worker can stop at any moment, and there is no journal for it. Send the payouts from a
 * process with a journal.
 */
import { Palomma, WebhookInbox, Webhooks } from "@palomma-effect/client"
import { ConfigProvider, Layer, ManagedRuntime } from "effect"
import { checkout, record, type Shop } from "./cloudflare-worker/shop.ts"

export interface Env {
  readonly PALOMMA_API_KEY: string
  readonly PALOMMA_INTEGRITY_KEY: string
  readonly PALOMMA_ENVIRONMENT?: string
  readonly PALOMMA_BASE_URL?: string
  readonly SHOP: Shop
}

// For each request: a Worker cannot use the timers and connections of another one.
const runtimeOf = ({ SHOP: _shop, ...env }: Env) =>
  ManagedRuntime.make(
    Layer.mergeAll(
      Palomma.layerConfig(),
      // The Worker may stop after its answer, so a slow handler ends before it, and Palomma delivers the webhook again.
      Webhooks.layerConfig({ handlerTimeout: "4 seconds" }),
      // It forgets each webhook. The handler writes the same again, which changes nothing.
      WebhookInbox.layerMemory
    ).pipe(Layer.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))))
  )

export default {
  fetch: async (
    request: Request,
    env: Env,
    context: { readonly waitUntil: (promise: Promise<unknown>) => void }
  ): Promise<Response> => {
    const runtime = runtimeOf(env)
    const { pathname, searchParams } = new URL(request.url)
    try {
      if (request.method !== "POST") return new Response(null, { status: 405 })
      if (pathname === "/webhooks/palomma") {
        const handled = Webhooks.handle(request, (event) => record(event, env.SHOP))
        return new Response(null, await runtime.runPromise(handled))
      }
      return await runtime.runPromise(checkout(searchParams.get("order") ?? "", env.SHOP))
    } catch (error) {
      console.error(error)
      // Making a link moves no money: the customer pays on its page. The next request looks for the link.
      return Response.json({ problem: "The page could not be made. Try again." }, { status: 502 })
    } finally {
      context.waitUntil(runtime.dispose())
    }
  }
}
