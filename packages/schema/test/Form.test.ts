/**
 * A form decodes what a person typed into exactly the input of an operation, or lists every problem beside its field.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  Form,
  FormField,
  inputProblems,
  merchantRules,
  PayinLinkType,
  PayinSourceType,
  Pesos,
  Spanish,
  standardSchema,
  unrecognized
} from "@palomma-effect/schema"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as fc from "fast-check"
import * as Arb from "./arbitraries.ts"

const rules = merchantRules({
  limits: { payout: { atMost: 20_000_000 } },
  extra: {
    payoutBanks: ["newbank"],
    documentTypes: ["pp"],
    payinLinkMethods: ["crypto"],
    payinSourceTypes: ["token"],
    payoutTargetTypes: ["wallet"]
  }
})

const nit = "without-check-digit"
const forms = {
  customer: Form.customer({ nit }),
  payoutTarget: Form.payoutTarget(),
  payinSource: Form.payinSource(),
  payinLink: Form.payinLink(),
  payoutRequest: Form.payoutRequest(),
  payoutIntent: Form.payoutIntent(),
  payinRequest: Form.payinRequest(),
  payinIntent: Form.payinIntent()
}
const merchantForms = {
  customer: Form.customer({ nit, rules }),
  payoutTarget: Form.payoutTarget({ rules }),
  payinSource: Form.payinSource({ rules }),
  payinLink: Form.payinLink({ rules }),
  payoutRequest: Form.payoutRequest({ rules })
}

const decode = (schema: Schema.Codec<unknown, unknown>, input: unknown) =>
  SchemaParser.decodeUnknownResult(schema, { errors: "all" })(input)
const accepted = (schema: Schema.Codec<unknown, unknown>, input: unknown): unknown =>
  Result.getOrThrow(Result.mapError(decode(schema, input), inputProblems))
const problems = (schema: Schema.Codec<unknown, unknown>, input: unknown): ReadonlyArray<string> =>
  Result.match(decode(schema, input), {
    onFailure: (issue) => inputProblems(issue).map(({ code, field }) => `${field} ${code}`),
    onSuccess: () => []
  })

const redirectUrl = "https://merchant.example/back"
const customer = {
  name: "Ana Rojas",
  documentType: "cc",
  documentNumber: "1020304050",
  email: "ana@example.com",
  phoneNumber: "3013111111"
}
const account = { bank: "bancolombia", accountType: "savings", accountNumber: "00123456789" }
const payoutTarget = { customerId: "c", redirectUrl, type: "bankAccount", bankAccount: account }
const link = { customerId: "c", redirectUrl, amount: "50000", type: "bancolombiaButton" }
const payout = { payoutTargetId: "t", amount: "50000" }

/** What a person may type instead of a text, without changing its meaning. */
const around = fc.constantFrom("", " ", "\u00a0", "\n")
const blanks = fc.constantFrom("", " ", undefined, null)

