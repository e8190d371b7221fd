/**
 * Banks that a payer can choose in a PSE payin link.
 *
 * @since 0.1.0
 */
import * as OpenEnum from "./OpenEnum.ts"

const names = {
  alianza: "Alianza Fiduciaria",
  ban100: "Ban100",
  bancamia: "Bancamía",
  bancoagrario: "Banco Agrario",
  avvillas: "Banco AV Villas",
  bbva: "BBVA Colombia",
  bancocajasocial: "Banco Caja Social",
  coopcentral: "Coopcentral",
  davivienda: "Davivienda",
  bancodebogota: "Banco de Bogotá",
  bancodeoccidente: "Banco de Occidente",
  falabella: "Banco Falabella",
  finandina: "Banco Finandina",
  gnbsudameris: "Banco GNB Sudameris",
  itau: "Itaú",
  jpmorgancolombia: "J.P. Morgan Colombia",
  mundomujer: "Banco Mundo Mujer",
  pichincha: "Banco Pichincha",
  bancopopular: "Banco Popular",
  santander: "Banco Santander",
  serfinanza: "Banco Serfinanza",
  union: "Banco Unión (antes Giros y Finanzas)",
  bancolombia: "Bancolombia",
  bancoomeva: "Bancoomeva",
  cfa: "CFA Cooperativa Financiera",
  citibank: "Citibank",
  coltefinanciera: "Coltefinanciera",
  confiar: "Confiar",
  coofinep: "Coofinep",
  cotrafa: "Cotrafa",
  dale: "dale!",
  daviplata: "Daviplata",
  iris: "Iris",
  lulo: "Lulo Bank",
  movii: "MOVii",
  nequi: "Nequi",
  rappipay: "RappiPay",
  scotiabankcolpatria: "Davibank (antes Scotiabank Colpatria)",
  uala: "Ualá",
  crezcamos: "Crezcamos",
  nu: "Nu"
} as const

/**
 * A bank that a PSE payin link can collect from: one that Palomma documents, or one that it added later.
 *
 * @category models
 * @since 0.1.0
 */
export type PseBank = typeof PseBank.Type

/**
 * Type of the schema {@link PseBank}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PseBankSchema extends OpenEnum.OpenEnum<keyof typeof names> {}

/**
 * Schema of a bank that a PSE payin link can collect from: its known values and their names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PseBank: PseBankSchema = OpenEnum.make("PseBank", names)
