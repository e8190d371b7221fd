/**
 * What a transfer is called.
 */
import type { TransferKind } from "@palomma-effect/client"

/** What a transfer is called. */
export interface Name {
  readonly kind: TransferKind
  readonly reference: string
}

/** The same in one text. */
export const nameOf = ({ kind, reference }: Name): string => `${kind} ${reference}`
