/**
 * Faults as JSON, to arm them over HTTP.
 */
import { WebhookEventType } from "@palomma-effect/schema/WebhookEvent"
import * as Schema from "effect/Schema"
import * as Fault from "../../Fault.ts"
import * as WebhookFault from "../../WebhookFault.ts"
import type { ArmedFault, FaultInjection, WebhookFaultInjection } from "../faults/armed.ts"
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
// A number is in milliseconds.
const duration = Schema.Union([Schema.DurationFromMillis, Schema.DurationFromString])

// `kind` is the name of the fault's constructor.
const body = <const K extends string, F extends Schema.Struct.Fields>(kind: K, fields: F) =>
  Schema.Struct({ ...when, kind: Schema.Literal(kind), ...fields })

const transformation = Schema.Union([
  Schema.Literals(["trim", "lower-case", "upper-case", "NFC", "NFD", "NFKC", "NFKD", "remove"]),
  Schema.Struct({ cut: Schema.Int }),
  Schema.Struct({ replace: Schema.String }),
  Schema.Struct({ add: Schema.Finite }),
  Schema.Struct({ multiply: Schema.Finite })
])

// The arguments of the faults of a response.
const fieldsOf = {
  rewrite: { field: Schema.String, value: Schema.optionalKey(Schema.Json), item: Schema.optionalKey(Schema.Int) },
  transform: { field: Schema.String, as: transformation },
  insertItem: { item: Schema.Json },
  lag: { by: duration, filter: Schema.optionalKey(Schema.String) },
  ignoreFilters: { filters: Schema.optionalKey(Schema.Array(Schema.String)) },
  repeatRecord: {},
  endlessCursor: { pages: Schema.optionalKey(Schema.Literals(["empty", "repeated"])) }
}

const answerFault = <const K extends string, F extends Schema.Struct.Fields>(kind: K, fields: F) =>
  Schema.Struct({ kind: Schema.Literal(kind), ...fields })

/** A fault of a response, as it is armed over HTTP. */
export const AnswerFaultBody = Schema.Union([
  answerFault("rewrite", fieldsOf.rewrite),
  answerFault("transform", fieldsOf.transform),
  answerFault("insertItem", fieldsOf.insertItem),
  answerFault("lag", fieldsOf.lag),
  answerFault("ignoreFilters", fieldsOf.ignoreFilters),
  answerFault("repeatRecord", fieldsOf.repeatRecord),
  answerFault("endlessCursor", fieldsOf.endlessCursor)
])

/** An armed fault, as it is listed over HTTP. `kinds` are the names of its constructors. */
export const ArmedFaultBody = Schema.Struct({
  kinds: Schema.Array(Schema.String),
  ...when,
  calls: Schema.Int,
  fired: Schema.Int
})

/** A fault, as it is armed over HTTP: the name of its constructor and its arguments. */
export const FaultBody = Schema.Union([
  body("respond", {
    status: Schema.Int,
    headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
    body: Schema.optionalKey(Schema.Json),
    takesEffect: flag
  }),
  body("rateLimited", { retryAfter: Schema.optionalKey(Schema.Union([Schema.Finite, Schema.String])) }),
  body("notJson", {}),
  body("refuse", {}),
  body("drop", { by, takesEffect: flag }),
  body("commitThenDrop", {}),
  body("cut", { by, keep: Schema.optionalKey(Schema.Finite) }),
  body("hang", { at: Schema.optionalKey(Schema.Literals(["connect", "before", "after", "body"])) }),
  body("slow", { by: duration, takesEffect: Schema.optionalKey(Schema.Literals(["before", "after"])) }),
  body("rewrite", fieldsOf.rewrite),
  body("transform", fieldsOf.transform),
  body("insertItem", fieldsOf.insertItem),
  body("lag", fieldsOf.lag),
  body("ignoreFilters", fieldsOf.ignoreFilters),
  body("repeatRecord", fieldsOf.repeatRecord),
  body("endlessCursor", fieldsOf.endlessCursor),
  body("all", { faults: Schema.Array(AnswerFaultBody) })
])

const answerFaultOf = (fault: typeof AnswerFaultBody.Type): Fault.AnswerFault => {
  switch (fault.kind) {
    case "rewrite":
      return Fault.rewrite(fault.field, fault.value, fault)
    case "transform":
      return Fault.transform(fault.field, fault.as)
    case "insertItem":
      return Fault.insertItem(fault.item)
    case "lag":
      return Fault.lag(fault.by, fault)
    case "ignoreFilters":
      return Fault.ignoreFilters(...(fault.filters ?? []))
    case "repeatRecord":
      return Fault.repeatRecord
    case "endlessCursor":
      return Fault.endlessCursor(fault)
  }
}

