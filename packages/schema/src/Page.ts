/**
 * Pages of lists.
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
import { isRecord, issueOf, raw, type RawRecord, readerOf, failWith } from "./internal/read/record.ts"
import * as Reader from "./internal/read/reader.ts"
import { rule } from "./internal/rule.ts"
import * as SideFields from "./internal/read/sideFields.ts"
import { enterField, leaveField, reportDrift } from "./internal/read/collectDrift.ts"

/**
 * An item of a page that cannot be decoded.
 *
 * The other items of the page are still decoded. When you look for a record, this item may be that record. Only a
 * readable `reference` that differs proves that it is not.
 *
 * @category models
 * @since 0.1.0
 */
export class UnreadableItem {
  /** The id of the record, if it is readable. */
  declare readonly id?: string
  /** The reference of the record, if it is readable. */
  declare readonly reference?: string
  /** Why the item cannot be decoded. */
  readonly problems: ReadonlyArray<InputProblem>
  /** The item as Palomma sent it. It may hold personal data. */
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
  /** The items of this page that cannot be decoded; absent if there are none. */
  readonly unreadable?: ReadonlyArray<UnreadableItem>
  /** The cursor of the next page, or `null` on the last page. It has no documented form. */
  readonly cursor: string | null
  /**
   * The number of records, as Palomma reports it. Palomma does not document whether it counts this page or the whole
   * list.
   */
  readonly count?: number
}

/**
 * A page as Palomma encodes it.
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
 * The type of the schema of a page.
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

// A cursor that is a number is read as text, which is what the next query contains. An empty cursor means that the page
// is the last one.
const readCursor: Reader.Reader = (value, field) => (value === "" ? value : Reader.id(value, field))

/**
 * Makes a reader that decodes the items of a page one by one, so that an unreadable item does not affect the others.
 */
const itemsReader = (item: Schema.Codec<unknown, unknown>): Reader.Reader => {
  const decode = SchemaParser.decodeUnknownExit(item, { errors: "all" })
  return (values, field): Items | typeof Reader.unreadable => {
    if (!Array.isArray(values)) return Reader.reportUnreadable(field)
    const items: Array<unknown> = []
    const unreadable: Array<UnreadableItem> = []
    const outer = enterField(field)
    for (const value of values) {
      const exit = decode(value)
      if (Exit.isSuccess(exit)) items.push(exit.value)
      else unreadable.push(new UnreadableItem(value, inputProblems(issueOf(exit, item.ast))))
    }
    leaveField(outer)
    for (const { raw } of unreadable) if (!isRecord(Redacted.value(raw))) reportDrift("unreadable", field)
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
 * Makes the schema of a page from the schema of its items.
 *
 * The items are decoded one by one, so an unreadable item does not make the page unreadable. Only the field `items` is
 * required.
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
    // Effect derives generators and formatters of pages from it.
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
        if (Result.isFailure(result)) return failWith(type.ast, result.failure)
        const { cursor, items, ...others } = result.success
        const page = { ...others, ...items, cursor: cursor === undefined || cursor === "" ? null : cursor }
        SideFields.copy(result.success, page)
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
 * The minimum, maximum and default number of records of a page.
 *
 * @category constants
 * @since 0.1.0
 */
export const pageLimit = { minimum: 1, maximum: 100, default: 20 } as const

const limit = rule("page-limit", `must be a whole number from ${pageLimit.minimum} to ${pageLimit.maximum}`)
const cursor = rule("page-cursor", "must be the cursor of the previous page")

/**
 * The fields of the schema of a query for one page of a list.
 *
 * @category schemas
 * @since 0.1.0
 */
export const pageQuery = {
  /** The maximum number of records of the page: 1 to 100. Palomma's default is 20. */
  limit: optional(Schema.Number.annotate(limit).check(Schema.isInt(limit), Schema.isBetween(pageLimit, limit))),
  /** The `cursor` of the previous page. */
  cursor: optional(Schema.String.annotate(cursor).check(Schema.isNonEmpty(cursor)))
}

/**
 * Options that select one page of a list.
 *
 * @category options
 * @since 0.1.0
 */
export interface PageQuery {
  /** The maximum number of records of the page: 1 to 100. Palomma's default is 20. */
  readonly limit?: number | undefined
  /** The `cursor` of the previous page. */
  readonly cursor?: string | undefined
}
