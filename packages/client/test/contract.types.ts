// The contract leads to the client: each operation has a method, and each method is of an operation.
import type { Palomma } from "@palomma-effect/client"
import type { Customer, MerchantAccountId, Operations, PayoutRequest } from "@palomma-effect/schema"
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import { expectTypeOf } from "vitest"
import type { Connection } from "../src/internal/http/connection.ts"
import type { None, OperationName, Uncovered } from "../src/internal/resource/contract.ts"
import * as Operation from "../src/internal/resource/operation.ts"
import { readable } from "../src/internal/resource/resource.ts"

expectTypeOf<Uncovered<Palomma.Services>>().toEqualTypeOf<never>()

type Contract = typeof Operations

// A new operation of a group that has a service.
interface Cancelling extends Omit<Contract, "payoutRequests"> {
  readonly payoutRequests: Contract["payoutRequests"] & {
    readonly cancel: { readonly success: typeof PayoutRequest }
  }
}
expectTypeOf<
  Uncovered<Palomma.Services, Cancelling>
>().toEqualTypeOf<"PayoutRequests.cancel is in the contract, but the client has no such method">()
// @ts-expect-error: the service has no method `cancel`
export type NoMethod = None<Uncovered<Palomma.Services, Cancelling>>

// A new group.
interface Refunding extends Contract {
  readonly refunds: { readonly create: { readonly success: typeof PayoutRequest } }
}
expectTypeOf<
  Uncovered<Palomma.Services, Refunding>
>().toEqualTypeOf<"Refunds.create is in the contract, but the client has no such method">()
// @ts-expect-error: there is no service `Refunds`
export type NoService = None<Uncovered<Palomma.Services, Refunding>>

// The method is there, but is of something else.
interface Refunds<Answer> extends Context.ServiceClass.Shape<
  "@palomma-effect/client/Refunds",
  { readonly create: (id: string) => Effect.Effect<Answer> }
> {}
expectTypeOf<Uncovered<Palomma.Services | Refunds<PayoutRequest>, Refunding>>().toEqualTypeOf<never>()
expectTypeOf<
  Uncovered<Palomma.Services | Refunds<Customer>, Refunding>
>().toEqualTypeOf<"Refunds.create of the client does not return what the contract says">()

// The other way round: a method names an operation of the contract.
expectTypeOf<"PayoutRequests.create">().toExtend<OperationName>()
expectTypeOf<"PayoutRequests.cancel">().not.toExtend<OperationName>()

export const methods = (connection: Connection, operations: Contract) => [
  Operation.get(connection, "PayoutRequests.get", operations.payoutRequests.get),
  // @ts-expect-error: the contract has no `cancel`
  Operation.get(connection, "PayoutRequests.cancel", operations.payoutRequests.get),
  readable({
    connection,
    // @ts-expect-error: the contract has no `refunds`
    service: "Refunds",
    operations: operations.merchantAccounts,
    params: (merchantAccountId: MerchantAccountId) => ({ merchantAccountId }),
    query: (query) => query
  })
]
