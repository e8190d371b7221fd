/**
 * E-mail addresses, URLs and account numbers as people type them.
 */
import { assert, describe, it } from "@effect/vitest"
import { AccountNumber, Cedula, Email, type FormField, MobileNumber, Nit, RedirectUrl } from "@palomma-effect/schema"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"

const around = fc.constantFrom("", " ", "\n", "\t ", "\u00a0", "\u200b", "\ufeff")

describe("an e-mail address", () => {
  const names = fc.stringMatching(/^[a-zA-Z\d_+-]{1,20}(?:\.[a-zA-Z\d]{1,20}){0,2}$/)
  const domains = fc.stringMatching(/^[a-z\d](?:[a-z\d-]{0,10}[a-z\d])?(?:\.[a-z\d]{1,10}){0,2}\.[a-z]{2,6}$/)

  it("is read with white space around it and with any case of the domain", () => {
    fc.assert(
      fc.property(names, domains, around, around, (name, domain, before, after) => {
        const address = `${name}@${domain}`
        const expected = Option.some(Schema.decodeSync(Email)(address))
        assert.deepStrictEqual(Email.normalize(`${before}${name}@${domain.toUpperCase()}${after}`), expected)
      })
    )
  })

  it("is not read from other text", () => {
    for (const text of [
      "",
      "no",
      "ana@",
      "@example.com",
      "ana@example",
      "ana@@example.com",
      "ana rojas@example.com",
      "ana@exa mple.com",
      "ana.@example.com",
      ".ana@example.com",
      "a..b@example.com",
      "ana@-example.com",
      "ana@example-.com",
      "ana@example..com",
      "ana@example.c",
      "ana@example.123",
      "ana@[127.0.0.1]",
      "peña@example.com",
      "ana@example.com,luis@example.com",
      "<ana@example.com>",
      "ana\u200b@example.com",
      `${"a".repeat(65)}@example.com`,
      `a@${"b".repeat(64)}.com`,
      `a@${"b.".repeat(130)}com`
    ]) {
      assert.deepStrictEqual(Email.normalize(text), Option.none(), text)
    }
  })

  it("takes no longer for a long text", () => {
    assert.isTrue(Option.isNone(Email.normalize(`${"a.".repeat(100_000)}@`)))
    assert.isTrue(Option.isNone(Email.normalize(`a@${"a-".repeat(100_000)}`)))
  })
})

describe("the URL to return to", () => {
  it("is read with white space around it, and stays as it is", () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ["https"], withQueryParameters: true }), around, around, (url, a, b) => {
        assert.deepStrictEqual(
          RedirectUrl.normalize(`${a}${url}${b}`),
          Option.some(Schema.decodeSync(RedirectUrl)(url))
        )
      })
    )
  })

  it("may be http on this machine only", () => {
    for (const url of ["http://localhost:3000/a", "http://127.0.0.1/", "http://127.1.2.3:8080", "http://[::1]:3000"]) {
      assert.isTrue(Option.isSome(RedirectUrl.normalize(url)), url)
    }
    for (const url of [
      "http://merchant.example",
      "http://127.0.0.1.example",
      "http://localhost.example",
      "http://0.0.0.0"
    ]) {
      assert.deepStrictEqual(RedirectUrl.normalize(url), Option.none(), url)
    }
  })

  it("is not read from other text", () => {
    for (const text of [
      "",
      "x",
      "merchant.example/back",
      "//merchant.example",
      "/back",
      "https:merchant.example",
      "https:/merchant.example",
      "https://",
      "https:\\\\merchant.example",
      "https://merchant.example\\back",
      "https://mer chant.example",
      "https://merchant.example/a b",
      "https://merchant.example/a\nb",
      "https://ana:secret@merchant.example",
      "https://ana@merchant.example",
      "ftp://merchant.example",
      "javascript:alert(1)",
      "https://merchant.example:99999"
    ]) {
      assert.deepStrictEqual(RedirectUrl.normalize(text), Option.none(), text)
    }
  })
})

describe("an account number", () => {
  it("is read with spaces and hyphens, and keeps its zeros", () => {
    const digits = fc.stringMatching(/^\d{4,20}$/)
    const gap = fc.constantFrom("", " ", "-", "\u2013", " - ", "\u00a0")
    fc.assert(
      fc.property(digits, fc.nat(), gap, around, (digits, at, gap, around) => {
        const i = 1 + (at % (digits.length - 1))
        const written = `${around}${digits.slice(0, i)}${gap}${digits.slice(i)}${around}`
        assert.deepStrictEqual(AccountNumber.normalize(written), Option.some(Schema.decodeSync(AccountNumber)(digits)))
      })
    )
  })

  it("is not read from other text", () => {
    for (const text of [
      "",
      "123",
      "1".repeat(21),
      "-12345678",
      "12345678-",
      "1234--5678",
      "12345678901.0",
      "12.345.678",
      "1,23E+10",
      "1.23E+10",
      "12345678X",
      "\u0661\u0662\u0663\u0664"
    ]) {
      assert.deepStrictEqual(AccountNumber.normalize(text), Option.none(), text)
    }
  })
})

describe("a value that was normalised", () => {
  it("stays the same, and its schema accepts it", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."0123456789-. ab@/:+()") }),
      fc.emailAddress(),
      fc.webUrl()
    )
    const kinds: Record<string, FormField.Readable<string>> = {
      AccountNumber,
      Cedula,
      Email,
      MobileNumber,
      Nit,
      RedirectUrl
    }
    fc.assert(
      fc.property(texts, around, (text, around) => {
        for (const [name, kind] of Object.entries(kinds)) {
          const once = kind.normalize(`${around}${text}`)
          if (Option.isNone(once)) continue
          assert.deepStrictEqual(kind.normalize(once.value), once, name)
          assert.isTrue(Schema.is(kind)(once.value), name)
        }
      }),
      { numRuns: 2_000 }
    )
  })
})
