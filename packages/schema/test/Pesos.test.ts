import { assert, describe, it } from "@effect/vitest"
import { Pesos } from "@palomma-effect/schema"
import * as Option from "effect/Option"
import * as fc from "fast-check"

describe("Pesos.format", () => {
  it.each([
    [0, "$ 0 COP"],
    [1, "$ 1 COP"],
    [999, "$ 999 COP"],
    [1_000, "$ 1.000 COP"],
    [50_000, "$ 50.000 COP"],
    [1_234_567, "$ 1.234.567 COP"],
    [-5_000, "$ -5.000 COP"],
    [-0, "$ 0 COP"],
    [1_234.5, "$ 1.234,5 COP"]
  ])("writes %d as %s", (pesos, text) => {
    assert.strictEqual(Pesos.format(pesos), text)
  })

  it("groups the digits of every whole number by three and loses none", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (pesos) => {
        const text = Pesos.group(pesos)
        assert.match(text, /^-?\d{1,3}(\.\d{3})*$/)
        assert.strictEqual(Number(text.replaceAll(".", "")), pesos + 0)
      })
    )
  })
})

describe("the text of an amount", () => {
  const amounts = fc.oneof(fc.maxSafeNat(), fc.integer({ min: 0, max: 5_000_000 }))
  const grouped = (pesos: number, mark: string): string => String(pesos).replace(/\B(?=(?:\d{3})+$)/g, mark)
  const affix = fc.constantFrom(
    (figure: string) => figure,
    (figure: string) => `$${figure}`,
    (figure: string) => ` $ ${figure} `,
    (figure: string) => `$\u00a0${figure} COP`,
    (figure: string) => `COP ${figure}`,
    (figure: string) => `COP$ ${figure}`,
    (figure: string) => `${figure} cop`,
    (figure: string) => `${figure} pesos`
  )

  it("is read as Pesos.format writes it", () => {
    fc.assert(
      fc.property(amounts, (pesos) => assert.deepStrictEqual(Pesos.normalize(Pesos.format(pesos)), Option.some(pesos)))
    )
  })

  it("is read in every form that has one meaning", () => {
    fc.assert(
      fc.property(amounts, affix, (pesos, affix) => {
        const written = [String(pesos), grouped(pesos, "."), grouped(pesos, ","), grouped(pesos, " ")]
        if (pesos >= 1_000) {
          written.push(`${pesos},00`, `${pesos}.00`, `${grouped(pesos, ".")},00`, `${grouped(pesos, ",")}.00`)
        }
        for (const figure of written) assert.deepStrictEqual(Pesos.normalize(affix(figure)), Option.some(pesos), figure)
      })
    )
    assert.deepStrictEqual(Pesos.normalize("1'234.567"), Option.some(1_234_567))
  })

  it("is not read if it has cents, another meaning, or another currency", () => {
    for (const text of [
      "",
      "$",
      "COP",
      "50.00",
      "50,00",
      "500,00",
      "1.5",
      "1,5",
      "1.50",
      "1.5000",
      "0.500",
      "0,500",
      "00",
      "050",
      "050.000",
      "50.000,50",
      "50,000.50",
      "50000.5",
      "50000.0",
      "50.000,0",
      "50.000,000",
      "50,000,00",
      "50.000.00",
      "1.000,000",
      "1,000.000",
      "1.00.000",
      "1000.000",
      "50 00",
      "1 000.000",
      "-50000",
      "+50000",
      "5e4",
      "50k",
      "50 mil",
      "1,5 millones",
      "0x10",
      "US$ 50.000",
      "USD 50.000",
      "50.000 USD",
      "$ 50.000 50.000",
      "$$ 50.000",
      "50_000",
      "Infinity",
      "NaN",
      "9007199254740992",
      "\u0665\u0660\u0660\u0660\u0660",
      "cincuenta mil"
    ]) {
      assert.deepStrictEqual(Pesos.normalize(text), Option.none(), text)
    }
  })

  it("is never read as a fraction, and never as another number than its digits say", () => {
    const texts = fc.string({ unit: fc.constantFrom(..."0123456789.,' $COP-e"), maxLength: 14 })
    fc.assert(
      fc.property(texts, (text) => {
        const read = Pesos.normalize(text)
        if (Option.isNone(read)) return
        assert.isTrue(Number.isSafeInteger(read.value))
        const digits = text.replace(/\D/g, "")
        assert.include([digits, digits.replace(/00$/, "")], String(read.value))
        assert.deepStrictEqual(Pesos.normalize(String(read.value)), read)
      }),
      { numRuns: 5_000 }
    )
  })
})
