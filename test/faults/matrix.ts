/** One row of the matrix: the fault, the expected result of the library, and the observed one. */
import {
  type CallOptions,
  isPalommaError,
  Palomma,
  type PalommaError,
  type PalommaOptions,
  PayoutRequests
} from "@palomma-effect/client"
import { PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import type * as Scope from "effect/Scope"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { inspect } from "node:util"
import { isNode, requestInitOf, watched } from "./client.ts"
import { type Ledger, type Running, turns } from "./fault-server.ts"
import type { Expected, Row, Seen } from "./row.ts"

export type { Expected, Row, Section, Seen } from "./row.ts"

/** The key that no printed form may contain. */
export const apiKey = "sentinel-of-the-api-key"

// Long enough for a busy machine. Rows that hang get shorter timeouts.
export const patience = {
  maxAttempts: 3,
  attemptTimeout: "60 seconds",
  timeout: "90 seconds",
  initialBackoff: "10 millis",
  maxBackoff: "50 millis"
} satisfies CallOptions

/** Timeouts of rows that hang: no response ever arrives. A busy machine must reach that point within them. */
export const impatience = { maxAttempts: 1, attemptTimeout: "8 seconds", timeout: "20 seconds" } satisfies CallOptions

/** The payout of every row. */
export const payout = {
  payoutTargetId: PayoutTargetId.make("target-1"),
  amount: 50_000,
  reference: "invoice-1"
}

/** The options of the library in a row. */
export const optionsOf = (
  baseUrl: string,
  row: Pick<Row, "call" | "retry" | "rejectedStatuses"> = {}
): PalommaOptions => {
  const { call = "create", rejectedStatuses } = row
  const own = { ...patience, ...row.retry }
  // Reads before or after a create succeed.
  const retry = call === "create" ? { creates: own, reads: patience } : { creates: patience, reads: own }
  return { apiKey: Redacted.make(apiKey), baseUrl, rejectedStatuses, retry }
}

/** A server that runs until the scope is closed. */
export const running = (server: () => Promise<Running>): Effect.Effect<Running, never, Scope.Scope> =>
  Effect.acquireRelease(Effect.promise(server), ({ close }) => Effect.promise(close))

/** Every printed form of an error. */
const prints = (error: PalommaError): string =>
  [
    error.message,
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 9 }),
    Cause.pretty(Cause.fail(error))
  ].join()

const detailOf = (error: PalommaError): string => {
  if ("reason" in error) return error.reason
  if ("defect" in error) return error.defect
  return "status" in error ? String(error.status) : ""
}

const seenBy = (
  exit: Exit.Exit<unknown, PalommaError>,
  server: { readonly ledger: Ledger; readonly handedOver: boolean }
): Seen => {
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  const facts = {
    ...server.ledger,
    handedOver: server.handedOver,
    code: undefined,
    recordId: undefined,
    retryAfter: undefined,
    isSafeToResend: false,
    leaks: false
  }
  if (error === undefined) return { ...facts, error: "success", detail: "", outcome: "done" }
  // A defect is a failure of the test: code that catches errors would not catch it.
  if (!isPalommaError(error)) return { ...facts, error: "defect", detail: inspect(error), outcome: "unknown" }
  return {
    ...facts,
    error: error._tag,
    detail: detailOf(error),
    outcome: error.outcome,
    isSafeToResend: error.isSafeToResend,
    code: "code" in error ? error.code : undefined,
    recordId: "recordId" in error ? error.recordId : undefined,
    retryAfter:
      "retryAfter" in error && error.retryAfter !== undefined ? Duration.toMillis(error.retryAfter) : undefined,
    leaks: prints(error).includes(apiKey)
  }
}

