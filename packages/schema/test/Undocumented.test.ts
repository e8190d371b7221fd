/**
 * The fields of a record that its model does not contain stay available, unchanged and outside of the record.
 */
import { assert, describe, it } from "@effect/vitest"
import { Customer, Page, PayoutRequest, Undocumented, UnrecognizedEvent, WebhookEvent } from "@palomma-effect/schema"
import * as Formatter from "effect/Formatter"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { inspect } from "node:util"

const decode = Schema.decodeUnknownSync(Customer)
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))

describe("the undocumented fields of a record", () => {
  it("are the undocumented ones, unchanged", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json, { noNullPrototype: true }), (more) => {
        fc.pre(!Object.keys(more).some((name) => Object.keys(Customer.fields).includes(name)))
        assert.deepStrictEqual(Undocumented.fields(decode({ ...more, id: "c" })), more)
      })
    )
    const customer = decode(JSON.parse('{"id":"c","__proto__":{"polluted":true}}'))
    assert.deepStrictEqual(Object.entries(Undocumented.fields(customer)), [["__proto__", { polluted: true }]])
    assert.notProperty(customer, "polluted")
  })

  it("include documented ones that are unreadable", () => {
    const customer = decode({ id: "c", email: 7, phoneNumber: ["3"], name: null, documentType: "ppt" })
    assert.deepStrictEqual(Undocumented.fields(customer), { email: 7, phoneNumber: ["3"] })
  })

  it("are none if the record is as documented, or was not decoded", () => {
    assert.deepStrictEqual(Undocumented.fields(decode({ id: 7, email: null })), {})
    assert.deepStrictEqual(Undocumented.fields({}), {})
    assert.deepStrictEqual(Undocumented.fields({ ...decode({ id: "c", more: 1 }) }), {})
    assert.deepStrictEqual(Undocumented.fields(new Customer(decode({ id: "c", more: 1 }))), {})
  })

  it("are separate for each record: nested ones, items of a page, pages and events", () => {
    const payout = { id: "p", status: "approved", payoutTargetId: "t", amount: 1_001 }
    const page = Schema.decodeUnknownSync(Page(PayoutRequest))({
      items: [{ ...payout, a: 1, customerDetails: { b: 2 } }, payout],
      total: 2
    })
    assert.deepStrictEqual(Undocumented.fields(page), { total: 2 })
    assert.deepStrictEqual(page.items.map(Undocumented.fields), [{ a: 1 }, {}])
    assert.deepStrictEqual(Undocumented.fields(page.items[0]?.customerDetails ?? {}), { b: 2 })
    const event = Schema.decodeUnknownSync(WebhookEvent)({ webhookId: "w", eventType: "other", attempt: 2 })
    assert.instanceOf(event, UnrecognizedEvent)
    assert.deepStrictEqual(Undocumented.fields(event), { attempt: 2 })
  })

  it("are neither printed nor compared nor encoded", () => {
    const [plain, more] = [decode({ id: "c" }), decode({ id: "c", secret: "SENTINEL" })]
    assert.deepStrictEqual(more, plain)
    assert.deepStrictEqual(Schema.encodeSync(Customer)(more), { id: "c" })
    assert.deepStrictEqual(Reflect.ownKeys(more), ["id"])
    for (const text of [inspect(more, { showHidden: true }), JSON.stringify(more), Formatter.format(more)]) {
      assert.notInclude(text, "SENTINEL")
    }
  })
})
