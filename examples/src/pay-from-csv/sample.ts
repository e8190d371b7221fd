/**
 * Makes a file of invented payouts to accounts that it registers.
 */
import { Customers, PayoutTargets } from "@palomma-effect/client"
import { Effect, Random } from "effect"
import { existsSync, writeFileSync } from "node:fs"
import * as Screen from "../support/screen.ts"
import { toCsvLine } from "./csv.ts"
import { columns, NoFile } from "./payments.ts"

const first = ["Ana María", "Luis", "Camila", "José", "Valentina", "Andrés", "Íngrid", "Juan Pablo", "Ñusta", "Sofía"]
const last = ["Rojas", "García", "Muñoz", "Peña", "Restrepo", "Ospina", "Córdoba", "Zuluaga", "Ruiz", "Ibáñez"]

const pick = <A>(values: ReadonlyArray<A>) =>
  Effect.map(Random.nextIntBetween(0, values.length, { halfOpen: true }), (i) => values[i] as A)

const digits = (length: number) =>
  Effect.map(Effect.all(Array.from({ length }, () => pick(Array.from("0123456789")))), (all) => all.join(""))

const invented = Effect.gen(function* () {
  return {
    name: `${yield* pick(first)} ${yield* pick(last)}`,
    documentNumber: `1${yield* digits(9)}`,
    mobile: `3${yield* digits(9)}`,
    amount: yield* Random.nextIntBetween(20_000, 4_000_000)
  }
})

/** Makes a file with this number of lines. The same seed gives the same people, amounts and references. */
export const sample = Effect.fnUntraced(function* (lines: number, seed: string | number) {
  const customers = yield* Customers
  const payoutTargets = yield* PayoutTargets
  const people = yield* Effect.all(Array.from({ length: lines }, () => invented)).pipe(Random.withSeed(seed))
  const rows = yield* Effect.forEach(
    people,
    Effect.fnUntraced(function* ({ amount, documentNumber, mobile, name }, i) {
      const { id: customerId } = yield* customers.create({
        name,
        documentType: "cc",
        documentNumber,
        email: `persona${i + 1}@example.com`,
        phoneNumber: mobile
      })
      const { id } = yield* payoutTargets.create({
        customerId,
        type: "bankAccount",
        bankAccount: { bank: "nequi", accountType: "savings", accountNumber: mobile },
        redirectUrl: "https://example.com/thanks"
      })
      return toCsvLine([`nomina-2026-11-${String(i + 1).padStart(4, "0")}`, id, String(amount)])
    }),
    { concurrency: 4 }
  )
  return [columns.join(","), ...rows, ""].join("\n")
})

/** Writes such a file, and never over another one, which may be one that is being paid. */
export const writeSample = Effect.fnUntraced(function* (file: string, lines: number) {
  if (existsSync(file)) return yield* new NoFile({ message: `${file} already exists.` })
  const text = yield* sample(lines, "palomma")
  yield* Effect.try({
    try: () => writeFileSync(file, text, { flag: "wx" }),
    catch: () => new NoFile({ message: `${file} cannot be written.` })
  })
  yield* Screen.done("written", file, `Now run: pay ${file}`)
})
