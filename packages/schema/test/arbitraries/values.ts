/** Arbitraries of the values of bodies and models. */
import { type OpenEnum, type Page, Timestamp, type Unrecognized, unrecognized } from "@palomma-effect/schema"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"

export const text = fc.string({ unit: "binary" })
export const nonEmpty = fc.oneof(
  fc.string({ unit: "binary", minLength: 1 }),
  fc.constantFrom("<string>", "0", " ", "null")
)
export const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
export const id = <A>(schema: { readonly make: (value: string) => A }): fc.Arbitrary<A> =>
  nonEmpty.map((value) => schema.make(value))
export const timestamp = fc
  .oneof(
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    text
  )
  .map((value) => Schema.decodeSync(Timestamp)(value))
export const digits = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), minLength, maxLength })

// Through JSON, which has no -0.
export const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))

/** Strings that an enum does not know, some of them similar to its values. */
export const notOf = <Known extends string>(of: OpenEnum.OpenEnum<Known>): fc.Arbitrary<Unrecognized> =>
  fc
    .oneof(
      text,
      fc
        .constantFrom<string>(...of.values)
        .chain((value) =>
          fc.constantFrom(
            `${value} `,
            ` ${value}`,
            value.toUpperCase(),
            `${value}s`,
            value.slice(1),
            `${value}\u200b`,
            `${value}\n`
          )
        ),
      fc.constantFrom("", "constructor", "toString", "__proto__", "Unrecognized", "undefined")
    )
    .filter((value) => !of.isKnown(value))
    .map(unrecognized)

/** Values of an enum, known or unknown. */
export const open = <Known extends string>(of: OpenEnum.OpenEnum<Known>): fc.Arbitrary<Known | Unrecognized> =>
  fc.oneof(fc.constantFrom(...of.values), notOf(of))

// A record with all required fields and some of the others.
export const model = <Core extends object, Rest extends object, A>(
  core: { [K in keyof Core]: fc.Arbitrary<Core[K]> },
  rest: { [K in keyof Rest]: fc.Arbitrary<Rest[K]> },
  make: (fields: Core & Partial<Rest>) => A
): fc.Arbitrary<A> => {
  const always: fc.Arbitrary<Core> = fc.record<Core>(core)
  // The compiler cannot resolve fast-check's mapped type for a type parameter.
  const sometimes = fc.record<Rest, never>(rest, { requiredKeys: [] }) as fc.Arbitrary<unknown> as fc.Arbitrary<
    Partial<Rest>
  >
  return fc.tuple(always, sometimes).map(([needed, others]) => make({ ...needed, ...others }))
}

/**
 * Whole numbers of pesos above one bound and at most another. The smallest and the greatest are more frequent than
 * others.
 */
export const pesos = (above: number, atMost: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: above + 1, max: atMost }), fc.constantFrom(above + 1, atMost))

/** Pages of items. */
export const page = <A>(item: fc.Arbitrary<A>): fc.Arbitrary<Page<A>> =>
  model({ items: fc.array(item, { maxLength: 3 }), cursor: fc.option(nonEmpty) }, { count: number }, (fields) => fields)
