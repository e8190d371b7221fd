/**
 * The check that runs just before the body of a create is handed over.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** The caller's check and callback for the hand-over of the body of a create. */
export interface Fence {
  /** The check just before the hand-over. If it returns `false`, the body is never handed over. */
  readonly check: Effect.Effect<boolean>
  /** Called if the body was certainly handed over. It is not called if the client cannot tell. */
  readonly onHandedOver: () => void
}

/** The fence of the create that runs in this fiber, if it has one. */
export const CurrentFence: Context.Reference<Fence | undefined> = Context.Reference<Fence | undefined>(
  "@palomma-effect/client/internal/CurrentFence",
  { defaultValue: () => undefined }
)
