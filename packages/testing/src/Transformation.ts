/**
 * Changes that a server may make to a text or a number, as data.
 *
 * @since 0.1.0
 */

/**
 * A change that a server may make to a text.
 *
 * `trim` removes blanks from both ends. `lower-case` and `upper-case` change the case of letters. `NFC`, `NFD`, `NFKC`
 * and `NFKD` are the normalization forms of Unicode. `remove` removes the text. `cut` keeps that many characters.
 * `replace` puts another text in its place.
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
 * A change that a server may make to a number: `{ add: -500 }` deducts a fee, `{ multiply: 100 }` converts to cents.
 *
 * @category models
 * @since 0.1.0
 */
export type NumberTransformation = { readonly add: number } | { readonly multiply: number }

/**
 * A change that a server may make to a text or a number.
 *
 * A value of the other kind does not change.
 *
 * @category models
 * @since 0.1.0
 */
export type Transformation = TextTransformation | NumberTransformation
