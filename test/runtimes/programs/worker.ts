/** The program for Workers: money moves at a simulator in the bundle, then over `fetch` at one on a port. */
import { TransferJournal } from "@palomma-effect/client"
import { Effect, Layer } from "effect"
import { inBundle } from "./inBundle.ts"
import { moveMoney, overHttp, palomma, services } from "./transfers.ts"

const overFetch = (baseUrl: string) =>
  moveMoney("memory", overHttp(baseUrl)).pipe(
    Effect.provide(services(TransferJournal.layerMemory).pipe(Layer.provideMerge(palomma(baseUrl))))
  )

export default {
  async fetch(request: Request): Promise<Response> {
    const baseUrl = new URL(request.url).searchParams.get("baseUrl") ?? ""
    const program = Effect.gen(function* () {
      const here = yield* inBundle
      const { report } = yield* overFetch(baseUrl)
      const wrong = Object.entries(here).filter(([, text]) => text !== "done")
      return wrong.length === 0 ? JSON.stringify(report) : `in process: ${JSON.stringify(wrong)}`
    })
    return Effect.runPromise(program).then(
      (text) => new Response(text),
      (cause: unknown) => new Response(`failed: ${String(cause)}`, { status: 500 })
    )
  }
}
