/**
 * Law 11: only differences in essential fields stop a call, and every difference is reported.
 */
import { assert, describe, it } from "@effect/vitest"
import {
  Customer,
  Drift,
  Page,
  PayoutRequest,
  PayoutStatus,
  Undocumented,
  UnrecognizedEvent,
  WebhookEvent
} from "@palomma-effect/schema"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as fc from "fast-check"
import * as Arb from "./arbitraries.ts"

interface Json {
  readonly [name: string]: unknown
}

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)
const typeOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value)

const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))

// The fields that a caller needs. Every other documented field may be missing.
const required: { readonly [model: string]: ReadonlyArray<string> } = {
  Customer: ["id"],
  CustomerDetails: [],
  PayinLink: ["id", "status"],
  PayinLinkNotice: ["id"],
  PayinSource: ["id", "status"],
  PayinSourceDetails: [],
  PayinSourceNotice: ["id"],
  PayinRequest: ["id", "status"],
  PayinRequestNotice: ["id"],
  PayoutTarget: ["id", "status"],
  PayoutTargetDetails: [],
  PayoutTargetNotice: ["id"],
  PayoutRequest: ["id", "status", "payoutTargetId", "amount"],
  PayoutRequestNotice: ["id"],
  MerchantAccount: ["id"],
  PayinSettlement: ["id"],
  WebhookEvent: ["webhookId", "eventType", "event", "event.id"]
}

type Path = ReadonlyArray<string>

const optionalPaths = (record: Json, needed: ReadonlyArray<string>, at: Path = []): ReadonlyArray<Path> =>
  Object.entries(record).flatMap(([name, value]) => {
    const path = [...at, name]
    const inner = isObject(value) ? optionalPaths(value, needed, path) : []
    return needed.includes(path.join(".")) ? inner : [path, ...inner]
  })

const put = (record: unknown, path: Path, value: unknown): unknown => {
  const [name, ...rest] = path
  if (name === undefined || !isObject(record)) return value
  if (rest.length > 0) return { ...record, [name]: put(record[name], rest, value) }
  const { [name]: _, ...others } = record
  return value === undefined ? others : { ...others, [name]: value }
}

const valueAt = (record: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), record)

// Times have a separate test.
const withTimes = (value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, part]) => [
          name,
          /^(created|updated)At$/.test(name) ? "2025-11-04T12:00:00.000Z" : withTimes(part)
        ])
      )
    : value

const decoderOf = (schema: Schema.Codec<unknown, unknown>) => {
  const decode = Drift.decoder(schema)
  return (raw: unknown): { readonly value: unknown; readonly drifts: ReadonlyArray<string> } => {
    const drifts: Array<string> = []
    const result = decode(raw, ({ field, kind }) => drifts.push(`${kind} ${field}`))
    return { value: Result.getOrThrow(result), drifts: drifts.sort() }
  }
}

describe.each(Object.entries(Arb.models))("%s", (name, { schema, values }) => {
  const codec: Schema.Codec<unknown, unknown> = schema
  const decode = decoderOf(codec)
  const encode = Schema.encodeSync(codec)
  const needed = required[name]
  const records: fc.Arbitrary<Json> = fc
    .oneof(values)
    // No field of an event of an unknown kind is documented.
    .filter((value) => !(value instanceof UnrecognizedEvent))
    .map((value) => Object(withTimes(encode(value))))
  const changes = records
    // The time of an event has a separate test: another text is invalid, and a number is a time.
    .map((record) => [record, optionalPaths(record, needed ?? []).filter(([name]) => name !== "timestamp")] as const)
    .filter(([, paths]) => paths.length > 0)
    .chain(([record, paths]) => fc.tuple(fc.constant(record), fc.constantFrom(...paths)))

  it("reads null as a missing field, and reports neither", () => {
    fc.assert(
      fc.property(changes, ([record, path]) => {
        const dropped = decode(put(record, path, undefined))
        assert.deepStrictEqual(decode(put(record, path, null)), dropped)
        assert.isEmpty(dropped.drifts.filter((drift) => !drift.startsWith("unrecognized ")))
      })
    )
  })

  it("reads a field of any other JSON type as missing, and reports it", () => {
    fc.assert(
      fc.property(changes, json, ([record, path], wrong) => {
        const right = valueAt(record, path)
        // A number is a valid id, which has a separate test.
        fc.pre(right !== undefined && wrong !== null && typeOf(wrong) !== typeOf(right) && !Number.isSafeInteger(wrong))
        const dropped = decode(put(record, path, undefined))
        assert.deepStrictEqual(decode(put(record, path, wrong)), {
          value: dropped.value,
          drifts: [...dropped.drifts, `unreadable ${path.join(".")}`].sort()
        })
      }),
      { numRuns: 300 }
    )
  })

  it("reports unknown values of enums, and nothing else of a documented record", () => {
    fc.assert(
      fc.property(records, (record) => {
        const { drifts } = decode(record)
        const paths = drifts.map((drift) => drift.replace(/^unrecognized /, "").split("."))
        assert.isTrue(paths.every((path) => typeof valueAt(record, path) === "string"))
        const known = paths.reduce<unknown>(
          (of, path) =>
            needed?.includes(path.join(".")) === true ? put(of, path, "active") : put(of, path, undefined),
          record
        )
        assert.isEmpty(decode(known).drifts.filter((drift) => drift !== "unrecognized status"))
      })
    )
  })

  it("reports an undocumented field, by a name without personal data", () => {
    fc.assert(
      fc.property(
        records,
        fc.oneof(fc.string(), fc.constantFrom("newField", "__proto__", "1037551022", "a@b")),
        json,
        (record, field, value) => {
          fc.pre(!Object.keys(Object(record)).includes(field) && !/^(id|status|event|webhookId)$/.test(field))
          const more = { ...record }
          Object.defineProperty(more, field, { value, enumerable: true })
          const [before, after] = [decode(record), decode(more)]
          const added = after.drifts.filter((drift) => !before.drifts.includes(drift))
          const name = /^[a-z][A-Za-z]{0,39}$/.test(field) ? field : "other"
          if (added[0]?.startsWith("undocumented") !== false) {
            assert.deepStrictEqual(added, [`undocumented ${name}`])
            assert.deepStrictEqual(after.value, before.value)
          }
        }
      )
    )
  })
})

