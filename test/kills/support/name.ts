/** The name of a transfer. */
import type { TransferKind } from "@palomma-effect/client"

/** The name of a transfer. */
export interface Name {
  readonly kind: TransferKind
  readonly reference: string
}

/** The name as one string. */
export const nameOf = ({ kind, reference }: Name): string => `${kind} ${reference}`
