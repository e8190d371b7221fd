import { assert, describe, it } from "@effect/vitest"
import { Pesos } from "@palomma-effect/schema"
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
