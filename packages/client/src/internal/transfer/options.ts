/**
 * The options of transfers, checked: all problems at once.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { PalommaInvalidInput } from "../../PalommaError.ts"
import { transferStates } from "../../Transfer.ts"
import type { TransferOptions } from "../../TransferOptions.ts"
import type { AdvanceOptions, ReconcileAllOptions, TransferAllOptions, TransferQuery } from "../../TransferService.ts"
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

// Databases put another character for a half one, and so would mix two namespaces.
const wellFormed = (field: string, value: unknown) =>
  typeof value === "string" && !value.isWellFormed()
    ? [{ field, code: "well-formed", rule: "must be text without broken surrogates" }]
    : []

// Others wait for it, so it is short enough to be waited for.
const longestSendTimeout = Duration.minutes(10)

/** The options of a layer as they were read, if nothing is wrong with them. */
export const read = (operation: string, given: TransferOptions): Effect.Effect<TransferOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(given)
    const problems = Options.object("", copy, names, (options) => [
      ...Options.duration("sendTimeout", options["sendTimeout"], { atMost: longestSendTimeout }),
      // Zero is one look, and then a person is asked.
      ...Options.duration("reconcileTimeout", options["reconcileTimeout"], { allowsZero: true }),
      ...Options.duration("lookUpTimeout", options["lookUpTimeout"]),
      ...Options.wholeNumber("lookUpPages", options["lookUpPages"], 1, 100_000),
      ...Options.boolean("lookUpFirst", options["lookUpFirst"]),
      ...Options.duration("quietTime", options["quietTime"]),
      ...Options.nonEmpty("namespace", options["namespace"]),
      ...wellFormed("namespace", options["namespace"]),
      ...Options.boolean("traceReferences", options["traceReferences"])
    ])
    // A copy of the options, whose fields have just been checked.
    return Effect.as(Options.refuse(operation, "none", problems), copy as TransferOptions)
  })

/** The options of a run over many, if nothing is wrong with them. */
export const readAll = (
  operation: string,
  given: TransferAllOptions
): Effect.Effect<TransferAllOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(given)
    const problems = Options.object("", copy, ["concurrency"], ({ concurrency }) =>
      Options.wholeNumber("concurrency", concurrency, 1, 100)
    )
    // A copy of the options, whose fields have just been checked.
    return Effect.as(Options.refuse(operation, "not-sent", problems), copy as TransferAllOptions)
  })

const isState = (value: unknown): boolean => transferStates.some((state) => state === value)

const longestAge = Duration.days(10_000)

/** A query of the journal, if nothing is wrong with it. */
export const readQuery = (operation: string, given: TransferQuery): Effect.Effect<TransferQuery, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(given)
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
    // A copy of the query, whose fields have just been checked.
    return Effect.as(Options.refuse(operation, "none", problems), copy as TransferQuery)
  })

/** The options of `reconcileAll`, if nothing is wrong with them. */
export const readReconcileAll = (
  operation: string,
  given: ReconcileAllOptions
): Effect.Effect<ReconcileAllOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(given)
    const problems = Options.object("", copy, ["olderThan", "concurrency"], ({ concurrency, olderThan }) => [
      ...Options.duration("olderThan", olderThan, { allowsZero: true, atMost: longestAge }),
      ...Options.wholeNumber("concurrency", concurrency, 1, 100)
    ])
    // A copy of the options, whose fields have just been checked.
    return Effect.as(Options.refuse(operation, "none", problems), copy as ReconcileAllOptions)
  })

/** The options of one step, if nothing is wrong with them. */
export const readAdvance = (
  operation: string,
  given: AdvanceOptions
): Effect.Effect<AdvanceOptions, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const copy = Options.copy(given)
    const problems = Options.object("", copy, ["lostClaim"], ({ lostClaim }) =>
      Options.nonEmpty("lostClaim", lostClaim)
    )
    // A copy of the options, whose fields have just been checked.
    return Effect.as(Options.refuse(operation, "none", problems), copy as AdvanceOptions)
  })

const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== ""

const text = (field: string, value: unknown) =>
  isText(value) ? [] : [{ field, code: "non-empty", rule: "must be a text that is not blank" }]

const version = (value: unknown, isRequired: boolean) =>
  value === undefined && !isRequired
    ? []
    : Number.isSafeInteger(value) && Number(value) >= 1
      ? []
      : [{ field: "version", code: "whole-number", rule: "must be the version of the transfer that the person saw" }]

const ids = (value: unknown) => Options.list("notOurs", value, isText, "non-empty", "must be the id of a record")

const decisions = {
  paid: ["as", "recordId", "version", "by", "note", "differs", "notOurs"],
  "not-paid": ["as", "version", "by", "note", "notOurs", "incomplete"]
}

const words = {
  withdrawal: ["by", "note", "version", "notOurs"],
  acknowledgement: ["by", "note", "version", "notOurs", "recordId"]
}

/** What a person says, if nothing is wrong with it. */
export const readDecision = <Word extends object>(
  operation: string,
  given: Word,
  what: "decision" | "withdrawal" | "acknowledgement"
): Effect.Effect<Word, PalommaInvalidInput> =>
  Effect.suspend(() => {
    // A word that is missing is none, while options that are missing are the default ones.
    const copy = Options.copy(given) ?? null
    // Only a decision says what it decides.
    const as = what === "decision" && Predicate.isObject(copy) ? copy["as"] : undefined
    const known = what !== "decision" ? words[what] : decisions[as === "paid" ? "paid" : "not-paid"]
    const problems = Options.object("", copy, known, (fields) => [
      ...(what === "decision" && as !== "paid" && as !== "not-paid"
        ? [{ field: "as", code: "one-of", rule: 'must be "paid" or "not-paid"' }]
        : []),
      ...(as === "paid" ? text("recordId", fields["recordId"]) : Options.nonEmpty("recordId", fields["recordId"])),
      ...version(fields["version"], what !== "withdrawal"),
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
    // A copy of what was given, whose fields have just been checked.
    return Effect.as(Options.refuse(operation, "none", problems), copy as Word)
  })
