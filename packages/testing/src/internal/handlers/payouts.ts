/**
 * The operations of customers, payout targets and payout requests.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { CreateCustomer, Customer } from "@palomma-effect/schema/Customer"
import { CustomerId, MerchantAccountId, PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema/Id"
import { unrecognized } from "@palomma-effect/schema/OpenEnum"
import { PalommaApi } from "@palomma-effect/schema/PalommaApi"
import { CreatePayoutRequest, PayoutRequest } from "@palomma-effect/schema/PayoutRequest"
import {
  CreatePayoutTarget,
  PayoutTarget,
  PayoutTargetDetails,
  PayoutTargetStatus
} from "@palomma-effect/schema/PayoutTarget"
import { putPayout, setPayoutStatus } from "../state/transitions.ts"
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

/** Adds a customer. */
export const createCustomer = (world: World, body: CreateCustomer, now: number): Customer => {
  const customer = new Customer({
    id: CustomerId.make(nextId(world, now)),
    ...defined({ ...body, reference: storedReference(world, body.reference) }),
    createdAt: timestamp(now),
    updatedAt: timestamp(now)
  })
  world.customers.put(customer, now)
  return customer
}

/** Handlers of customers. */
export const customers = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "customers", (handlers) => {
    const check = conforms(CreateCustomer.forMerchant(world.settings.rules))
    return handlers.handleAll({
      create: ({ payload }) =>
        create(world, (now) => Effect.map(check(payload), () => createCustomer(world, payload, now))),
      list: ({ query }) => list(world.customers, query),
      get: ({ params }) => get(world.customers, params.customerId)
    })
  })

/** Adds a payout target. */
export const createTarget = Effect.fnUntraced(function* (world: World, body: CreatePayoutTarget, now: number) {
  const { customerId, description, redirectUrl, reference, type } = body
  const customer = yield* customerOf(world, body)
  const id = PayoutTargetId.make(nextId(world, now))
  const target = new PayoutTarget({
    id,
    ...defined({ customerId, redirectUrl, reference: storedReference(world, reference), description, type }),
    customerDetails: customerDetails(customer),
    status: world.settings.requireTargetVerification ? unrecognized("pending") : "active",
    authUrl: `${world.origin}/payoutTargets?payoutTargetId=${id}`,
    createdAt: timestamp(now),
    updatedAt: timestamp(now)
  })
  world.payoutTargets.put(target, now)
  return target
})

/** Handlers of payout targets. */
export const payoutTargets = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "payoutTargets", (handlers) => {
    const check = conforms(CreatePayoutTarget.forMerchant(world.settings.rules))
    return handlers.handleAll({
      create: ({ payload }) =>
        create(world, (now) => Effect.andThen(check(payload), createTarget(world, payload, now))),
      list: ({ query }) => list(world.payoutTargets, query),
      get: ({ params }) => get(world.payoutTargets, params.payoutTargetId)
    })
  })

/** The fields of a new payout request. */
export interface PayoutFields extends Omit<CreatePayoutRequest, "payoutTargetId"> {
  /** The payout target, or the id of one that does not exist. */
  readonly target: PayoutTarget | PayoutTargetId
}

/** Adds a payout request without validation, and indexes it by the reference that was sent. */
export const addPayout = (
  world: World,
  { amount, reference, sourceMerchantAccountId, target }: PayoutFields,
  sentReference: string | undefined,
  now: number
): PayoutRequest => {
  const { fee, processingTime } = world.settings
  const payout = new PayoutRequest({
    id: PayoutRequestId.make(nextId(world, now)),
    amount,
    ...defined({ reference }),
    ...(typeof target === "string"
      ? { payoutTargetId: target }
      : {
          payoutTargetId: target.id,
          ...defined({ customerId: target.customerId, customerDetails: target.customerDetails }),
          payoutTargetDetails: new PayoutTargetDetails(
            defined({ reference: target.reference, description: target.description, type: target.type })
          )
        }),
    status: "processing",
    amountSent: amount,
    fee,
    sourceMerchantAccountId: sourceMerchantAccountId ?? MerchantAccountId.make("default"),
    createdAt: timestamp(now),
    updatedAt: timestamp(now)
  })
  putPayout(world, payout, now)
  world.payoutRequests.addToIndex(payout.id, sentReferenceKey, sentReference)
  if (processingTime !== undefined) {
    world.schedule(now + Duration.toMillis(processingTime), (at) => {
      const latest = world.payoutRequests.get(payout.id)
      if (latest?.status === "processing") setPayoutStatus(world, latest, { status: "approved" }, at)
    })
  }
  return payout
}

const createPayout = Effect.fnUntraced(function* (world: World, body: CreatePayoutRequest, now: number) {
  const target = world.payoutTargets.get(body.payoutTargetId)
  if (target === undefined) return yield* reject(`payoutTargetId: there is no payout target ${body.payoutTargetId}`)
  if (target.status !== "active")
    return yield* reject(`payoutTargetId: payout target ${target.id} is ${PayoutTargetStatus.raw(target.status)}`)
  const account = yield* accountOf(world, "sourceMerchantAccountId", body.sourceMerchantAccountId)
  if (world.settings.gatewayAccounts.includes(account)) {
    return yield* reject(`sourceMerchantAccountId: merchant account ${account} does not pay out`)
  }
  const amount = storedAmount(world, body.amount)
  if (world.books.balance(`available:${account}`) < amount + world.settings.fee) {
    return yield* reject(`amount: merchant account ${account} does not hold that much`)
  }
  const { reference } = body
  return addPayout(
    world,
    { target, amount, reference: storedReference(world, reference), sourceMerchantAccountId: account },
    reference,
    now
  )
})

/** Handlers of payout requests. */
export const payoutRequests = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "payoutRequests", (handlers) => {
    const check = conforms(CreatePayoutRequest.forMerchant(world.settings.rules))
    return handlers.handleAll({
      create: ({ payload }) =>
        create(world, (now) => Effect.andThen(check(payload), createPayout(world, payload, now))),
      list: ({ query }) => list(world.payoutRequests, query),
      get: ({ params }) => get(world.payoutRequests, params.payoutRequestId)
    })
  })
