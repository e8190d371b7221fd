// The contract compared with the client: each operation has a method, and each method belongs to an operation. That the
// services implement all operations is checked at their definition, in src/internal/resource/services.ts.
import type { Palomma, PalommaEndpoint } from "@palomma-effect/client"
import type { Customer, MerchantAccountId, Operations, PayoutRequest } from "@palomma-effect/schema"
import type * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import { expectTypeOf } from "vitest"
import type { Connection } from "../src/internal/http/connection.ts"
import type { None, OperationName, Uncovered } from "../src/internal/resource/contract.ts"
import * as Operation from "../src/internal/resource/operation.ts"
import { readable } from "../src/internal/resource/resource.ts"
import type * as Resources from "../src/internal/resource/services.ts"

// The layers provide all services.
expectTypeOf<Palomma.Services>().toEqualTypeOf<PalommaEndpoint | Resources.Services>()

interface Contract {
  readonly loans: {
    readonly get: { readonly success: typeof PayoutRequest }
    readonly repay: { readonly success: typeof PayoutRequest }
  }
  readonly gifts: { readonly create: { readonly success: typeof Customer } }
}

interface Service<Name extends string, Methods> extends Context.ServiceClass.Shape<
  `@palomma-effect/client/${Name}`,
  Methods
> {}

type Get = (id: string) => Effect.Effect<PayoutRequest>
type Create<Answer> = (body: object, options?: object) => Effect.Effect<Answer, Error>
type Loans = Service<"Loans", { readonly get: Get; readonly repay: Get }>
type Gifts<Answer> = Service<"Gifts", { readonly create: Create<Answer> }>

// Complete: more methods than operations are allowed.
type More = Service<"Loans", { readonly get: Get; readonly repay: Get; readonly findByReference: Get }>
export type Whole = None<Uncovered<Loans | Gifts<Customer>, Contract>>
export type WholeAndMore = None<Uncovered<More | Gifts<Customer>, Contract>>

type NoRepay = Service<"Loans", { readonly get: Get }> | Gifts<Customer>
expectTypeOf<
  Uncovered<NoRepay, Contract>
>().toEqualTypeOf<"Loans.repay is in the contract, but the client has no such method">()
// @ts-expect-error: an operation without a method
export type NoMethod = None<Uncovered<NoRepay, Contract>>

expectTypeOf<
  Uncovered<Loans, Contract>
>().toEqualTypeOf<"Gifts.create is in the contract, but the client has no such method">()
// @ts-expect-error: a group without a service
export type NoService = None<Uncovered<Loans, Contract>>

type OtherGifts = Loans | Gifts<PayoutRequest>
expectTypeOf<
  Uncovered<OtherGifts, Contract>
>().toEqualTypeOf<"Gifts.create of the client does not return what the contract says">()
// @ts-expect-error: a method that belongs to no operation
export type OtherAnswer = None<Uncovered<OtherGifts, Contract>>

// The reverse: each method names an operation of the contract.
expectTypeOf<OperationName<Contract>>().toEqualTypeOf<"Loans.get" | "Loans.repay" | "Gifts.create">()

export const methods = (connection: Connection, operations: typeof Operations) => [
  Operation.get(connection, "PayoutRequests.get", operations.payoutRequests.get),
  // @ts-expect-error: the contract has no such operation
  Operation.get(connection, "PayoutRequests.repay", operations.payoutRequests.get),
  readable({
    connection,
    // @ts-expect-error: the contract has no such group
    service: "Loans",
    operations: operations.merchantAccounts,
    params: (merchantAccountId: MerchantAccountId) => ({ merchantAccountId }),
    query: (query) => query
  })
]
