/**
 * An invented file, the same for the same seed.
 */
import { PayoutBank } from "@palomma-effect/schema"
import { Effect, Random } from "effect"
import { toCsvLine } from "./csv.ts"
import { columns } from "./payments.ts"

const first = ["Ana María", "Luis", "Camila", "José", "Valentina", "Andrés", "Íngrid", "Juan Pablo", "Ñusta", "Sofía"]
const last = ["Rojas", "García", "Muñoz", "Peña", "Restrepo", "Ospina", "Córdoba", "Zuluaga", "Ruiz", "Ibáñez"]

const pick = <A>(values: ReadonlyArray<A>) =>
  Effect.map(Random.nextIntBetween(0, values.length, { halfOpen: true }), (i) => values[i] as A)

const digits = (length: number) =>
  Effect.map(Effect.all(Array.from({ length }, () => pick([..."0123456789"]))), (all) => all.join(""))

const line = (i: number) =>
  Effect.gen(function* () {
    const bank = yield* pick(PayoutBank.values)
    const mobile = `3${yield* digits(9)}`
    // Who has a wallet has it under the number of the mobile.
    const isWallet = bank === "nequi" || bank === "daviplata"
    const fields: Record<(typeof columns)[number], string> = {
      reference: `nomina-2026-11-${String(i + 1).padStart(4, "0")}`,
      name: `${yield* pick(first)} ${yield* pick(last)}`,
      documentType: "cc",
      documentNumber: `1${yield* digits(9)}`,
      email: `persona${i + 1}@example.com`,
      phoneNumber: mobile,
      bank,
      accountType: isWallet ? "savings" : yield* pick(["savings", "checking"]),
      accountNumber: isWallet ? mobile : yield* digits(11),
      amount: String(yield* Random.nextIntBetween(20_000, 4_000_000))
    }
    return toCsvLine(columns.map((column) => fields[column]))
  })

/** A file of as many lines. */
export const sample = (lines: number, seed: string | number) =>
  Effect.forEach(Array.from({ length: lines }), (_, i) => line(i)).pipe(
    Effect.map((all) => [columns.join(","), ...all, ""].join("\n")),
    Random.withSeed(seed)
  )
