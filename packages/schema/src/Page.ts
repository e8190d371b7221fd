/**
 * Lists, one page at a time.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaAST from "effect/SchemaAST"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaParser from "effect/SchemaParser"
import { type InputProblem, inputProblems } from "./InputProblem.ts"
import { optional } from "./internal/check/optional.ts"
import { Figure } from "./internal/read/figure.ts"
import { isRecord, issueOf, raw, type RawRecord, readerOf, refuse } from "./internal/read/record.ts"
import * as Reader from "./internal/read/reader.ts"
import { rule } from "./internal/rule.ts"
import * as Undocumented from "./internal/read/sideFields.ts"
import { enter, leave, note } from "./internal/read/watch.ts"

/**
 * An item of a page that could not be read.
 *
 * It does not void its page. It may still be the record that is looked for: only a `reference` that can be read and differs says that
 * it is not.
 *
 * @category models
 * @since 0.1.0
 */
export class UnreadableItem {
  /** The record's id, if it can be read. */
  declare readonly id?: string
  /** The merchant's reference, if it can be read. */
  declare readonly reference?: string
  /** Why the record cannot be read. */
  readonly problems: ReadonlyArray<InputProblem>
  /** The item as it came. It may hold what is personal. */
  readonly raw: Redacted.Redacted<unknown>

  constructor(item: unknown, problems: ReadonlyArray<InputProblem>) {
    const fields = isRecord(item) ? item : {}
    const id = fields["id"]
    if (typeof id === "string" ? id !== "" : Number.isSafeInteger(id)) this.id = String(id)
    if (typeof fields["reference"] === "string") this.reference = fields["reference"]
    this.problems = problems
    this.raw = Redacted.make(item)
  }
}

/**
 * One page of a list.
 *
 * @category models
 * @since 0.1.0
 */
export interface Page<A> {
  /** The records of this page. */
  readonly items: ReadonlyArray<A>
  /** The items of this page that could not be read; not there if all could be read. */
  readonly unreadable?: ReadonlyArray<UnreadableItem>
  /** Where the next page begins, or `null` on the last one. Opaque. */
  readonly cursor: string | null
  /** How many records Palomma says it returned; it does not say whether of this page or of the whole list. */
  readonly count?: number
}

/**
 * A page as Palomma writes it.
 *
 * @category models
 * @since 0.1.0
 */
export interface PageEncoded<A> {
  readonly items: ReadonlyArray<A>
  readonly cursor?: string | null
  readonly count?: number
}

/**
 * The schema of a page.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PageSchema<Item extends Schema.ConstraintCodec<unknown, unknown>> extends Schema.Codec<
  Page<Item["Type"]>,
  PageEncoded<Item["Encoded"]>
> {}

interface Items {
  readonly items: ReadonlyArray<unknown>
  readonly unreadable?: ReadonlyArray<UnreadableItem>
}

// A number is as good a cursor as its text, which is what the next query holds. An empty one is how a last page may say that it is.
const readCursor: Reader.Reader = (value, field) => (value === "" ? value : Reader.id(value, field))

/** Reads the items of a page one by one, so that one that cannot be read leaves the others as they are. */
const itemsReader = (item: Schema.Codec<unknown, unknown>): Reader.Reader => {
  const decode = SchemaParser.decodeUnknownExit(item, { errors: "all" })
  return (values, field): Items | typeof Reader.unreadable => {
    if (!Array.isArray(values)) return Reader.lost(field)
    const items: Array<unknown> = []
    const unreadable: Array<UnreadableItem> = []
    const outer = enter(field)
    for (const value of values) {
      const exit = decode(value)
      if (Exit.isSuccess(exit)) items.push(exit.value)
      else unreadable.push(new UnreadableItem(value, inputProblems(issueOf(exit, item.ast))))
    }
    leave(outer)
    for (const { raw } of unreadable) if (!isRecord(Redacted.value(raw))) note("unreadable", field)
    return unreadable.length > 0 ? { items, unreadable } : { items }
  }
}

