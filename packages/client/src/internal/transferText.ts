/**
 * How messages show a transfer, its service and lists of record ids.
 */
import type { TransferKind } from "../Transfer.ts"

interface Named {
  readonly kind: TransferKind
  readonly reference: string
}

/** How many UTF-16 units of a reference a message shows. A caller may pass a reference of any length. */
const longest = 400

/** Returns a reference as messages show it: in quotes, on one line, and cut if it is too long. */
export const quoted = (reference: string): string =>
  `"${reference.slice(0, longest).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd")}"`

/** Returns the kind and reference of a transfer as messages show them. */
export const nameOf = ({ kind, reference }: Named): string =>
  `${kind === "payout" ? "Payout" : "Debit"} ${quoted(reference)}`

/** Returns the name of the service of a transfer. */
export const serviceOf = ({ kind }: Pick<Named, "kind">): "Payouts" | "Payins" =>
  kind === "payout" ? "Payouts" : "Payins"

/** How many ids a message lists. The error or row has all of them. */
const maxListed = 20

/** Returns ids as messages list them, at most 20. */
export const listed = (ids: ReadonlyArray<string>): string => {
  const more = ids.length - maxListed
  return ids.slice(0, maxListed).join(", ") + (more > 0 ? ` and ${more} more` : "")
}