/** Runs a row. Each body is handed over `pause` milliseconds later than possible. */
export const observe = (row: Row, pause = 0): Effect.Effect<Seen> =>
  Effect.scoped(
    Effect.gen(function* () {
      const server = yield* running(row.server)
      const { baseUrl } = server
      const requestInit = yield* requestInitOf(baseUrl, row.client ?? {})
      const options = optionsOf(baseUrl, row)
      const { fetch, isHandedOver } = watched(row.client?.fetch ?? globalThis.fetch, pause)
      const palomma =
        row.client?.bare === true
          ? Palomma.layer(options).pipe(
              Layer.provide(FetchHttpClient.layer),
              Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch))
            )
          : Palomma.layerFetch({ ...options, fetch })
      const layer = palomma.pipe(Layer.provide(Layer.succeed(FetchHttpClient.RequestInit, requestInit)))
      return yield* Effect.gen(function* () {
        const payoutRequests = yield* PayoutRequests
        const get = payoutRequests.get(PayoutRequestId.make("payout-1"))
        const calls: Record<NonNullable<Row["call"]>, Effect.Effect<unknown, PalommaError>> = {
          create: payoutRequests.create(payout),
          get,
          list: payoutRequests.list({ reference: payout.reference })
        }
        const call = calls[row.call ?? "create"]
        if (row.before === "get") yield* Effect.andThen(get, Effect.promise(turns))
        const { between } = row
        if (between !== undefined) yield* Effect.promise(async () => between(server))
        const exit = yield* Effect.exit(call)
        yield* Effect.promise(turns)
        return seenBy(exit, { ledger: server.ledger, handedOver: isHandedOver() })
      }).pipe(Effect.provide(layer), Effect.orDie)
    })
    // Deviations from the documentation are logged. They are expected here.
  ).pipe(Effect.provideService(References.MinimumLogLevel, "None"))

/** The laws that hold for every fault. Each row is judged by them, beside its expected result. */
const lawsOf = (row: Row, seen: Seen): ReadonlyArray<readonly [law: string, holds: boolean]> => {
  const isCreate = (row.call ?? "create") === "create"
  return [
    ["a failure is reported as an error, never as a defect", seen.error !== "defect"],
    [
      "not-sent is reported only if the server never had the complete request",
      seen.outcome !== "not-sent" || seen.posts === 0
    ],
    ["a body that the server had completely was handed over", seen.posts === 0 || seen.handedOver],
    ["a body that was never handed over is reported as not sent", !isCreate || seen.handedOver || isReported(seen)],
    ["rejected is reported only if nothing was paid", seen.outcome !== "rejected" || seen.payouts === 0],
    ["safe to resend is reported only if nothing was paid", !isCreate || !seen.isSafeToResend || seen.payouts === 0],
    [
      "a create that may have been paid is not sent again",
      row.rejectedStatuses !== undefined || row.fetchResends === true || seen.posts <= 1
    ],
    ["a read has no outcome", isCreate || seen.outcome === "none" || seen.outcome === "done"],
    ["no request goes elsewhere", seen.elsewhere === 0],
    ["no printed form contains the API key", !seen.leaks]
  ]
}

// A response that arrived too early is used like any other.
const isReported = ({ error, outcome }: Seen): boolean =>
  outcome === "not-sent" || (error !== "PalommaConnectionError" && error !== "PalommaTimeout")

const isAs = (expected: Expected, seen: Seen): boolean => {
  const { codes, ...facts } = expected
  return (
    Object.entries(facts).every(([name, value]) => seen[name as keyof Seen] === value) &&
    // Bun has different codes.
    (codes === undefined || !isNode || codes.includes(seen.code))
  )
}

/** The laws that are violated. */
export const broken = (row: Row, seen: Seen): ReadonlyArray<string> =>
  lawsOf(row, seen)
    .filter(([, holds]) => !holds)
    .map(([law]) => ` is violated: ${law}`)

/** The differences to the expected result. Empty if there are none. */
export const judge = (row: Row, seen: Seen): ReadonlyArray<string> => {
  const wrong = [...broken(row, seen)]
  const expected = isNode ? row.expected : (row.onBun ?? row.expected)
  if (!expected.some((one) => isAs(one, seen))) {
    wrong.push(`expected ${expected.map((one) => inspect(one)).join(" or ")}`)
  }
  return wrong
}
