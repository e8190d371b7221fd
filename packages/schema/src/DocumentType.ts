/**
 * The kinds of Colombian identity document.
 */
import * as OpenEnum from "./OpenEnum.ts"

/** A kind of identity document: `cc` for citizens, `ce` for foreign residents, `nit` for companies. */
export type DocumentType = typeof DocumentType.Type
/** The schema of {@link DocumentType}. */
export interface DocumentTypeSchema extends OpenEnum.OpenEnum<"cc" | "ce" | "nit"> {}
/** A kind of identity document: `cc` for citizens, `ce` for foreign residents, `nit` for companies. */
export const DocumentType: DocumentTypeSchema = OpenEnum.make("DocumentType", {
  cc: "Cédula de ciudadanía",
  ce: "Cédula de extranjería",
  nit: "Número de identificación tributaria"
})
