/**
 * How texts name a transfer, and the service that has it.
 */
import type { TransferKind } from "../Transfer.ts"

interface Named {
  readonly kind: TransferKind
  readonly reference: string
}

/** How long a reference of a transfer can be, in UTF-16 units. A caller may ask for anything. */
const longest = 400

/** A reference as texts name it: on one line, and not without end. */
export const quoted = (reference: string): string =>
  `"${reference.slice(0, longest).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd")}"`

/** A transfer as texts name it. */
export const nameOf = ({ kind, reference }: Named): string =>
  `${kind === "payout" ? "Payout" : "Debit"} ${quoted(reference)}`

/** The service that has it. */
export const serviceOf = ({ kind }: Pick<Named, "kind">): "Payouts" | "Payins" =>
  kind === "payout" ? "Payouts" : "Payins"
