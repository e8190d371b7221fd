/** The `fetch` of a row: the runtime's own, with the options of the row, and observed. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { LookupFunction } from "node:net"
import { authority } from "./certificates.ts"

/** Options of a client that differ from the defaults. */
export interface Client {
  /** undici's connect timeout, including the TLS handshake, in milliseconds. It rounds up to about a second. */
  readonly connectTimeout?: number
  readonly headersTimeout?: number
  readonly bodyTimeout?: number
  readonly allowH2?: boolean
  readonly lookup?: LookupFunction
  /** Replaces `fetch`, if a failure cannot be made on loopback. */
  readonly fetch?: typeof globalThis.fetch
  /** A custom client, on the plain `fetch`. */
  readonly bare?: boolean
}

interface Dispatcher {
  readonly destroy: () => Promise<void>
}

const { bun, deno, node } = process.versions

/** Whether this runtime's `fetch` is Node's, which accepts an `Agent`. */
export const isNode = bun === undefined && deno === undefined

/** The name and version of this runtime. */
export const runtime = deno !== undefined ? `Deno ${deno}` : bun !== undefined ? `Bun ${bun}` : `Node ${node}`

/** Whether the rows have expected results for this runtime. If not, only the laws are checked. */
export const isDescribed = deno === undefined

// The Agent of the undici that Node's own fetch uses. One from npm would be another version.
const agentOf = async (options: object): Promise<Dispatcher> => {
  // The Agent exists only after the first use.
  await globalThis.fetch("data:,")
  const globals = globalThis as { readonly [key: symbol]: object | undefined }
  const dispatcher =
    globals[Symbol.for("undici.globalDispatcher.2")] ?? globals[Symbol.for("undici.globalDispatcher.1")]
  const Agent = dispatcher?.constructor as (new (options: object) => Dispatcher) | undefined
  if (Agent?.name !== "Agent") throw new Error("This runtime does not show the Agent of its fetch.")
  return new Agent(options)
}

interface DenoGlobal {
  readonly Deno: { readonly createHttpClient: (options: object) => { readonly close: () => void } }
}

const denoClient: Effect.Effect<object, never, Scope.Scope> = Effect.acquireRelease(
  // Called only on Deno.
  Effect.sync(() => (globalThis as unknown as DenoGlobal).Deno.createHttpClient({ caCerts: [authority] })),
  (client) => Effect.sync(() => client.close())
).pipe(Effect.map((client) => ({ client })))

const onlyUndici = ["allowH2", "bodyTimeout", "connectTimeout", "headersTimeout", "lookup"] as const

/** Whether a row can run on this runtime. */
export const runsHere = ({ client = {}, needs }: { readonly client?: Client; readonly needs?: "node" }): boolean =>
  isNode || (needs === undefined && onlyUndici.every((option) => client[option] === undefined))

/** The options of `fetch` for a row: a dispatcher, or the authority to trust. */
export const requestInitOf = (baseUrl: string, client: Client): Effect.Effect<object, never, Scope.Scope> => {
  const { allowH2, bodyTimeout, connectTimeout, headersTimeout, lookup } = client
  const isSecure = baseUrl.startsWith("https:")
  if (deno !== undefined) return isSecure ? denoClient : Effect.succeed({})
  if (!isNode) return Effect.succeed(isSecure ? { tls: { ca: authority } } : {})
  const isPlain = onlyUndici.every((option) => client[option] === undefined)
  // Most rows use exactly the client of a user.
  if (isPlain && !isSecure) return Effect.succeed({})
  const h2 = allowH2 === undefined ? {} : { allowH2 }
  const agent = agentOf({
    connect: { ca: authority, timeout: connectTimeout, lookup, ...h2 },
    ...h2,
    headersTimeout,
    bodyTimeout
  })
  return Effect.acquireRelease(
    Effect.promise(() => agent),
    (agent) => Effect.promise(() => agent.destroy())
  ).pipe(Effect.map((agent) => ({ dispatcher: agent })))
}

/** A `fetch` that observes whether it gets the body, optionally after a pause, and changes nothing else. */
export const watched = (fetch: typeof globalThis.fetch, pause: number) => {
  let isHandedOver = false
  const through = (body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> => {
    const reader = body.getReader()
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          if (pause > 0) await new Promise((done) => setTimeout(done, pause))
          const { done, value } = await reader.read()
          if (done) return controller.close()
          isHandedOver = true
          controller.enqueue(value)
        },
        cancel: (reason) => reader.cancel(reason)
      },
      { highWaterMark: 0 }
    )
  }
  const watching: typeof globalThis.fetch = (input, init) => {
    const body = init?.body
    if (body === undefined || body === null) return fetch(input, init)
    if (body instanceof ReadableStream) return fetch(input, { ...init, body: through(body) })
    isHandedOver = true
    return fetch(input, init)
  }
  return { fetch: watching, isHandedOver: () => isHandedOver }
}