describe("a form", () => {
  it("reads every field as people type it", () => {
    assert.deepStrictEqual(
      accepted(forms.customer, {
        name: "  Ana   Rojas ",
        documentType: "cc ",
        documentNumber: "1.020.304.050",
        email: " ana@EXAMPLE.com",
        phoneNumber: "+57 (301) 311-1111",
        reference: " o\u0301 "
      }),
      { ...customer, reference: "\u00f3" }
    )
    assert.deepStrictEqual(
      accepted(forms.payoutTarget, {
        ...payoutTarget,
        redirectUrl: ` ${redirectUrl} `,
        bankAccount: { ...account, accountNumber: "001-234567-89" },
        description: " Nómina "
      }),
      { ...payoutTarget, description: "Nómina" }
    )
    assert.deepStrictEqual(accepted(forms.payoutRequest, { payoutTargetId: " t", amount: "$ 50.000,00" }), {
      payoutTargetId: "t",
      amount: 50_000
    })
    assert.deepStrictEqual(
      accepted(forms.payinSource, { customerId: "c", redirectUrl, type: "nequiToken", phoneNumber: "301 311 1111" }),
      { customerId: "c", redirectUrl, type: "nequiToken", phoneNumber: "3013111111" }
    )
    assert.deepStrictEqual(accepted(forms.payinLink, { ...link, expiration: "2026-01-31T23:59" }), {
      ...link,
      amount: 50_000,
      expiration: "2026-01-31T23:59:00"
    })
    const card = { cardNumber: "4111 1111-1111 1111", expirationMonth: "12", expirationYear: "2030", cvv: "123 " }
    assert.deepStrictEqual(accepted(forms.payinLink, { ...link, type: "card", card }), {
      ...link,
      amount: 50_000,
      type: "card",
      card: {
        cardNumber: Redacted.make("4111111111111111"),
        expirationMonth: "12",
        expirationYear: "2030",
        cvv: Redacted.make("123")
      }
    })
  })

  it("writes a NIT as the caller decides", () => {
    const company = { ...customer, documentType: "nit", documentNumber: "860.002.964-4" }
    for (const [nit, documentNumber] of [
      ["without-check-digit", "860002964"],
      ["with-check-digit", "8600029644"],
      ["hyphenated", "860002964-4"]
    ] as const) {
      const form = Form.customer({ nit })
      assert.deepStrictEqual(accepted(form, company), { ...company, documentNumber })
      assert.deepStrictEqual(accepted(form, { ...company, documentNumber }), { ...company, documentNumber })
    }
    assert.deepStrictEqual(problems(forms.customer, { ...company, documentNumber: "860.002.964-7" }), [
      "documentNumber nit"
    ])
  })

  it("names the rule of the type of document", () => {
    for (const [documentType, code] of [
      ["cc", "cedula"],
      ["ce", "cedula"],
      ["nit", "nit"],
      ["pp", "document-number"]
    ] as const) {
      const found = problems(merchantForms.customer, { ...customer, documentType, documentNumber: "x" })
      assert.deepStrictEqual(found, [`documentNumber ${code}`])
      const type = documentType === "pp" ? unrecognized("pp") : documentType
      assert.deepStrictEqual(problems(FormField.documentNumber({ documentType: type, nit }), "x"), [` ${code}`])
    }
  })

  it("reads the number of a Nequi or Daviplata account as a mobile number, and of no other bank", () => {
    for (const bank of ["nequi", "daviplata", " nequi"]) {
      const read = (accountNumber: string) =>
        problems(forms.payoutTarget, { ...payoutTarget, bankAccount: { ...account, bank, accountNumber } })
      assert.deepStrictEqual(read("+57 301 311 1111"), [])
      assert.deepStrictEqual(read("00123456789"), ["bankAccount.accountNumber mobile-number"])
    }
    const written = Form.payoutTarget({ rules: merchantRules({ extra: { payoutBanks: ["Nequi"] } }) })
    const short = { ...account, bank: "Nequi", accountNumber: "301311111" }
    assert.deepStrictEqual(problems(written, { ...payoutTarget, bankAccount: short }), [
      "bankAccount.accountNumber mobile-number"
    ])
    assert.deepStrictEqual(
      problems(forms.payoutTarget, { ...payoutTarget, bankAccount: { ...short, accountNumber: "+57 301 311 1111" } }),
      ["bankAccount.bank bank"]
    )
    const wrong = { ...account, accountNumber: "+57 301 311 1111" }
    assert.deepStrictEqual(problems(forms.payoutTarget, { ...payoutTarget, bankAccount: wrong }), [
      "bankAccount.accountNumber account-number"
    ])
  })

  it("treats a field that was left empty as absent", () => {
    fc.assert(
      fc.property(blanks, blanks, blanks, (a, b, c) => {
        const optional = { reference: a, description: b, expiration: c, targetMerchantAccountId: a, bank: b }
        assert.deepStrictEqual(accepted(forms.payinLink, { ...link, ...optional }), { ...link, amount: 50_000 })
        assert.deepStrictEqual(problems(forms.payoutIntent, { ...payout, reference: a, amount: b }), [
          "amount required",
          "reference required"
        ])
      })
    )
  })

  it("lists the problems of all fields at once", () => {
    assert.deepStrictEqual(problems(forms.customer, {}), [
      "name required",
      "documentType required",
      "documentNumber required",
      "email required",
      "phoneNumber required"
    ])
    assert.deepStrictEqual(
      problems(forms.customer, {
        name: 5,
        documentType: "passport",
        documentNumber: "x",
        email: "no",
        phoneNumber: "601",
        reference: "a\u0000b"
      }),
      [
        "name non-empty",
        "documentType one-of",
        "email email",
        "phoneNumber mobile-number",
        "reference reference-characters"
      ]
    )
    const bankAccount = { bank: "Banco de Bogotá", accountType: "ahorros", accountNumber: 123_456 }
    assert.deepStrictEqual(
      problems(forms.payoutTarget, { customerId: "c", redirectUrl: "x", type: "cuenta", bankAccount }),
      [
        "redirectUrl redirect-url",
        "type one-of",
        "bankAccount.bank bank",
        "bankAccount.accountType one-of",
        "bankAccount.accountNumber account-number"
      ]
    )
    assert.deepStrictEqual(problems(forms.payinLink, { ...link, type: "cash", amount: "50.00" }), [
      "amount amount-text",
      "type one-of"
    ])
    assert.deepStrictEqual(problems(forms.payinLink, { ...link, type: "general", availableTypes: ["pse", "cash"] }), [
      "availableTypes.1 one-of"
    ])
    assert.deepStrictEqual(problems(forms.payinLink, { ...link, type: "general", availableTypes: [] }), [
      "availableTypes payin-link-methods"
    ])
    assert.deepStrictEqual(problems(forms.payinSource, { customerId: "c", redirectUrl }), ["type required"])
  })

  it("checks the bounds of an amount, and accepts no amount that is a number already", () => {
    for (const [amount, code] of [
      ["1.000", ["amount amount"]],
      ["1.001", []],
      ["5.000.000", []],
      ["5.000.001", ["amount amount"]],
      ["1.5", ["amount amount-text"]],
      [50_000, ["amount amount-text"]],
      [["50000"], ["amount amount-text"]]
    ] as const) {
      assert.deepStrictEqual(problems(forms.payoutRequest, { ...payout, amount }), code)
    }
    assert.deepStrictEqual(problems(forms.payinLink, { ...link, type: "pse", bank: "nequi", amount: "1.200" }), [])
    assert.deepStrictEqual(problems(forms.payinLink, { ...link, amount: "1.200" }), ["amount amount"])
  })

  it("accepts what Palomma opened for the merchant, and only for that merchant", () => {
    const cases: ReadonlyArray<readonly [keyof typeof merchantForms, object, string]> = [
      ["customer", { ...customer, documentType: "pp", documentNumber: "ab 12345" }, "documentType one-of"],
      ["payoutTarget", { ...payoutTarget, bankAccount: { ...account, bank: "newbank" } }, "bankAccount.bank bank"],
      ["payoutTarget", { customerId: "c", redirectUrl, type: "wallet" }, "type one-of"],
      ["payinSource", { customerId: "c", redirectUrl, type: "token" }, "type one-of"],
      ["payinLink", { ...link, type: "crypto" }, "type one-of"],
      ["payoutRequest", { ...payout, amount: "20.000.000" }, "amount amount"]
    ]
    for (const [name, texts, problem] of cases) {
      assert.deepStrictEqual(problems(merchantForms[name], texts), [])
      assert.include(problems(forms[name], texts), problem)
    }
    assert.deepInclude(
      accepted(merchantForms.customer, { ...customer, documentType: "pp", documentNumber: "ab 12345" }),
      {
        documentNumber: "AB12345"
      }
    )
  })

  it("refuses what is no form", () => {
    for (const input of [undefined, null, 5, "x", [], () => 1]) {
      for (const [name, form] of Object.entries(forms)) assert.isNotEmpty(problems(form, input), name)
    }
  })

  it("ignores or refuses a field that does not exist, as the caller decides", () => {
    const texts = { ...payout, acceptTerms: true }
    assert.deepStrictEqual(accepted(forms.payoutRequest, texts), { payoutTargetId: "t", amount: 50_000 })
    const endless: { self?: unknown } = {}
    endless.self = endless
    assert.deepStrictEqual(problems(forms.payoutRequest, { ...payout, endless }), [])
    const strict = SchemaParser.decodeUnknownResult(forms.payoutRequest, { onExcessProperty: "error" })(texts)
    assert.isTrue(Result.isFailure(strict))
  })

  it("has the texts of every body that it accepts", () => {
    const texts = (value: unknown, around: string): unknown =>
      typeof value === "number"
        ? Pesos.format(value)
        : typeof value === "string"
          ? `${around}${value}${around}`
          : Redacted.isRedacted(value)
            ? `${around}${String(Redacted.value(value))}`
            : Array.isArray(value)
              ? value.map((one) => texts(one, around))
              : typeof value === "object" && value !== null
                ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, texts(field, around)]))
                : value
    const cases = [
      [forms.payoutRequest, Arb.createPayoutRequest],
      [forms.payinRequest, Arb.createPayinRequest],
      [forms.payoutTarget, Arb.createPayoutTarget],
      [forms.payinSource, Arb.createPayinSource],
      [forms.payinLink, Arb.createPayinLink]
    ] as const
    for (const [form, bodies] of cases) {
      const values: fc.Arbitrary<object> = bodies
      fc.assert(
        fc.property(values, around, (body, around) => {
          const plain = JSON.parse(
            JSON.stringify(body, (name, value: unknown) =>
              name === "redirectUrl"
                ? redirectUrl
                : name === "accountNumber" || name === "phoneNumber"
                  ? "3013111111"
                  : name === "description"
                    ? "Nómina"
                    : Redacted.isRedacted(value)
                      ? { secret: Redacted.value(value) }
                      : value
            )
          )
          const expected = Object.assign({}, body, plain, "card" in body ? { card: body.card } : {})
          for (const [name, value] of Object.entries(expected)) {
            // A form removes blanks and invisible characters around an id. So such an id is another one.
            const isTrimmed = (id: string) => !/^[\s\p{Cf}]|[\s\p{Cf}]$/u.test(id)
            if (typeof value === "string" && name.endsWith("Id")) expected[name] = isTrimmed(value) ? value : "id"
          }
          assert.deepStrictEqual(accepted(form, texts(expected, around)), expected)
        })
      )
    }
  })

  it("encodes a body to texts that decode to it", () => {
    for (const [form, texts] of [
      [forms.customer, customer],
      [Form.customer({ nit: "hyphenated" }), { ...customer, documentType: "nit", documentNumber: "890903938-8" }],
      [forms.payoutTarget, payoutTarget],
      [forms.payoutRequest, payout],
      [forms.payinLink, link]
    ] as const) {
      const codec = Schema.make<Schema.Codec<unknown, unknown>>(form.ast)
      assert.deepStrictEqual(Schema.encodeUnknownSync(codec)(accepted(codec, texts)), texts)
    }
  })

  it("knows every documented type", () => {
    for (const type of PayinLinkType.values) {
      assert.notInclude(problems(forms.payinLink, { ...link, type }), "type one-of")
    }
    for (const type of PayinSourceType.values) {
      assert.notInclude(problems(forms.payinSource, { type }), "type one-of")
    }
  })
})

