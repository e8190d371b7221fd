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
 * Which customers to list.
 *
 * @category options
 * @since 0.1.0
 */
export interface CustomerQuery extends PageQuery {
  /** Only those registered with this reference. */
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
    /** Registers a customer. Registering one twice makes two: Palomma does not require anything to be unique. */
    readonly create: (customer: CreateCustomer, options?: CreateOptions) => Effect.Effect<Customer, CreateError>
    /** Fetches one customer. */
    readonly get: (id: CustomerId) => Effect.Effect<Customer, GetError>
    /** Fetches one page of customers. */
    readonly list: (query?: CustomerQuery) => Effect.Effect<Page<Customer>, ListError>
    /** All customers, fetched as they are pulled. */
    readonly stream: (query?: CustomerQuery) => Stream.Stream<Customer, ListError>
    /** All customers registered with a reference. */
    readonly findByReference: (reference: string) => Effect.Effect<Array<Customer>, ListError>
  }
>()("@palomma-effect/client/Customers") {}
