/** The faults of a transfer's requests. */
import type { TransferKind } from "@palomma-effect/client"
import { Fault } from "@palomma-effect/testing"

/** Faults that Palomma reports as rejections after they took effect: the one exception of "rejected". */
export const refusalsAfterEffect: Readonly<Record<string, Fault.Fault>> = {
  "400 after the effect": Fault.respond({ status: 400, body: { message: "No" }, takesEffect: true }),
  "401 after the effect": Fault.respond({ status: 401, body: { message: "No" }, takesEffect: true })
}

const statuses: Readonly<Record<string, Fault.Fault>> = Object.fromEntries(
  [202, 302, 400, 401, 404, 409, 429, 500, 503].flatMap((status) => [
    [`${status} without effect`, Fault.respond({ status, body: { message: "No" } })],
    ...(status === 400 || status === 401
      ? []
      : [[`${status} after the effect`, Fault.respond({ status, body: "", takesEffect: true })] as const])
  ])
)

/** Faults of a create. Some prevent the connection, so that the body is never requested. */
export const createFaults = (kind: TransferKind): Readonly<Record<string, Fault.Fault>> => ({
  refused: Fault.refuse,
  "never connected": Fault.hang({ at: "connect" }),
  "dropped before the effect": Fault.drop(),
  "dropped after the effect": Fault.commitThenDrop,
  "closed before the effect": Fault.drop({ by: "close" }),
  "closed after the effect": Fault.drop({ by: "close", takesEffect: true }),
  "cut in the body": Fault.cut(),
  "closed in the body": Fault.cut({ by: "close" }),
  "not JSON": Fault.notJson,
  "hanging before the effect": Fault.hang({ at: "before" }),
  "hanging after the effect": Fault.hang({ at: "after" }),
  "hanging in the body": Fault.hang({ at: "body" }),
  slow: Fault.slow("20 seconds"),
  "slow, and late in its effect": Fault.slow("20 seconds", { takesEffect: "after" }),
  "timed out, and late in its effect": Fault.slow("90 seconds", { takesEffect: "after" }),
  "timed out, and very late in its effect": Fault.slow("15 minutes", { takesEffect: "after" }),
  "another amount in the response": Fault.rewrite("amount", 1),
  "another account in the response": Fault.rewrite(kind === "payout" ? "payoutTargetId" : "payinSourceId", "another"),
  "no id in the response": Fault.rewrite("id", undefined),
  "no reference in the response": Fault.rewrite("reference", undefined),
  "another reference in the response": Fault.rewrite("reference", "not-this-one"),
  "no status in the response": Fault.rewrite("status", undefined),
  "an unknown status": Fault.rewrite("status", "on-hold"),
  ...statuses
})

/** Faults of a list or a read. */
export const readFaults: Readonly<Record<string, Fault.Fault>> = {
  dropped: Fault.drop(),
  cut: Fault.cut(),
  "not JSON": Fault.notJson,
  "never answered": Fault.hang({ at: "before" }),
  "500": Fault.respond({ status: 500, body: "" }),
  "401": Fault.respond({ status: 401, body: { message: "No" } }),
  "429": Fault.rateLimited(5)
}

/** The name of the fault by which a list shows records without their references. */
export const withoutReferences = "without references"

/** Records that a list omits or adds. */
export const listFaults: Readonly<Record<string, Fault.Fault>> = {
  "a minute behind": Fault.lag("1 minute"),
  "an hour behind": Fault.lag("1 hour"),
  "behind by reference only": Fault.lag("1 hour", { filter: "reference" }),
  unfiltered: Fault.ignoreFilters(),
  "with a record on two pages": Fault.repeatRecord,
  endless: Fault.endlessCursor(),
  "endless, repeated from its beginning": Fault.endlessCursor({ pages: "repeated" }),
  [withoutReferences]: Fault.transform("reference", "remove"),
  "with an item that cannot be read": Fault.insertItem({ status: 5 })
}

/** Ways in which a server may store references and amounts. */
export const stores = {
  "references in lower case": { reference: "lower-case" },
  "references cut": { reference: { cut: 18 } },
  "references cut short": { reference: { cut: 5 } },
  "no references": { reference: "remove" },
  "amounts less a fee": { amount: { add: -500 } }
} as const
