import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { type CreateCustomer, Customer } from "@palomma-effect/schema/Customer"
import { CustomerId, PayoutRequestId, PayoutTargetId } from "@palomma-effect/schema/Id"
import { unrecognized } from "@palomma-effect/schema/OpenEnum"
import { PalommaApi } from "@palomma-effect/schema/PalommaApi"
import { PayoutBank } from "@palomma-effect/schema/PayoutBank"
import { type CreatePayoutRequest, PayoutRequest } from "@palomma-effect/schema/PayoutRequest"
import { type CreatePayoutTarget, PayoutTarget, PayoutTargetDetails } from "@palomma-effect/schema/PayoutTarget"
import { putPayout, settlePayout } from "../transitions.ts"
import { customerDetails, given, nextId, timestamp, type World } from "../world.ts"
import { accountOf, create, customerOf, get, list, refuse, within } from "./common.ts"

/** Registers a customer. */
export const createCustomer = (world: World, body: CreateCustomer, now: number): Customer => {
  const customer = new Customer({
    id: CustomerId.make(nextId(world, now)),
    ...given(body),
    createdAt: timestamp(now),
    updatedAt: timestamp(now)
  })
  world.customers.put(customer, now)
  return customer
}

/** The customers. */
export const customers = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "customers", (handlers) =>
    handlers.handleAll({
      create: ({ payload }) => create((now) => Effect.succeed(createCustomer(world, payload, now))),
      list: ({ query }) => list(world.customers, query),
      get: ({ params }) => get(world.customers, params.customerId)
    })
  )

/** Registers an account that money can be sent to. */
export const createTarget = Effect.fnUntraced(function* (world: World, body: CreatePayoutTarget, now: number) {
  const { bankAccount, ...rest } = body
  const customer = yield* customerOf(world, body)
  if (!PayoutBank.isKnown(bankAccount.bank) && !world.settings.extraPayoutBanks.includes(bankAccount.bank)) {
    return yield* refuse(`bankAccount.bank: ${bankAccount.bank} is not a bank that money can be sent to`)
  }
  const id = PayoutTargetId.make(nextId(world, now))
  const target = new PayoutTarget({
    id,
    ...given(rest),
    customerDetails: customerDetails(customer),
    status: world.settings.targetsWaitForVerification ? unrecognized("pending") : "active",
    authUrl: `${world.origin}/payoutTargets?payoutTargetId=${id}`,
    createdAt: timestamp(now),
    updatedAt: timestamp(now)
  })
  world.payoutTargets.put(target, now)
  return target
})

/** The accounts that money can be sent to. */
export const payoutTargets = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "payoutTargets", (handlers) =>
    handlers.handleAll({
      create: ({ payload }) => create((now) => createTarget(world, payload, now)),
      list: ({ query }) => list(world.payoutTargets, query),
      get: ({ params }) => get(world.payoutTargets, params.payoutTargetId)
    })
  )

const createPayout = Effect.fnUntraced(function* (world: World, body: CreatePayoutRequest, now: number) {
  const { fee, limits, settleAfter } = world.settings
  const target = world.payoutTargets.get(body.payoutTargetId)
  if (target === undefined) return yield* refuse(`payoutTargetId: there is no payout target ${body.payoutTargetId}`)
  if (target.status !== "active") return yield* refuse(`payoutTargetId: payout target ${target.id} is ${target.status}`)
  yield* within(body.amount, limits.payout)
  const account = yield* accountOf(world, "sourceMerchantAccountId", body.sourceMerchantAccountId)
  if (world.settings.gateways.includes(account)) {
    return yield* refuse(`sourceMerchantAccountId: merchant account ${account} does not pay out`)
  }
  if (world.books.balance(`available:${account}`) < body.amount + fee) {
    return yield* refuse(`amount: merchant account ${account} does not hold that much`)
  }
  const payout = new PayoutRequest({
    id: PayoutRequestId.make(nextId(world, now)),
    payoutTargetId: target.id,
    amount: body.amount,
    ...given({
      reference: body.reference,
      customerId: target.customerId,
      customerDetails: target.customerDetails
    }),
    payoutTargetDetails: new PayoutTargetDetails(
      given({ reference: target.reference, description: target.description, type: target.type })
    ),
    status: "processing",
    amountSent: body.amount,
    fee,
    sourceMerchantAccountId: account,
    createdAt: timestamp(now),
    updatedAt: timestamp(now)
  })
  putPayout(world, payout, now)
  if (settleAfter !== undefined) {
    world.schedule(now + Duration.toMillis(settleAfter), (at) => {
      const latest = world.payoutRequests.get(payout.id)
      if (latest?.status === "processing") settlePayout(world, latest, { as: "approved" }, at)
    })
  }
  return payout
})

/** The transfers to them. */
export const payoutRequests = (world: World) =>
  HttpApiBuilder.group(PalommaApi, "payoutRequests", (handlers) =>
    handlers.handleAll({
      create: ({ payload }) => create((now) => createPayout(world, payload, now)),
      list: ({ query }) => list(world.payoutRequests, query),
      get: ({ params }) => get(world.payoutRequests, params.payoutRequestId)
    })
  )
