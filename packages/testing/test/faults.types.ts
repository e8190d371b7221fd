// Every fault of `Fault` can be added over HTTP with the name of its constructor.
import type { Fault } from "@palomma-effect/testing"
import type { FaultBody } from "../src/internal/control/faultBodies.ts"

type Maker = Fault.Fault | ((...args: never) => Fault.Fault)

type NamesOf<Module> = { readonly [Name in keyof Module]: Module[Name] extends Maker ? Name : never }[keyof Module]

type Missing<Module> =
  Exclude<NamesOf<Module>, (typeof FaultBody.Type)["kind"]> extends infer Name extends string
    ? `Fault.${Name} is missing in packages/testing/src/internal/control/faultBodies.ts`
    : never

type None<Problems extends never> = Problems

export type EveryFaultHasABody = None<Missing<typeof Fault>>
// @ts-expect-error: a fault that cannot be added over HTTP
export type NoBody = None<Missing<{ readonly explode: () => Fault.Drop }>>
