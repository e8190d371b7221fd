/**
 * Texts that a person, a spreadsheet or an attacker could write, and that must not be read as another account, amount,
 * document or phone number.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  AccountNumber,
  Cedula,
  DocumentNumber,
  Email,
  Form,
  inputProblems,
  MobileNumber,
  Nit,
  Pesos,
  RedirectUrl,
  Spanish,
  standardSchema,
  unrecognized
} from "@palomma-effect/schema"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"

const passport = { documentType: unrecognized("pp"), nit: "hyphenated" } as const

/** All functions that read a number, and a text that each of them reads. */
const numbers: ReadonlyArray<readonly [name: string, read: (text: string) => Option.Option<unknown>, text: string]> = [
  ["Pesos", Pesos.normalize, "50.000"],
  ["AccountNumber", AccountNumber.normalize, "001-234567-89"],
  ["Cedula", Cedula.normalize, "1.020.304.050"],
  ["Nit", Nit.normalize, "890.903.938-8"],
  ["MobileNumber", MobileNumber.normalize, "301 311 1111"],
  ["DocumentNumber", (text) => DocumentNumber.normalize(text, passport), "AB 123456"]
]

const others: typeof numbers = [
  ["Email", Email.normalize, "ana@example.com"],
  ["RedirectUrl", RedirectUrl.normalize, "https://merchant.example/back"]
]

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^\\d{${min},${max}}$`))

describe("a number", () => {
  it("is never made of two cells or two lines of a table", () => {
    const cell = fc.constantFrom("\t", "\n", "\r\n", "\u2028", "\u2029", "\v", "\f")
    fc.assert(
      fc.property(digits(1, 10), digits(1, 10), cell, (a, b, cell) => {
        for (const [name, read] of numbers) assert.isTrue(Option.isNone(read(`${a}${cell}${b}`)), name)
      })
    )
  })

  it("is not read if it may be shown in another order than it has", () => {
    const marks = fc.constantFrom("\u061c", "\u200f", "\u202b", "\u202e", "\u2067")
    fc.assert(
      fc.property(marks, fc.nat(), (mark, at) => {
        for (const [name, read, text] of numbers) {
          const i = at % (text.length + 1)
          assert.isTrue(Option.isNone(read(`${text.slice(0, i)}${mark}${text.slice(i)}`)), name)
        }
      })
    )
  })

  it("is read as it is copied from a list of contacts", () => {
    for (const [name, read, text] of numbers) {
      assert.isTrue(Option.isSome(read(text)), name)
      for (const copied of [`\u202a${text}\u202c`, `\u2068${text}\u2069`, `\u200e${text}\n`, `\ufeff${text}\u00a0`]) {
        assert.deepStrictEqual(read(copied), read(text), name)
      }
    }
  })

  it("has only ASCII digits and letters", () => {
    const foreign = fc.constantFrom(
      ..."\u0660\u0966\uff10\u00b2\u2460\u00bd\u2167\u0417\u041e\u00df\u0131\u017f\ufb01\u212a"
    )
    fc.assert(
      fc.property(foreign, fc.nat(), (char, at) => {
        for (const [name, read, text] of [...numbers, ...others.slice(0, 1)]) {
          const i = at % (text.length + 1)
          assert.isTrue(Option.isNone(read(`${text.slice(0, i)}${char}${text.slice(i)}`)), `${name}: ${char}`)
        }
      }),
      { numRuns: 500 }
    )
  })

  it("is not read with the decimals that a spreadsheet adds to it", () => {
    const decimals = fc.constantFrom(".0", ".00", ",0", ",00", ".5", ",50", "e9", "E+10", ".1e9")
    fc.assert(
      fc.property(digits(4, 12), decimals, (whole, decimals) => {
        for (const [name, read] of numbers) {
          // An amount of whole pesos may be written with cents that are zero.
          if (name === "Pesos" && /^[.,]00$/.test(decimals)) continue
          // A letter inside a passport is part of it.
          if (name === "DocumentNumber" && decimals === "e9") continue
          assert.isTrue(Option.isNone(read(`${whole}${decimals}`)), `${name}: ${whole}${decimals}`)
        }
      }),
      { numRuns: 1_000 }
    )
    for (const text of ["301311111.0", "30131111.00", "301311.11.11", "3013111.111"]) {
      assert.deepStrictEqual(MobileNumber.normalize(text), Option.none(), text)
    }
    assert.deepStrictEqual(Cedula.normalize("123.456,000"), Option.none())
    assert.deepStrictEqual(Cedula.normalize("123,456.000"), Option.none())
  })

  it("is read with dots where people write them", () => {
    const mobile = Option.some(Schema.decodeSync(MobileNumber)("3013111111"))
    for (const text of ["301.311.11.11", "301.3111111", "3.013.111.111", "+57.301.311.1111", "573.013.111.111"]) {
      assert.deepStrictEqual(MobileNumber.normalize(text), mobile, text)
    }
    assert.deepStrictEqual(DocumentNumber.normalize("12.345.678", passport), Option.some("12345678"))
    for (const text of ["1.5000", "-12345", "12345-", "1--2345", "1.23e10"]) {
      assert.deepStrictEqual(DocumentNumber.normalize(text, passport), Option.none(), text)
    }
  })
})

describe("a URL", () => {
  it("has no user name, not even an empty one", () => {
    for (const url of ["https://@merchant.example", "https://:@merchant.example", "HTTPS://a@b@merchant.example/"]) {
      assert.deepStrictEqual(RedirectUrl.normalize(url), Option.none(), url)
    }
    for (const url of [
      "https://merchant.example/@ana",
      "https://merchant.example?to=a@b",
      "https://merchant.example#@"
    ]) {
      assert.isTrue(Option.isSome(RedirectUrl.normalize(url)), url)
    }
  })
})

describe("a very long text", () => {
  // With a time that grows with the square of the length, the first of these takes minutes.
  const n = 400_000
  const long = [
    `1${" ".repeat(n)}1`,
    `${"\u200b".repeat(n)}x`,
    `${"1".repeat(n)}x`,
    `1${".000".repeat(n)}x`,
    `1${"-1".repeat(n)}x`,
    `${"a.".repeat(n)}@`,
    `https://${"a.".repeat(n)}<`
  ]

  it("is refused at once", () => {
    for (const text of long) {
      for (const [name, read] of [...numbers, ...others]) assert.isTrue(Option.isNone(read(text)), name)
    }
  })

  it("is refused at once in a form, also in a field that does not exist", () => {
    const form = Schema.decodeUnknownResult(Form.payoutRequest(), { errors: "all" })
    for (const text of long) {
      assert.isTrue(Result.isFailure(form({ payoutTargetId: "t", amount: text, reference: text, other: text })))
    }
  })
})

