/**
 * Each code has a Spanish text, with the same parameters as the English rule.
 */
import { assert, describe, it } from "@effect/vitest"
import { Spanish, type InputProblem, type ProblemParameters } from "@palomma-effect/schema"
import { readFileSync } from "node:fs"
import { join } from "node:path"

const source = readFileSync(join(import.meta.dirname, "../src/InputProblem.ts"), "utf8")
const [documentation = ""] = source.split("*/\n")
const codes = [...documentation.matchAll(/^ \* \| (`.*`) +\|/gm)].flatMap(([, cell = ""]) =>
  cell.replaceAll("`", "").split(", ")
)
const problem = (code: string, parameters?: ProblemParameters): InputProblem =>
  parameters === undefined ? { field: "f", code, rule: "r" } : { field: "f", code, rule: "r", parameters }

describe("the texts in Spanish", () => {
  it("are those of all documented codes, and of no others", () => {
    assert.deepStrictEqual(Object.keys(Spanish.texts).sort(), [...new Set(codes)].sort())
  })

  it("are one line of Spanish each, with and without parameters", () => {
    for (const code of codes) {
      for (const parameters of [undefined, {}, { above: 1, atMost: 2, list: "x", suggestion: "y", values: ["z"] }]) {
        const text = Spanish.text(problem(code, parameters))
        assert.match(text, /^(?:debe|no|es|ya) [^\n]+$/)
        assert.notMatch(text, /undefined|NaN|\[object|must/)
      }
    }
  })

  it("have one word for each thing, and say usted", () => {
    const wrong = /\b(?:clave|monto|importe|teléfono|móvil|cédula de ciudadanía|tus?|quisiste|puedes)\b/i
    for (const code of codes) assert.notMatch(Spanish.text(problem(code)), wrong)
    assert.match(Spanish.text(problem("secret")), /^debe ser una llave /)
    assert.match(Spanish.text(problem("amount-text")), /^debe ser un valor en pesos enteros, sin centavos/)
    assert.match(Spanish.text(problem("mobile-number")), /celular/)
    assert.match(Spanish.text(problem("nit")), /dígito de verificación/)
  })

  it("have the parameters of the rule", () => {
    const amount = "debe ser un valor en pesos enteros, sin centavos: más de $ 1.000"
    assert.strictEqual(
      Spanish.text(problem("amount", { above: 1_000, atMost: 5_000_000 })),
      `${amount} y máximo $ 5.000.000`
    )
    assert.strictEqual(Spanish.text(problem("amount", { above: 1_000 })), amount)
    for (const [list, kind] of [
      ["PayoutBank", "un banco al que Palomma paga"],
      ["PseBank", "un banco con PSE"],
      ["DirectDebitBank", "un banco cuyas cuentas Palomma puede debitar"],
      ["OtherBank", "un banco de la lista"]
    ] as const) {
      assert.strictEqual(Spanish.text(problem("bank", { list })), `debe ser ${kind}`)
      const meant = `debe ser ${kind}; ¿quiso decir "nequi"?`
      assert.strictEqual(Spanish.text(problem("bank", { list, suggestion: "nequi" })), meant)
    }
    assert.strictEqual(Spanish.text(problem("one-of", { values: ["a", "b"] })), "debe ser uno de estos valores: a, b")
    assert.strictEqual(Spanish.text(problem("type", { values: ["a", "b"] })), "debe ser de uno de estos tipos: a, b")
    assert.strictEqual(Spanish.text(problem("page-limit")), "debe ser un número entero de 1 a 100")
    assert.strictEqual(Spanish.text(problem("reference-length")), "debe tener máximo 200 caracteres")
  })

  it("say of an unknown code that the value is invalid", () => {
    for (const code of ["a-new-code", "constructor", "toString", ""]) {
      assert.strictEqual(Spanish.text(problem(code)), Spanish.texts["value"])
    }
  })
})
