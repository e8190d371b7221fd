import { assert, describe, it } from "@effect/vitest"
import { MobileNumber } from "@palomma-effect/schema"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"

const numbers = fc.integer({ min: 3_000_000_000, max: 3_999_999_999 }).map(String)

describe("a mobile number", () => {
  it("is ten digits that begin with 3", () => {
    fc.assert(fc.property(numbers, (number) => assert.strictEqual(Schema.decodeSync(MobileNumber)(number), number)))
    for (const other of [
      "",
      "301311111",
      "30131111111",
      "6013111111",
      "301 311 1111",
      "+573013111111",
      "3013111111\n"
    ]) {
      assert.throws(() => Schema.decodeSync(MobileNumber)(other), /must be a Colombian mobile number/)
    }
    assert.throws(() => Schema.decodeUnknownSync(MobileNumber)(3_013_111_111), /must be a Colombian mobile number/)
  })

  it("is read in every form in which people write it", () => {
    const prefix = fc.constantFrom("", "+57", "57", "0057", "+57 ", "(+57) ")
    const gap = fc.constantFrom("", " ", "-", ".", "\u00a0")
    fc.assert(
      fc.property(numbers, prefix, gap, gap, (number, before, first, second) => {
        const written = `${before}${number.slice(0, 3)}${first}${number.slice(3, 6)}${second}${number.slice(6)}`
        assert.deepStrictEqual(MobileNumber.normalize(written), Option.some(Schema.decodeSync(MobileNumber)(number)))
      })
    )
  })

  it("is not read from other text", () => {
    for (const text of [
      "",
      "601 311 1111",
      "301311111",
      "+58 301 311 1111",
      "30131111111",
      "57301311111",
      "abc",
      "3O13111111"
    ]) {
      assert.isTrue(Option.isNone(MobileNumber.normalize(text)), text)
    }
  })

  it("stays the same when it is normalised again", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = MobileNumber.normalize(text)
        assert.deepStrictEqual(Option.flatMap(once, MobileNumber.normalize), once)
      })
    )
  })
})