describe("the name of an undocumented field", () => {
  const decode = decoderOf(Page(Customer))

  it("is reported if it has the form of a name", () => {
    const { drifts } = decode({ items: [{ id: "c", vipLevel: 1 }], cursor: null, total: 1 })
    assert.deepStrictEqual(drifts, ["undocumented items.vipLevel", "undocumented total"])
  })

  it("is reported as other if it may be personal data: a key of a map such as a document number, a phone number or an e-mail", () => {
    const names = [
      "1037551022",
      "cc1037551022",
      "+573013111111",
      "pepito@gmail.com",
      "Pepito",
      "pepito perez",
      "",
      "x".repeat(41),
      "a_b",
      "ñ"
    ]
    for (const name of names) {
      assert.deepStrictEqual(decode({ items: [], [name]: 1 }).drifts, ["undocumented other"])
      assert.deepStrictEqual(decode({ items: [{ id: "c", [name]: 1 }] }).drifts, ["undocumented items.other"])
    }
  })
})

describe("an id that is a number", () => {
  it("is read and reported", () => {
    const { drifts, value } = decoderOf(PayoutRequest)({
      id: 7,
      status: "approved",
      payoutTargetId: 8,
      amount: 1_001,
      customerId: 9
    })
    assert.deepInclude(value, { id: "7", payoutTargetId: "8", customerId: "9" })
    assert.deepStrictEqual(drifts, ["unreadable customerId", "unreadable id", "unreadable payoutTargetId"])
  })
})

describe("a time of a record", () => {
  const payout = { id: "p", status: "approved", payoutTargetId: "t", amount: 1_001 }
  const decode = decoderOf(PayoutRequest)

  it("is kept unchanged and reported if it is not in the form of ISO 8601", () => {
    for (const createdAt of [
      "",
      "yesterday",
      "04/11/2025",
      "2025-11-04 12:00:00",
      "Tue, 04 Nov 2025 12:00:00 GMT",
      "1762257600",
      "2025-13-04T12:00:00Z",
      "2025-11-04T25:00:00Z"
    ]) {
      const { drifts, value } = decode({ ...payout, createdAt, updatedAt: "2025-11-04T12:00:00Z" })
      assert.deepStrictEqual(drifts, ["unreadable createdAt"])
      assert.propertyVal(value, "createdAt", createdAt)
      assert.deepStrictEqual(Undocumented.fields(Object(value)), {})
    }
  })

  it("is not reported if it is in the form of ISO 8601", () => {
    for (const updatedAt of [
      "2025-11-04T12:00:00.000Z",
      "2025-11-04T12:00Z",
      "2025-11-04T07:00:00.123456-05:00",
      "2025-11-04T12:00:00",
      "2025-11-04"
    ]) {
      assert.deepStrictEqual(decode({ ...payout, updatedAt }).drifts, [])
    }
  })
})

describe("an empty text", () => {
  const payout = { id: "p", status: "approved", payoutTargetId: "t", amount: 1_001 }

  it("is reported once as an id, required or not, and as a number", () => {
    assert.deepStrictEqual(decoderOf(PayoutRequest)({ ...payout, customerId: "" }).drifts, ["unreadable customerId"])
    for (const field of ["id", "payoutTargetId", "amount"]) {
      const drifts: Array<string> = []
      Drift.decoder(PayoutRequest)({ ...payout, [field]: "" }, ({ field, kind }) => drifts.push(`${kind} ${field}`))
      assert.deepStrictEqual(drifts, [`unreadable ${field}`])
    }
  })

  it("is not reported as the cursor of a page", () => {
    assert.deepStrictEqual(decoderOf(Page(PayoutRequest))({ items: [payout], cursor: "" }).drifts, [])
  })
})

