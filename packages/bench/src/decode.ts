/**
 * Measures decoding answers and checking bodies, in comparison with zod.
 */
import { CreatePayoutRequest, Drift, Page, PayoutRequest } from "@palomma-effect/schema"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as z from "zod"
import { createBody, page, payout } from "./fixtures.ts"
import { compare, type Effort, type Table } from "./measure.ts"
import { plain } from "./subjects.ts"

// The same with zod: an unreadable optional field counts as absent, `null` is removed, and the result is an instance of
// a class.
const optional = <S extends z.ZodType>(schema: S) => schema.nullish().catch(undefined)

class Model {
  readonly [name: string]: unknown

  constructor(fields: object) {
    for (const [name, value] of Object.entries(fields)) {
      if (value !== null && value !== undefined) Reflect.set(this, name, value)
    }
  }
}
class ZodCustomerDetails extends Model {}
class ZodPayoutTargetDetails extends Model {}
class ZodPayoutRequest extends Model {}

const zodPayout = z
  .object({
    id: z.string().min(1),
    status: z.string(),
    payoutTargetId: z.string().min(1),
    amount: z.number(),
    amountSent: optional(z.number()),
    fee: optional(z.number()),
    reference: optional(z.string()),
    customerId: optional(z.string().min(1)),
    customerDetails: optional(
      z
        .object({
          reference: optional(z.string()),
          name: optional(z.string()),
          documentType: optional(z.string()),
          documentNumber: optional(z.string()),
          email: optional(z.string()),
          phoneNumber: optional(z.string())
        })
        .transform((fields) => new ZodCustomerDetails(fields))
    ),
    payoutTargetDetails: optional(
      z
        .object({ reference: optional(z.string()), description: optional(z.string()), type: optional(z.string()) })
        .transform((fields) => new ZodPayoutTargetDetails(fields))
    ),
    statusMessage: optional(z.string()),
    sourceMerchantAccountId: optional(z.string().min(1)),
    createdAt: optional(z.string()),
    updatedAt: optional(z.string())
  })
  .transform((fields) => new ZodPayoutRequest(fields))

const zodPage = z.object({ items: z.array(zodPayout), cursor: z.string().nullish(), count: optional(z.number()) })

const zodCreate = z.strictObject({
  payoutTargetId: z.string().min(1),
  amount: z.number().int().gt(1_000).lte(5_000_000),
  reference: z.string().min(1).optional(),
  sourceMerchantAccountId: z.string().min(1).optional()
})

const readByZod = (schema: z.ZodType, raw: unknown) => () => {
  if (!schema.safeParse(raw).success) throw new Error("zod rejects it")
}

const readByPalomma = <A>(schema: Schema.Codec<A, unknown>, raw: unknown) => {
  const decode = Drift.decoder(schema)
  const onDrift = () => {
    throw new Error("the payout is as documented, but drift was reported")
  }
  return () => {
    if (Result.isFailure(decode(raw, onDrift))) throw new Error("the schema rejects it")
  }
}

/** Measures decoding an answer. */
export const decode = async (effort: Effort): Promise<ReadonlyArray<Table>> => [
  {
    title: "decode a payout",
    goal: { subject: "palomma-effect", most: 1.5 },
    rows: await compare(
      [
        plain("zod, the same job", readByZod(zodPayout, payout())),
        plain("palomma-effect", readByPalomma(PayoutRequest, payout()))
      ],
      effort
    )
  },
  {
    title: "decode a page of 20 payouts",
    goal: { subject: "palomma-effect", most: 1.5 },
    rows: await compare(
      [
        plain("zod, the same job", readByZod(zodPage, page())),
        plain("palomma-effect", readByPalomma(Page(PayoutRequest), page()))
      ],
      effort
    )
  }
]

/** Measures checking the body of a create. */
export const validate = async (effort: Effort): Promise<ReadonlyArray<Table>> => {
  const check = Schema.decodeUnknownResult(Schema.toType(CreatePayoutRequest), {
    errors: "all",
    onExcessProperty: "error"
  })
  return [
    {
      title: "check the body of a create",
      rows: await compare(
        [
          plain("zod", readByZod(zodCreate, createBody)),
          plain("palomma-effect", () => {
            if (Result.isFailure(check(createBody))) throw new Error("the schema rejects it")
          })
        ],
        effort
      )
    }
  ]
}
