/**
 * Banks that Palomma pays out to.
 *
 * @since 0.1.0
 */
import * as OpenEnum from "./OpenEnum.ts"

const names = {
  santander: "Banco Santander",
  coofinep: "Coofinep",
  avvillas: "Banco AV Villas",
  cotrafa: "Cotrafa",
  movii: "MOVii",
  confiar: "Confiar",
  union: "Banco Unión (antes Giros y Finanzas)",
  rappipay: "RappiPay",
  nequi: "Nequi",
  bancoagrario: "Banco Agrario",
  bancoomeva: "Bancoomeva",
  bancamia: "Bancamía",
  coopcentral: "Coopcentral",
  citibank: "Citibank",
  lulo: "Lulo Bank",
  bancodeoccidente: "Banco de Occidente",
  falabella: "Banco Falabella",
  bancodebogota: "Banco de Bogotá",
  bancocajasocial: "Banco Caja Social",
  serfinanza: "Banco Serfinanza",
  cfa: "CFA Cooperativa Financiera",
  coltefinanciera: "Coltefinanciera",
  pichincha: "Banco Pichincha",
  iris: "Iris",
  ban100: "Ban100",
  bancopopular: "Banco Popular",
  daviplata: "Daviplata",
  bancolombia: "Bancolombia",
  finandina: "Banco Finandina",
  scotiabankcolpatria: "Davibank (antes Scotiabank Colpatria)",
  gnbsudameris: "Banco GNB Sudameris",
  itau: "Itaú",
  bbva: "BBVA Colombia",
  davivienda: "Davivienda",
  mibanco: "Mibanco",
  multibank: "Multibank",
  mundomujer: "Banco Mundo Mujer",
  procreditcolombia: "Banco ProCredit",
  bancow: "Banco W",
  bancoldex: "Bancóldex",
  juriscoop: "Financiera Juriscoop",
  itauhelm: "Itaú (antes Helm)",
  jpmorgancolombia: "J.P. Morgan Colombia",
  asopagos: "Asopagos",
  pibank: "Pibank",
  jfk: "JFK Cooperativa Financiera",
  ding: "Ding (Tecnipagos)",
  uala: "Ualá",
  btgpactual: "BTG Pactual",
  powwi: "Powwi",
  bold: "Bold",
  coink: "Coink",
  santanderconsumer: "Santander Consumer",
  global66: "Global66",
  nu: "Nu"
} as const

/**
 * A bank that can receive payouts: one that Palomma documents, or one that it added later.
 *
 * @category models
 * @since 0.1.0
 */
export type PayoutBank = typeof PayoutBank.Type

/**
 * Type of the schema {@link PayoutBank}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface PayoutBankSchema extends OpenEnum.OpenEnum<keyof typeof names> {}

/**
 * Schema of a bank that can receive payouts: its known values and their names.
 *
 * @category schemas
 * @since 0.1.0
 */
export const PayoutBank: PayoutBankSchema = OpenEnum.make("PayoutBank", names)
