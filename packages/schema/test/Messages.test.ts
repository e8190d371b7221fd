/**
 * A message contains the rule of the field and never the input.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import * as Arb from "./arbitraries.ts"

const sentinel = "SENTINEL\u0000\n4111-1111"
const wrongs: ReadonlyArray<unknown> = [
  sentinel,
  sentinel.repeat(50),
  [sentinel],
  { [sentinel]: sentinel },
  { toString: () => sentinel },
  new Error(sentinel),
  Redacted.make(sentinel),
  900.5,
  true,
  null
]

const paths = (value: unknown, at: ReadonlyArray<string> = []): ReadonlyArray<ReadonlyArray<string>> =>
  typeof value === "object" && value !== null && !Redacted.isRedacted(value)
    ? [at, ...Object.entries(value).flatMap(([key, part]) => paths(part, [...at, key]))]
    : [at]

const replace = (value: unknown, path: ReadonlyArray<string>, by: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return by
  const entries = Object.entries(Object(value)).map(([name, part]) => [
    name,
    name === key ? replace(part, rest, by) : part
  ])
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries)
}

describe.each([...Object.entries(Arb.bodies), ...Object.entries(Arb.models)])(
  "a problem of %s",
  (_, { schema, values }) => {
    const codec: Schema.Codec<unknown, unknown> = schema
    const samples: fc.Arbitrary<unknown> = values
    const encode = Schema.encodeUnknownExit(codec, { errors: "all" })
    const decode = Schema.decodeUnknownExit(codec, { errors: "all" })

    it("has a message without any part of the input", () => {
      fc.assert(
        fc.property(
          samples.chain((value) =>
            fc.tuple(fc.constant(value), fc.constantFrom(...paths(value)), fc.constantFrom(...wrongs))
          ),
          ([value, path, wrong]) => {
            const encoded = encode(value)
            for (const exit of [
              encode(replace(value, path, wrong)),
              encoded._tag === "Success" ? decode(replace(encoded.value, path, wrong)) : encoded
            ]) {
              if (exit._tag === "Failure") assert.notInclude(String(exit.cause), "SENTINEL")
            }
          }
        ),
        { numRuns: 200 }
      )
    })
  }
)

describe("a problem of a field", () => {
  const bodies: Record<
    string,
    { readonly schema: Schema.Codec<unknown, unknown>; readonly values: fc.Arbitrary<unknown> }
  > = Arb.bodies

  it("has the rule as its message: must be …", () => {
    for (const { schema, values } of Object.values(bodies)) {
      const encode = Schema.encodeUnknownExit(schema)
      fc.assert(
        fc.property(
          values.chain((value) =>
            fc.tuple(fc.constant(value), fc.constantFrom(...paths(value).filter((path) => path.length > 0)))
          ),
          ([value, path]) => {
            // `type` selects the other fields, and a problem of an account or a card is one of its fields.
            if (path.at(-1) === "type" || ["bankAccount", "card"].includes(path.at(-1) ?? "")) return
            const exit = encode(replace(value, path, { wrong: true }))
            assert.strictEqual(exit._tag, "Failure")
            assert.match(String(exit), /must be /)
            assert.notMatch(String(exit), /Expected/)
          }
        )
      )
    }
  })
})
