/**
 * Kinds of Colombian identity document.
 *
 * @since 0.1.0
 */
import * as OpenEnum from "./OpenEnum.ts"

/**
 * A kind of identity document: `cc` for citizens, `ce` for foreign residents, `nit` for companies.
 *
 * @category models
 * @since 0.1.0
 */
export type DocumentType = typeof DocumentType.Type

/**
 * Type of the schema {@link DocumentType}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface DocumentTypeSchema extends OpenEnum.OpenEnum<"cc" | "ce" | "nit"> {}

/**
 * Schema of a kind of identity document: its known values and their Spanish names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DocumentType: DocumentTypeSchema = OpenEnum.make("DocumentType", {
  cc: "Cédula de ciudadanía",
  ce: "Cédula de extranjería",
  nit: "Número de identificación tributaria"
})
