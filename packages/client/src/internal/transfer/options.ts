/**
 * The checks of the options and decisions of transfers. Each check reports all problems together.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import { transferStates } from "../../Transfer.ts"
import type { TransferOptions } from "../../TransferOptions.ts"
import type {
  AdoptOptions,
  AdvanceOptions,
  ReconcileAllOptions,
  TransferAllOptions,
  TransferQuery
} from "../../TransferService.ts"
import * as Options from "../options/checks.ts"

const names: ReadonlyArray<keyof TransferOptions> = [
  "sendTimeout",
  "reconcileTimeout",
  "lookUpTimeout",
  "lookUpPages",
  "lookUpFirst",
  "quietTime",
  "namespace",
  "traceReferences"
]

// A database replaces an unpaired surrogate by another character, so two namespaces could become one.
const wellFormed = (field: string, value: unknown) =>
  typeof value === "string" && !value.isWellFormed()
    ? [{ field, code: "well-formed", rule: "must be text without broken surrogates" }]
    : []

// Other processes wait as long as this for a claim.
const longestSendTimeout = Duration.minutes(10)

/** Validates the options of a layer, and returns a copy. */
export const read = (operation: string, input: TransferOptions): Effect.Effect<TransferOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(input)
    const problems = Options.object("", copy, names, (options) => [
      ...Options.duration("sendTimeout", options["sendTimeout"], { atMost: longestSendTimeout }),
      // Zero allows one look-up before the transfer changes to `needsReview`.
      ...Options.duration("reconcileTimeout", options["reconcileTimeout"], { allowsZero: true }),
      ...Options.duration("lookUpTimeout", options["lookUpTimeout"]),
      ...Options.wholeNumber("lookUpPages", options["lookUpPages"], 1, 100_000),
      ...Options.boolean("lookUpFirst", options["lookUpFirst"]),
      ...Options.duration("quietTime", options["quietTime"]),
      ...Options.nonEmpty("namespace", options["namespace"]),
      ...wellFormed("namespace", options["namespace"]),
      ...Options.boolean("traceReferences", options["traceReferences"])
    ])
    // The type allows it: the fields of the copy were checked above.
    return Effect.as(Options.refuse(operation, "none", problems), copy as TransferOptions)
  })

/** Validates the options of `sendAll` and `chargeAll`, and returns a copy. */
export const readAll = (
  operation: string,
  input: TransferAllOptions
): Effect.Effect<TransferAllOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(input)
    const problems = Options.object("", copy, ["concurrency"], ({ concurrency }) =>
      Options.wholeNumber("concurrency", concurrency, 1, 100)
    )
    // The type allows it: the fields of the copy were checked above.
    return Effect.as(Options.refuse(operation, "not-sent", problems), copy as TransferAllOptions)
  })

const isState = (value: unknown): boolean => transferStates.some((state) => state === value)

const longestAge = Duration.days(10_000)

/** Validates a query of the journal, and returns a copy. */
export const readQuery = (operation: string, input: TransferQuery): Effect.Effect<TransferQuery, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(input)
    const rule = `must be one of: ${transferStates.join(", ")}`
    const problems = Options.object("", copy, ["state", "alarmed", "olderThan", "pageSize"], (query) => [
      ...Options.list(
        "state",
        Array.isArray(query["state"]) || query["state"] === undefined ? query["state"] : [query["state"]],
        isState,
        "one-of",
        rule
      ),
      ...Options.boolean("alarmed", query["alarmed"]),
      ...Options.duration("olderThan", query["olderThan"], { allowsZero: true, atMost: longestAge }),
      ...Options.wholeNumber("pageSize", query["pageSize"], 1, 1_000)
    ])
    // The type allows it: the fields of the copy were checked above.
    return Effect.as(Options.refuse(operation, "none", problems), copy as TransferQuery)
  })

/** Validates the options of `reconcileAll`, and returns a copy. */
export const readReconcileAll = (
  operation: string,
  input: ReconcileAllOptions
): Effect.Effect<ReconcileAllOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(input)
    const problems = Options.object("", copy, ["olderThan", "concurrency"], ({ concurrency, olderThan }) => [
      ...Options.duration("olderThan", olderThan, { allowsZero: true, atMost: longestAge }),
      ...Options.wholeNumber("concurrency", concurrency, 1, 100)
    ])
    // The type allows it: the fields of the copy were checked above.
    return Effect.as(Options.refuse(operation, "none", problems), copy as ReconcileAllOptions)
  })

