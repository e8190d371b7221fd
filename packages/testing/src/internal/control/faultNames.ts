/**
 * The names in a fault that arrives over HTTP: its kind and its fields. Without this check, a misspelt field would be
 * ignored, and a misspelt kind would be reported as 17 types.
 */
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import { messageOf, type Problems, unknownFields, unknownName } from "../checks.ts"
import type { Incoming } from "../http/answer.ts"
import { AnswerFaultBody, FaultBody, WebhookFaultBody } from "./faultBodies.ts"

interface Variants {
  readonly members: ReadonlyArray<{
    readonly fields: Schema.Struct.Fields & { readonly kind: Schema.Literal<string> }
  }>
}

const problemsOf = (body: unknown, { members }: Variants): Problems => {
  // The schema reports what is not an object, and a missing kind.
  if (!Predicate.isObject(body) || !Predicate.hasProperty(body, "kind")) return []
  const kinds = members.map(({ fields }) => fields.kind.literal)
  const member = members.find(({ fields }) => fields.kind.literal === body.kind)
  if (member === undefined) return [`${unknownName("kind", body.kind, kinds)} (the kinds are ${kinds.join(", ")})`]
  const nested = body.kind === "all" && "faults" in body && Array.isArray(body.faults) ? body.faults : []
  return [
    ...unknownFields(body, Object.keys(member.fields)),
    ...nested.flatMap((fault: unknown) => problemsOf(fault, AnswerFaultBody))
  ]
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Returns the message of a request that arms a fault with an unknown name. */
export const unknownNamesIn = ({ body, method, url }: Incoming): string | undefined => {
  const [, path] = /^\/_simulator\/(faults|webhooks\/faults)(?:\?|$)/.exec(url) ?? []
  if (method !== "POST" || path === undefined) return undefined
  const problems = problemsOf(parsed(body), path === "faults" ? FaultBody : WebhookFaultBody)
  return problems.length === 0 ? undefined : messageOf("fault", problems)
}
