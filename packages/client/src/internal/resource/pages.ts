/**
 * Lists as streams, and look-ups over all pages of one.
 */
import { type Page, type PageQuery, Undocumented, type UnreadableItem } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { type ListError, PalommaInvalidResponse } from "../../PalommaError.ts"
import * as SafeText from "../../SafeText.ts"
import * as Options from "../options/checks.ts"

const invalid = (
  operation: string,
  defect: PalommaInvalidResponse["defect"],
  unreadable: Partial<Unreadable> = {}
): PalommaInvalidResponse => {
  const { id, problems = [] } = unreadable
  const recordId = id === undefined ? {} : { recordId: SafeText.id(id) }
  return new PalommaInvalidResponse({ operation, outcome: "none", status: 200, defect, problems, ...recordId })
}

// A page whose cursor cannot be read is not the last one. A list that ended there would say that the rest does not exist.
const hasLostCursor = (page: object): boolean => Object.hasOwn(Undocumented.fields(page), "cursor")

const lostCursor = { problems: [{ field: "cursor", code: "text", rule: "must be a string" }] }

/** What is taken of all pages of a list, fetched as they are pulled; the filters are repeated with every cursor. */
export const paginate = <A, Query extends PageQuery, B>(
  operation: string,
  list: (query: Query) => Effect.Effect<Page<A>, ListError>,
  given: Query,
  take: (page: Page<A>) => Effect.Effect<ReadonlyArray<B>, ListError>
): Stream.Stream<B, ListError> =>
  Stream.suspend(() => {
    // Read once: what a getter says later changes no page.
    const read = Options.copyOf(given, [])
    // A copy of the query, which each page checks.
    const query = read as Query
    if (!Predicate.isObject(read)) return Stream.drain(Stream.fromEffect(list(query)))
    const asked = new Set([query.cursor])
    return Stream.paginate<string | undefined, B, ListError>(query.cursor, (cursor) =>
      Effect.flatMap(
        list({
          ...query,
          limit: query.limit === undefined ? 100 : query.limit,
          ...(cursor === undefined ? {} : { cursor })
        }),
        (page) => {
          const next = page.cursor
          if (next === null && hasLostCursor(page)) return Effect.fail(invalid(operation, "wrong-shape", lostCursor))
          if (next === null) return Effect.map(take(page), (records) => [records, Option.none()] as const)
          // Without this a provider's slip would be read for ever.
          if (asked.has(next)) return Effect.fail(invalid(operation, "repeated-cursor"))
          asked.add(next)
          return Effect.map(take(page), (records) => [records, Option.some(next)] as const)
        }
      )
    )
  })

/** All records of a list that can be read. Those that cannot are told as drift when their page is read. */
export const stream = <A, Query extends PageQuery>(
  operation: string,
  list: (query: Query) => Effect.Effect<Page<A>, ListError>,
  query: Query
): Stream.Stream<A, ListError> => paginate(operation, list, query, ({ items }) => Effect.succeed(items))

type Unreadable = Pick<UnreadableItem, "id" | "reference" | "problems">

const referenceProblem = { field: "reference", code: "text", rule: "must be text" }

/** A record whose reference is there and cannot be read counts as one without a reference, which is not so. */
const withoutReadableReference = (record: {
  readonly id: string
  readonly reference?: string
}): Unreadable | undefined =>
  record.reference === undefined && Undocumented.fields(record)["reference"] !== undefined
    ? { id: record.id, problems: [referenceProblem] }
    : undefined

/**
 * Those of a list that have a reference. Palomma's filter is not trusted to be exact, nor is a reference to be unique.
 *
 * A record that cannot be read may be one of them, so it fails the look-up, unless it shows another reference.
 */
export const withReference = <A extends { readonly id: string; readonly reference?: string }, Query extends PageQuery>(
  operation: string,
  list: (query: Query) => Effect.Effect<Page<A>, ListError>,
  query: Query,
  reference: string
): Effect.Effect<Array<A>, ListError> => {
  // Without one the filter would be left out, and all records without a reference would be found.
  if (typeof reference !== "string") return Effect.fail(Options.invalidInput(operation, "none", [referenceProblem]))
  const found = ({ items, unreadable = [] }: Page<A>): Effect.Effect<ReadonlyArray<A>, ListError> => {
    const mayBeOurs =
      unreadable.find((item) => item.reference === undefined || item.reference === reference) ??
      items.map(withoutReadableReference).find(Predicate.isNotUndefined)
    if (mayBeOurs !== undefined) return Effect.fail(invalid(operation, "wrong-shape", mayBeOurs))
    return Effect.succeed(items.filter((record) => record.reference === reference))
  }
  return Stream.runCollect(paginate(operation, list, query, found))
}
