// Checks that `src/Operations.ts` and `src/internal/contract/groups.ts` contain the same operations.
import type { Operations, PalommaApi } from "@palomma-effect/schema"

type NamesOf<Groups> = {
  readonly [Group in keyof Groups & string]: `${Group}.${keyof Groups[Group] & string}`
}[keyof Groups & string]

type Groups = typeof PalommaApi.groups
type InGroups = NamesOf<{ readonly [Group in keyof Groups]: Groups[Group]["endpoints"] }>
type InOperations = NamesOf<typeof Operations>

type None<Problems extends never> = Problems

type MissingInGroups<Listed extends string> =
  Exclude<Listed, InGroups> extends infer Name extends string
    ? `${Name} is in src/Operations.ts, but not in src/internal/contract/groups.ts and src/PalommaApi.ts`
    : never

type MissingInOperations<Listed extends string> =
  Exclude<InGroups, Listed> extends infer Name extends string
    ? `${Name} is in src/internal/contract/groups.ts, but not in src/Operations.ts`
    : never

export type EveryOperationIsInAGroup = None<MissingInGroups<InOperations>>
export type EveryEndpointIsAnOperation = None<MissingInOperations<InOperations>>

// @ts-expect-error: an operation without a group
export type NotInAGroup = None<MissingInGroups<InOperations | "payoutRequests.repay">>
// @ts-expect-error: an endpoint without an operation
export type NotAnOperation = None<MissingInOperations<Exclude<InOperations, "payoutRequests.get">>>
