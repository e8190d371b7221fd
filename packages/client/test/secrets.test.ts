/**
 * Law 7: no secret is ever printed. Every operation ends in every way there is, with a sentinel in every marked field, and then
 * everything that could be read by a person or stored by a machine is searched.
 */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { type Palomma, PalommaTarget, PayoutRequests } from "@palomma-effect/client"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Formatter from "effect/Formatter"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import { marked, markedInAnswers, type Operation, operations, unmarked } from "./support/operations.ts"
import { apiKey, bytes, type Reply, services, settle, stub } from "./support/stub.ts"

const secrets = [apiKey, "KEYSENTINEL", ...Object.values(marked), ...Object.values(markedInAnswers)]

// Four digits stand in many a number that is no secret; a zero does not begin one.
const shows = (text: string, secret: string): boolean =>
  secret === marked.cvv ? new RegExp(`(?<![0-9a-f])${secret}(?![0-9a-f])`).test(text) : text.includes(secret)

const assertClean = (text: string, what: string, secretTexts: ReadonlyArray<string> = secrets): void => {
  for (const secret of secretTexts) {
    if (shows(text, secret))
      assert.fail(`${what} shows ${secret}: …${text.slice(Math.max(0, text.indexOf(secret) - 200)).slice(0, 500)}`)
  }
}

const everything = {
  depth: Infinity,
  showHidden: true,
  getters: true,
  maxArrayLength: null,
  maxStringLength: null,
  showProxy: true
}

/** Whatever was said on a console. */
const recordingConsole = () => {
  const said: Array<string> = []
  const say = (...args: ReadonlyArray<unknown>): void =>
    void said.push(...args.map((arg) => (typeof arg === "string" ? arg : inspect(arg, everything))))
  const console: Console.Console = new Proxy(globalThis.console, { get: () => say })
  return { said, console }
}

const recordingTracer = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span(options) {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer }
}

const loggers = [
  Logger.defaultLogger,
  Logger.consolePretty(),
  Logger.consolePretty({ colors: true, mode: "tty" }),
  Logger.consolePrettyBrowser(),
  Logger.consoleLogFmt,
  Logger.consoleStructured,
  Logger.consoleJson,
  Logger.tracerLogger,
  Logger.withConsoleLog(Logger.formatSimple),
  Logger.withLeveledConsole(Logger.formatJson),
  Logger.withConsoleError(Logger.formatStructured)
]

/** Runs a call, writes whatever comes of it to every logger, and returns all that can be read afterwards. */
const observed = (call: Operation["call"], reply: Reply, options?: Partial<Palomma.Options>) =>
  Effect.gen(function* () {
    const palomma = stub(reply)
    const { spans, tracer } = recordingTracer()
    const { console, said } = recordingConsole()
    const logged = call.pipe(
      Effect.tap((value) => Effect.logInfo("done", value)),
      Effect.tapError((error) => Effect.logError("failed", error)),
      Effect.tapCause((cause) => Effect.logFatal("cause", cause)),
      Effect.annotateLogs("from", "test"),
      Effect.withSpan("the caller's own span"),
      Effect.provideService(Logger.CurrentLoggers, new Set(loggers)),
      Effect.provideService(References.MinimumLogLevel, "All"),
      Effect.provideService(Console.Console, console),
      Effect.provideService(Tracer.Tracer, tracer)
    )
    const exit = yield* settle(logged, palomma, options)
    return { exit, spans, said, requests: palomma.requests }
  })

const printed = (value: unknown): Record<string, string> => ({
  inspect: inspect(value, everything),
  "inspect in brief": inspect(value),
  toString: String(value),
  Formatter: Formatter.format(value, { space: 2 }),
  "Formatter as JSON": Formatter.formatJson(value)
})

const printedError = (error: Error): Record<string, string> => ({
  ...printed(error),
  message: error.message,
  stack: error.stack ?? "",
  name: error.name,
  "JSON.stringify": JSON.stringify(error),
  "Cause.pretty": Cause.pretty(Cause.fail(error)),
  "JSON.stringify of the cause": JSON.stringify(Cause.fail(error)),
  "inspect of the cause": inspect(Cause.fail(error), everything),
  "inspect of the exit": inspect(Exit.fail(error), everything),
  "own properties": Reflect.ownKeys(error)
    .map((key) => `${String(key)}=${inspect(Reflect.get(error, key), everything)}`)
    .join("\n")
})

const allowedAttributes = new Set([
  "http.request.method",
  "url.template",
  "http.response.status_code",
  "palomma.outcome",
  "palomma.attempts"
])

