/**
 * The check that a caller of a create puts just before the hand-over of its body.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** The check of the create that is being run, if it has one. `false` keeps the body here for good. */
export const CurrentFence: Context.Reference<Effect.Effect<boolean> | undefined> = Context.Reference<
  Effect.Effect<boolean> | undefined
>("@palomma-effect/client/internal/CurrentFence", { defaultValue: () => undefined })
