/** Where the code of a rule stands in the annotations of a schema or a check. */
export const codeKey = "~palomma-effect/code"

/** The annotations of a rule: what a person reads, and the stable word by which it can be translated. */
export const rule = (code: string, message: string): { readonly message: string; readonly [codeKey]: string } => ({
  message,
  [codeKey]: code
})
