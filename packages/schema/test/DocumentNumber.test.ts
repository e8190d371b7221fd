/**
 * Numbers of documents as people write them, and the check digit of a NIT.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cedula, DocumentNumber, Nit, type NitForm, unrecognized } from "@palomma-effect/schema"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"

const forms: ReadonlyArray<NitForm> = ["without-check-digit", "with-check-digit", "hyphenated"]

const cedulas = fc.integer({ min: 100, max: 9_999_999_999 }).map(String)
/** The number of a company: nine digits that begin with 8 or 9. */
const companies = fc.integer({ min: 800_000_000, max: 999_999_999 }).map(String)
const persons = fc.integer({ min: 1_000_000_000, max: 1_999_999_999 }).map(String)
/** Numbers of 6 to 9 digits. Those of nine digits do not begin with 1. */
const people = fc.oneof(
  fc.integer({ min: 100_000, max: 99_999_999 }),
  fc.integer({ min: 200_000_000, max: 999_999_999 })
)
const numbers = fc.oneof(companies, persons, people.map(String))

const grouped = (digits: string, mark: string): string => digits.replace(/\B(?=(?:\d{3})+$)/g, mark)
const blank = fc.constantFrom("", " ", "\u00a0", "\u202c", "\t")
const mark = fc.constantFrom("", ".", ",", " ", "'", "\u2019")

const digitOf = (digits: string): number => Option.getOrThrow(Nit.checkDigit(digits))
const nitOf = (digits: string): Nit => Schema.decodeSync(Nit)(`${digits}-${digitOf(digits)}`)

/** Whether nine digits are also a person's number of eight digits with its check digit. */
const hasTwoMeanings = (digits: string): boolean => digitOf(digits.slice(0, 8)) === Number(digits.slice(8))

/** Whether two numbers have the same check digit only because 1 stands for two remainders. */
const mayHide = (digits: string): boolean => digitOf(digits) === 1

describe("the number of a cédula", () => {
  it("is read in every form in which people write it", () => {
    fc.assert(
      fc.property(cedulas, mark, blank, blank, (digits, mark, before, after) => {
        const written = `${before}${grouped(digits, mark)}${after}`
        assert.deepStrictEqual(Cedula.normalize(written), Option.some(Schema.decodeSync(Cedula)(digits)))
      })
    )
  })

  it("is not read from other text", () => {
    for (const text of [
      "",
      "12",
      "0102030",
      "12345678901",
      "1.02.304.050",
      "1020.304.050",
      ".102",
      "1020304050.0",
      "1.02E+09",
      "-1020304050",
      "CC 1020304050",
      "10203O4050",
      "\u0661\u0662\u0663\u0664"
    ]) {
      assert.deepStrictEqual(Cedula.normalize(text), Option.none(), text)
    }
  })
})

describe("the check digit of a NIT", () => {
  it("is the one that companies publish", () => {
    for (const nit of ["890903938-8", "860002964-4", "899999068-1", "800197268-4", "860034313-7", "890903407-9"]) {
      assert.deepStrictEqual(Nit.normalize(nit), Option.some(Schema.decodeSync(Nit)(nit)))
    }
  })

  it("is given for 1 to 15 digits", () => {
    assert.deepStrictEqual(Nit.checkDigit("1"), Option.some(8))
    assert.deepStrictEqual(Nit.checkDigit("1".repeat(15)), Option.some(digitOf("1".repeat(15))))
    // The last of 15 weights counts: without it, these two would have the same check digit.
    assert.notStrictEqual(digitOf(`1${"0".repeat(14)}`), digitOf(`0${"0".repeat(14)}`))
    for (const text of ["", "1".repeat(16), "12a", "1.2", "-1"]) {
      assert.deepStrictEqual(Nit.checkDigit(text), Option.none(), text)
    }
  })

  it("shows every single wrong digit that it can", () => {
    fc.assert(
      fc.property(numbers, fc.nat(), fc.integer({ min: 1, max: 9 }), (digits, at, shift) => {
        const i = at % digits.length
        const wrong = `${digits.slice(0, i)}${(Number(digits[i]) + shift) % 10}${digits.slice(i + 1)}`
        fc.pre(!wrong.startsWith("0"))
        if (mayHide(digits) && mayHide(wrong)) return
        assert.deepStrictEqual(Nit.normalize(`${wrong}-${digitOf(digits)}`), Option.none())
      }),
      { numRuns: 1_000 }
    )
  })

  it("shows every pair of neighbouring digits in the wrong order that it can", () => {
    fc.assert(
      fc.property(numbers, fc.nat(), (digits, at) => {
        const i = at % (digits.length - 1)
        const wrong = `${digits.slice(0, i)}${digits[i + 1]}${digits[i]}${digits.slice(i + 2)}`
        fc.pre(wrong !== digits && !wrong.startsWith("0"))
        if (mayHide(digits) && mayHide(wrong)) return
        assert.deepStrictEqual(Nit.normalize(`${wrong}-${digitOf(digits)}`), Option.none())
      }),
      { numRuns: 1_000 }
    )
  })

  it("is refused if it is wrong itself", () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 9 }), (digits, shift) => {
        const wrong = `${digits}-${(digitOf(digits) + shift) % 10}`
        assert.deepStrictEqual(Nit.normalize(wrong), Option.none())
        assert.isFalse(Schema.is(Nit)(wrong))
      })
    )
  })
})

