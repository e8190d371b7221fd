/**
 * The texts of problems in Spanish.
 *
 * A program that does not import this module does not contain the texts.
 *
 * @since 0.1.0
 */
import type { InputProblem, ProblemParameters } from "./InputProblem.ts"
import { maxLength } from "./internal/check/text.ts"
import { pageLimit } from "./Page.ts"
import * as Pesos from "./Pesos.ts"

type Text = string | ((parameters: ProblemParameters) => string)

const all = (values: ReadonlyArray<string> = []): string => values.join(", ")

const banks: { readonly [list: string]: string } = {
  PayoutBank: "un banco al que Palomma paga",
  PseBank: "un banco con PSE",
  DirectDebitBank: "un banco cuyas cuentas Palomma puede debitar"
}

const bank: Text = ({ list, suggestion }) => {
  const kind = (list === undefined ? undefined : banks[list]) ?? "un banco de la lista"
  return `debe ser ${kind}${suggestion === undefined ? "" : `; ¿quiso decir "${suggestion}"?`}`
}

const amount: Text = ({ above = 0, atMost }) => {
  const most = atMost === undefined ? "" : ` y máximo $ ${Pesos.group(atMost)}`
  return `debe ser un valor en pesos enteros, sin centavos: más de $ ${Pesos.group(above)}${most}`
}

/**
 * The texts of all codes: a text, or a function from the parameters of the problem to a text.
 *
 * @category constants
 * @since 0.1.0
 */
export const texts: { readonly [code: string]: string | ((parameters: ProblemParameters) => string) } = {
  required: "es obligatorio",
  "unknown-field": "no es un campo conocido",
  "non-empty": "no puede estar vacío",
  "well-formed": "debe ser texto Unicode válido",
  "reference-characters":
    "no puede tener saltos de línea, caracteres de control, caracteres invisibles ni Unicode inválido",
  "reference-blank": "no puede empezar ni terminar con un espacio",
  "reference-normalization": "debe ser texto Unicode normalizado (NFC): String.normalize() lo convierte",
  "reference-length": `debe tener máximo ${maxLength} caracteres`,
  amount,
  "amount-text": "debe ser un valor en pesos enteros, sin centavos, como 50000 o 50.000",
  bank,
  "one-of": ({ values }) => `debe ser uno de estos valores: ${all(values)}`,
  type: ({ values }) => `debe ser de uno de estos tipos: ${all(values)}`,
  "payin-link-methods": "debe tener al menos un medio de pago",
  "card-number": "debe tener de 13 a 19 dígitos",
  "card-month": "debe ser un mes de 01 a 12",
  "card-year": "debe ser un año de cuatro dígitos",
  "card-cvv": "debe tener 3 o 4 dígitos",
  cedula: "debe ser un número de cédula: de 3 a 10 dígitos, como 1020304050 o 1.020.304.050",
  nit: "debe ser un NIT con su dígito de verificación, como 890.903.938-8; revise cada dígito",
  "document-number": "debe ser un número de documento: de 4 a 20 letras y dígitos",
  email: "debe ser un correo electrónico, como ana@example.com",
  "redirect-url": "debe ser una URL https completa, como https://merchant.example/back",
  "account-number": "debe ser un número de cuenta: de 4 a 20 dígitos, con o sin espacios y guiones",
  "local-date-time": "debe ser una fecha y hora sin zona horaria, con el formato AAAA-MM-DDTHH:mm:ss",
  boolean: "debe ser verdadero o falso",
  "mobile-number": "debe ser un celular colombiano de diez dígitos, que empiece por 3",
  "path-segment": "debe ser un id que se pueda usar en una URL",
  "page-limit": `debe ser un número entero de ${pageLimit.minimum} a ${pageLimit.maximum}`,
  "page-cursor": "debe ser el cursor de la página anterior",
  "known-field": "ya es un campo de la solicitud: va en el cuerpo, no entre los campos no documentados",
  json: "debe contener solo valores JSON",
  unreadable: "no se pudo leer",
  secret: "debe ser una llave que entregó Palomma, protegida con Redacted.make si es una opción",
  "secret-blank": "no puede empezar ni terminar con un espacio o un salto de línea",
  environment: "debe ser sandbox o production",
  "environment-or-base-url": "no se puede definir a la vez que la URL base: defina solo uno de los dos",
  "base-url": "debe ser una URL https (http solo para esta máquina), sin usuario, parámetros ni fragmento",
  "blocked-port": "no puede usar un puerto al que fetch nunca se conecta",
  "palomma-path": "debe terminar en /v0 si el servidor es de palomma.com",
  function: "debe ser una función como globalThis.fetch",
  duration: 'debe ser una duración dentro de sus límites, como "5 seconds"',
  "whole-number": "debe ser un número entero dentro de sus límites",
  list: "debe ser una lista",
  word: "debe ser un texto de 1 a 100 caracteres sin espacios",
  status: "debe ser un código HTTP que significa rechazo, de 300 a 599",
  "rate-limit": "debe ser el resultado de RateLimit.make",
  store: "debe ser un RateLimiterStore de Effect",
  object: "debe ser un objeto",
  text: "debe ser un texto",
  number: "debe ser un número",
  "iso-8601": "debe ser una fecha u hora ISO 8601",
  future: "no puede estar en el futuro",
  unrecognized: "debe ser un valor que esta versión no conoce",
  page: "debe ser una página",
  value: "debe ser un valor válido"
}

/**
 * Returns the text of a problem in Spanish, to show it beside a form field.
 *
 * A code of a newer version, which this one does not know, has the text of `value`.
 *
 * **Gotchas**
 *
 * The texts of the client's options are shorter than the English `rule`, which a developer reads.
 *
 * **Example** (The text of a problem)
 *
 * ```ts
 * import { Spanish } from "@palomma-effect/schema"
 *
 * Spanish.text({ field: "email", code: "required", rule: "is missing" }) // => "es obligatorio"
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const text = ({ code, parameters = {} }: InputProblem): string => {
  const found = (Object.hasOwn(texts, code) ? texts[code] : undefined) ?? "debe ser un valor válido"
  return typeof found === "string" ? found : found(parameters)
}
