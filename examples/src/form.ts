/**
 * A form: the texts that a person typed become a valid request, or problems in Spanish beside their fields.
 *
 * It needs no key and no network, so the same check can run in a browser and again on the server.
 */
import { Form, inputProblems, Pesos, Spanish } from "@palomma-effect/schema"
import { Effect, Result, Schema } from "effect"
import { runOffline } from "./support/run.ts"
import * as Screen from "./support/screen.ts"

// A schema is made once. Ask Palomma how it expects a NIT.
const decodeCustomer = Schema.decodeUnknownEffect(Form.customer({ nit: "without-check-digit" }), { errors: "all" })
const decodePayout = Schema.decodeUnknownEffect(Form.payoutIntent(), { errors: "all" })

/** The problems of a form in Spanish, by field. They never contain what the person typed. */
const beside = (error: Schema.SchemaError): ReadonlyArray<readonly [field: string, text: string]> =>
  inputProblems(error.issue).map((problem) => [problem.field, Spanish.text(problem)])

const firstTry = {
  name: "Comercial Rojas S.A.S.",
  documentType: "nit",
  documentNumber: "890.903.983-8", // two digits in the wrong order
  email: "pagos@rojas",
  phoneNumber: "601 311 1111",
  reference: "" // a field that was left empty
}

const corrected = {
  ...firstTry,
  documentNumber: "890.903.938-8",
  email: "pagos@rojas.example",
  phoneNumber: "+57 301 311 1111"
}

const program = Effect.gen(function* () {
  yield* Screen.title("What a person typed")
  for (const [field, text] of beside(yield* Effect.flip(decodeCustomer(firstTry))))
    yield* Screen.todo(field.padEnd(16), text)

  yield* Screen.title("Corrected: the input of Customers.create")
  const customer = yield* decodeCustomer(corrected)
  yield* Screen.done("document", customer.documentNumber)
  yield* Screen.done("phone", customer.phoneNumber)

  yield* Screen.title("An amount")
  const payout = { reference: "salary-2026-11-ana", payoutTargetId: "01HPR8S7YF43PV3QV16TZDC80P" }
  for (const amount of ["50.00", "1.000", "$ 50.000"]) {
    const read = yield* Effect.result(decodePayout({ ...payout, amount }))
    if (Result.isSuccess(read)) yield* Screen.done(amount, Pesos.format(read.success.amount))
    else for (const [, text] of beside(read.failure)) yield* Screen.todo(amount, text)
  }
})

runOffline(Effect.orDie(program))
