import { WebhookEventType } from "@palomma-effect/schema/WebhookEvent"
import * as Schema from "effect/Schema"
import * as Fault from "../../Fault.ts"
import * as WebhookFault from "../../WebhookFault.ts"
import type { Injection, WebhookInjection } from "../faults/armed.ts"
import { type Operation, operations } from "../operations.ts"

const timing = {
  nth: Schema.optionalKey(Schema.Int),
  times: Schema.optionalKey(Schema.Int),
  rate: Schema.optionalKey(Schema.Finite)
}

const operation = Schema.Literals<ReadonlyArray<Operation>>(operations)

const when = {
  operation: Schema.optionalKey(Schema.Union([operation, Schema.Array(operation)])),
  containing: Schema.optionalKey(Schema.String),
  ...timing
}

const flag = Schema.optionalKey(Schema.Boolean)
const by = Schema.optionalKey(Schema.Literals(["reset", "close"]))
// Milliseconds, or a text such as "2 seconds".
const duration = Schema.Union([Schema.DurationFromMillis, Schema.DurationFromString])

// The name of a fault's constructor, and what it takes.
const body = <const K extends string, F extends Schema.Struct.Fields>(kind: K, fields: F) =>
  Schema.Struct({ ...when, kind: Schema.Literal(kind), ...fields })

const transformation = Schema.Union([
  Schema.Literals(["trim", "lower-case", "upper-case", "NFC", "NFD", "NFKC", "NFKD", "remove"]),
  Schema.Struct({ cut: Schema.Int }),
  Schema.Struct({ replace: Schema.String }),
  Schema.Struct({ add: Schema.Finite }),
  Schema.Struct({ multiply: Schema.Finite })
])

// What the faults of an answer take.
const takes = {
  rewrite: { field: Schema.String, value: Schema.optionalKey(Schema.Json), item: Schema.optionalKey(Schema.Int) },
  transform: { field: Schema.String, as: transformation },
  insertItem: { item: Schema.Json },
  lag: { by: duration, filter: Schema.optionalKey(Schema.String) },
  ignoreFilters: { filters: Schema.optionalKey(Schema.Array(Schema.String)) },
  repeatRecord: {},
  endlessCursor: { after: Schema.optionalKey(Schema.Literals(["nothing", "again"])) }
}

const part = <const K extends string, F extends Schema.Struct.Fields>(kind: K, fields: F) =>
  Schema.Struct({ kind: Schema.Literal(kind), ...fields })

const AnswerFaultBody = Schema.Union([
  part("rewrite", takes.rewrite),
  part("transform", takes.transform),
  part("insertItem", takes.insertItem),
  part("lag", takes.lag),
  part("ignoreFilters", takes.ignoreFilters),
  part("repeatRecord", takes.repeatRecord),
  part("endlessCursor", takes.endlessCursor)
])

/** A fault as it is armed over HTTP: the name of its constructor, with what it takes beside it. */
export const FaultBody = Schema.Union([
  body("respond", {
    status: Schema.Int,
    headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    body: Schema.optionalKey(Schema.Json),
    effect: flag
  }),
  body("rateLimited", { retryAfter: Schema.optionalKey(Schema.Union([Schema.Finite, Schema.String])) }),
  body("notJson", {}),
  body("refuse", {}),
  body("drop", { by, effect: flag }),
  body("commitThenDrop", {}),
  body("cut", { by, keep: Schema.optionalKey(Schema.Finite) }),
  body("hang", { at: Schema.optionalKey(Schema.Literals(["connect", "before", "after", "body"])) }),
  body("slow", { by: duration, effect: Schema.optionalKey(Schema.Literals(["first", "last"])) }),
  body("rewrite", takes.rewrite),
  body("transform", takes.transform),
  body("insertItem", takes.insertItem),
  body("lag", takes.lag),
  body("ignoreFilters", takes.ignoreFilters),
  body("repeatRecord", takes.repeatRecord),
  body("endlessCursor", takes.endlessCursor),
  body("together", { faults: Schema.Array(AnswerFaultBody) })
])

const answerFaultOf = (given: typeof AnswerFaultBody.Type): Fault.AnswerFault => {
  switch (given.kind) {
    case "rewrite":
      return Fault.rewrite(given.field, given.value, given)
    case "transform":
      return Fault.transform(given.field, given.as)
    case "insertItem":
      return Fault.insertItem(given.item)
    case "lag":
      return Fault.lag(given.by, given)
    case "ignoreFilters":
      return Fault.ignoreFilters(...(given.filters ?? []))
    case "repeatRecord":
      return Fault.repeatRecord
    case "endlessCursor":
      return Fault.endlessCursor(given)
  }
}

const faultOf = (given: typeof FaultBody.Type): Fault.Fault => {
  switch (given.kind) {
    case "respond":
      return Fault.respond({
        ...given,
        body: typeof given.body === "object" && given.body !== null ? given.body : given.body?.toString()
      })
    case "rateLimited":
      return Fault.rateLimited(given.retryAfter)
    case "notJson":
      return Fault.notJson
    case "refuse":
      return Fault.refuse
    case "drop":
      return Fault.drop(given)
    case "commitThenDrop":
      return Fault.commitThenDrop
    case "cut":
      return Fault.cut(given)
    case "hang":
      return Fault.hang(given)
    case "slow":
      return Fault.slow(given.by, given)
    case "together":
      return Fault.together(...given.faults.map(answerFaultOf))
    case "rewrite":
    case "transform":
    case "insertItem":
    case "lag":
    case "ignoreFilters":
    case "repeatRecord":
    case "endlessCursor":
      return answerFaultOf(given)
  }
}

/** When the fault strikes, and which it is. */
export const injectionOf = (given: typeof FaultBody.Type): Injection => {
  const { containing, nth, operation, rate, times } = given
  return { operation, containing, nth, times, rate, kind: faultOf(given) }
}

const webhookBody = <const K extends string, F extends Schema.Struct.Fields>(kind: K, fields: F) =>
  Schema.Struct({
    eventType: Schema.optionalKey(Schema.toType(WebhookEventType.closed)),
    ...timing,
    kind: Schema.Literal(kind),
    ...fields
  })

/** A fault of webhooks as it is armed over HTTP. */
export const WebhookFaultBody = Schema.Union([
  webhookBody("lose", {}),
  webhookBody("duplicate", { copies: Schema.optionalKey(Schema.Int) }),
  webhookBody("delay", { by: duration }),
  webhookBody("overtaken", { by: Schema.optionalKey(Schema.Int) }),
  webhookBody("badSignature", {})
])

const webhookFaultOf = (given: typeof WebhookFaultBody.Type): WebhookFault.WebhookFault => {
  switch (given.kind) {
    case "lose":
      return WebhookFault.lose
    case "duplicate":
      return WebhookFault.duplicate(given.copies)
    case "delay":
      return WebhookFault.delay(given.by)
    case "overtaken":
      return WebhookFault.overtaken(given.by)
    case "badSignature":
      return WebhookFault.badSignature
  }
}

/** When the fault strikes a webhook, and which it is. */
export const webhookInjectionOf = (given: typeof WebhookFaultBody.Type): WebhookInjection => {
  const { eventType, nth, rate, times } = given
  return { eventType, nth, times, rate, kind: webhookFaultOf(given) }
}
