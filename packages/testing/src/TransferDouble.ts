/**
 * Transfers, and errors of transfers, for test doubles of `Payouts` and `Payins`.
 *
 * @since 0.1.0
 */
import {
  PalommaBadRequest,
  PalommaConnectionError,
  SafeText,
  Transfer,
  TransferEvidence,
  TransferNotSent,
  TransferOutcomeUnknown,
  TransferRejected
} from "@palomma-effect/client"

/**
 * The fields of a transfer, as its constructor accepts them.
 *
 * @category options
 * @since 0.1.0
 */
export type Fields = ConstructorParameters<typeof Transfer>[0]

const hasRecord = (state: Fields["state"]): boolean =>
  state === "accepted" || state === "approved" || state === "partial" || state === "cancelled"

/**
 * Makes a transfer, by default an accepted payout of 50,000 pesos.
 *
 * It has a `recordId` if its state means that Palomma has a record of it.
 *
 * **Example** (A double of `Payouts`)
 *
 * ```ts
 * import { Payouts } from "@palomma-effect/client"
 * import { TransferDouble } from "@palomma-effect/testing"
 * import { Effect, Layer } from "effect"
 *
 * export const payouts = Layer.mock(Payouts, {
 *   send: ({ amount, reference }) => Effect.succeed(TransferDouble.make({ reference, amount })),
 *   awaitFinal: (reference) => Effect.succeed(TransferDouble.make({ reference, state: "approved" }))
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (fields: Partial<Fields> = {}): Transfer =>
  new Transfer({
    namespace: "test",
    kind: "payout",
    reference: "reference-1",
    accountId: "account-1",
    amount: 50_000,
    state: "accepted",
    version: 2,
    claims: 1,
    evidence: [],
    notOurs: [],
    lookUps: 0,
    createdAt: 0,
    updatedAt: 0,
    ...(hasRecord(fields.state ?? "accepted") ? { recordId: "record-1" } : {}),
    ...fields
  })

const named = { kind: "payout", reference: "reference-1" } as const

const operationOf = (kind: Fields["kind"], name: "create" | "list"): string =>
  `${kind === "payout" ? "PayoutRequests" : "PayinRequests"}.${name}`

/**
 * Makes the error of a transfer that was not sent, by default because the look-up before it found no connection.
 *
 * Pass a `cause` that has to be corrected to get `needsCorrection: true`.
 *
 * **Example** (No connection, and a wrong key)
 *
 * ```ts
 * import { PalommaUnauthorized, Payouts } from "@palomma-effect/client"
 * import { TransferDouble } from "@palomma-effect/testing"
 * import { Effect, Layer } from "effect"
 *
 * export const offline = Layer.mock(Payouts, {
 *   send: ({ reference }) => Effect.fail(TransferDouble.notSent({ reference }))
 * })
 *
 * const cause = new PalommaUnauthorized({ operation: "PayoutRequests.list", outcome: "none", status: 401 })
 * TransferDouble.notSent().needsCorrection // => false
 * TransferDouble.notSent({ cause }).needsCorrection // => true
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const notSent = (fields: Partial<ConstructorParameters<typeof TransferNotSent>[0]> = {}): TransferNotSent => {
  const operation = operationOf(fields.kind ?? named.kind, "list")
  const cause = new PalommaConnectionError({ operation, outcome: "none", reason: "connect", code: "ECONNREFUSED" })
  return new TransferNotSent({ ...named, cause, ...fields })
}

/**
 * Makes the error of a transfer that Palomma rejected, by default with 400.
 *
 * **Example** (A double that rejects every payout)
 *
 * ```ts
 * import { Payouts } from "@palomma-effect/client"
 * import { TransferDouble } from "@palomma-effect/testing"
 * import { Effect, Layer } from "effect"
 *
 * export const rejecting = Layer.mock(Payouts, {
 *   send: ({ reference }) => Effect.fail(TransferDouble.rejected({ reference }))
 * })
 * TransferDouble.rejected().cause._tag // => "PalommaBadRequest"
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const rejected = (fields: Partial<ConstructorParameters<typeof TransferRejected>[0]> = {}): TransferRejected => {
  const operation = operationOf(fields.kind ?? named.kind, "create")
  const cause = new PalommaBadRequest({ operation, outcome: "rejected", status: 400 })
  return new TransferRejected({ ...named, cause, ...fields })
}

/**
 * The fields of a `TransferOutcomeUnknown`, with ids as plain texts.
 *
 * @category options
 * @since 0.1.0
 */
export interface OutcomeUnknownFields extends Partial<
  Omit<ConstructorParameters<typeof TransferOutcomeUnknown>[0], "recordId" | "evidence">
> {
  /** The id of Palomma's record, if one is known. */
  readonly recordId?: string
  /** The ids of records at Palomma that may be the transfer. */
  readonly records?: ReadonlyArray<string>
  /** Whether Palomma's list already shows a later transfer. */
  readonly laterTransferShown?: boolean
}

/**
 * Makes the error of a transfer in doubt: by default this call sent it, Palomma answered with 502, and no record of it
 * was found.
 *
 * **Example** (A payout in doubt, and one that a person has to decide)
 *
 * ```ts
 * import { Payouts } from "@palomma-effect/client"
 * import { TransferDouble } from "@palomma-effect/testing"
 * import { Effect, Layer } from "effect"
 *
 * export const inDoubt = Layer.mock(Payouts, {
 *   send: ({ reference }) => Effect.fail(TransferDouble.outcomeUnknown({ reference }))
 * })
 * TransferDouble.outcomeUnknown().sent // => "yes"
 * TransferDouble.outcomeUnknown({ state: "needsReview", records: ["01HPR"] }).evidence.records.length // => 1
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const outcomeUnknown = ({
  laterTransferShown = false,
  recordId,
  records = [],
  ...fields
}: OutcomeUnknownFields = {}): TransferOutcomeUnknown =>
  new TransferOutcomeUnknown({
    ...named,
    state: "unknown",
    version: 3,
    sent: "yes",
    lastError: `${operationOf(fields.kind ?? named.kind, "create")}: PalommaServerError 502.`,
    // A test that passes its own `lastError` may have another tag.
    ...(fields.lastError === undefined ? { lastErrorTag: "PalommaServerError" } : {}),
    ...fields,
    ...(recordId === undefined ? {} : { recordId: SafeText.id(recordId) }),
    evidence: new TransferEvidence({
      records: records.map((id) => ({ id: SafeText.id(id), seenIn: "reference-list" })),
      laterTransferShown
    })
  })