const faultOf = (fault: typeof FaultBody.Type): Fault.Fault => {
  switch (fault.kind) {
    case "respond":
      return Fault.respond({
        ...fault,
        body: typeof fault.body === "object" && fault.body !== null ? fault.body : fault.body?.toString()
      })
    case "rateLimited":
      return Fault.rateLimited(fault.retryAfter)
    case "notJson":
      return Fault.notJson
    case "refuse":
      return Fault.refuse
    case "drop":
      return Fault.drop(fault)
    case "commitThenDrop":
      return Fault.commitThenDrop
    case "cut":
      return Fault.cut(fault)
    case "hang":
      return Fault.hang(fault)
    case "slow":
      return Fault.slow(fault.by, fault)
    case "all":
      return Fault.all(...fault.faults.map(answerFaultOf))
    case "rewrite":
    case "transform":
    case "insertItem":
    case "lag":
    case "ignoreFilters":
    case "repeatRecord":
    case "endlessCursor":
      return answerFaultOf(fault)
  }
}

// The names of the kinds that arrived over HTTP: `commitThenDrop` and `drop` make the same fault.
const kindNames = new WeakMap<object, string>()

/** Decodes a fault and the calls that get it. */
export const injectionOf = (fault: typeof FaultBody.Type): FaultInjection => {
  const { containing, nth, operation, rate, times } = fault
  const injection = { operation, containing, nth, times, rate, kind: faultOf(fault) }
  kindNames.set(injection, fault.kind)
  return injection
}

const withoutUndefined = <A extends object>(fields: A) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof A]: Exclude<A[K], undefined>
  }

const armedBody = <I extends FaultInjection | WebhookFaultInjection>({ calls, fired, injection }: ArmedFault<I>) => {
  const { kind, ...when } = injection
  const name = kindNames.get(injection)
  const kinds: ReadonlyArray<{ readonly _tag: string }> = [kind].flat()
  return {
    kinds: name === undefined ? kinds.map(({ _tag }) => _tag.charAt(0).toLowerCase() + _tag.slice(1)) : [name],
    ...withoutUndefined(when),
    calls,
    fired
  }
}

/** Encodes an armed fault. */
export const armedOf = (armed: ArmedFault<FaultInjection>): typeof ArmedFaultBody.Type => armedBody(armed)

/** Encodes an armed fault of webhooks. */
export const armedWebhookOf = (armed: ArmedFault<WebhookFaultInjection>): typeof ArmedWebhookFaultBody.Type =>
  armedBody(armed)

const webhookBody = <const K extends string, F extends Schema.Struct.Fields>(kind: K, fields: F) =>
  Schema.Struct({
    eventType: Schema.optionalKey(Schema.toType(WebhookEventType.closed)),
    ...timing,
    kind: Schema.Literal(kind),
    ...fields
  })

/** An armed fault of webhooks, as it is listed over HTTP. */
export const ArmedWebhookFaultBody = Schema.Struct({
  kinds: Schema.Array(Schema.String),
  eventType: Schema.optionalKey(Schema.toType(WebhookEventType)),
  ...timing,
  calls: Schema.Int,
  fired: Schema.Int
})

/** A fault of webhooks, as it is armed over HTTP. */
export const WebhookFaultBody = Schema.Union([
  webhookBody("lose", {}),
  webhookBody("duplicate", { copies: Schema.optionalKey(Schema.Int) }),
  webhookBody("delay", { by: duration }),
  webhookBody("reorder", { by: Schema.optionalKey(Schema.Int) }),
  webhookBody("badSignature", {})
])

const webhookFaultOf = (fault: typeof WebhookFaultBody.Type): WebhookFault.WebhookFault => {
  switch (fault.kind) {
    case "lose":
      return WebhookFault.lose
    case "duplicate":
      return WebhookFault.duplicate(fault.copies)
    case "delay":
      return WebhookFault.delay(fault.by)
    case "reorder":
      return WebhookFault.reorder(fault.by)
    case "badSignature":
      return WebhookFault.badSignature
  }
}

/** Decodes a fault of webhooks and the webhooks that get it. */
export const webhookInjectionOf = (fault: typeof WebhookFaultBody.Type): WebhookFaultInjection => {
  const { eventType, nth, rate, times } = fault
  return { eventType, nth, times, rate, kind: webhookFaultOf(fault) }
}
