import { assert, describe, it } from "@effect/vitest"
import { CreatePayinLink, LocalDateTime, PayinLink, Timestamp, TimeZone } from "@palomma-effect/schema"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"

describe("a timestamp", () => {
  it("is kept unchanged as text, unusual ones too", () => {
    fc.assert(fc.property(fc.string(), (text) => assert.strictEqual(Schema.decodeSync(Timestamp)(text), text)))
  })

  it("has an instant", () => {
    const instant = Timestamp.toDateTime(Schema.decodeSync(Timestamp)("2023-11-07T05:31:56Z"))
    assert.deepStrictEqual(Option.map(instant, DateTime.toEpochMillis), Option.some(1_699_335_116_000))
  })

  it("has no instant if it is not a time", () => {
    for (const text of ["", "yesterday", "2023-13-45T99:99:99Z"]) {
      assert.isTrue(Option.isNone(Timestamp.toDateTime(Schema.decodeSync(Timestamp)(text))), text)
    }
  })
})

const dates = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true
})
const rule = /must be a date and time without a time zone, in the form YYYY-MM-DDTHH:mm:ss/

describe("a local time", () => {
  it("is a date of the calendar and a time of the day, without a zone", () => {
    fc.assert(
      fc.property(dates, (date) => {
        const text = date.toISOString().slice(0, 19)
        assert.strictEqual(Schema.decodeSync(LocalDateTime)(text), text)
      })
    )
  })

  it.each([
    ["2026-01-31T23:59:59Z"],
    ["2026-01-31T23:59:59-05:00"],
    ["2026-01-31T23:59:59.000"],
    ["2026-01-31 23:59:59"],
    ["2026-01-31T23:59"],
    ["2026-01-31"],
    ["2026-02-29T00:00:00"],
    ["2026-02-30T00:00:00"],
    ["2026-13-01T00:00:00"],
    ["2026-01-31T24:00:00"],
    ["2026-01-31T23:60:00"],
    ["2026-01-31T23:59:60"],
    ["2026-01-31T23:59:59\n"],
    [""]
  ])("is not %j", (text) => {
    assert.throws(() => Schema.decodeSync(LocalDateTime)(text), rule)
    assert.throws(() => LocalDateTime.make(text))
  })

  it("is not a Date and not a number", () => {
    for (const value of [new Date(), Date.now(), null])
      assert.throws(() => Schema.decodeUnknownSync(LocalDateTime)(value), rule)
  })

  it("is converted to an instant in the time zone that the caller names, in any time zone of the machine", () => {
    const expiry = LocalDateTime.make("2026-01-31T23:59:59")
    const millis = (zone: string): number =>
      Option.getOrThrow(Option.map(TimeZone.toZoned(expiry, zone), DateTime.toEpochMillis))
    const before = process.env["TZ"]
    try {
      for (const machine of ["America/Bogota", "Asia/Tokyo", "UTC"]) {
        process.env["TZ"] = machine
        assert.strictEqual(millis("America/Bogota"), Date.UTC(2026, 1, 1, 4, 59, 59))
        assert.strictEqual(millis("UTC"), Date.UTC(2026, 0, 31, 23, 59, 59))
      }
    } finally {
      if (before === undefined) delete process.env["TZ"]
      else process.env["TZ"] = before
    }
  })

  it("is the same after converting it to an instant and back", () => {
    fc.assert(
      fc.property(dates, (date) => {
        const local = LocalDateTime.make(date.toISOString().slice(0, 19))
        const back = Option.map(TimeZone.toZoned(local, "-05:00"), TimeZone.fromZoned)
        assert.deepStrictEqual(back, Option.some(local))
      })
    )
  })

  it("has no instant if the time zone or the text is invalid", () => {
    assert.isTrue(Option.isNone(TimeZone.toZoned(LocalDateTime.make("2026-01-31T23:59:59"), "Bogotá")))
    assert.isTrue(Option.isNone(TimeZone.toZoned(Schema.decodeSync(LocalDateTime.lenient)("2024-09-26"), "UTC")))
  })
})

describe("the expiry of a payin link", () => {
  const link = { customerId: "c", redirectUrl: "https://merchant.example", amount: 2_000, type: "card" }

  it("may be any text in an answer", () => {
    for (const expiration of ["2024-09-26", "2024-09-26T23:59:59", "soon", ""]) {
      const read = Schema.decodeUnknownSync(PayinLink)({ id: "l", status: "pending", expiration })
      assert.strictEqual(read.expiration, expiration)
    }
  })

  it("must have the documented form in a request", () => {
    const encode = Schema.encodeUnknownSync(CreatePayinLink)
    const body = { ...link, type: "bancolombiaCollect" }
    assert.doesNotThrow(() => encode({ ...body, expiration: "2026-01-31T23:59:59" }))
    for (const expiration of ["2026-01-31", "2026-01-31T23:59:59Z", new Date(), 0]) {
      assert.throws(() => encode({ ...body, expiration }), rule)
    }
  })
})
