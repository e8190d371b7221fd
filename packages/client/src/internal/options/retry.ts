/**
 * Checks the options of a retry policy, applies them to a policy, and stores the options of `withRetry`.
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

/** Returns all problems of retry options. Their fields begin with `field`, the option that holds them. */
export const checkRetryOptions = (field: string, value: unknown): ReadonlyArray<InputProblem> =>
  Options.object(field, value, ["reads", "creates"], ({ creates, reads }) => [
    ...checkCall(Options.path(field, "reads"), reads),
    ...checkCall(Options.path(field, "creates"), creates)
  ])

const durationOr = (input: Duration.Input | undefined, fallback: Duration.Duration): Duration.Duration =>
  input === undefined ? fallback : Duration.fromInputUnsafe(input)

const override = (policy: CallPolicy, options: CallOptions = {}): CallPolicy => ({
  maxAttempts: options.maxAttempts ?? policy.maxAttempts,
  attemptTimeout: durationOr(options.attemptTimeout, policy.attemptTimeout),
  timeout: durationOr(options.timeout, policy.timeout),
  initialBackoff: durationOr(options.initialBackoff, policy.initialBackoff),
  maxBackoff: durationOr(options.maxBackoff, policy.maxBackoff)
})

/** Returns a policy with the options applied. The options must be valid: see {@link checkRetryOptions}. */
export const overrideRetryPolicy = (policy: RetryPolicy, options: RetryOptions): RetryPolicy => ({
  reads: override(policy.reads, options.reads),
  creates: override(policy.creates, options.creates)
})

/** The options of all `withRetry` around a call. Inner options override outer ones. */
export const CurrentRetryOptions: Context.Reference<RetryOptions | undefined> = Context.Reference<
  RetryOptions | undefined
>("@palomma-effect/client/RetryPolicy/CurrentRetryOptions", { defaultValue: () => undefined })
