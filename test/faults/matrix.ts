/**
 * One row of the matrix: what breaks, what the library must say of it, and what it did say.
 */
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

/** The key that no printed form may hold. */
export const apiKey = "sentinel-of-the-api-key"

// Long enough for a busy machine; what hangs is given less.
export const patience = {
  maxAttempts: 3,
  attemptTimeout: "60 seconds",
  timeout: "90 seconds",
  initialBackoff: "10 millis",
  maxBackoff: "50 millis"
} satisfies CallOptions

/** For what hangs: no answer comes, however long one waits. Until then a busy machine must have come as far as it does. */
export const impatience = { maxAttempts: 1, attemptTimeout: "8 seconds", timeout: "20 seconds" } satisfies CallOptions

/** The payout that every row asks for. */
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
  // What is read before or after a create is answered.
  const retry = call === "create" ? { creates: own, reads: patience } : { creates: patience, reads: own }
  return { apiKey: Redacted.make(apiKey), baseUrl, rejectedStatuses, retry }
}

/** A server that is there as long as the scope. */
export const running = (server: () => Promise<Running>): Effect.Effect<Running, never, Scope.Scope> =>
  Effect.acquireRelease(Effect.promise(server), ({ close }) => Effect.promise(close))

/** What the caller would print of an error, in every form. */
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
  // Nothing may end in a defect: code that catches errors would not catch it.
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

/** Lets a row happen; each body is handed over `pause` milliseconds later than it could be. */
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
    // What differs from the documentation is logged; here it differs on purpose.
  ).pipe(Effect.provideService(References.MinimumLogLevel, "None"))

/** What holds whatever breaks: the laws that every row is judged by, beside what it expects. */
const lawsOf = (row: Row, seen: Seen): ReadonlyArray<readonly [law: string, holds: boolean]> => {
  const isCreate = (row.call ?? "create") === "create"
  return [
    ["what failed is told by an error, never by a defect", seen.error !== "defect"],
    [
      "not-sent is said only if the server never had the request whole",
      seen.outcome !== "not-sent" || seen.posts === 0
    ],
    ["what the server had whole was handed over", seen.posts === 0 || seen.handedOver],
    ["what was never handed over is said not to have been sent", !isCreate || seen.handedOver || isSaid(seen)],
    ["rejected is said only if nothing was paid", seen.outcome !== "rejected" || seen.payouts === 0],
    ["safe to resend is said only if nothing was paid", !isCreate || !seen.isSafeToResend || seen.payouts === 0],
    [
      "what may have been paid is not sent again",
      row.rejectedStatuses !== undefined || row.fetchResends === true || seen.posts <= 1
    ],
    ["a read has no outcome", isCreate || seen.outcome === "none" || seen.outcome === "done"],
    ["nobody is sent elsewhere", seen.elsewhere === 0],
    ["no printed form holds the API key", !seen.leaks]
  ]
}

// An answer that came too early tells what it tells, whether it was asked for or not.
const isSaid = ({ error, outcome }: Seen): boolean =>
  outcome === "not-sent" || (error !== "PalommaConnectionError" && error !== "PalommaTimeout")

const isAs = (expected: Expected, seen: Seen): boolean => {
  const { codes, ...facts } = expected
  return (
    Object.entries(facts).every(([name, value]) => seen[name as keyof Seen] === value) &&
    // Bun has codes of its own.
    (codes === undefined || !isNode || codes.includes(seen.code))
  )
}

/** The laws that do not hold. */
export const broken = (row: Row, seen: Seen): ReadonlyArray<string> =>
  lawsOf(row, seen)
    .filter(([, holds]) => !holds)
    .map(([law]) => `does not hold: ${law}`)

/** What is not as it must be. Empty if all is well. */
export const judge = (row: Row, seen: Seen): ReadonlyArray<string> => {
  const wrong = [...broken(row, seen)]
  const expected = isNode ? row.expected : (row.onBun ?? row.expected)
  if (!expected.some((one) => isAs(one, seen))) {
    wrong.push(`expected ${expected.map((one) => inspect(one)).join(" or ")}`)
  }
  return wrong
}
