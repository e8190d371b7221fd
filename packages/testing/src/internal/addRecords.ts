import type { CreateCustomer, Customer } from "@palomma-effect/schema/Customer"
import { type CustomerId, MerchantAccountId, PayinSourceId, PayoutTargetId } from "@palomma-effect/schema/Id"
import { PayinSource } from "@palomma-effect/schema/PayinSource"
import { PayoutTarget } from "@palomma-effect/schema/PayoutTarget"
import * as Effect from "effect/Effect"
import { createSource, addPayin } from "./handlers/payins.ts"
import { createCustomer, createTarget, addPayout } from "./handlers/payouts.ts"
import { dieIfAny, problemUnless } from "./checks.ts"
import type { RecordControls } from "./service/RecordControls.ts"
import { setPayinStatus, setPayoutStatus, withStatus } from "./state/transitions.ts"
import type { World } from "./state/world.ts"

const mobile = "3013111111"

const person = {
  name: "Ana María Rojas",
  documentType: "cc" as const,
  documentNumber: "1020304050",
  email: "ana.rojas@example.com",
  phoneNumber: mobile
}

const redirectUrl = "https://example.com/thanks"

const checkAmount = (amount: number | undefined): Effect.Effect<void> =>
  dieIfAny("amount", problemUnless(amount === undefined || Number.isFinite(amount), "an amount must be a number"))

/** Makes the controls that add records without a request. */
export const makeRecordControls = (world: World, now: Effect.Effect<number>): RecordControls => {
  const addCustomer = (fields: Partial<CreateCustomer> | undefined, at: number): Customer =>
    createCustomer(world, { ...person, ...fields }, at)

  const ownerOf = (fields: { readonly customerId?: CustomerId } | undefined, at: number): CustomerId =>
    fields?.customerId ?? addCustomer(undefined, at).id

  const addPayoutTarget: RecordControls["addPayoutTarget"] = Effect.fnUntraced(function* (fields) {
    const at = yield* now
    const bankAccount = { bank: "nequi", accountType: "savings", accountNumber: mobile } as const
    const body = { type: "bankAccount" as const, redirectUrl, bankAccount, ...fields, customerId: ownerOf(fields, at) }
    const target = yield* Effect.orDie(createTarget(world, body, at))
    const active = new PayoutTarget(withStatus(target, { status: "active" as const }, at))
    world.payoutTargets.put(active, at)
    return active
  })

  const addPayinSource: RecordControls["addPayinSource"] = Effect.fnUntraced(function* (fields) {
    const at = yield* now
    const body = {
      type: "nequiToken" as const,
      redirectUrl,
      phoneNumber: mobile,
      ...fields,
      customerId: ownerOf(fields, at)
    }
    const source = yield* Effect.orDie(createSource(world, body, at))
    const active = new PayinSource(withStatus(source, { status: "active" as const }, at))
    world.payinSources.put(active, at)
    return active
  })

  const addPayoutRequest: RecordControls["addPayoutRequest"] = Effect.fnUntraced(function* (fields = {}) {
    yield* checkAmount(fields.amount)
    const { amount = 50_000, payoutTargetId, reference, sourceMerchantAccountId: account, status } = fields
    const target =
      payoutTargetId === undefined
        ? yield* addPayoutTarget()
        : (world.payoutTargets.get(payoutTargetId) ?? PayoutTargetId.make(payoutTargetId))
    const at = yield* now
    const sourceMerchantAccountId = account === undefined ? undefined : MerchantAccountId.make(account)
    const payout = addPayout(world, { target, amount, reference, sourceMerchantAccountId }, reference, at)
    if (status === undefined || status === "processing") return payout
    return setPayoutStatus(world, payout, { status, statusMessage: fields.statusMessage }, at)
  })

  const addPayinRequest: RecordControls["addPayinRequest"] = Effect.fnUntraced(function* (fields = {}) {
    yield* checkAmount(fields.amount)
    yield* checkAmount(fields.amountCollected)
    const { amount = 20_000, payinSourceId, reference, status, targetMerchantAccountId: account } = fields
    const source =
      payinSourceId === undefined
        ? yield* addPayinSource()
        : (world.payinSources.get(payinSourceId) ?? PayinSourceId.make(payinSourceId))
    const at = yield* now
    const targetMerchantAccountId = account === undefined ? undefined : MerchantAccountId.make(account)
    const payin = addPayin(world, { source, amount, reference, targetMerchantAccountId }, reference, at)
    if (status === undefined || status === "processing") return payin
    const { amountCollected, statusMessage } = fields
    return setPayinStatus(world, payin, { status, amountCollected, statusMessage }, at)
  })

  return {
    addCustomer: (fields) => Effect.map(now, (at) => addCustomer(fields, at)),
    addPayoutTarget,
    addPayinSource,
    addPayoutRequest,
    addPayinRequest
  }
}
