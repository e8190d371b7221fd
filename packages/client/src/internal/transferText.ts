/**
 * How texts name a transfer, the service that has it, and records.
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

/** How many ids a text lists. What it is made of holds all of them. */
const maxListed = 20

/** Ids as texts list them: not without end. */
export const listed = (ids: ReadonlyArray<string>): string => {
  const more = ids.length - maxListed
  return ids.slice(0, maxListed).join(", ") + (more > 0 ? ` and ${more} more` : "")
}
