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

/** The number of the request that is being handled, if it came through a door. */
export const RequestNumber = Context.Reference<number | undefined>("@palomma-effect/testing/RequestNumber", {
  defaultValue: () => undefined
})

/** A create that Palomma refuses, and why. */
export const refuse = (message: string): Effect.Effect<never, BadRequestBody> =>
  Effect.fail(new BadRequestBody({ message }))

/** The record with an id. */
export const get = <A extends { readonly id: string }>(view: View<A>, id: string): Effect.Effect<A, NotFoundBody> =>
  Effect.suspend(() => {
    const record = view.get(id)
    return record === undefined
      ? Effect.fail(new NotFoundBody({ message: `There is no ${view.noun} ${id}` }))
      : Effect.succeed(record)
  })

/** One page of the records that have every value asked for. */
export const list = Effect.fnUntraced(function* <A extends { readonly id: string }>(
  view: View<A>,
  query: PageQuery & { readonly [key: string]: unknown }
): Effect.fn.Return<Page<A> | HttpServerResponse.HttpServerResponse> {
  const { cursor, limit, ...others } = query
  const filters = Object.entries(others).filter(([, value]) => value !== undefined)
  const page = pageOf(view, { cursor, limit }, filters, yield* ListFaults, yield* Clock.currentTimeMillis)
  // Palomma documents no 400 of a list, so the contract has none and the answer is written here.
  return page ?? HttpServerResponse.jsonUnsafe({ message: "cursor: is not one of this list" }, { status: 400 })
})

/** A create: it has its time, takes effect in one synchronous step, and is remembered as what its request made. */
export const create = Effect.fnUntraced(function* <A extends { readonly id: string }>(
  world: World,
  make: (now: number) => Effect.Effect<A, BadRequestBody>
): Effect.fn.Return<A, BadRequestBody> {
  const record = yield* make(yield* Clock.currentTimeMillis)
  const number = yield* RequestNumber
  if (number !== undefined) world.createdBy.set(record.id, number)
  return record
})

/** The customer that a body names. */
export const customerOf = (
  world: World,
  body: { readonly customerId: CustomerId }
): Effect.Effect<Customer, BadRequestBody> => {
  const customer = world.customers.get(body.customerId)
  return customer === undefined
    ? refuse(`customerId: there is no customer ${body.customerId}`)
    : Effect.succeed(customer)
}

/** The merchant account that a field names, or the one that every merchant has. */
export const accountOf = (
  world: World,
  field: string,
  id: MerchantAccountId = MerchantAccountId.make("default")
): Effect.Effect<MerchantAccountId, BadRequestBody> =>
  world.merchantAccounts.get(id) === undefined
    ? refuse(`${field}: there is no merchant account ${id}`)
    : Effect.succeed(id)

/** Makes the check of a body by the merchant's own rules, which are stricter than the contract. */
export const conforms = <A>(schema: Schema.Codec<A, unknown>): ((body: A) => Effect.Effect<void, BadRequestBody>) => {
  const decode = SchemaParser.decodeUnknownResult(Schema.toType(schema))
  return (body) => {
    const decoded = decode(body)
    if (Result.isSuccess(decoded)) return Effect.void
    return refuse(
      inputProblems(decoded.failure)
        .map(({ field, rule }) => `${field}: ${rule}`)
        .join("; ")
    )
  }
}
