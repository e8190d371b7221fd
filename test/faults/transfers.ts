/**
 * The rows of the matrix for money that moves once: `Payouts.send` and `Payins.charge` over the same servers.
 *
 * The fault is in the create. The look-up after it goes to a correct server, which shows what was made.
 */
import {
  isTransferError,
  Palomma,
  Payins,
  Payouts,
  PayoutRequests,
  type Transfer,
  type TransferError,
  TransferJournal,
  type TransferKind,
  type TransferState
} from "@palomma-effect/client"
import { PayinSourceId, PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { inspect } from "node:util"
import { isNode, requestInitOf, watched } from "./client.ts"
import { answer, asked, type Exchange, recordOf, type Running, start, turns } from "./fault-server.ts"
import { apiKey, impatience, optionsOf, running } from "./matrix.ts"
import type { Expected, ExpectedTransfer, Row, SeenTransfer } from "./row.ts"

export type { SeenTransfer } from "./row.ts"

/** Both kinds. */
export const kinds: ReadonlyArray<TransferKind> = ["payout", "payin"]

const { amount, reference } = asked
const payout = { reference, payoutTargetId: PayoutTargetId.make(asked.payoutTargetId), amount }
const debit = { reference, payinSourceId: PayinSourceId.make(asked.payinSourceId), amount }

// Shows what the other server made.
const lists = (broken: Running) => () => {
  const received = ({ request, wire }: Exchange) => {
    const items = Array.from({ length: broken.ledger.payouts }, (_, i) => recordOf(`payout-${i + 1}`, asked))
    const { pathname } = new URL(request.path, "http://127.0.0.1")
    const one = items.find((item) => "id" in item && pathname.endsWith(`/${String(item.id)}`))
    const isList = /\/pay(?:out|in)Requests$/.test(pathname)
    const body = isList ? { items, cursor: null, count: items.length } : (one ?? { message: "Not found" })
    wire.write(answer(isList || one !== undefined ? 200 : 404, JSON.stringify(body)))
  }
  return start({ received })
}

// A journal in memory for one transfer that claims to be durable, so that no look-up comes before the create.
const lasting = Layer.effect(
  TransferJournal,
  Effect.map(TransferJournal, (journal) => ({ ...journal, isDurable: true }))
).pipe(Layer.provide(TransferJournal.layerMemory))

const saysOfSent = (error: TransferError): SeenTransfer["sent"] => {
  switch (error._tag) {
    case "PalommaInvalidInput":
    case "TransferNotSent":
    case "TransferConflict":
    case "TransferInvalidState":
      return "no"
    case "TransferRejected":
      return "yes"
    case "TransferOutcomeUnknown":
    case "TransferJournalError":
      return error.sent
    case "TransferDuplicate":
      return undefined
  }
}

const prints = (error: Error): string =>
  [
    error.message,
    String(error),
    JSON.stringify(error),
    inspect(error, { depth: 9 }),
    Cause.pretty(Cause.fail(error))
  ].join()

type Ended = Pick<SeenTransfer, "tag" | "sent" | "recordId" | "detail" | "leaks">

const endedBy = (exit: Exit.Exit<Transfer, TransferError>): Ended => {
  if (Exit.isSuccess(exit)) {
    const { recordId } = exit.value
    return { tag: "Accepted", sent: undefined, recordId, detail: "", leaks: inspect(exit.value).includes(apiKey) }
  }
  const error = Cause.squash(exit.cause)
  // A defect is a failure of the test: code that catches errors would not catch it.
  if (!isTransferError(error)) {
    return { tag: "defect", sent: undefined, recordId: undefined, detail: inspect(error), leaks: false }
  }
  return {
    tag: error._tag,
    sent: saysOfSent(error),
    recordId: "recordId" in error ? error.recordId : undefined,
    detail: error.message,
    leaks: prints(error).includes(apiKey)
  }
}

// Long enough for a busy machine. Rows that hang, and rows with useless retries, get shorter timeouts.
const sendTimeoutOf = ({ expected, retry }: Row) => {
  if (expected.every(({ outcome }) => outcome === "not-sent")) return "900 millis"
  return retry?.attemptTimeout === impatience.attemptTimeout ? "12 seconds" : "60 seconds"
}

/** Runs a row with a transfer. */
export const observeTransfer = (row: Row, kind: TransferKind): Effect.Effect<SeenTransfer> =>
  Effect.scoped(
    Effect.gen(function* () {
      const server = yield* running(row.server)
      const shown = yield* running(lists(server))
      const requestInit = yield* requestInitOf(server.baseUrl, row.client ?? {})
      let isBegun = false
      const own = row.client?.fetch ?? globalThis.fetch
      const routed: typeof globalThis.fetch = (input, init) => {
        const isRead = (init?.method ?? "GET") === "GET"
        if (!isBegun || !isRead) return own(input, init)
        const url = new URL(input instanceof Request ? input.url : input)
        const { headers, signal } = init ?? {}
        return globalThis.fetch(`${new URL(shown.baseUrl).origin}${url.pathname}${url.search}`, {
          ...(headers === undefined ? {} : { headers }),
          ...(signal === undefined ? {} : { signal })
        })
      }
      const { fetch, isHandedOver } = watched(routed, 0)
      const options = optionsOf(server.baseUrl, row)
      const palomma =
        row.client?.bare === true
          ? Palomma.layer(options).pipe(
              Layer.provide(FetchHttpClient.layer),
              Layer.provide(Layer.succeed(FetchHttpClient.Fetch, fetch))
            )
          : Palomma.layerFetch({ ...options, fetch })
      const sending = {
        lookUpFirst: false,
        // One look-up, and then manual review.
        reconcileTimeout: 0,
        sendTimeout: sendTimeoutOf(row)
      } as const
      const layer = Layer.merge(Payouts.layer(sending), Payins.layer(sending)).pipe(
        Layer.provideMerge(lasting),
        Layer.provideMerge(palomma),
        Layer.provide(Layer.succeed(FetchHttpClient.RequestInit, requestInit))
      )
      return yield* Effect.gen(function* () {
        const payouts = yield* Payouts
        const payins = yield* Payins
        const requests = yield* PayoutRequests
        if (row.before === "get") {
          yield* Effect.andThen(requests.get(PayoutRequestId.make("payout-1")), Effect.promise(turns))
        }
        const { between } = row
        if (between !== undefined) yield* Effect.promise(async () => between(server))
        isBegun = true
        const exit = yield* Effect.exit(kind === "payout" ? payouts.send(payout) : payins.charge(debit))
        yield* Effect.promise(turns)
        const found = yield* (kind === "payout" ? payouts : payins).find(reference)
        const seen: SeenTransfer = {
          ...endedBy(exit),
          state: Option.match(found, { onNone: () => "none" as const, onSome: ({ state }) => state }),
          alarm: Option.getOrUndefined(found)?.alarm?.kind,
          handedOver: isHandedOver(),
          posts: server.ledger.posts,
          made: server.ledger.payouts
        }
        return seen
      }).pipe(Effect.provide(layer), Effect.orDie)
    })
    // Deviations from the documentation are logged. They are expected here.
  ).pipe(Effect.provideService(References.MinimumLogLevel, "None"))

const saidState: Partial<Record<SeenTransfer["tag"], TransferState>> = {
  Accepted: "accepted",
  TransferNotSent: "intended",
  TransferRejected: "rejected",
  TransferOutcomeUnknown: "needsReview",
  TransferDuplicate: "accepted"
}

/** The laws that hold for every fault. */
const lawsOf = (row: Row, seen: SeenTransfer): ReadonlyArray<readonly [law: string, holds: boolean]> => [
  ["a transfer ends accepted or with an error, never with a defect", seen.tag !== "defect"],
  [
    "not sent is reported only if the server never had the complete request",
    seen.tag !== "TransferNotSent" || seen.posts === 0
  ],
  ["not sent is reported only if the body was not handed over", seen.sent !== "no" || isKept(row, seen)],
  ["sent is reported only if the body was handed over", seen.sent !== "yes" || seen.handedOver],
  ["rejected is reported only if nothing was made", seen.tag !== "TransferRejected" || seen.made === 0],
  ["accepted is reported only of a record that was made", seen.tag !== "Accepted" || isMade(seen)],
  ["a record that was made is accepted, since the look-up shows it", seen.made !== 1 || seen.tag === "Accepted"],
  ["a second record raises the alarm", seen.made > 1 === (seen.alarm === "duplicate")],
  ["the row and the result of the call agree", saidState[seen.tag] === seen.state],
  ["one request is sent, with any result", row.fetchResends === true || seen.posts <= 1],
  ["money moves once", row.fetchResends === true || seen.made <= 1],
  ["no printed form contains the API key", !seen.leaks]
]

const isMade = ({ made, recordId }: SeenTransfer): boolean =>
  Array.from({ length: made }, (_, i) => `payout-${i + 1}`).some((id) => id === recordId)

// A custom client gets the complete body, and only the failure itself proves anything.
const isKept = ({ client = {} }: Row, { handedOver }: SeenTransfer): boolean =>
  !handedOver || client.fetch !== undefined || client.bare === true || !isLate

// Deno gets every body completely.
const isLate = isNode || process.versions["bun"] !== undefined

/** The expected result of a transfer that follows from the expected result of a plain create. */
const follows = (row: Row, { error, handedOver, outcome, payouts, posts }: Expected): ExpectedTransfer => {
  // If a custom client has the body, only a response proves anything.
  const sent = row.client?.bare === true && error === "PalommaConnectionError" ? "unknown" : "yes"
  switch (outcome) {
    case "not-sent":
      return { tag: "TransferNotSent", sent: "no", state: "intended", posts: 0, made: 0 }
    case "rejected":
      return { tag: "TransferRejected", sent: "yes", state: "rejected", posts: 1, made: 0 }
    case "done":
    case "none":
      return { tag: "Accepted", state: "accepted", posts, made: payouts }
    case "unknown":
      return payouts === 0
        ? {
            tag: "TransferOutcomeUnknown",
            state: "needsReview",
            posts,
            made: 0,
            ...(handedOver === true ? { sent } : {})
          }
        : payouts === 1
          ? { tag: "Accepted", state: "accepted", posts, made: 1 }
          : { tag: "TransferDuplicate", state: "accepted", alarm: "duplicate", posts, made: payouts }
  }
}

/** The laws that are violated for a transfer. */
export const brokenTransfer = (row: Row, seen: SeenTransfer): ReadonlyArray<string> =>
  lawsOf(row, seen)
    .filter(([, holds]) => !holds)
    .map(([law]) => ` is violated: ${law}`)

/** The differences to the expected result of a transfer. Empty if there are none. */
export const judgeTransfer = (row: Row, seen: SeenTransfer): ReadonlyArray<string> => {
  const expected =
    row.onTransfer ?? (isNode ? row.expected : (row.onBun ?? row.expected)).map((one) => follows(row, one))
  const isAs = (one: ExpectedTransfer): boolean =>
    Object.entries(one).every(([name, value]) => seen[name as keyof SeenTransfer] === value)
  return [
    ...brokenTransfer(row, seen),
    ...(expected.some(isAs) ? [] : [`expected ${expected.map((one) => inspect(one)).join(" or ")}`])
  ]
}
