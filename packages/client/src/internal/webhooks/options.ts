/**
 * Checks the options of the `Webhooks` layers. They may come from JavaScript, so nothing is taken for what its type says.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { PalommaInvalidInput } from "../../PalommaError.ts"

interface Problem {
  readonly field: string
  readonly code: string
  readonly rule: string
}

/** Options that were checked, with their defaults. */
export interface Checked {
  readonly integrityKeys: ReadonlyArray<Redacted.Redacted>
  readonly tolerance: Duration.Duration
  readonly handlerTimeout: Duration.Duration
}

// No option may be a symbol: if reading one throws, the rule of that option refuses it.
const unreadable = Symbol("unreadable")

const attempt = (read: () => unknown): unknown => {
  try {
    return read()
  } catch {
    return unreadable
  }
}

const option = (options: object, name: keyof Checked): unknown => attempt(() => Reflect.get(options, name))

// Spaces at either end come from a line that was copied. With an empty key anyone could sign.
const isIntegrityKey = (text: unknown): text is string =>
  typeof text === "string" && text !== "" && text.trim() === text && !/\p{Cc}/u.test(text)

const keyRule = "must be the integrity key that Palomma issued, without spaces or line breaks around it"

const checkKeys = (input: unknown, problems: Array<Problem>): Checked["integrityKeys"] => {
  const list = attempt(() => (Array.isArray(input) ? [...input] : []))
  const keys: ReadonlyArray<unknown> = Array.isArray(list) ? list : []
  if (keys.length === 0) {
    problems.push({ field: "integrityKeys", code: "required", rule: "must be a list of at least one key" })
  }
  return keys.flatMap((key, i) => {
    const field = `integrityKeys.${i}`
    if (!Redacted.isRedacted(key)) {
      problems.push({ field, code: "redacted", rule: "must be made by Redacted.make" })
      return []
    }
    const text = attempt(() => Redacted.value(key))
    if (isIntegrityKey(text)) return [Redacted.make(text)]
    problems.push({ field, code: "integrity-key", rule: keyRule })
    return []
  })
}

// A `Duration.Input` is not checked by its type here: what is no duration is none.
const durationOf = (input: unknown): Option.Option<Duration.Duration> =>
  Duration.fromInput(input as Duration.Input).pipe(
    Option.filter((duration) => attempt(() => Duration.isPositive(duration)) === true)
  )

const checkTolerance = (options: object, problems: Array<Problem>): Duration.Duration => {
  const tolerance = durationOf(option(options, "tolerance") ?? "2 days")
  if (Option.isNone(tolerance)) {
    problems.push({ field: "tolerance", code: "duration", rule: "must be a duration longer than zero" })
  }
  return Option.getOrElse(tolerance, () => Duration.zero)
}

const checkHandlerTimeout = (options: object, problems: Array<Problem>): Duration.Duration => {
  const timeout = Option.filter(durationOf(option(options, "handlerTimeout") ?? "1 minute"), Duration.isFinite)
  if (Option.isNone(timeout)) {
    problems.push({ field: "handlerTimeout", code: "duration", rule: "must be a finite duration longer than zero" })
  }
  return Option.getOrElse(timeout, () => Duration.zero)
}

const check = (
  operation: string,
  options: unknown,
  keysOf: (options: object, problems: Array<Problem>) => Checked["integrityKeys"]
): Effect.Effect<Checked, PalommaInvalidInput> =>
  Effect.suspend(() => {
    const problems: Array<Problem> = []
    const readable = typeof options === "object" && options !== null ? options : {}
    const checked: Checked = {
      integrityKeys: keysOf(readable, problems),
      tolerance: checkTolerance(readable, problems),
      handlerTimeout: checkHandlerTimeout(readable, problems)
    }
    if (problems.length === 0) return Effect.succeed(checked)
    return Effect.fail(
      new PalommaInvalidInput({
        operation,
        outcome: "not-sent",
        problems: problems.map(({ field, rule }) => ({ field, rule }))
      })
    )
  })

/** Checks the options of `Webhooks.layer`. */
export const checkOptions = (options: unknown): Effect.Effect<Checked, PalommaInvalidInput> =>
  check("Webhooks.layer", options, (readable, problems) => checkKeys(option(readable, "integrityKeys"), problems))

/** Checks the options of `Webhooks.layerConfig`, and the keys in `PALOMMA_INTEGRITY_KEY`. */
export const checkConfig = (
  configured: Option.Option<Redacted.Redacted>,
  options: unknown
): Effect.Effect<Checked, PalommaInvalidInput> =>
  check("Webhooks.layerConfig", options, (_, problems) => {
    const field = "PALOMMA_INTEGRITY_KEY"
    if (Option.isNone(configured)) {
      problems.push({ field, code: "required", rule: `is not set; it ${keyRule}` })
      return []
    }
    const keys = Redacted.value(configured.value)
      .split(",")
      .map((key) => key.trim())
    if (keys.every(isIntegrityKey)) return keys.map((key) => Redacted.make(key))
    problems.push({ field, code: "integrity-key", rule: `${keyRule}, or several separated by commas` })
    return []
  })
