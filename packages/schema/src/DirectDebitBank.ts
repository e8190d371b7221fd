/**
 * Banks whose accounts can be debited through a payin source.
 *
 * @since 0.1.0
 */
import * as OpenEnum from "./OpenEnum.ts"

const names = {
  santander: "Banco Santander",
  coofinep: "Coofinep",
  avvillas: "Banco AV Villas",
  rappipay: "RappiPay",
  nequi: "Nequi",
  bancoagrario: "Banco Agrario",
  bancoomeva: "Bancoomeva",
  coopcentral: "Coopcentral",
  citibank: "Citibank",
  bancodeoccidente: "Banco de Occidente",
  bancodebogota: "Banco de Bogotá",
  bancocajasocial: "Banco Caja Social",
  serfinanza: "Banco Serfinanza",
  bancopopular: "Banco Popular",
  daviplata: "Daviplata",
  bancolombia: "Bancolombia",
  scotiabankcolpatria: "Davibank (antes Scotiabank Colpatria)",
  gnbsudameris: "Banco GNB Sudameris",
  itau: "Itaú",
  bbva: "BBVA Colombia",
  davivienda: "Davivienda",
  mibanco: "Mibanco",
  multibank: "Multibank",
  mundomujer: "Banco Mundo Mujer",
  juriscoop: "Financiera Juriscoop",
  itauhelm: "Itaú (antes Helm)",
  jpmorgancolombia: "J.P. Morgan Colombia",
  btgpactual: "BTG Pactual"
} as const

/**
 * A bank whose accounts can be debited: one that Palomma documents, or one that it added later.
 *
 * @category models
 * @since 0.1.0
 */
export type DirectDebitBank = typeof DirectDebitBank.Type

/**
 * Type of the schema {@link DirectDebitBank}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface DirectDebitBankSchema extends OpenEnum.OpenEnum<keyof typeof names> {}

/**
 * Schema of a bank whose accounts can be debited: its known values and their names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const DirectDebitBank: DirectDebitBankSchema = OpenEnum.make("DirectDebitBank", names)