describe("a NIT", () => {
  const hyphen = fc.constantFrom("-", " - ", "\u2013", "\u2014", "\u2212", "\u2011")

  it("is read in every form in which people write it with a hyphen", () => {
    fc.assert(
      fc.property(numbers, mark, hyphen, blank, (digits, mark, hyphen, around) => {
        const written = `${around}${grouped(digits, mark)}${hyphen}${digitOf(digits)}${around}`
        assert.deepStrictEqual(Nit.normalize(written), Option.some(nitOf(digits)))
      })
    )
  })

  it("is read without a hyphen if it has one meaning", () => {
    fc.assert(
      fc.property(companies, persons, mark, (company, person, mark) => {
        const nit = Option.some(nitOf(company))
        const short = Nit.normalize(grouped(company, mark))
        assert.deepStrictEqual(short, hasTwoMeanings(company) ? Option.none() : nit)
        assert.deepStrictEqual(Nit.normalize(`${company}${digitOf(company)}`), nit)
        assert.deepStrictEqual(Nit.normalize(`${company} ${digitOf(company)}`), nit)
        assert.deepStrictEqual(Nit.normalize(grouped(person, mark)), Option.some(nitOf(person)))
      })
    )
  })

  it("is never read without its hyphen as the number of another person or company", () => {
    fc.assert(
      fc.property(numbers, mark, (digits, mark) => {
        const nit = nitOf(digits)
        for (const text of [nit.replace("-", ""), grouped(nit.replace("-", ""), mark), nit.replace("-", " ")]) {
          assert.include([Option.none(), Option.some(nit)].map(String), String(Nit.normalize(text)))
        }
      }),
      { numRuns: 5_000 }
    )
    fc.assert(
      fc.property(fc.integer({ min: 80_000_000, max: 99_999_999 }).map(String), (cedula) => {
        assert.deepStrictEqual(Nit.normalize(`${cedula}${digitOf(cedula)}`), Option.none())
        assert.deepStrictEqual(Nit.normalize(`${cedula}-${digitOf(cedula)}`), Option.some(nitOf(cedula)))
      })
    )
  })

  it("is not read from other text", () => {
    for (const text of [
      "",
      "80123456",
      "801234564",
      "9857794562-1",
      "890903938\t8",
      "890903938\n8",
      "801234567890",
      "7001234560",
      "12345-6",
      "0890903938-8",
      "890903938-",
      "-890903938",
      "890903938-8-8",
      "890.9039.38-8",
      "890903938-88",
      "89090393B-8"
    ]) {
      assert.deepStrictEqual(Nit.normalize(text), Option.none(), text)
    }
  })

  it("is written in the form that the caller decides", () => {
    const nit = nitOf("890903938")
    assert.deepStrictEqual(
      forms.map((form) => Nit.write(nit, form)),
      ["890903938", "8909039388", "890903938-8"]
    )
  })
})

describe("the number of a document", () => {
  const types = fc.constantFrom(unrecognized("pp"), "cc" as const, "ce" as const, "nit" as const)

  it("is read by the type of the document", () => {
    const read = (text: string, documentType: DocumentNumber.DocumentNumberOptions["documentType"]) =>
      DocumentNumber.normalize(text, { documentType, nit: "with-check-digit" })
    assert.deepStrictEqual(read("1.020.304.050", "cc"), Option.some("1020304050"))
    assert.deepStrictEqual(read("345 678", "ce"), Option.some("345678"))
    assert.deepStrictEqual(read("890.903.938-8", "cc"), Option.none())
    assert.deepStrictEqual(read("890.903.938-8", "nit"), Option.some("8909039388"))
    assert.deepStrictEqual(read("1.020.304.050-9", "nit"), Option.none())
    assert.deepStrictEqual(read(" ab-123 456 ", unrecognized("pp")), Option.some("AB123456"))
    for (const text of ["", "a1", "ñ12345", "a".repeat(21), "12_345"]) {
      assert.deepStrictEqual(read(text, unrecognized("pp")), Option.none(), text)
    }
  })

  it("stays the same when it is normalised again, or is refused, and never becomes another number", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(..."0123456789.-, ") }),
      fc.tuple(numbers, mark).map(([digits, mark]) => `${grouped(digits, mark)}-${digitOf(digits)}`)
    )
    fc.assert(
      fc.property(texts, types, fc.constantFrom(...forms), (text, documentType, nit) => {
        const options = { documentType, nit }
        const once = DocumentNumber.normalize(text, options)
        const again = Option.flatMap(once, (number) => DocumentNumber.normalize(number, options))
        if (documentType === "nit" && nit !== "hyphenated") {
          // Without the hyphen, the number of some persons has two meanings.
          if (Option.isSome(again)) assert.deepStrictEqual(again, once)
        } else assert.deepStrictEqual(again, once)
      }),
      { numRuns: 2_000 }
    )
  })

  it("stays the same for companies in every form", () => {
    fc.assert(
      fc.property(companies, fc.constantFrom(...forms), (digits, nit) => {
        fc.pre(nit !== "without-check-digit" || !hasTwoMeanings(digits))
        const number = Nit.write(nitOf(digits), nit)
        assert.deepStrictEqual(DocumentNumber.normalize(number, { documentType: "nit", nit }), Option.some(number))
      })
    )
  })
})
