/**
 * Lists, one page at a time.
 */
import * as Schema from "effect/Schema"
import { given } from "./internal/given.ts"

/** One page of a list. */
export interface Page<A> {
  /** The records of this page. */
  readonly items: ReadonlyArray<A>
  /** Where the next page begins, or `null` on the last one. Opaque. */
  readonly cursor: string | null
  /** How many records Palomma says it returned; it does not say whether of this page or of the whole list. */
  readonly count?: number
}

/** The schema of a page. */
export interface PageSchema<A, E> extends Schema.Codec<Page<A>, Page<E>> {}

/** Makes the schema of a page of something. */
export const Page = <A, E>(item: Schema.Codec<A, E>): PageSchema<A, E> =>
  Schema.Struct({
    items: Schema.Array(item),
    cursor: Schema.NullOr(Schema.String),
    count: Schema.optionalKey(Schema.Finite)
  })

/** Which page of a list to fetch. */
export const pageQuery = {
  /** How many records at the most: 1 to 100. Palomma's own default is 20. */
  limit: given(
    Schema.Number.annotate({ message: "must be a whole number from 1 to 100" }).check(
      Schema.isInt({ message: "must be a whole number from 1 to 100" }),
      Schema.isBetween({ minimum: 1, maximum: 100 }, { message: "must be a whole number from 1 to 100" })
    )
  ),
  /** The `cursor` of the page before. */
  cursor: given(Schema.NonEmptyString.annotate({ message: "must be the cursor of a page" }))
}

/** Which page of a list to fetch. */
export interface PageQuery {
  /** How many records at the most: 1 to 100. Palomma's own default is 20. */
  readonly limit?: number | undefined
  /** The `cursor` of the page before. */
  readonly cursor?: string | undefined
}