/** Validates the options of `adopt`, and returns a copy. */
export const readAdopt = (operation: string, input: AdoptOptions): Effect.Effect<AdoptOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(input)
    // A blank id would be no id at Palomma, and no process could read its record.
    const problems = Options.object("", copy, ["recordId"], ({ recordId }) =>
      recordId === undefined ? [] : text("recordId", recordId)
    )
    // The type allows it: the fields of the copy were checked above.
    return Effect.as(Options.refuse(operation, "none", problems), copy as AdoptOptions)
  })

/** Validates the options of `advance` and `carry`, and returns a copy. */
export const readAdvance = (
  operation: string,
  input: AdvanceOptions
): Effect.Effect<AdvanceOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(input)
    const problems = Options.object("", copy, ["version", "lostClaim", "endSearch"], (fields) => [
      ...version(fields["version"], false),
      ...Options.nonEmpty("lostClaim", fields["lostClaim"]),
      ...(["if-complete", "always", undefined].some((value) => value === fields["endSearch"])
        ? []
        : [{ field: "endSearch", code: "one-of", rule: 'must be "if-complete" or "always"' }])
    ])
    // The type allows it: the fields of the copy were checked above.
    return Effect.as(Options.refuse(operation, "none", problems), copy as AdvanceOptions)
  })

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== ""

const text = (field: string, value: unknown) =>
  isText(value) ? [] : [{ field, code: "non-empty", rule: "must be a text that is not blank" }]

/** Checks the version of a transfer that a caller saw. */
export const version = (value: unknown, isRequired: boolean) =>
  value === undefined && !isRequired
    ? []
    : Number.isSafeInteger(value) && Number(value) >= 1
      ? []
      : [{ field: "version", code: "whole-number", rule: "must be the version of the transfer that the person saw" }]

const ids = (value: unknown) => Options.list("notOurs", value, isText, "non-empty", "must be the id of a record")

const resolutionFields = {
  paid: ["as", "recordId", "version", "by", "note", "differs", "notOurs"],
  "not-paid": ["as", "version", "by", "note", "notOurs", "incomplete"]
}

const otherFields = {
  withdrawal: ["by", "note", "version", "notOurs"],
  acknowledgement: ["by", "note", "version", "notOurs", "recordId"]
}

/** Validates a decision of a person, and returns a copy. */
export const readDecision = <Decision extends object>(
  operation: string,
  input: Decision,
  kind: "decision" | "withdrawal" | "acknowledgement"
): Effect.Effect<Decision, PalommaInvalidInput> =>
  Effect.suspend(() => {
    // Missing options mean the defaults, but a missing decision is invalid.
    const copy = Options.copy(input) ?? null
    // Only `resolve` has the field `as`.
    const as = kind === "decision" && Predicate.isObject(copy) ? copy["as"] : undefined
    const known = kind !== "decision" ? otherFields[kind] : resolutionFields[as === "paid" ? "paid" : "not-paid"]
    const problems = Options.object("", copy, known, (fields) => [
      ...(kind === "decision" && as !== "paid" && as !== "not-paid"
        ? [{ field: "as", code: "one-of", rule: 'must be "paid" or "not-paid"' }]
        : []),
      ...(as === "paid" ? text("recordId", fields["recordId"]) : Options.nonEmpty("recordId", fields["recordId"])),
      ...version(fields["version"], kind !== "withdrawal"),
      ...text("by", fields["by"]),
      ...text("note", fields["note"]),
      ...ids(fields["notOurs"]),
      ...Options.boolean("incomplete", fields["incomplete"]),
      ...Options.object(
        "differs",
        fields["differs"],
        ["accountId", "amount", "merchantAccountId", "reference"],
        (differs) => [
          ...Options.nonEmpty("differs.accountId", differs["accountId"]),
          ...Options.nonEmpty("differs.merchantAccountId", differs["merchantAccountId"]),
          ...Options.nonEmpty("differs.reference", differs["reference"]),
          ...Options.finite("differs.amount", differs["amount"])
        ]
      )
    ])
    // The type allows it: the fields of the copy were checked above.
    return Effect.as(Options.refuse(operation, "none", problems), copy as Decision)
  })