describe("a decoder of drift", () => {
  const payout = { id: "p", status: "approved", payoutTargetId: "t", amount: 1_001 }

  it("decodes as the schema does", () => {
    const decode = Drift.decoder(PayoutRequest)
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          json.map((fee) => ({ ...payout, fee }))
        ),
        (raw) => {
          const result = decode(raw, () => {})
          const exit = Schema.decodeUnknownExit(PayoutRequest)(raw)
          assert.strictEqual(Result.isSuccess(result), Exit.isSuccess(exit))
          if (Result.isSuccess(result) && Exit.isSuccess(exit)) assert.deepStrictEqual(result.success, exit.value)
        }
      )
    )
  })

  it("also reports the drift of an invalid record, with the field that makes it invalid", () => {
    const drifts: Array<string> = []
    const decode = Drift.decoder(PayoutRequest)
    const result = decode({ ...payout, amount: "1001", fee: "5", status: "returned" }, ({ field, kind }) =>
      drifts.push(`${kind} ${field}`)
    )
    assert.isTrue(Result.isFailure(result))
    assert.deepStrictEqual(drifts.sort(), ["unreadable amount", "unreadable fee", "unrecognized status"])
  })

  it("reports each field once that makes a record invalid, missing ones included", () => {
    const drifts: Array<string> = []
    const note = ({ field, kind }: Drift.Drift): number => drifts.push(`${kind} ${field}`)
    Drift.decoder(PayoutRequest)({ id: "", status: null, amount: true }, note)
    assert.deepStrictEqual(drifts.sort(), [
      "unreadable amount",
      "unreadable id",
      "unreadable payoutTargetId",
      "unreadable status"
    ])
    drifts.length = 0
    const event = { status: 5, customerDetails: { email: 7 } }
    Drift.decoder(WebhookEvent)({ webhookId: "w", eventType: "payout-request.update", event }, note)
    assert.deepStrictEqual(drifts.sort(), [
      "unreadable event.customerDetails.email",
      "unreadable event.id",
      "unreadable event.status"
    ])
    drifts.length = 0
    Drift.decoder(Page(PayoutRequest))({ items: [7, payout, { ...payout, amount: "1" }] }, note)
    assert.deepStrictEqual(drifts, ["unreadable items.amount", "unreadable items"])
  })

  it("reports only its own fields when it runs inside another decoding", () => {
    const inner: Array<string> = []
    const outer: Array<string> = []
    const Wrapped = Schema.Unknown.pipe(
      Schema.decode({
        decode: SchemaGetter.transform((raw: unknown) => {
          Drift.decoder(Customer)(raw, ({ field }) => inner.push(field))
          return raw
        }),
        encode: SchemaGetter.passthrough()
      })
    )
    Drift.decoder(Page(Wrapped))({ items: [{ id: "c", email: 7 }], count: "x" }, ({ field }) => outer.push(field))
    assert.deepStrictEqual([inner, outer], [["email"], ["count"]])
  })

  it("reports after the decoding, so that the callback may decode too", () => {
    const reported: Array<string> = []
    const inner = Drift.decoder(Customer)
    const outer = Drift.decoder(Page(PayoutRequest))
    outer(
      {
        items: [
          { ...payout, fee: "5" },
          { ...payout, amountSent: "5" }
        ]
      },
      (drift) => {
        reported.push(drift.field)
        inner({ id: "c", email: 7 }, (drift) => reported.push(drift.field))
        Schema.decodeUnknownSync(Customer)({ id: "c", name: 7 })
      }
    )
    assert.deepStrictEqual(reported, ["items.fee", "email", "items.amountSent", "email"])
  })

  it("works again after a callback that throws", () => {
    const decode = Drift.decoder(Customer)
    assert.throws(
      () =>
        decode({ id: "c", email: 7 }, () => {
          throw new Error("the callback failed")
        }),
      /the callback failed/
    )
    const drifts: Array<string> = []
    decode({ id: "c", name: 7 }, ({ field }) => drifts.push(field))
    assert.deepStrictEqual(drifts, ["name"])
  })

  it("reports the drift of the record in an event by the fields of the record", () => {
    const { drifts } = decoderOf(WebhookEvent)({
      webhookId: 7,
      eventType: "payout-request.update",
      event: { id: "p", status: "returned", amount: "1001", customerDetails: { email: 7, age: 30 } }
    })
    assert.deepStrictEqual(drifts, [
      "undocumented event.customerDetails.age",
      "unreadable event.amount",
      "unreadable event.customerDetails.email",
      "unreadable webhookId",
      "unrecognized event.status"
    ])
    assert.isFalse(PayoutStatus.isKnown("returned"))
  })
})
