/**
 * Streams of list pages, and look-ups by reference over all pages of a list.
 */
import { type Page, type PageQuery, Undocumented, type UnreadableItem } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { type ListError, PalommaInvalidResponse } from "../../PalommaError.ts"
import * as SafeText from "../../SafeText.ts"
import * as Options from "../options/checks.ts"

const invalidResponse = (
  operation: string,
  defect: PalommaInvalidResponse["defect"],
  unreadable: Partial<Unreadable> = {}
): PalommaInvalidResponse => {
  const { id, problems = [] } = unreadable
  const recordId = id === undefined ? {} : { recordId: SafeText.id(id) }
  return new PalommaInvalidResponse({ operation, outcome: "none", status: 200, defect, problems, ...recordId })
}

// A page whose cursor cannot be read is not the last page. To end the list there would hide the rest of the records.
const hasUnreadableCursor = (page: object): boolean => Object.hasOwn(Undocumented.fields(page), "cursor")

const unreadableCursor = { problems: [{ field: "cursor", code: "text", rule: "must be a string" }] }

type List<A, Query> = (query: Query) => Effect.Effect<Page<A>, ListError>

/**
 * Streams what `take` returns for each page of a list, and then of the `later` lists. Pages are fetched on demand, each
 * with the same filters.
 */
export const paginate = <A, Query extends PageQuery, B>(
  operation: string,
  first: List<A, Query>,
  input: Query,
  take: (page: Page<A>) => Effect.Effect<ReadonlyArray<B>, ListError>,
  later: ReadonlyArray<List<A, Query>> = []
): Stream.Stream<B, ListError> =>
  Stream.suspend(() => {
    // Copied once, so that all pages use the same values even if the input has getters.
    const copy = Options.copyOf(input, [])
    // `list` checks the query of each page.
    const query = copy as Query
    if (!Predicate.isObject(copy)) return Stream.drain(Stream.fromEffect(first(query)))
    const begin = (list: List<A, Query>, others: ReadonlyArray<List<A, Query>>, cursor: string | undefined) => ({
      list,
      others,
      cursor,
      seenCursors: new Set([cursor])
    })
    const start = begin(first, later, query.cursor)
    return Stream.paginate<typeof start, B, ListError>(start, ({ cursor, list, others, seenCursors }) =>
      Effect.flatMap(
        list({
          ...query,
          limit: query.limit === undefined ? 100 : query.limit,
          ...(cursor === undefined ? {} : { cursor })
        }),
        (page) => {
          const next = page.cursor
          if (next === null && hasUnreadableCursor(page)) {
            return Effect.fail(invalidResponse(operation, "wrong-shape", unreadableCursor))
          }
          const goOn = (position: Option.Option<typeof start>) =>
            Effect.map(take(page), (records) => [records, position] as const)
          if (next === null) {
            const [following, ...rest] = others
            return goOn(following === undefined ? Option.none() : Option.some(begin(following, rest, undefined)))
          }
          // A repeated cursor would make the list endless.
          if (seenCursors.has(next)) return Effect.fail(invalidResponse(operation, "repeated-cursor"))
          seenCursors.add(next)
          return goOn(Option.some({ list, others, cursor: next, seenCursors }))
        }
      )
    )
  })

/**
 * Streams all readable records of a list, and then of the `later` lists. Unreadable ones are reported as drift when
 * their page is read.
 */
export const stream = <A, Query extends PageQuery>(
  operation: string,
  list: List<A, Query>,
  query: Query,
  later: ReadonlyArray<List<A, Query>> = []
): Stream.Stream<A, ListError> => paginate(operation, list, query, ({ items }) => Effect.succeed(items), later)

type Unreadable = Pick<UnreadableItem, "id" | "reference" | "problems">

const referenceProblem = { field: "reference", code: "text", rule: "must be text" }

/**
 * Returns the problem of a record whose reference cannot be read. The model shows it like a record without a reference.
 */
const unreadableReference = (record: { readonly id: string; readonly reference?: string }): Unreadable | undefined =>
  record.reference === undefined && Undocumented.fields(record)["reference"] !== undefined
    ? { id: record.id, problems: [referenceProblem] }
    : undefined

/**
 * Finds all records of a list with a reference. Palomma's filter may be inexact, so each record is compared. Several
 * records may have the same reference.
 *
 * A record that cannot be read may have the reference, so it fails the look-up, except if it shows another reference.
 */
export const withReference = <A extends { readonly id: string; readonly reference?: string }, Query extends PageQuery>(
  operation: string,
  list: (query: Query) => Effect.Effect<Page<A>, ListError>,
  query: Query,
  reference: string
): Effect.Effect<Array<A>, ListError> => {
  // Without a reference, the query would have no filter, and all records without a reference would match.
  if (typeof reference !== "string") return Effect.fail(Options.invalidInput(operation, "none", [referenceProblem]))
  const takeMatches = ({ items, unreadable = [] }: Page<A>): Effect.Effect<ReadonlyArray<A>, ListError> => {
    const possibleMatch =
      unreadable.find((item) => item.reference === undefined || item.reference === reference) ??
      items.map(unreadableReference).find(Predicate.isNotUndefined)
    if (possibleMatch !== undefined) return Effect.fail(invalidResponse(operation, "wrong-shape", possibleMatch))
    return Effect.succeed(items.filter((record) => record.reference === reference))
  }
  return Stream.runCollect(paginate(operation, list, query, takeMatches))
}
