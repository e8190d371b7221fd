/**
 * Law 11: no inessential difference stops a call, and every difference is told.
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

// What a caller cannot do without. Everything else that Palomma documents may be missing.
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

// An odd time has a test of its own.
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
    // What an event of an unknown kind holds is data, and nothing in it is documented.
    .filter((value) => !(value instanceof UnrecognizedEvent))
    .map((value) => Object(withTimes(encode(value))))
  const changes = records
    // The time of an event has a test of its own: another text is refused, and a number is a time.
    .map((record) => [record, optionalPaths(record, needed ?? []).filter(([name]) => name !== "timestamp")] as const)
    .filter(([, paths]) => paths.length > 0)
    .chain(([record, paths]) => fc.tuple(fc.constant(record), fc.constantFrom(...paths)))

  it("reads a field that is null as one that is missing, and tells neither", () => {
    fc.assert(
      fc.property(changes, ([record, path]) => {
        const dropped = decode(put(record, path, undefined))
        assert.deepStrictEqual(decode(put(record, path, null)), dropped)
        assert.isEmpty(dropped.drifts.filter((drift) => !drift.startsWith("unrecognized ")))
      })
    )
  })

  it("reads a field of any other JSON type as one that is missing, and tells it", () => {
    fc.assert(
      fc.property(changes, json, ([record, path], wrong) => {
        const right = valueAt(record, path)
        // A number is read as an id; that has a test of its own.
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

  it("tells the values of enums that it does not know, and nothing else of a record as documented", () => {
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

  it("tells a field that is not documented, by a name that holds no data", () => {
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
          const told = after.drifts.filter((drift) => !before.drifts.includes(drift))
          const said = /^[a-z][A-Za-z]{0,39}$/.test(field) ? field : "other"
          if (told[0]?.startsWith("undocumented") !== false) {
            assert.deepStrictEqual(told, [`undocumented ${said}`])
            assert.deepStrictEqual(after.value, before.value)
          }
        }
      )
    )
  })
})

describe("the name of an undocumented field", () => {
  const decode = decoderOf(Page(Customer))

  it("is told if it can only be a name", () => {
    const { drifts } = decode({ items: [{ id: "c", vipLevel: 1 }], cursor: null, total: 1 })
    assert.deepStrictEqual(drifts, ["undocumented items.vipLevel", "undocumented total"])
  })

  it("is told as other if it may be data: a map that is keyed by document number, by phone or by e-mail", () => {
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
  it("is read and told", () => {
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

  it("is kept as it came and told if it is not written as ISO 8601", () => {
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

  it("is not told if it is", () => {
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

  it("is told once if it stands for an id, required or not, or for a number", () => {
    assert.deepStrictEqual(decoderOf(PayoutRequest)({ ...payout, customerId: "" }).drifts, ["unreadable customerId"])
    for (const field of ["id", "payoutTargetId", "amount"]) {
      const drifts: Array<string> = []
      Drift.decoder(PayoutRequest)({ ...payout, [field]: "" }, ({ field, kind }) => drifts.push(`${kind} ${field}`))
      assert.deepStrictEqual(drifts, [`unreadable ${field}`])
    }
  })

  it("is not told of the cursor of a page", () => {
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

  it("tells what it found in a record that is refused, too, the field for which it is refused included", () => {
    const drifts: Array<string> = []
    const decode = Drift.decoder(PayoutRequest)
    const result = decode({ ...payout, amount: "1001", fee: "5", status: "returned" }, ({ field, kind }) =>
      drifts.push(`${kind} ${field}`)
    )
    assert.isTrue(Result.isFailure(result))
    assert.deepStrictEqual(drifts.sort(), ["unreadable amount", "unreadable fee", "unrecognized status"])
  })

  it("tells each field once for which a record is refused, missing ones included", () => {
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

  it("tells what it finds inside of another decoding by its own fields, and leaves that one's to it", () => {
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

  it("tells it once the decoding is over, so that the one who is told may decode as well", () => {
    const told: Array<string> = []
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
        told.push(drift.field)
        inner({ id: "c", email: 7 }, (drift) => told.push(drift.field))
        Schema.decodeUnknownSync(Customer)({ id: "c", name: 7 })
      }
    )
    assert.deepStrictEqual(told, ["items.fee", "email", "items.amountSent", "email"])
  })

  it("is not confused by one who fails when told", () => {
    const decode = Drift.decoder(Customer)
    assert.throws(
      () =>
        decode({ id: "c", email: 7 }, () => {
          throw new Error("told")
        }),
      /told/
    )
    const drifts: Array<string> = []
    decode({ id: "c", name: 7 }, ({ field }) => drifts.push(field))
    assert.deepStrictEqual(drifts, ["name"])
  })

  it("tells of events what they hold, by the fields of the record", () => {
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
