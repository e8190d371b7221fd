import * as Predicate from "effect/Predicate"
import type { InsertItem, Rewrite, Transform } from "../../Fault.ts"
import { transform } from "../state/transform.ts"

type Change = (before: unknown) => unknown

const changeAt = (record: unknown, path: ReadonlyArray<string>, change: Change): unknown => {
  const [key, ...rest] = path
  if (key === undefined) return change(record)
  if (!Predicate.isObject(record)) return record
  const { [key]: before, ...others } = record as Record<string, unknown>
  const after = changeAt(before, rest, change)
  return after === undefined ? others : { ...others, [key]: after }
}

const itemsOf = (json: unknown): ReadonlyArray<unknown> | undefined =>
  Predicate.isObject(json) && "items" in json && Array.isArray(json.items) ? json.items : undefined

const pageFields = ["items", "cursor", "count"]

// In a list, a field is one of the items, except for the fields of the page.
const changeField = (json: unknown, field: string, which: number | undefined, change: Change): unknown => {
  const path = field.split(".")
  const items = itemsOf(json)
  if (items === undefined || pageFields.includes(path[0] ?? "")) return changeAt(json, path, change)
  return {
    ...(json as object),
    items: items.map((item, index) => (which === undefined || which === index ? changeAt(item, path, change) : item))
  }
}

/** Applies a fault to a JSON body. */
export const rewriteBody = (body: string, fault: Rewrite | Transform | InsertItem): string => {
  const json: unknown = JSON.parse(body)
  switch (fault._tag) {
    case "Rewrite":
      return JSON.stringify(changeField(json, fault.field, fault.item, () => fault.value))
    case "Transform":
      return JSON.stringify(changeField(json, fault.field, undefined, (before) => transform(before, fault.as)))
    case "InsertItem": {
      const items = itemsOf(json)
      return items === undefined ? body : JSON.stringify({ ...(json as object), items: [fault.item, ...items] })
    }
  }
}
