/**
 * Lists as streams.
 */
import type { Page, PageQuery } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type ListError, PalommaInvalidResponse } from "../PalommaError.ts"

/** All records of a list, fetched page by page as they are pulled; the filters are repeated with every cursor. */
export const stream = <A, Query extends PageQuery>(
  operation: string,
  list: (query: Query) => Effect.Effect<Page<A>, ListError>,
  query: Query
): Stream.Stream<A, ListError> =>
  Stream.suspend(() => {
    // An empty cursor, if one came, would ask for the first page.
    const asked = new Set([query.cursor, ""])
    return Stream.paginate<string | undefined, A, ListError>(query.cursor, (cursor) =>
      Effect.flatMap(
        list({ ...query, limit: query.limit ?? 100, ...(cursor === undefined ? {} : { cursor }) }),
        (page) => {
          const next = page.cursor
          if (next === null) return Effect.succeed([page.items, Option.none()])
          // Without this a provider's slip would be read for ever.
          if (asked.has(next)) {
            return Effect.fail(
              new PalommaInvalidResponse({
                operation,
                outcome: "none",
                status: 200,
                defect: "repeated-cursor",
                problems: []
              })
            )
          }
          asked.add(next)
          return Effect.succeed([page.items, Option.some(next)])
        }
      )
    )
  })

/** Those of a list that have a reference. Palomma's filter is not trusted to be exact, nor is a reference to be unique. */
export const withReference = <A extends { readonly reference?: string }>(
  records: Stream.Stream<A, ListError>,
  reference: string
): Effect.Effect<Array<A>, ListError> =>
  records.pipe(
    Stream.filter((record) => record.reference === reference),
    Stream.runCollect
  )
