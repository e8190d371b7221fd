/**
 * What went over the wire: every request for money that a process began, whose call it was, and whether its body left the process.
 */
import { HandOver, type TransferKind } from "@palomma-effect/client"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"

/** A request for money. */
export interface MoneyRequest {
  readonly id: number
  readonly kind: TransferKind
  readonly reference: string
  readonly accountId: string
  readonly amount: number
  /** The call whose request it is; none if it is no call of a transfer. */
  readonly call: number | undefined
  /** Whether its body left the process. */
  isHandedOver: boolean
  /** The status of its answer, if one came. */
  status: number | undefined
}

/** The call that is being made, for every fiber of it. */
export const CurrentCall = Context.Reference<number | undefined>("test/laws/CurrentCall", {
  defaultValue: () => undefined
})

/** The header by which a request is found again among those that Palomma received. */
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
  // The library wrote it, by the contract.
  const { amount, payinSourceId, payoutTargetId, reference } = JSON.parse(decoder.decode(body.body)) as Body
  const accountId = payoutTargetId ?? payinSourceId ?? ""
  return { id, kind, reference, accountId, amount, call, isHandedOver: false, status: undefined }
}

/** Makes an effect one step of a process. */
export type MakeStep = <A, E, R>(name: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Every request for money, in the order in which they began. */
export interface Wire {
  readonly requests: ReadonlyArray<MoneyRequest>
  /** The client of a process with this clock, whose requests are its steps. Palomma's clock is its own. */
  readonly clientOf: (clock: Clock.Clock, step: MakeStep) => HttpClient.HttpClient
}

/** Records what goes to Palomma. */
export const makeWire = (palomma: HttpClient.HttpClient, palommaClock: Clock.Clock): Wire => {
  const requests: Array<MoneyRequest> = []

  // The switch of a call tells when it gives the body.
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
    // A caller that cannot tell hands it over at once; of another the switch is taken at once, as `fetch` does.
    if (handOver === undefined) money.isHandedOver = true
    else handOver.take()
    const given = handOver === undefined ? init : HandOver.into(init, watched(handOver, clock, money))
    const marked = HttpClientRequest.setHeader(request, requestHeader, String(money.id))
    return step("POST", Effect.provideService(palomma.execute(marked), FetchHttpClient.RequestInit, given)).pipe(
      Effect.tap(({ status }) =>
        Effect.sync(() => {
          money.status = status
        })
      )
    )
  }

  return {
    requests,
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