describe("an error of Effect", () => {
  it("has nothing of what was typed in its message, its JSON and its issues", async () => {
    const secret = "7SENTINEL7"
    const bankAccount = { bank: secret, accountType: secret, accountNumber: secret }
    const card = { cardNumber: secret, expirationMonth: secret, expirationYear: secret, cvv: secret }
    const texts = {
      name: [secret],
      documentNumber: secret,
      email: secret,
      phoneNumber: secret,
      amount: secret,
      redirectUrl: secret,
      reference: `${secret}\u0000`,
      customerId: [secret],
      expiration: secret,
      bankAccount,
      card
    }
    const forms: ReadonlyArray<Schema.Codec<unknown, unknown>> = [
      Form.customer({ nit: "hyphenated" }),
      Form.payoutTarget(),
      Form.payinSource(),
      Form.payinLink(),
      Form.payoutIntent(),
      Form.payinIntent()
    ].map((form) => Schema.make<Schema.Codec<unknown, unknown>>(form.ast))
    for (const form of forms) {
      for (const type of [secret, "bankAccount", "nequiToken", "card", "pse"]) {
        for (const documentType of ["cc", "nit", secret]) {
          const input = { ...texts, type, documentType }
          for (const reportInput of [false, true]) {
            const decoded = Schema.decodeUnknownResult(form, { errors: "all", reportInput })(input)
            assert.isTrue(Result.isFailure(decoded))
            if (Result.isSuccess(decoded)) continue
            const { failure } = decoded
            const printed = [failure.message, String(failure), Cause.pretty(Cause.fail(failure))]
            assert.notInclude([...printed, JSON.stringify(failure)].join("\n"), secret)
          }
          const { issues } = await Schema.toStandardSchemaV1(form)["~standard"].validate(input)
          assert.isNotEmpty(issues)
          assert.notInclude(JSON.stringify(issues), secret)
        }
      }
    }
  })
})

describe("a form that cannot be read", () => {
  const secret = "7SENTINEL7"
  const thrown = () => {
    throw new Error(secret)
  }
  const unreadable: ReadonlyArray<unknown> = [
    Object.defineProperty({ amount: "50000" }, "payoutTargetId", { enumerable: true, get: thrown }),
    {
      payoutTargetId: "t",
      amount: "50000",
      reference: Object.defineProperty({}, "a", { enumerable: true, get: thrown })
    },
    new Proxy({}, { ownKeys: thrown }),
    new Proxy({}, { get: thrown, getOwnPropertyDescriptor: thrown, ownKeys: thrown })
  ]

  it("is a problem, and no defect", async () => {
    for (const input of unreadable) {
      const exit = await Effect.runPromiseExit(Schema.decodeUnknownEffect(Form.payoutRequest())(input))
      assert.isTrue(Exit.isFailure(exit))
      if (Exit.isSuccess(exit)) continue
      assert.isFalse(Cause.hasDies(exit.cause))
      assert.notInclude(Cause.pretty(exit.cause), secret)
      const found = Cause.findErrorOption(exit.cause)
      assert.deepStrictEqual(
        Option.map(found, ({ issue }) => inputProblems(issue).map(({ code, field }) => `${field} ${code}`)),
        Option.some([" unreadable"])
      )
      assert.deepStrictEqual(await standardSchema(Form.payoutRequest(), Spanish.text)["~standard"].validate(input), {
        issues: [{ path: [], message: "no se pudo leer" }]
      })
    }
  })

  it("does not take the fields of a prototype for those of the form", () => {
    const texts = '{ "payoutTargetId": "t", "amount": "50000" }'
    const decode = Schema.decodeUnknownResult(Form.payoutRequest(), { onExcessProperty: "ignore" })
    for (const input of [JSON.parse(`{ "__proto__": ${texts} }`), Object.create(JSON.parse(texts))]) {
      assert.isTrue(Result.isFailure(decode(input)))
    }
    const polluting = JSON.parse('{ "payoutTargetId": "t", "amount": "50000", "__proto__": { "reference": "x" } }')
    const read = Result.getOrThrow(decode(polluting))
    assert.deepStrictEqual(read, Result.getOrThrow(decode(JSON.parse(texts))))
    assert.strictEqual(Object.getPrototypeOf(read), Object.prototype)
  })
})
