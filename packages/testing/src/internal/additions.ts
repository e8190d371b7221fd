import type { CreateCustomer, Customer } from "@palomma-effect/schema/Customer"
import type { CustomerId } from "@palomma-effect/schema/Id"
import { PayinSource } from "@palomma-effect/schema/PayinSource"
import { PayoutTarget } from "@palomma-effect/schema/PayoutTarget"
import * as Effect from "effect/Effect"
import { createSource } from "./handlers/payins.ts"
import { createCustomer, createTarget } from "./handlers/payouts.ts"
import type { SimulatorService } from "./service.ts"
import { withStatus } from "./transitions.ts"
import type { World } from "./world.ts"

const mobile = "3013111111"

const person = {
  name: "Ana María Rojas",
  documentType: "cc" as const,
  documentNumber: "1020304050",
  email: "ana.rojas@example.com",
  phoneNumber: mobile
}

const redirectUrl = "https://example.com/thanks"

/** Puts records there that a test takes for granted. */
export const makeAdditions = (
  world: World,
  now: Effect.Effect<number>
): Pick<SimulatorService, "addCustomer" | "addPayoutTarget" | "addPayinSource"> => {
  const addCustomer = (fields: Partial<CreateCustomer> | undefined, at: number): Customer =>
    createCustomer(world, { ...person, ...fields }, at)

  const owner = (given: { readonly customerId?: CustomerId } | undefined, at: number): CustomerId =>
    given?.customerId ?? addCustomer(undefined, at).id

  return {
    addCustomer: (fields) => Effect.map(now, (at) => addCustomer(fields, at)),
    addPayoutTarget: Effect.fnUntraced(function* (fields) {
      const at = yield* now
      const bankAccount = { bank: "nequi", accountType: "savings", accountNumber: mobile } as const
      const body = { type: "bankAccount" as const, redirectUrl, bankAccount, ...fields, customerId: owner(fields, at) }
      const target = yield* Effect.orDie(createTarget(world, body, at))
      const active = new PayoutTarget(withStatus(target, { as: "active" as const }, at))
      world.payoutTargets.put(active, at)
      return active
    }),
    addPayinSource: Effect.fnUntraced(function* (fields) {
      const at = yield* now
      const body = {
        type: "nequiToken" as const,
        redirectUrl,
        phoneNumber: mobile,
        ...fields,
        customerId: owner(fields, at)
      }
      const source = yield* Effect.orDie(createSource(world, body, at))
      const active = new PayinSource(withStatus(source, { as: "active" as const }, at))
      world.payinSources.put(active, at)
      return active
    })
  }
}
