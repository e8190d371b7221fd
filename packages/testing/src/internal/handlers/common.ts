/**
 * What the handlers of all records share: reject, get, list and create.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import type { Customer } from "@palomma-effect/schema/Customer"
import { BadRequestBody, NotFoundBody } from "@palomma-effect/schema/ErrorBody"
import { type CustomerId, MerchantAccountId } from "@palomma-effect/schema/Id"
import { inputProblems } from "@palomma-effect/schema/InputProblem"
import type { Page, PageQuery } from "@palomma-effect/schema/Page"
import { ListFaults, pageOf } from "./pages.ts"
import type { View } from "../state/table.ts"
import type { World } from "../state/world.ts"

/** The number of the request that is being handled. `undefined` for a control. */
export const RequestNumber = Context.Reference<number | undefined>("@palomma-effect/testing/RequestNumber", {
  defaultValue: () => undefined
})

/** Rejects a create with a 400. */
export const reject = (message: string): Effect.Effect<never, BadRequestBody> =>
  Effect.fail(new BadRequestBody({ message }))

/** Finds a record by its id, or responds with 404. */
export const get = <A extends { readonly id: string }>(view: View<A>, id: string): Effect.Effect<A, NotFoundBody> =>
  Effect.suspend(() => {
    const record = view.get(id)
    return record === undefined
      ? Effect.fail(new NotFoundBody({ message: `There is no ${view.noun} ${id}` }))
      : Effect.succeed(record)
  })

/** Reads one page of the records that match all filters. */
export const list = Effect.fnUntraced(function* <A extends { readonly id: string }>(
  view: View<A>,
  query: PageQuery & { readonly [key: string]: unknown }
): Effect.fn.Return<Page<A> | HttpServerResponse.HttpServerResponse> {
  const { cursor, limit, ...others } = query
  const filters = Object.entries(others).filter(([, value]) => value !== undefined)
  const page = pageOf(view, { cursor, limit }, filters, yield* ListFaults, yield* Clock.currentTimeMillis)
  // Palomma documents no 400 of a list, so the contract has none and this response is written by hand.
  return page ?? HttpServerResponse.jsonUnsafe({ message: "cursor: does not belong to this list" }, { status: 400 })
})

/** Creates a record in one synchronous step, and stores which request created it. */
export const create = Effect.fnUntraced(function* <A extends { readonly id: string }>(
  world: World,
  make: (now: number) => Effect.Effect<A, BadRequestBody>
): Effect.fn.Return<A, BadRequestBody> {
  const record = yield* make(yield* Clock.currentTimeMillis)
  const number = yield* RequestNumber
  if (number !== undefined) world.createdBy.set(record.id, number)
  return record
})

/** Finds the customer of a body, or rejects the request. */
export const customerOf = (
  world: World,
  body: { readonly customerId: CustomerId }
): Effect.Effect<Customer, BadRequestBody> => {
  const customer = world.customers.get(body.customerId)
  return customer === undefined
    ? reject(`customerId: there is no customer ${body.customerId}`)
    : Effect.succeed(customer)
}

/** Finds a merchant account, by default `default`, or rejects the request. */
export const accountOf = (
  world: World,
  field: string,
  id: MerchantAccountId = MerchantAccountId.make("default")
): Effect.Effect<MerchantAccountId, BadRequestBody> =>
  world.merchantAccounts.get(id) === undefined
    ? reject(`${field}: there is no merchant account ${id}`)
    : Effect.succeed(id)

/** Makes a validator of bodies by the merchant's own rules, which are stricter than the contract. */
export const conforms = <A>(schema: Schema.Codec<A, unknown>): ((body: A) => Effect.Effect<void, BadRequestBody>) => {
  const decode = SchemaParser.decodeUnknownResult(Schema.toType(schema))
  return (body) => {
    const decoded = decode(body)
    if (Result.isSuccess(decoded)) return Effect.void
    return reject(
      inputProblems(decoded.failure)
        .map(({ field, rule }) => `${field}: ${rule}`)
        .join("; ")
    )
  }
}
