/**
 * Lists, one page at a time.
 */
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
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
export interface PageSchema<Item extends Schema.ConstraintCodec<unknown, unknown>> extends Schema.Codec<
  Page<Item["Type"]>,
  Page<Item["Encoded"]>
> {}

/** Makes the schema of a page of something. */
export const Page = <Item extends Schema.Codec<unknown, unknown>>(item: Item): PageSchema<Item> =>
  Schema.Struct({
    items: Schema.Array(item),
    cursor: Schema.NullOr(Schema.String),
    count: Schema.optionalKey(Schema.Finite)
  }).annotate({ identifier: `${SchemaAST.resolveIdentifier(item.ast) ?? ""}Page` })

/** How many records a page may hold, and how many it holds where nobody says. */
export const pageLimit = { minimum: 1, maximum: 100, default: 20 } as const

const limitMessage = `must be a whole number from ${pageLimit.minimum} to ${pageLimit.maximum}`
const cursorMessage = "must be the cursor of a page"

/** Which page of a list to fetch. */
export const pageQuery = {
  /** How many records at the most: 1 to 100. Palomma's own default is 20. */
  limit: given(
    Schema.Number.annotate({ message: limitMessage }).check(
      Schema.isInt({ message: limitMessage }),
      Schema.isBetween(pageLimit, { message: limitMessage })
    )
  ),
  /** The `cursor` of the page before. */
  cursor: given(Schema.String.annotate({ message: cursorMessage }).check(Schema.isNonEmpty({ message: cursorMessage })))
}

/** Which page of a list to fetch. */
export interface PageQuery {
  /** How many records at the most: 1 to 100. Palomma's own default is 20. */
  readonly limit?: number | undefined
  /** The `cursor` of the page before. */
  readonly cursor?: string | undefined
}
