/**
 * The check that a caller of a create puts just before the hand-over of its body.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** What a caller of a create asks, and is told, about the hand-over of its body. */
export interface Fence {
  /** The check just before the hand-over. `false` keeps the body here for good. */
  readonly check: Effect.Effect<boolean>
  /** Called if the body was handed over for certain: a client that cannot tell does not call it. */
  readonly onHandedOver: () => void
}

/** The fence of the create that is being run, if it has one. */
export const CurrentFence: Context.Reference<Fence | undefined> = Context.Reference<Fence | undefined>(
  "@palomma-effect/client/internal/CurrentFence",
  { defaultValue: () => undefined }
)
