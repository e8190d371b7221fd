/**
 * What a server may make of a text or a number, as data.
 *
 * @since 0.1.0
 */

/**
 * What a server may make of a text.
 *
 * `trim` takes blanks off both ends, `lower-case` and `upper-case` change its letters, `NFC`, `NFD`, `NFKC` and `NFKD` are the normalization
 * forms of Unicode, `remove` leaves nothing. `cut` keeps that many characters, and `replace` puts another text there.
 *
 * @category models
 * @since 0.1.0
 */
export type TextTransformation =
  | "trim"
  | "lower-case"
  | "upper-case"
  | "NFC"
  | "NFD"
  | "NFKC"
  | "NFKD"
  | "remove"
  | { readonly cut: number }
  | { readonly replace: string }

/**
 * What a server may make of a number: `add` a fee that is taken off, `multiply` by 100 for cents.
 *
 * @category models
 * @since 0.1.0
 */
export type NumberTransformation = { readonly add: number } | { readonly multiply: number }

/**
 * What a server may make of a text or a number.
 *
 * What is of the other kind stays as it is.
 *
 * @category models
 * @since 0.1.0
 */
export type Transformation = TextTransformation | NumberTransformation
