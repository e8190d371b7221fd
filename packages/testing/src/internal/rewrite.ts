import * as Predicate from "effect/Predicate"

const rewritten = (record: unknown, path: ReadonlyArray<string>, value: unknown): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (!Predicate.isObject(record)) return record
  const { [key]: before, ...others } = record as Record<string, unknown>
  const after = rewritten(before, rest, value)
  return after === undefined ? others : { ...others, [key]: after }
}

/** Puts a value into a field of a JSON body; of a page, into that field of every item, unless it is a field of the page itself. */
export const rewriteField = (body: string, field: string, value: unknown): string => {
  const path = field.split(".")
  const json: unknown = JSON.parse(body)
  const items = Predicate.isObject(json) && "items" in json && Array.isArray(json.items) ? json.items : undefined
  return JSON.stringify(
    items === undefined || ["items", "cursor", "count"].includes(path[0] ?? "")
      ? rewritten(json, path, value)
      : { ...(json as object), items: items.map((item) => rewritten(item, path, value)) }
  )
}