const assertSpans = (operation: Operation, spans: ReadonlyArray<Tracer.NativeSpan>): void => {
  const ours = spans.filter(({ name }) => name !== "the caller's own span")
  assert.isAbove(ours.length, 0)
  for (const span of ours) {
    assert.strictEqual(span.name, operation.operation)
    assert.strictEqual(span.kind, "client")
    assert.strictEqual(span.status._tag, "Ended")
    assert.deepStrictEqual(span.links, [])
    assert.deepStrictEqual(
      [...span.attributes.keys()].filter((key) => !allowedAttributes.has(key)),
      []
    )
    assert.strictEqual(span.attributes.get("url.template"), operation.path)
    assert.strictEqual(span.attributes.get("http.request.method"), operation.method)
  }
  for (const span of spans) {
    const told = inspect([span.name, [...span.attributes], span.events, span.links], everything)
    assertClean(told, "a span")
    if (span.name !== "the caller's own span") assertClean(told, "a span", Object.values(unmarked))
    assertClean(inspect(span.status, everything), "the end of a span")
    assertClean(inspect(span), "a span")
  }
}

const observe = (operation: Operation, reply: Reply, options?: Partial<Palomma.Options>) =>
  Effect.gen(function* () {
    const { exit, requests, said, spans } = yield* observed(operation.call, reply, options)
    assertSpans(operation, spans)
    assertClean(said.join("\n"), "a log")
    assert.isAbove(said.length, 0)
    assertClean(inspect(exit, everything), "the exit")
    if (Exit.isFailure(exit)) {
      assert.isFalse(Exit.hasDies(exit))
      const error = yield* Effect.flip(exit)
      for (const [how, text] of Object.entries(printedError(error)))
        assertClean(text, `${operation.name}, ${error._tag}, ${how}`)
    } else {
      for (const [how, text] of Object.entries(printed(exit.value)))
        assertClean(text, `${operation.name}, success, ${how}`)
    }
    for (const { headers } of requests) {
      assert.deepStrictEqual(
        Object.keys(headers).filter(
          (name) => !["authorization", "accept", "content-type", "content-length"].includes(name)
        ),
        []
      )
      assert.strictEqual(headers["authorization"], `Bearer ${apiKey}`)
    }
    return exit
  })

// A server that repeats all it was told, in every place it has.
const said = (operation: Operation): string => {
  return `Bearer ${apiKey}: ${operation.secrets.map((secret) => `${secret}, "${secret}"`).join(" and ")}. Call +57 300 123 4567 or write to ana@example.com.`
}

const echoed = (operation: Operation, status: number): Reply => ({
  status,
  headers: {
    "x-request-id": apiKey,
    "request-id": operation.secrets[0] ?? "",
    location: `https://elsewhere.example/?key=${apiKey}`,
    "set-cookie": `key=${apiKey}`,
    "www-authenticate": `Bearer ${apiKey}`
  },
  json: {
    message: said(operation),
    error: said(operation),
    id: status < 300 ? 5 : operation.secrets[0],
    details: { ...marked, ...markedInAnswers, apiKey }
  }
})

// What a fetch throws has no tag.
const fails = (thrown: unknown): Effect.Effect<never, unknown> => Effect.fail(thrown)

const refusal = (operation: Operation, code: object): Reply =>
  Effect.suspend(() =>
    fails(
      new TypeError(`fetch failed ${said(operation)}`, {
        cause: Object.assign(new Error(said(operation)), code, {
          headers: { authorization: `Bearer ${apiKey}` },
          body: marked
        })
      })
    )
  )

