/**
 * What the types of forms must let libraries of forms and the client infer. It is compiled and never run.
 */
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema"
import {
  Customers,
  PayinLinks,
  PayinRequests,
  Payins,
  PayinSources,
  PayoutRequests,
  Payouts,
  PayoutTargets
} from "@palomma-effect/client"
import {
  type CreateCustomer,
  type CreatePayinLink,
  type CreatePayoutTarget,
  type CustomerTexts,
  Form,
  type PayinLinkTexts,
  type PayoutIntent,
  type PayoutTargetTexts,
  type PayoutTexts,
  Spanish,
  standardSchema,
  type Unrecognized
} from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { StandardSchemaV1 } from "effect/StandardSchema"
import { useForm } from "react-hook-form"
import { expectTypeOf } from "vitest"

const nit = "without-check-digit"
const customer = standardSchema(Form.customer({ nit }), Spanish.text)
const payoutTarget = standardSchema(Form.payoutTarget(), Spanish.text)
const payinLink = standardSchema(Form.payinLink(), (problem) => problem.rule)

// The input and the output of a Standard Schema.
expectTypeOf<StandardSchemaV1.InferInput<typeof customer>>().toEqualTypeOf<CustomerTexts>()
expectTypeOf<StandardSchemaV1.InferOutput<typeof customer>>().toEqualTypeOf<CreateCustomer>()
expectTypeOf<StandardSchemaV1.InferInput<typeof payoutTarget>>().toEqualTypeOf<PayoutTargetTexts>()
expectTypeOf<StandardSchemaV1.InferOutput<typeof payoutTarget>>().toEqualTypeOf<CreatePayoutTarget>()

// react-hook-form infers them, with the names of nested fields and lists.
export const Component = () => {
  const target = useForm({ resolver: standardSchemaResolver(payoutTarget) })
  target.register("bankAccount.accountNumber")
  // @ts-expect-error: no such field
  target.register("bankAccount.iban")
  target.handleSubmit((values) => expectTypeOf(values).toEqualTypeOf<CreatePayoutTarget>())
  expectTypeOf(target.getValues()).toEqualTypeOf<PayoutTargetTexts>()

  const link = useForm<PayinLinkTexts, unknown, CreatePayinLink>({ resolver: standardSchemaResolver(payinLink) })
  link.register("availableTypes.0")
  link.register("card.cardNumber")
  link.setValue("availableTypes", ["pse"])
  link.handleSubmit((values) => expectTypeOf(values).toEqualTypeOf<CreatePayinLink>())

  // @ts-expect-error: the values of another form
  useForm<PayoutTexts, unknown, CreatePayinLink>({ resolver: standardSchemaResolver(payinLink) })
}

// The value of a form is the input of the client, without a cast.
export const calls = Effect.gen(function* () {
  const texts: unknown = {}
  yield* (yield* Customers).create(yield* Schema.decodeUnknownEffect(Form.customer({ nit }))(texts))
  yield* (yield* PayoutTargets).create(yield* Schema.decodeUnknownEffect(Form.payoutTarget())(texts))
  yield* (yield* PayinSources).create(yield* Schema.decodeUnknownEffect(Form.payinSource())(texts))
  yield* (yield* PayinLinks).create(yield* Schema.decodeUnknownEffect(Form.payinLink())(texts))
  yield* (yield* PayoutRequests).create(yield* Schema.decodeUnknownEffect(Form.payoutRequest())(texts))
  yield* (yield* PayinRequests).create(yield* Schema.decodeUnknownEffect(Form.payinRequest())(texts))
  yield* (yield* Payouts).send(yield* Schema.decodeUnknownEffect(Form.payoutIntent())(texts))
  yield* (yield* Payins).charge(yield* Schema.decodeUnknownEffect(Form.payinIntent())(texts))
})

// A request may go without a reference, and a transfer may not.
const request = Schema.decodeSync(Form.payoutRequest())({ payoutTargetId: "t", amount: "50000" })
// @ts-expect-error: the reference may be absent
export const noIntent: PayoutIntent = request

// An enum stays open.
const { documentType } = Schema.decodeSync(Form.customer({ nit }))({
  name: "Ana",
  documentType: "cc",
  documentNumber: "1020304050",
  email: "ana@example.com",
  phoneNumber: "3013111111"
})
expectTypeOf(documentType).toEqualTypeOf<"cc" | "ce" | "nit" | Unrecognized>()
// @ts-expect-error: no such type of document
export const misspelt = documentType === "cedula"

// A text is needed where a person types one.
// @ts-expect-error: an amount of a form is text
Schema.decodeSync(Form.payoutRequest())({ payoutTargetId: "t", amount: 50_000 })
// @ts-expect-error: how the request writes a NIT has no default
Form.customer()
