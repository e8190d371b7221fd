/**
 * Transfers for test doubles of `Payouts` and `Payins`.
 *
 * @since 0.1.0
 */
import { Transfer } from "@palomma-effect/client"

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