describe("no secret is printed", () => {
  it.effect("by a success", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const exit = yield* observe(operation, { json: operation.success })
        assert.isTrue(Exit.isSuccess(exit), operation.name)
      })
    )
  )

  it.effect.each([400, 401, 403, 404, 408, 429, 500, 202, 204, 302, 308])(
    "by an answer of status %s that repeats the request",
    (status) => Effect.forEach(operations, (operation) => observe(operation, echoed(operation, status)))
  )

  it.effect.each([200, 201])("by an answer of status %s that repeats the request where a record should be", (status) =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        yield* observe(operation, echoed(operation, status))
        yield* observe(operation, { status, text: said(operation) })
        yield* observe(operation, { status, text: JSON.stringify(said(operation)) })
        yield* observe(operation, { status, text: `{"id":"${operation.secrets[0]}",` })
        yield* observe(operation, {
          status,
          json: { id: operation.secrets[0] ?? 5, customerDetails: [markedInAnswers], createdAt: 5, description: 5 }
        })
        const wrong = Object.fromEntries(
          Object.keys({ ...operation.success, status: 0 }).map((key) => [key, [said(operation)]])
        )
        yield* observe(operation, { status, json: wrong })
        yield* observe(operation, {
          status,
          json: { items: [wrong, { id: apiKey, ...markedInAnswers }], cursor: { next: apiKey } }
        })
      })
    )
  )

  it.effect("by an answer that broke off or was too large", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const start = Stream.make(bytes(JSON.stringify({ id: operation.secrets[0], message: said(operation) })))
        yield* observe(operation, { stream: Stream.concat(start, Stream.fail(new Error(said(operation)))) })
        yield* observe(operation, { stream: Stream.concat(start, Stream.make(bytes(" ".repeat(1_100_000)))) })
      })
    )
  )

  it.effect.each([
    { code: "ECONNREFUSED", syscall: "connect" },
    { code: "ENOTFOUND", syscall: "getaddrinfo" },
    { code: "CERT_HAS_EXPIRED" },
    { code: "ECONNRESET", syscall: "read" },
    { code: apiKey },
    { code: "PHONE-SENTINEL", syscall: apiKey }
  ])("by a failure of the connection that repeats the request: %j", (code) =>
    Effect.forEach(operations, (operation) => observe(operation, refusal(operation, code)))
  )

  it.effect("by an answer that never comes", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        yield* observe(operation, Effect.never)
        yield* observe(operation, { stream: Stream.concat(Stream.make(bytes(said(operation))), Stream.never) })
      })
    )
  )

  it.effect("by an input that is refused", () =>
    Effect.forEach(
      operations.filter(({ kind }) => kind === "create"),
      ({ body = {}, group, name }) =>
        Effect.gen(function* () {
          const { call } = yield* Effect.promise(() => import("./support/operations.ts"))
          // Every field holds a secret of a wrong kind, in every position.
          for (const wrong of [
            { secret: marked },
            [marked.accountNumber],
            `${marked.cardNumber}\n${apiKey}`,
            Object.values(marked)
          ]) {
            const bad = Object.fromEntries(Object.keys(body).map((key) => [key, wrong]))
            for (const input of [
              bad,
              { ...body, reference: `${marked.documentNumber}\n` },
              { ...body, redirectUrl: 5, amount: 5, customerId: 5, name: 5, payoutTargetId: 5, payinSourceId: 5 }
            ]) {
              const { exit, said } = yield* observed(call(group, "create", input), { status: 500 })
              if (Exit.isSuccess(exit)) assert.fail(name)
              const error = yield* Effect.flip(exit)
              assert.strictEqual(error._tag, "PalommaInvalidInput", name)
              for (const [how, text] of Object.entries(printedError(error))) assertClean(text, `${name}, ${how}`)
              assertClean(said.join("\n"), "a log")
            }
          }
        })
    )
  )

  it.effect("by a refusal that the merchant knows", () =>
    Effect.gen(function* () {
      const options = { refusals: [403, 429, 503] }
      yield* Effect.forEach(operations, (operation) =>
        Effect.forEach(options.refusals, (status) => observe(operation, echoed(operation, status), options))
      )
    })
  )

  it.effect("by a metric", () =>
    Effect.gen(function* () {
      yield* Effect.forEach(operations, (operation) => observe(operation, echoed(operation, 500)))
      assertClean(inspect(yield* Metric.snapshot, everything), "a metric")
    })
  )

  it.effect("by a service", () =>
    Effect.gen(function* () {
      const context = yield* Layer.build(services(stub({ status: 500 })))
      for (const part of [context, Context.get(context, PayoutRequests), Context.get(context, PalommaTarget)]) {
        assertClean(inspect(part, everything), "a service")
        assertClean(JSON.stringify(part), "a service")
      }
    })
  )
})

describe("a span", () => {
  const spansOf = (operation: Operation, reply: Reply) =>
    Effect.map(observed(operation.call, reply), ({ spans }) => spans.filter(({ name }) => name === operation.operation))

  it.effect("holds the status, the number of tries and no outcome where the call succeeds", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const [span] = yield* spansOf(operation, { json: operation.success })
        assert.deepStrictEqual(Object.fromEntries(span?.attributes ?? []), {
          "http.request.method": operation.method,
          "url.template": operation.path,
          "http.response.status_code": 200,
          "palomma.attempts": 1
        })
      })
    )
  )

  it.effect("holds the status, the number of tries and the outcome where the call fails", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const [span] = yield* spansOf(operation, { status: 500 })
        const isCreate = operation.kind === "create"
        assert.deepStrictEqual(Object.fromEntries(span?.attributes ?? []), {
          "http.request.method": operation.method,
          "url.template": operation.path,
          "http.response.status_code": 500,
          "palomma.attempts": isCreate ? 1 : 3,
          "palomma.outcome": isCreate ? "unknown" : "none"
        })
        assert.isTrue(span?.status._tag === "Ended" && Exit.isFailure(span.status.exit))
      })
    )
  )

  it.effect("is the only one of a call, whatever the client below does", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const { spans } = yield* observed(operation.call, { json: operation.success })
        assert.deepStrictEqual(
          spans.map(({ name }) => name),
          ["the caller's own span", operation.operation]
        )
      })
    )
  )

  it.effect("sends no header of its own to Palomma", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const { requests } = yield* observed(operation.call, { json: operation.success })
        for (const name of ["traceparent", "tracestate", "b3", "x-b3-traceid", "baggage"])
          assert.notProperty(requests[0]?.headers, name)
      })
    )
  )

  it.effect("ends where its caller is interrupted", () =>
    Effect.forEach(operations, (operation) =>
      Effect.gen(function* () {
        const [span] = yield* spansOf(
          { ...operation, call: Effect.timeout(operation.call, "1 second").pipe(Effect.orDie) },
          Effect.never
        )
        assert.strictEqual(span?.status._tag, "Ended")
      })
    )
  )
})
