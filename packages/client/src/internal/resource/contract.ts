/**
 * Compile-time checks that the services have a method for every operation of the contract.
 */
import type { Operations } from "@palomma-effect/schema"
import type * as Effect from "effect/Effect"

/** The name of an operation of the contract, such as `PayoutRequests.create`. */
export type OperationName<Contract = typeof Operations> = {
  readonly [Group in keyof Contract & string]: `${Capitalize<Group>}.${keyof Contract[Group] & string}`
}[keyof Contract & string]

/** The names of the services whose group in the contract has this operation. */
export type ServiceWith<Operation extends string> = OperationName extends infer Name
  ? Name extends `${infer Service}.${Operation}`
    ? Service
    : never
  : never

// `never` if there is no such service, or no such method.
type MethodOf<Services, Service extends string, Name> = Services extends {
  readonly key: `@palomma-effect/client/${Service}`
  readonly Service: infer Methods
}
  ? Methods[Name & keyof Methods]
  : never

type ProblemOf<Name extends string, Operation, Method> = [Method] extends [never]
  ? `${Name} is in the contract, but the client has no such method`
  : Operation extends { readonly success: { readonly Type: infer Answer } }
    ? Method extends (...args: never) => Effect.Effect<Answer, unknown, unknown>
      ? never
      : `${Name} of the client does not return what the contract says`
    : never

/** The problems of the services, one text for each operation of the contract. `never` if there are none. */
export type Uncovered<Services, Contract = typeof Operations> = {
  readonly [Group in keyof Contract & string]: {
    readonly [Name in keyof Contract[Group] & string]: ProblemOf<
      `${Capitalize<Group>}.${Name}`,
      Contract[Group][Name],
      MethodOf<Services, Capitalize<Group>, Name>
    >
  }[keyof Contract[Group] & string]
}[keyof Contract & string]

/** A type that compiles only without problems. The compiler error shows them. */
export type None<Problems extends never> = Problems
