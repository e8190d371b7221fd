/**
 * Numbers of identity documents, by the type of the document.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import { Cedula } from "./Cedula.ts"
import type { DocumentType } from "./DocumentType.ts"
import { plainHyphens, ungrouped, withoutBlanks } from "./internal/typed/text.ts"
import { Nit, type NitForm } from "./Nit.ts"

/**
 * The type of the document, and how to write a NIT if it can be one.
 *
 * @category options
 * @since 0.1.0
 */
export type DocumentNumberOptions =
  | { readonly documentType: "cc" | "ce" }
  | { readonly documentType: DocumentType; readonly nit: NitForm }

/**
 * Reads the number of a document as people write it, by the type of the document.
 *
 * The number of a `cc` or `ce` is a `Cedula`, and of a `nit` a `Nit`. A passport, or another type that Palomma enabled
 * for a merchant, has 4 to 20 letters and digits; spaces, hyphens and dots between groups of three digits are removed,
 * and letters become upper case.
 *
 * **Example** (Numbers of two types)
 *
 * ```ts
 * import { DocumentNumber } from "@palomma-effect/schema"
 * import * as Option from "effect/Option"
 *
 * DocumentNumber.normalize("1.020.304.050", { documentType: "cc" }) // => Option.some("1020304050")
 * const company = { documentType: "nit", nit: "without-check-digit" } as const
 * DocumentNumber.normalize("890.903.938-8", company) // => Option.some("890903938")
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const normalize = (text: string, options: DocumentNumberOptions): Option.Option<string> => {
  if (options.documentType === "cc" || options.documentType === "ce") return Cedula.normalize(text)
  if (options.documentType === "nit") return Option.map(Nit.normalize(text), (nit) => Nit.write(nit, options.nit))
  const number = ungrouped(plainHyphens(withoutBlanks(text)).replace(/(?<=[a-z\d])-(?=[a-z\d])/gi, ""))
  // Checked before the change of case, which makes ASCII letters of others: "ß" becomes "SS".
  return /^[a-z\d]{4,20}$/i.test(number) ? Option.some(number.toUpperCase()) : Option.none()
}
