/**
 * How texts name a transfer, and the service that has it.
 */
import type { TransferKind } from "../Transfer.ts"

interface Named {
  readonly kind: TransferKind
  readonly reference: string
}

/** A transfer as texts name it. */
export const nameOf = ({ kind, reference }: Named): string => `${kind === "payout" ? "Payout" : "Debit"} "${reference}"`

/** The service that has it. */
export const serviceOf = ({ kind }: Pick<Named, "kind">): "Payouts" | "Payins" =>
  kind === "payout" ? "Payouts" : "Payins"
