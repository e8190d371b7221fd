import type * as Fiber from "effect/Fiber"
import * as Context from "effect/Context"
import * as Tracer from "effect/Tracer"

/** Sets an attribute on the span of a call. A plain function, because an Effect for each attribute costs more. */
export const annotate = (fiber: Fiber.Fiber<unknown, unknown>, key: string, value: unknown): void => {
  const span = Context.getOrUndefined(fiber.context, Tracer.ParentSpan)
  if (span?._tag === "Span") span.attribute(key, value)
}
