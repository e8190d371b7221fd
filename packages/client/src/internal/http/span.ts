import type * as Fiber from "effect/Fiber"
import * as Context from "effect/Context"
import * as Tracer from "effect/Tracer"

/** Puts an attribute on the span of a call, without an effect of its own: a call has three of them. */
export const annotate = (fiber: Fiber.Fiber<unknown, unknown>, key: string, value: unknown): void => {
  const span = Context.getOrUndefined(fiber.context, Tracer.ParentSpan)
  if (span?._tag === "Span") span.attribute(key, value)
}
