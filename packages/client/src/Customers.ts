/**
 * The people and companies that pay or are paid.
 *
 * @since 0.1.0
 */
import type { CreateCustomer, Customer, CustomerId, Page, PageQuery } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { CreateOptions } from "./CreateOptions.ts"
import type { CreateError, GetError, ListError } from "./PalommaError.ts"

/**
 * The filters of a list of customers.
 *
 * @category options
 * @since 0.1.0
 */
export interface CustomerQuery extends PageQuery {
  /** Only customers with this reference. */
  readonly reference?: string | undefined
}

/**
 * The people and companies that pay or are paid.
 *
 * @category services
 * @since 0.1.0
 */
export class Customers extends Context.Service<
  Customers,
  {
    /**
     * Creates a customer.
     *
     * **Gotchas**
     *
     * Palomma requires no field to be unique. Two calls with the same fields create two customers.
     *
     * **Example** (A customer with a reference)
     *
     * ```ts
     * import { Customers } from "@palomma-effect/client"
     * import { PalommaSimulator } from "@palomma-effect/testing"
     * import * as Effect from "effect/Effect"
     *
     * const program = Effect.gen(function*() {
     *   const customers = yield* Customers
     *   const customer = yield* customers.create({
     *     name: "Pepito Pérez",
     *     documentType: "cc",
     *     documentNumber: "1037551022",
     *     email: "pepito@shop.example",
     *     phoneNumber: "3013111111",
     *     reference: "customer-1"
     *   })
     *   const [found] = yield* customers.findByReference("customer-1")
     *   return found?.id === customer.id
     * })
     *
     * await Effect.runPromise(Effect.provide(program, PalommaSimulator.layer())) // => true
     * ```
     */
    readonly create: (customer: CreateCustomer, options?: CreateOptions) => Effect.Effect<Customer, CreateError>
    /** Fetches one customer. */
    readonly get: (id: CustomerId) => Effect.Effect<Customer, GetError>
    /** Fetches one page of customers. */
    readonly list: (query?: CustomerQuery) => Effect.Effect<Page<Customer>, ListError>
    /**
     * Streams all customers. Pages are fetched on demand.
     *
     * **Example** (The names of all customers)
     *
     * ```ts
     * import { Customers } from "@palomma-effect/client"
     * import { PalommaSimulator } from "@palomma-effect/testing"
     * import * as Effect from "effect/Effect"
     * import * as Stream from "effect/Stream"
     *
     * const program = Effect.gen(function*() {
     *   const customers = yield* Customers
     *   const simulator = yield* PalommaSimulator
     *   yield* simulator.addCustomer({ name: "Pepito Pérez" })
     *   return yield* customers.stream().pipe(
     *     Stream.map(({ name }) => name),
     *     Stream.runCollect
     *   )
     * })
     *
     * await Effect.runPromise(Effect.provide(program, PalommaSimulator.layer())) // => ["Pepito Pérez"]
     * ```
     */
    readonly stream: (query?: CustomerQuery) => Stream.Stream<Customer, ListError>
    /** Finds all customers with a reference. */
    readonly findByReference: (reference: string) => Effect.Effect<Array<Customer>, ListError>
  }
>()("@palomma-effect/client/Customers") {}
