/**
 * The checks of the options of `Durable`. Each check reports all problems together.
 */
import type { PalommaInvalidInput } from "@palomma-effect/client/PalommaError"
import type { TransferOptions } from "@palomma-effect/client/TransferOptions"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Struct from "effect/Struct"
import type { DurableOptions } from "../../DurableOptions.ts"
import type { WorkOptions } from "../../DurableService.ts"
import * as Checks from "../checks.ts"
import { isPrefix, prefixRule } from "../prefix.ts"
import type { SqlOptions } from "./backend.ts"

// The type asks for each option that is added.
const transferOptions: Record<keyof TransferOptions, true> = {
  sendTimeout: true,
  reconcileTimeout: true,
  lookUpTimeout: true,
  lookUpPages: true,
  lookUpFirst: true,
  quietTime: true,
  namespace: true,
  traceReferences: true
}

const ownOptions: Record<Exclude<keyof DurableOptions, keyof TransferOptions>, true> = {
  prefix: true,
  timeout: true,
  pollInterval: true,
  lockExpiration: true,
  retention: true
}

const layerOptions: ReadonlyArray<string> = [...Object.keys(transferOptions), ...Object.keys(ownOptions)]

const workOptions: Record<keyof WorkOptions, true> = { concurrency: true, onEnd: true, onEndTimeout: true }

const millisecond = Duration.millis(1)
const day = Duration.days(1)

const prefixProblems = (value: unknown): Checks.Problems =>
  value === undefined || isPrefix(value) ? [] : Checks.problem("prefix", "table-prefix", prefixRule)

/** The layer whose options are validated. */
export interface OptionsOf {
  readonly operation: string
  /** The names of further options of the layer, which open the database. */
  readonly further: ReadonlyArray<string>
}

/** Validates the options of a layer, and separates those of the journal from those of transfers. */
export const readOptions = (
  { further, operation }: OptionsOf,
  input: DurableOptions
): Effect.Effect<SqlOptions & { readonly transfer: TransferOptions }, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const { fields, problems } = Checks.read(input)
    // Locks are in whole seconds.
    const shortestLock = Duration.seconds(1)
    const found = [
      ...problems,
      ...Checks.unknownFields(Object.keys(fields), [...further, ...layerOptions]),
      ...prefixProblems(fields["prefix"]),
      ...Checks.duration("timeout", fields["timeout"], millisecond, day),
      ...Checks.duration("pollInterval", fields["pollInterval"], millisecond, day),
      ...Checks.duration("lockExpiration", fields["lockExpiration"], shortestLock, day),
      ...Checks.duration("retention", fields["retention"], millisecond, Duration.days(10_000))
    ]
    // The type allows it: the fields were checked above, or are checked by `Payouts` and `Payins`.
    const options: DurableOptions = Struct.omit(fields, further)
    const {
      lockExpiration = "30 seconds",
      pollInterval = "500 millis",
      prefix = "palomma_",
      retention = "1 day",
      timeout = "10 seconds",
      ...transfer
    } = options
    return Effect.map(Checks.refuse(operation, "none", found), () => ({
      prefix,
      transfer,
      lockExpiration: Duration.fromInputUnsafe(lockExpiration),
      pollInterval: Duration.fromInputUnsafe(pollInterval),
      retention: Duration.fromInputUnsafe(retention),
      timeout: Duration.fromInputUnsafe(timeout)
    }))
  })

/** Validated options of a worker. */
export interface ReadWorkOptions<E, R> {
  readonly concurrency: number
  readonly onEnd: WorkOptions<E, R>["onEnd"]
  readonly onEndTimeout: Duration.Duration
}

/** Validates the options of a worker. */
export const readWorkOptions = <E, R>(
  operation: string,
  input: WorkOptions<E, R>
): Effect.Effect<ReadWorkOptions<E, R>, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const { fields, problems } = Checks.read(input)
    const found = [
      ...problems,
      ...Checks.unknownFields(Object.keys(fields), Object.keys(workOptions)),
      ...Checks.wholeNumber("concurrency", fields["concurrency"], 1, 100),
      ...(fields["onEnd"] === undefined || typeof fields["onEnd"] === "function"
        ? []
        : Checks.problem("onEnd", "function", "must be a function that returns an Effect")),
      ...Checks.duration("onEndTimeout", fields["onEndTimeout"], millisecond, day)
    ]
    // The type allows it: the fields were checked above.
    const { concurrency = 8, onEnd, onEndTimeout = "5 seconds" } = fields as WorkOptions<E, R>
    return Effect.map(Checks.refuse(operation, "none", found), () => ({
      concurrency,
      onEnd,
      onEndTimeout: Duration.fromInputUnsafe(onEndTimeout)
    }))
  })
