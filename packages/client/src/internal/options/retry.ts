/**
 * The options of a retry policy: what is wrong with them, what they make of a policy, and those that hold around a call.
 */
import type { InputProblem } from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import type { CallOptions, CallPolicy, RetryOptions, RetryPolicy } from "../../RetryOptions.ts"
import * as Options from "./checks.ts"

const names: ReadonlyArray<keyof CallPolicy> = [
  "maxAttempts",
  "attemptTimeout",
  "timeout",
  "initialBackoff",
  "maxBackoff"
]

const checkCall = (field: string, value: unknown): ReadonlyArray<InputProblem> =>
  Options.object(field, value, names, (options) => {
    const at = (name: string): string => Options.path(field, name)
    return [
      ...Options.wholeNumber(at("maxAttempts"), options["maxAttempts"], 1, 20),
      ...Options.duration(at("attemptTimeout"), options["attemptTimeout"]),
      ...Options.duration(at("timeout"), options["timeout"]),
      ...Options.duration(at("initialBackoff"), options["initialBackoff"], { allowsZero: true }),
      ...Options.duration(at("maxBackoff"), options["maxBackoff"], { allowsZero: true })
    ]
  })

/** Everything that is wrong with retry options, under the name of the option that holds them. */
export const checkRetryOptions = (field: string, value: unknown): ReadonlyArray<InputProblem> =>
  Options.object(field, value, ["reads", "creates"], ({ creates, reads }) => [
    ...checkCall(Options.path(field, "reads"), reads),
    ...checkCall(Options.path(field, "creates"), creates)
  ])

const or = (input: Duration.Input | undefined, otherwise: Duration.Duration): Duration.Duration =>
  input === undefined ? otherwise : Duration.fromInputUnsafe(input)

const override = (policy: CallPolicy, options: CallOptions = {}): CallPolicy => ({
  maxAttempts: options.maxAttempts ?? policy.maxAttempts,
  attemptTimeout: or(options.attemptTimeout, policy.attemptTimeout),
  timeout: or(options.timeout, policy.timeout),
  initialBackoff: or(options.initialBackoff, policy.initialBackoff),
  maxBackoff: or(options.maxBackoff, policy.maxBackoff)
})

/** A policy with the parts replaced that the options name. The options must be right: see {@link checkRetryOptions}. */
export const overrideRetryPolicy = (policy: RetryPolicy, options: RetryOptions): RetryPolicy => ({
  reads: override(policy.reads, options.reads),
  creates: override(policy.creates, options.creates)
})

/** The options of the innermost {@link withRetry} around a call, with those of the outer ones that it does not name. */
export const CurrentRetryOptions: Context.Reference<RetryOptions | undefined> = Context.Reference<
  RetryOptions | undefined
>("@palomma-effect/client/RetryPolicy/CurrentRetryOptions", { defaultValue: () => undefined })
