/**
 * The operations of payin links, payin sources and payin requests.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { MerchantAccountId, PayinLinkId, PayinRequestId, PayinSourceId } from "@palomma-effect/schema/Id"
import { PalommaApi } from "@palomma-effect/schema/PalommaApi"
import { CreatePayinLink, PayinLink } from "@palomma-effect/schema/PayinLink"
import { CreatePayinRequest, PayinRequest } from "@palomma-effect/schema/PayinRequest"
import {
  CreatePayinSource,
  PayinSource,
  PayinSourceDetails,
  PayinSourceStatus
} from "@palomma-effect/schema/PayinSource"
import { endOfDay, instantOf, localTime, startOfDay } from "../state/calendar.ts"
import { setPayinLinkStatus, setPayinStatus } from "../state/transitions.ts"
import {
  customerDetails,
  defined,
  nextId,
  sentReferenceKey,
  storedAmount,
  storedReference,
  timestamp,
  type World
} from "../state/world.ts"
import { accountOf, conforms, create, customerOf, get, list, reject } from "./common.ts"

const createLink = Effect.fnUntraced(function* (world: World, body: CreatePayinLink, now: number) {
  const {
    amount,
    customerId,
    description,
    expiration = localTime(endOfDay(now, 1)),
    redirectUrl,
    reference,
    type
  } = body
  const customer = yield* customerOf(world, body)
  const account = yield* accountOf(world, "targetMerchantAccountId", body.targetMerchantAccountId)
  const expiresAt = instantOf(expiration)
  if (expiresAt < startOfDay(now) || expiresAt > endOfDay(now, 7)) {
    return yield* reject("expiration: must be from today to the end of the seventh day")
  }
  const id = PayinLinkId.make(nextId(world, now))
  const link = new PayinLink({
    id,
    ...defined({ customerId, redirectUrl, reference: storedReference(world, reference), description, type }),
    customerDetails: customerDetails(customer),
    status: "pending",
    paymentUrl: `${world.origin}/payinLinks?payinLinkId=${id}`,
    amount,
    amountCollected: 0,
    fee: world.settings.fee,
    expiration,
    targetMerchantAccountId: account,
    createdAt: timestamp(now),
    updatedAt: timestamp(now)
  })
  world.payinLinks.put(link, now)
  world.schedule(expiresAt, (at) => {
    const latest = world.payinLinks.get(id)
    if (latest?.status === "pending")
      setPayinLinkStatus(world, latest, { status: "cancelled", statusMessage: "EXPIRED" }, at)
  })
  return link
})

/** Handlers of payin links. */
export const payinLinks = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "payinLinks", (handlers) => {
    const check = conforms(CreatePayinLink.forMerchant(world.settings.rules))
    return handlers.handleAll({
      create: ({ payload }) => create(world, (now) => Effect.andThen(check(payload), createLink(world, payload, now))),
      list: ({ query }) => list(world.payinLinks, query),
      get: ({ params }) => get(world.payinLinks, params.payinLinkId)
    })
  })

/** Adds a payin source. */
export const createSource = Effect.fnUntraced(function* (world: World, body: CreatePayinSource, now: number) {
  const { customerId, description, redirectUrl, reference, type } = body
  const customer = yield* customerOf(world, body)
  const partial = body.type === "bankAccount" && body.partialPayinsEnabled === true
  if (partial && body.bankAccount.bank !== "bancolombia") {
    return yield* reject("partialPayinsEnabled: is only available for accounts at bancolombia")
  }
  const id = PayinSourceId.make(nextId(world, now))
  const source = new PayinSource({
    id,
    ...defined({ customerId, redirectUrl, reference: storedReference(world, reference), description, type }),
    customerDetails: customerDetails(customer),
    status: "pending",
    partialPayinsEnabled: partial,
    authUrl: `${world.origin}/payinSources?payinSourceId=${id}`,
    createdAt: timestamp(now),
    updatedAt: timestamp(now)
  })
  world.payinSources.put(source, now)
  return source
})

/** Handlers of payin sources. */
export const payinSources = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "payinSources", (handlers) => {
    const check = conforms(CreatePayinSource.forMerchant(world.settings.rules))
    return handlers.handleAll({
      create: ({ payload }) =>
        create(world, (now) => Effect.andThen(check(payload), createSource(world, payload, now))),
      list: ({ query }) => list(world.payinSources, query),
      get: ({ params }) => get(world.payinSources, params.payinSourceId)
    })
  })

/** The fields of a new payin request. */
export interface PayinFields extends Omit<CreatePayinRequest, "payinSourceId"> {
  /** The payin source, or the id of one that does not exist. */
  readonly source: PayinSource | PayinSourceId
}

/** Adds a payin request without validation, and indexes it by the reference that was sent. */
export const addPayin = (
  world: World,
  { amount, reference, source, targetMerchantAccountId }: PayinFields,
  sentReference: string | undefined,
  now: number
): PayinRequest => {
  const { fee, processingTime } = world.settings
  const payin = new PayinRequest({
    id: PayinRequestId.make(nextId(world, now)),
    amount,
    ...defined({ reference }),
    ...(typeof source === "string"
      ? { payinSourceId: source }
      : {
          payinSourceId: source.id,
          ...defined({ customerId: source.customerId, customerDetails: source.customerDetails }),
          payinSourceDetails: new PayinSourceDetails(
            defined({
              reference: source.reference,
              description: source.description,
              partialPayinsEnabled: source.partialPayinsEnabled,
              type: source.type
            })
          )
        }),
    status: "processing",
    amountCollected: 0,
    fee,
    targetMerchantAccountId: targetMerchantAccountId ?? MerchantAccountId.make("default"),
    createdAt: timestamp(now),
    updatedAt: timestamp(now)
  })
  world.payinRequests.put(payin, now)
  world.payinRequests.addToIndex(payin.id, sentReferenceKey, sentReference)
  if (processingTime !== undefined) {
    world.schedule(now + Duration.toMillis(processingTime), (at) => {
      const latest = world.payinRequests.get(payin.id)
      if (latest?.status === "processing") setPayinStatus(world, latest, { status: "approved" }, at)
    })
  }
  return payin
}

const createPayin = Effect.fnUntraced(function* (world: World, body: CreatePayinRequest, now: number) {
  const source = world.payinSources.get(body.payinSourceId)
  if (source === undefined) return yield* reject(`payinSourceId: there is no payin source ${body.payinSourceId}`)
  if (source.status !== "active")
    return yield* reject(`payinSourceId: payin source ${source.id} is ${PayinSourceStatus.raw(source.status)}`)
  const targetMerchantAccountId = yield* accountOf(world, "targetMerchantAccountId", body.targetMerchantAccountId)
  const { reference } = body
  const amount = storedAmount(world, body.amount)
  return addPayin(
    world,
    { source, amount, reference: storedReference(world, reference), targetMerchantAccountId },
    reference,
    now
  )
})

/** Handlers of payin requests. */
export const payinRequests = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "payinRequests", (handlers) => {
    const check = conforms(CreatePayinRequest.forMerchant(world.settings.rules))
    return handlers.handleAll({
      create: ({ payload }) => create(world, (now) => Effect.andThen(check(payload), createPayin(world, payload, now))),
      list: ({ query }) => list(world.payinRequests, query),
      get: ({ params }) => get(world.payinRequests, params.payinRequestId)
    })
  })
