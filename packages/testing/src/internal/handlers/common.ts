import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import type { Customer } from "@palomma-effect/schema/Customer"
import { BadRequestBody, NotFoundBody } from "@palomma-effect/schema/ErrorBody"
import { type CustomerId, MerchantAccountId } from "@palomma-effect/schema/Id"
import { inputProblems } from "@palomma-effect/schema/InputProblem"
import type { Page, PageQuery } from "@palomma-effect/schema/Page"
import type { View } from "../table.ts"
import type { World } from "../world.ts"

/** How far lists lag behind what was created, while one request is handled. */
export const ListLag = Context.Reference<Duration.Duration>("@palomma-effect/testing/ListLag", {
  defaultValue: () => Duration.zero
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

const defaultLimit = 20

// A cursor is opaque: it names the list and the last record that was seen of it.
const cursorAfter = (list: string, id: string): string => Hex.encode(`${list}/${id}`)

const isAfter = (list: string, cursor: string): ((row: { readonly record: { readonly id: string } }) => boolean) => {
  const decoded = Hex.decodeString(cursor)
  const name = Result.isSuccess(decoded) ? decoded.success : ""
  return ({ record }) => name === `${list}/${record.id}`
}

/** One page of the records that have every value asked for; some of these values a record does not show itself. */
export const list = Effect.fnUntraced(function* <A extends { readonly id: string }>(
  view: View<A>,
  query: PageQuery & { readonly [key: string]: unknown },
  hidden: (record: A) => Readonly<Record<string, unknown>> = () => ({})
): Effect.fn.Return<Page<A> | HttpServerResponse.HttpServerResponse> {
  const { cursor, limit = defaultLimit, ...filters } = query
  const now = yield* Clock.currentTimeMillis
  const lag = yield* ListLag
  const rows = view.rows()
  const before = cursor === undefined ? -1 : rows.findIndex(isAfter(view.noun, cursor))
  // Palomma documents no 400 of a list, so the contract has none and the answer is written here.
  if (cursor !== undefined && before === -1) {
    return HttpServerResponse.jsonUnsafe({ message: "cursor: is not one of this list" }, { status: 400 })
  }
  const wanted = Object.entries(filters).filter(([, value]) => value !== undefined)
  const valueOf = (record: A, key: string): unknown => (key in record ? record[key as keyof A] : hidden(record)[key])
  const found = rows
    .slice(before + 1)
    .filter(({ at, record }) => {
      const isSeen = at <= now - Duration.toMillis(lag)
      return isSeen && wanted.every(([key, value]) => valueOf(record, key) === value)
    })
    .map(({ record }) => record)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const more = last !== undefined && found.length > limit
  return { items, cursor: more ? cursorAfter(view.noun, last.id) : null, count: items.length }
})

/** A create: it has its time, and takes effect in one synchronous step. */
export const create = <A>(make: (now: number) => Effect.Effect<A, BadRequestBody>): Effect.Effect<A, BadRequestBody> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.suspend(() => make(now)))

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
