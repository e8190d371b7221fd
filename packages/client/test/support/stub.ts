/**
 * A Palomma with the answers of a test, in process and without promises, so a `TestClock` drives every wait.
 */
import { Palomma } from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as TestClock from "effect/testing/TestClock"
import * as TestConsole from "effect/testing/TestConsole"
import { TestRunner } from "vitest"

/** A request as it left the client. */
export interface Request {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** The parsed JSON of its body, if it had one. */
  readonly body: unknown
  /** When it was sent, in milliseconds of the test's clock. */
  readonly at: number
  readonly signal: AbortSignal
}

/** The answer of the stub: a value is sent as JSON, a text or a stream unchanged. */
export interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly json?: unknown
  readonly text?: string
  readonly stream?: Stream.Stream<Uint8Array, unknown>
}

/** An answer, or an effect that answers, fails as a `fetch` would, or never ends. */
export type Reply = Answer | Effect.Effect<Answer, unknown>

export interface Stub {
  readonly requests: Array<Request>
  readonly posts: () => number
  readonly client: HttpClient.HttpClient
}

const decoder = new TextDecoder()
const encoder = new TextEncoder()

export const bytes = (text: string): Uint8Array => encoder.encode(text)

/** Makes a stub. `reply` gets each request and its number, which starts at 1. */
export const stub = (reply: Reply | ((request: Request, number: number) => Reply)): Stub => {
  const requests: Array<Request> = []
  const client = HttpClient.make((request, url, signal) =>
    Clock.currentTimeMillis.pipe(
      Effect.flatMap((at): Effect.Effect<Answer, unknown> => {
        const body: unknown =
          request.body._tag === "Uint8Array" ? JSON.parse(decoder.decode(request.body.body)) : undefined
        const seen: Request = { method: request.method, url, headers: { ...request.headers }, body, at, signal }
        requests.push(seen)
        const answer = typeof reply === "function" ? reply(seen, requests.length) : reply
        return Effect.isEffect(answer) ? answer : Effect.succeed(answer)
      }),
      Effect.mapError(
        (cause) =>
          new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
      ),
      Effect.map(({ headers = {}, json, status = 200, stream, text }) => {
        const body =
          stream ??
          (text !== undefined
            ? Stream.make(bytes(text))
            : json !== undefined
              ? Stream.make(bytes(JSON.stringify(json)))
              : undefined)
        const empty = HttpClientResponse.fromWeb(request, new Response(null, { headers }))
        const fields =
          body === undefined
            ? {}
            : {
                stream: {
                  value: Stream.mapError(
                    body,
                    (cause) =>
                      new HttpClientError.HttpClientError({
                        reason: new HttpClientError.DecodeError({ request, response: empty, cause })
                      })
                  )
                }
              }
        const response: HttpClientResponse.HttpClientResponse = Object.create(empty, {
          // A real `Response` cannot be made with every status that a server can send.
          status: { value: status },
          ...fields
        })
        return response
      })
    )
  )
  return { requests, posts: () => requests.filter(({ method }) => method === "POST").length, client }
}

export const apiKey = "sk_test_KEYSENTINEL"

/** Every service over a stub. */
export const services = (stub: Stub, options: Partial<Palomma.PalommaOptions> = {}): Layer.Layer<Palomma.Services> =>
  Palomma.layer({ apiKey: Redacted.make(apiKey), ...options }).pipe(
    Layer.provide(Layer.succeed(HttpClient.HttpClient, stub.client)),
    Layer.orDie
  )

// Making the parsers of all operations takes milliseconds, too long for tables of a thousand calls: one client serves
// all tests with the same options, and uses the stub of the current test.
const noStub = stub(Effect.die(new Error("no stub")))
const CurrentStub = Context.Reference<Stub>("test/CurrentStub", { defaultValue: () => noStub })
const current: Stub = {
  ...noStub,
  client: HttpClient.makeWith<HttpClientError.HttpClientError, never, HttpClientError.HttpClientError, never>(
    Effect.flatMap((request) => Effect.flatMap(CurrentStub, ({ client }) => client.execute(request))),
    Effect.succeed
  )
}
const contexts = new Map<Partial<Palomma.PalommaOptions> | undefined, Context.Context<Palomma.Services>>()

// Test files share their modules. A client that outlived its file would hide a change of the code between two files.
let file: string | undefined
const contextsOfFile = () => {
  const path = TestRunner.getCurrentTest()?.file.filepath
  if (path !== file) contexts.clear()
  file = path
  return contexts
}

/** Runs an effect over a stub to its end, for any duration by the test's clock. */
export const runToEnd = <A, E>(
  effect: Effect.Effect<A, E, Palomma.Services>,
  stub: Stub,
  options?: Partial<Palomma.PalommaOptions>
): Effect.Effect<Exit.Exit<A, E>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const cached = contextsOfFile()
    const context = cached.get(options) ?? (yield* Layer.build(services(current, options)))
    cached.set(options, context)
    const fiber = yield* effect.pipe(
      Effect.provide(context),
      Effect.provideService(CurrentStub, stub),
      Effect.forkChild
    )
    yield* TestClock.adjust("2 hours")
    return yield* Fiber.await(fiber)
  })

/** Like `run`, for an effect that is expected to fail. */
export const failure = <A, E>(
  effect: Effect.Effect<A, E, Palomma.Services>,
  stub: Stub,
  options?: Partial<Palomma.PalommaOptions>
): Effect.Effect<E, A, Scope.Scope> => runToEnd(Effect.flip(effect), stub, options).pipe(Effect.flatten)

/** Runs a test's effect in a property, where `it.effect` cannot: with its clock, and without printing its logs. */
export const runTest = <A, E>(effect: Effect.Effect<A, E, Scope.Scope>): Promise<A> =>
  effect.pipe(Effect.scoped, Effect.provide([TestClock.layer(), TestConsole.layer]), Effect.runPromise)