describe("a Standard Schema", () => {
  const check = async (schema: Schema.Codec<unknown, unknown>, input: unknown) =>
    standardSchema(schema, Spanish.text)["~standard"].validate(input)

  it("has the value of a valid form", async () => {
    assert.deepStrictEqual(await check(forms.payoutRequest, payout), { value: { payoutTargetId: "t", amount: 50_000 } })
  })

  it("has the path and the text of each problem", async () => {
    assert.deepStrictEqual(await check(forms.payinLink, { ...link, type: "general", availableTypes: ["pse", "x"] }), {
      issues: [
        {
          path: ["availableTypes", 1],
          message: "debe ser uno de estos valores: pse, bancolombiaButton, nequiButton, card, bancolombiaCollect"
        }
      ]
    })
    assert.deepStrictEqual(await check(forms.payoutRequest, 5), {
      issues: [{ path: [], message: "debe ser un objeto" }]
    })
  })

  it("has the same paths and the English rules if it is Effect's", async () => {
    const input = { ...customer, email: "no", documentNumber: "1.2" }
    const english = await Schema.toStandardSchemaV1(forms.customer)["~standard"].validate(input)
    assert.deepStrictEqual(
      english.issues,
      Result.match(decode(forms.customer, input), {
        onFailure: (issue) => inputProblems(issue).map(({ field, rule }) => ({ path: [field], message: rule })),
        onSuccess: () => []
      })
    )
    assert.lengthOf(english.issues ?? [], 2)
  })
})

describe("a problem of a form", () => {
  it("never contains what was typed, in any language", () => {
    const secret = "7SENTINEL7"
    const texts = {
      ...customer,
      documentNumber: secret,
      email: secret,
      phoneNumber: secret,
      amount: secret,
      redirectUrl: secret,
      customerId: "c",
      type: secret,
      bank: secret,
      card: { cardNumber: secret, expirationMonth: secret, expirationYear: secret, cvv: secret },
      bankAccount: { bank: secret, accountType: secret, accountNumber: secret }
    }
    for (const type of [secret, "bankAccount", "nequiToken", "nequiButton", "pse", "card"]) {
      for (const documentType of ["cc", "ce", "nit", secret]) {
        for (const form of Object.values(forms)) {
          const options = { errors: "all", reportInput: true } as const
          const found = Result.match(
            SchemaParser.decodeUnknownResult(
              Schema.make<Schema.Codec<unknown, unknown>>(form.ast),
              options
            )({
              ...texts,
              type,
              documentType
            }),
            { onFailure: inputProblems, onSuccess: () => [] }
          )
          assert.isNotEmpty(found)
          assert.notInclude(JSON.stringify([found, found.map(Spanish.text)]), secret)
        }
      }
    }
  })
})