const isPageOf = (item: Schema.Constraint): ((value: unknown) => value is Page<unknown>) => {
  const isItem = SchemaParser.is(Schema.make<Schema.Codec<unknown>>(SchemaAST.toType(item.ast)))
  const isUnreadable = (value: unknown): boolean => value instanceof UnreadableItem
  return (value): value is Page<unknown> => {
    if (!isRecord(value)) return false
    const { count, cursor, items, unreadable } = value
    return (
      Array.isArray(items) &&
      items.every((one) => isItem(one)) &&
      (unreadable === undefined || (Array.isArray(unreadable) && unreadable.every(isUnreadable))) &&
      (cursor === null || typeof cursor === "string") &&
      (count === undefined || Number.isFinite(count))
    )
  }
}

/**
 * Makes the schema of a page of something.
 *
 * Its items are decoded one by one: one that cannot be read does not void the page. `items` is the only field that a page must have.
 *
 * @category schemas
 * @since 0.1.0
 */
export const Page = <Item extends Schema.Codec<unknown, unknown>>(item: Item): PageSchema<Item> => {
  const identifier = `${SchemaAST.resolveIdentifier(item.ast) ?? ""}Page`
  const items = Schema.Array(item).annotate(rule("list", "must be a list"))
  const count = Schema.optionalKey(Figure)
  const written = Schema.Struct({ items, cursor: Schema.optionalKey(Schema.NullOr(Schema.String)), count })
  const write = SchemaParser.encodeUnknownEffect(Schema.make<Schema.Codec<object, PageEncoded<unknown>>>(written.ast))
  const type = Schema.declare(isPageOf(item), {
    identifier,
    ...rule("page", "must be a page"),
    // By this, Effect derives what a page consists of, for its generators and formatters.
    toCodec: () =>
      Schema.link<Page<unknown>>()(
        Schema.Struct({ items: Schema.Array(Schema.toType(item)), cursor: Schema.NullOr(Schema.String), count }),
        { decode: SchemaGetter.passthroughSubtype(), encode: SchemaGetter.passthroughSupertype() }
      )
  })
  const read = readerOf<{ items: Items; cursor?: string; count?: number }>(Object.prototype, {
    items: items.annotate(Reader.annotation(itemsReader(item))),
    cursor: Schema.optionalKey(Schema.String.annotate(Reader.annotation(readCursor))),
    count
  })
  const page = raw<RawRecord>(identifier, written).pipe(
    Schema.decodeTo(type, {
      decode: SchemaGetter.transformEffect((value: RawRecord, options) => {
        const result = read(value, options)
        if (Result.isFailure(result)) return refuse(type.ast, result.failure)
        const { cursor, items, ...others } = result.success
        const page = { ...others, ...items, cursor: cursor === undefined || cursor === "" ? null : cursor }
        Undocumented.move(result.success, page)
        return Effect.succeed(page)
      }),
      encode: SchemaGetter.transformEffect((value: Page<unknown>, options) =>
        Effect.map(write(value, options), (written) => ({
          ...written,
          items: [...written.items, ...(value.unreadable ?? []).map(({ raw }) => Redacted.value(raw))]
        }))
      )
    })
  )
  return Schema.make<PageSchema<Item>>(page.ast)
}

/**
 * How many records a page may hold, and how many it holds by default.
 *
 * @category constants
 * @since 0.1.0
 */
export const pageLimit = { minimum: 1, maximum: 100, default: 20 } as const

const limit = rule("page-limit", `must be a whole number from ${pageLimit.minimum} to ${pageLimit.maximum}`)
const cursor = rule("page-cursor", "must be the cursor of a page")

/**
 * Which page of a list to fetch.
 *
 * @category schemas
 * @since 0.1.0
 */
export const pageQuery = {
  /** How many records at the most: 1 to 100. Palomma's own default is 20. */
  limit: optional(Schema.Number.annotate(limit).check(Schema.isInt(limit), Schema.isBetween(pageLimit, limit))),
  /** The `cursor` of the page before. */
  cursor: optional(Schema.String.annotate(cursor).check(Schema.isNonEmpty(cursor)))
}

/**
 * Which page of a list to fetch.
 *
 * @category options
 * @since 0.1.0
 */
export interface PageQuery {
  /** How many records at the most: 1 to 100. Palomma's own default is 20. */
  readonly limit?: number | undefined
  /** The `cursor` of the page before. */
  readonly cursor?: string | undefined
}
