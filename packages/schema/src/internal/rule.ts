/**
 * Rules of inputs: the message, the stable code and the parameters of a check.
 */

/** The parameters of a rule. They come from the rule, never from the input. */
export interface RuleParameters {
  readonly above?: number
  readonly atMost?: number
  readonly list?: string
  readonly suggestion?: string
  readonly values?: ReadonlyArray<string>
}

/** What another language needs to write a rule. */
export interface RuleData {
  /** The stable code of the rule. */
  readonly code: string
  readonly parameters?: RuleParameters | undefined
}

/** The key of the {@link RuleData} in the annotations of a schema, a check or an issue. */
export const dataKey = "~palomma-effect/rule"

/** The annotations of a rule. */
export type Rule = { readonly message: string; readonly [dataKey]: RuleData }

/** Makes the annotations of a rule: the message in English, and the code and parameters to translate it with. */
export const rule = (code: string, message: string, parameters?: RuleParameters): Rule => ({
  message,
  [dataKey]: { code, parameters }
})
