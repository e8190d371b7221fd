/**
 * Rules of inputs: the message and the stable code of a check.
 */

/** The key of the code of a rule in the annotations of a schema or a check. */
export const codeKey = "~palomma-effect/code"

/** Makes the annotations of a rule: the message for people, and the stable code to translate it by. */
export const rule = (code: string, message: string): { readonly message: string; readonly [codeKey]: string } => ({
  message,
  [codeKey]: code
})
