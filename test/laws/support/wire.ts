/**
 * The requests on the wire: every request for money that a process began, its call, and whether its body was handed
 * over.
 */
import { HandOver, type TransferKind } from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"

/** A request that moves money. */
export interface MoneyRequest {
  readonly id: number
  readonly kind: TransferKind
  readonly reference: string
  readonly accountId: string
  readonly amount: number
  /** The call that made the request. Undefined if no call of a transfer made it. */
  readonly call: number | undefined
  /** Whether its body was handed over. */
  isHandedOver: boolean
  /** The status of its response, if one arrived. */
  status: number | undefined
}

/** The current call, for each of its fibers. */
export const CurrentCall = Context.Reference<number | undefined>("test/laws/CurrentCall", {
  defaultValue: () => undefined
})

/** The header that identifies a request among those that Palomma received. */
export const requestHeader = "x-law-request"

const kinds: Readonly<Record<string, TransferKind>> = { payoutRequests: "payout", payinRequests: "payin" }

interface Body {
  readonly reference: string
  readonly amount: number
  readonly payoutTargetId?: string
  readonly payinSourceId?: string
}

const decoder = new TextDecoder()

const readRequest = (
  { body, method, url }: HttpClientRequest.HttpClientRequest,
  id: number,
  call: number | undefined
): MoneyRequest | undefined => {
  const kind = kinds[url.split("/").at(-1) ?? ""]
  if (method !== "POST" || kind === undefined || body._tag !== "Uint8Array") return undefined
  // The library wrote the body, by the contract.
  const { amount, payinSourceId, payoutTargetId, reference } = JSON.parse(decoder.decode(body.body)) as Body
  const accountId = payoutTargetId ?? payinSourceId ?? ""
  return { id, kind, reference, accountId, amount, call, isHandedOver: false, status: undefined }
}

/** Makes an effect one step of a process. */
export type MakeStep = <A, E, R>(name: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Every request that moves money, in the order in which they began. */
export interface Wire {
  readonly requests: ReadonlyArray<MoneyRequest>
  /** Adds a request of another program, which Palomma carried out. */
  readonly addOther: (transfer: Pick<MoneyRequest, "kind" | "reference" | "accountId" | "amount">) => MoneyRequest
  /** The client of a process with this clock. Its requests are its steps. Palomma has a separate clock. */
  readonly clientOf: (clock: Clock.Clock, step: MakeStep) => HttpClient.HttpClient
}

/** Records the requests to Palomma. */
export const makeWire = (palomma: HttpClient.HttpClient, palommaClock: Clock.Clock): Wire => {
  const requests: Array<MoneyRequest> = []

  // The `HandOver` of a call reports when it hands over the body.
  const watched = (handOver: HandOver.HandOver, clock: Clock.Clock, money: MoneyRequest): HandOver.HandOver => ({
    ...handOver,
    offer: (give) =>
      handOver
        .offer(() => {
          money.isHandedOver = true
          give()
        })
        .pipe(Effect.provideService(Clock.Clock, clock))
  })

  const recorded = (
    request: HttpClientRequest.HttpClientRequest,
    money: MoneyRequest,
    clock: Clock.Clock,
    init: RequestInit,
    step: MakeStep
  ) => {
    const handOver = HandOver.from(init)
    // A caller without a `HandOver` hands the body over immediately. For another one it is claimed immediately, as
    // `fetch` does.
    if (handOver === undefined) money.isHandedOver = true
    else handOver.take()
    const requestInit = handOver === undefined ? init : HandOver.into(init, watched(handOver, clock, money))
    const marked = HttpClientRequest.setHeader(request, requestHeader, String(money.id))
    return step("POST", Effect.provideService(palomma.execute(marked), FetchHttpClient.RequestInit, requestInit)).pipe(
      Effect.tap(({ status }) =>
        Effect.sync(() => {
          money.status = status
        })
      )
    )
  }

  return {
    requests,
    addOther: (transfer) => {
      // No call of this library made it, and only bodies of this library count as handed over.
      const request = { ...transfer, id: requests.length, call: -1, isHandedOver: false, status: 200 }
      requests.push(request)
      return request
    },
    clientOf: (clock, step) =>
      HttpClient.transform(palomma, (plain, request) =>
        Effect.withFiber((fiber) => {
          const money = readRequest(request, requests.length, fiber.getRef(CurrentCall))
          if (money === undefined) return step(request.method, plain)
          requests.push(money)
          const init = Context.getOrUndefined(fiber.context, FetchHttpClient.RequestInit) ?? {}
          return recorded(request, money, clock, init, step)
        }).pipe(Effect.provideService(Clock.Clock, palommaClock))
      )
  }
}
