/**
 * Law 3, for enums: a value that Palomma adds is data, stays unchanged, and is never final.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  AccountType,
  DirectDebitBank,
  DocumentType,
  inputProblems,
  MerchantAccountType,
  OpenEnum,
  PayinLinkMethod,
  PayinLinkStatus,
  PayinLinkType,
  PayinSourceStatus,
  PayinSourceType,
  PayinStatus,
  PayoutBank,
  PayoutStatus,
  PayoutTargetStatus,
  PayoutTargetType,
  PseBank,
  StatusMessage,
  type Unrecognized,
  unrecognized,
  WebhookEventType
} from "@palomma-effect/schema"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaParser from "effect/SchemaParser"
import * as fc from "fast-check"
import { notOf } from "./arbitraries.ts"

const behaves = <Known extends string>(name: string, anEnum: OpenEnum.OpenEnum<Known>) =>
  describe(name, () => {
    it("decodes and encodes each of its values as itself", () => {
      for (const value of anEnum.values) {
        assert.isTrue(anEnum.isKnown(value))
        assert.strictEqual(Schema.decodeUnknownSync(anEnum)(value), value)
        assert.strictEqual(Schema.encodeSync(anEnum)(value), value)
      }
    })

    it("decodes and encodes every other string as itself", () => {
      fc.assert(
        fc.property(notOf(anEnum), (value) => {
          assert.isFalse(anEnum.isKnown(value))
          assert.strictEqual(Schema.encodeSync(anEnum)(Schema.decodeUnknownSync(anEnum)(value)), anEnum.raw(value))
        })
      )
    })

    it("rejects values other than strings", () => {
      for (const value of [null, undefined, 1, true, {}, [], ["approved"]]) {
        assert.throws(() => Schema.decodeUnknownSync(anEnum)(value), /must be text: a value of/)
      }
    })

    it("has a text for people for every value, and any other string unchanged", () => {
      for (const value of anEnum.values) assert.notStrictEqual(anEnum.describe(value), "")
      fc.assert(fc.property(notOf(anEnum), (value) => assert.strictEqual(anEnum.describe(value), anEnum.raw(value))))
    })

    it("has a closed schema that accepts only its values and lists them", () => {
      for (const value of anEnum.values) assert.strictEqual(Schema.decodeUnknownSync(anEnum.closed)(value), value)
      fc.assert(
        fc.property(notOf(anEnum), (value) => {
          assert.throws(
            () => Schema.decodeUnknownSync(anEnum.closed)(value),
            `must be one of: ${anEnum.values.join(", ")}`
          )
        })
      )
    })
  })

behaves("AccountType", AccountType)
behaves("DirectDebitBank", DirectDebitBank)
behaves("DocumentType", DocumentType)
behaves("MerchantAccountType", MerchantAccountType)
behaves("PayinLinkMethod", PayinLinkMethod)
behaves("PayinLinkStatus", PayinLinkStatus)
behaves("PayinLinkType", PayinLinkType)
behaves("PayinSourceStatus", PayinSourceStatus)
behaves("PayinSourceType", PayinSourceType)
behaves("PayinStatus", PayinStatus)
behaves("PayoutBank", PayoutBank)
behaves("PayoutStatus", PayoutStatus)
behaves("PayoutTargetStatus", PayoutTargetStatus)
behaves("PayoutTargetType", PayoutTargetType)
behaves("PseBank", PseBank)
behaves("StatusMessage", StatusMessage)
behaves("WebhookEventType", WebhookEventType)

// An enum of these tests, so that they do not depend on the values that Palomma adds.
const ExampleStatus = OpenEnum.makeStatus("ExampleStatus", { processing: "a", approved: "b", cancelled: "c" }, [
  "approved",
  "cancelled"
])

describe("match", () => {
  const cases = {
    processing: () => "wait",
    approved: () => "paid",
    cancelled: () => "not paid",
    Unrecognized: (status: Unrecognized) => `new: ${ExampleStatus.raw(status)}`
  }

  it("runs the branch of the value", () => {
    assert.deepStrictEqual(ExampleStatus.values.map(ExampleStatus.match(cases)), ["wait", "paid", "not paid"])
    assert.strictEqual(ExampleStatus.match("approved", cases), "paid")
  })

  it("runs the branch for what is not recognised for every other string, names of that branch and of object methods included", () => {
    fc.assert(
      fc.property(notOf(ExampleStatus), (status) => {
        assert.strictEqual(ExampleStatus.match(status, cases), `new: ${ExampleStatus.raw(status)}`)
      })
    )
  })
})

describe("a guard", () => {
  it("accepts one value and no other", () => {
    for (const value of ExampleStatus.values) {
      const answers = ExampleStatus.values.map((other) => ExampleStatus.guards[value](other))
      assert.deepStrictEqual(
        answers,
        ExampleStatus.values.map((other) => other === value)
      )
      assert.isFalse(ExampleStatus.guards.Unrecognized(value))
    }
    fc.assert(
      fc.property(notOf(ExampleStatus), (status) => {
        assert.isTrue(ExampleStatus.guards.Unrecognized(status))
        for (const value of ExampleStatus.values) assert.isFalse(ExampleStatus.guards[value](status))
      })
    )
  })

  it("of several values accepts those and no other", () => {
    const isOver = ExampleStatus.isAnyOf(["approved", "cancelled"])
    assert.deepStrictEqual(ExampleStatus.values.map(isOver), [false, true, true])
    fc.assert(fc.property(notOf(ExampleStatus), (status) => assert.isFalse(isOver(status))))
  })
})

describe("an unrecognised value", () => {
  it("is the string itself at run time", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.strictEqual<unknown>(unrecognized(text), text)
        assert.strictEqual(PayoutStatus.raw(unrecognized(text)), text)
        assert.strictEqual(String(unrecognized(text)), text)
        assert.strictEqual(JSON.stringify({ status: unrecognized(text) }), JSON.stringify({ status: text }))
      })
    )
  })
})

describe("a final status", () => {
  it("is one that Palomma documents as final", () => {
    const finals = [PayoutStatus, PayoutTargetStatus, PayinLinkStatus, PayinSourceStatus, PayinStatus].map((status) =>
      Schema.decodeUnknownSync(Schema.Array(Schema.String))(status.values).filter((value) =>
        status.isFinal(unrecognized(value))
      )
    )
    assert.deepStrictEqual(finals, [
      ["approved", "cancelled"],
      ["active", "cancelled"],
      ["approved", "cancelled"],
      ["active", "cancelled"],
      ["approved", "partial", "cancelled"]
    ])
  })

  it("is never one that this library does not know", () => {
    fc.assert(fc.property(notOf(PayoutStatus), (status) => assert.isFalse(PayoutStatus.isFinal(status))))
    fc.assert(fc.property(notOf(PayoutTargetStatus), (status) => assert.isFalse(PayoutTargetStatus.isFinal(status))))
    fc.assert(fc.property(notOf(PayinLinkStatus), (status) => assert.isFalse(PayinLinkStatus.isFinal(status))))
    fc.assert(fc.property(notOf(PayinSourceStatus), (status) => assert.isFalse(PayinSourceStatus.isFinal(status))))
    fc.assert(fc.property(notOf(PayinStatus), (status) => assert.isFalse(PayinStatus.isFinal(status))))
  })
})

describe("the values that are not documented", () => {
  it("have a separate schema, which rejects the documented ones with a code", () => {
    const decoded = SchemaParser.decodeUnknownResult(PayoutStatus.unrecognized)("approved")
    assert.isTrue(Result.isFailure(decoded))
    if (Result.isFailure(decoded)) {
      assert.deepStrictEqual(inputProblems(decoded.failure), [
        { field: "", code: "unrecognized", rule: "must be a value that PayoutStatus does not list" }
      ])
    }
  })
})

describe("a match of a program without types", () => {
  it("returns undefined if the branch of the value is missing", () => {
    const cases: unknown = { approved: () => "paid" }
    const match = PayoutStatus.match(cases as OpenEnum.Cases<OpenEnum.Known<typeof PayoutStatus>, string>)
    assert.strictEqual(match("approved"), "paid")
    assert.isUndefined(match("processing"))
    assert.isUndefined(match(unrecognized("held")))
  })
})

describe("the nearest value of a misspelt one", () => {
  it.each([
    ["bancolombi", "bancolombia"],
    ["Bancolombia", "bancolombia"],
    ["bancolmobia", "bancolombia"],
    ["Banco de Bogotá", "bancodebogota"],
    ["banco-de-occidente", "bancodeoccidente"],
    ["davi vienda", "davivienda"],
    ["Itaú", "itau"],
    ["neqi", "nequi"],
    ["neuqi", "nequi"],
    ["Úálá", "uala"],
    ["BBVA ", "bbva"],
    ["scotiabank colpatria", "scotiabankcolpatria"]
  ])("of %j is %s", (misspelt, bank) => {
    assert.strictEqual(PayoutBank.nearest(misspelt), bank)
  })

  it.each([["Chase"], [""], ["x".repeat(10_000)], ["💚"]])("of %j is none", (other) => {
    assert.isUndefined(PayoutBank.nearest(other))
  })

  it("is the value itself, with any case and spaces", () => {
    for (const bank of PayoutBank.values) {
      assert.strictEqual(PayoutBank.nearest(bank), bank)
      assert.strictEqual(PayoutBank.nearest(` ${bank.toUpperCase()} `), bank)
      assert.strictEqual(PayoutBank.nearest(PayoutBank.nearest(bank.split("").join(" ")) ?? ""), bank)
    }
  })

  it("is found after any one typing error in a name of four letters or more", () => {
    const slips = fc
      .constantFrom(...PayoutBank.values.filter((bank) => bank.length >= 4))
      .chain((bank) => fc.tuple(fc.constant(bank), fc.nat(bank.length - 2), fc.constantFrom("drop", "double", "swap")))
    fc.assert(
      fc.property(slips, ([bank, at, slip]) => {
        const before = bank.slice(0, at)
        const misspelt =
          slip === "drop"
            ? before + bank.slice(at + 1)
            : slip === "double"
              ? before + bank[at] + bank.slice(at)
              : before + bank[at + 1] + bank[at] + bank.slice(at + 2)
        assert.strictEqual(PayoutBank.nearest(misspelt), bank)
      })
    )
  })
})
