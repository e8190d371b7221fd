/**
 * Changes the generated OpenAPI document to match what Palomma documents.
 */
import { pageLimit } from "../../Page.ts"
import { webhooks } from "./webhooks.ts"

type Json = unknown
type JsonObject = { readonly [key: string]: Json }

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const limit = { type: "integer", ...pageLimit }

/** Returns the known values of an open enum, whose schema is printed as "one of these, or any string". */
const openEnum = (schema: JsonObject): Json => {
  const members: Json = schema["anyOf"]
  if (!Array.isArray(members) || members.length !== 2) return undefined
  const [closed, open]: ReadonlyArray<Json> = members
  return isObject(closed) && isObject(open) && open["type"] === "string" && Object.keys(open).length === 1
    ? closed["enum"]
    : undefined
}

const isCreateBody = (schema: Json): boolean =>
  isObject(schema) && typeof schema["$ref"] === "string" && schema["$ref"].startsWith("#/components/schemas/Create")

// The create bodies for types that Palomma does not document.
const undocumented = ["CreatePayinLinkOther", "CreatePayinSourceOther", "CreatePayoutTargetOther"]

const isUndocumented = (schema: Json): boolean =>
  isObject(schema) && undocumented.some((name) => schema["$ref"] === `#/components/schemas/${name}`)

const nameOf = (component: string): string => component.replace(/Encoded(_\d+)?$/, "")

// Checks of this library that Palomma does not document: a text is not empty, a number is exact, an object has no other
// fields.
const isOurs = (key: string, value: Json): boolean =>
  (key === "minLength" && value === 1) ||
  (key === "maximum" && value === Number.MAX_SAFE_INTEGER) ||
  (key === "additionalProperties" && value === false)

const tidy = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(tidy)
  if (!isObject(value)) return value
  if (typeof value["$ref"] === "string") return { $ref: nameOf(value["$ref"]) }
  const values = openEnum(value)
  if (values !== undefined) return { type: "string", enum: values, "x-open": true }
  if (value["in"] === "query" && value["name"] === "limit") return { ...value, schema: limit }
  const bodies: Json = value["anyOf"]
  if (Array.isArray(bodies) && bodies.every(isCreateBody)) {
    const [only, ...others] = bodies.filter((body) => !isUndocumented(body))
    if (others.length === 0) return tidy(only)
  }
  const entries = Object.entries(value)
    .filter(([key, part]) => !isOurs(key, part))
    .map(([key, part]): [string, Json] => {
      if (key === "properties" && isObject(part)) {
        return [key, Object.fromEntries(Object.entries(part).map(([name, field]) => [name, tidy(field)]))]
      }
      // Each variant of a create body has its own `type`, so exactly one matches.
      if (key === "anyOf" && Array.isArray(part) && part.every(isCreateBody)) {
        return ["oneOf", tidy(part.filter((variant) => !isUndocumented(variant)))]
      }
      return [key, tidy(part)]
    })
  return Object.fromEntries(entries)
}

const tidyComponents = (schemas: JsonObject): JsonObject => {
  const named: Record<string, Json> = {}
  // The name of a schema takes priority over the name that Effect generates for its encoded side.
  const names = Object.keys(schemas).filter((name) => !undocumented.includes(name))
  for (const name of [...names.filter((name) => nameOf(name) === name), ...names]) {
    const schema = schemas[name]
    if (!(nameOf(name) in named) && !(isObject(schema) && "$ref" in schema)) named[nameOf(name)] = tidy(schema)
  }
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * Changes the document that `HttpApi` prints to match what Palomma documents.
 *
 * `HttpApi` prints encoded values: numbers of a query are strings with a pattern, and open enums are "these, or any
 * string". Here they become numbers, and enums with the mark `x-open`. Webhooks, which `HttpApi` does not support, are
 * added.
 */
export const tidyDocument = (printed: Record<string, unknown>): Record<string, unknown> => {
  const { components, paths, ...rest } = printed
  return {
    ...rest,
    paths: tidy(paths),
    webhooks,
    components:
      isObject(components) && isObject(components["schemas"])
        ? { ...components, schemas: tidyComponents(components["schemas"]) }
        : components
  }
}
