/**
 * An unreadable item of a page affects neither the other items nor the list.
 */
import { assert, describe, it } from "@effect/vitest"
import { Customer, Page, PayoutRequest, Undocumented, UnreadableItem } from "@palomma-effect/schema"
import * as Formatter from "effect/Formatter"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { inspect } from "node:util"
import * as Arb from "./arbitraries.ts"

const payouts = Page(PayoutRequest)
const decode = Schema.decodeUnknownSync(payouts)
const encode = Schema.encodeSync(payouts)
const good = { id: "p", status: "approved", payoutTargetId: "t", amount: 1_001 }
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))
const bad = fc.oneof(
  json.filter((value) => !Schema.is(Schema.toEncoded(PayoutRequest))(value)),
  fc.constantFrom<unknown>({ ...good, amount: "1001" }, { ...good, id: "" }, { id: 7, reference: "r" }, [good], null)
)

describe("a page", () => {
  it("comes back the same from JSON", () => {
    const customers = Page(Customer)
    fc.assert(
      fc.property(Arb.page(Arb.customer), (page) => {
        const back = Schema.decodeUnknownSync(customers)(JSON.parse(JSON.stringify(Schema.encodeSync(customers)(page))))
        assert.deepStrictEqual(back, page)
      })
    )
  })

  it.prop("can be made by Effect's own generators", [payouts], ([page]) => {
    assert.isTrue(Schema.is(payouts)(page))
    assert.deepStrictEqual(decode(encode(page)), { ...page, cursor: page.cursor === "" ? null : page.cursor })
  })

  it("converts a cursor that is a number to text", () => {
    assert.strictEqual(decode({ items: [], cursor: 7 }).cursor, "7")
  })

  it("keeps an unreadable cursor as an undocumented field, which the last page does not have", () => {
    const page = decode({ items: [], cursor: { after: 7 } })
    assert.isNull(page.cursor)
    assert.deepStrictEqual(Undocumented.fields(page), { cursor: { after: 7 } })
  })

  it("is the last one if its cursor is null, empty or missing", () => {
    for (const cursor of [null, "", undefined]) {
      const page = decode({ items: [], cursor })
      assert.isNull(page.cursor)
      assert.deepStrictEqual(Undocumented.fields(page), {})
    }
    assert.isNull(decode({ items: [] }).cursor)
    assert.strictEqual(decode({ items: [], cursor: "c" }).cursor, "c")
  })

  it("has no count if that is missing, null or not a number", () => {
    for (const count of [undefined, null, "7", {}])
      assert.deepStrictEqual(decode({ items: [], count }), { items: [], cursor: null })
    assert.strictEqual(decode({ items: [], count: 7 }).count, 7)
  })

  it("is invalid without its items", () => {
    for (const raw of [{}, [], { items: null }, { items: {} }, { items: "x" }, { cursor: null }, null, "text", 7]) {
      assert.throws(() => decode(raw), /must be (a list|an object)|Missing key/)
    }
  })
})

describe("an item that cannot be read", () => {
  it("does not affect the other items and their order", () => {
    const item = fc.oneof(
      bad.map((value) => ({ value, isGood: false })),
      fc.nat().map((amount) => ({ value: { ...good, amount }, isGood: true }))
    )
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const page = decode({ items: items.map(({ value }) => value) })
        assert.deepStrictEqual<unknown>(
          Schema.encodeSync(Schema.Array(PayoutRequest))(page.items),
          items.filter(({ isGood }) => isGood).map(({ value }) => value)
        )
        assert.strictEqual(page.unreadable?.length ?? 0, items.filter(({ isGood }) => !isGood).length)
      })
    )
  })

  it("adds no field to the page if there is none", () => {
    assert.notProperty(decode({ items: [good] }), "unreadable")
    assert.notProperty(decode({ items: [] }), "unreadable")
  })

  it("has its problems, and its id and reference if they are readable", () => {
    const items = [
      { id: "x", reference: "r", status: 5 },
      { ...good, id: 7, amount: "1001", reference: 8 },
      { ...good, id: "" },
      "text"
    ]
    const { unreadable = [] } = decode({ items })
    assert.deepStrictEqual(
      unreadable.map(({ problems, ...item }) => [
        "id" in item ? item.id : "none",
        "reference" in item ? item.reference : "none",
        problems.map(({ field, code }) => `${field} ${code}`).sort()
      ]),
      [
        ["x", "r", ["amount required", "payoutTargetId required", "status text"]],
        ["7", "none", ["amount number"]],
        ["none", "none", ["id non-empty"]],
        ["none", "none", [" object"]]
      ]
    )
  })

  it("is kept unchanged, and never printed", () => {
    fc.assert(
      fc.property(bad, (item) =>
        assert.deepStrictEqual(
          decode({ items: [item] }).unreadable?.map(({ raw }) => Redacted.value(raw)),
          [item]
        )
      )
    )
    const [item] = decode({ items: [{ id: "x", customerDetails: { documentNumber: "SENTINEL" } }] }).unreadable ?? []
    assert.instanceOf(item, UnreadableItem)
    for (const text of [inspect(item, { depth: 20, showHidden: true }), Formatter.format(item), JSON.stringify(item)]) {
      assert.notInclude(text, "SENTINEL")
    }
  })

  it("is encoded with the others, and decoded as unreadable again", () => {
    fc.assert(
      fc.property(fc.array(bad), fc.array(Arb.payoutRequest, { maxLength: 3 }), (odd, payouts) => {
        const raw = [...odd, ...Schema.encodeSync(Schema.Array(PayoutRequest))(payouts)]
        const written: unknown = JSON.parse(JSON.stringify(encode(decode({ items: raw, cursor: "c", count: 3 }))))
        const all = [...raw.slice(odd.length), ...odd]
        assert.deepStrictEqual(written, { items: JSON.parse(JSON.stringify(all)), cursor: "c", count: 3 })
        assert.deepStrictEqual<unknown>(JSON.parse(JSON.stringify(encode(decode(written)))), written)
      })
    )
  })
})
