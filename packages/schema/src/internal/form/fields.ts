/**
 * The fields of forms: schemas from what a person types to the value of a request.
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaParser from "effect/SchemaParser"
import { AccountNumber } from "../../AccountNumber.ts"
import { AccountType } from "../../AccountType.ts"
import { Card } from "../../Card.ts"
import * as FormField from "../../FormField.ts"
import { LocalDateTime } from "../../LocalDateTime.ts"
import { MobileNumber } from "../../MobileNumber.ts"
import { Reference, Text } from "../check/text.ts"
import type { OpenEnum, Unrecognized } from "../../OpenEnum.ts"
import { acceptedValue, extraValues } from "../create/acceptedValue.ts"
import { rule } from "../rule.ts"
import { convertBy } from "../typed/readBy.ts"
import { plainHyphens, trim, withoutBlanks } from "../typed/text.ts"

/** The texts of a form, before they are checked. */
export interface Texts {
  readonly [name: string]: unknown
}

/** Returns a text of a form without white space around it. */
export const textOf = (value: unknown): string => (typeof value === "string" ? trim(value) : "")

/** Makes the schema of a field with a value of an enum that the merchant may use. */
export const choice = <T>(values: Schema.Codec<T, string>, accepted: Schema.Codec<T>): Schema.Codec<T, string> =>
  FormField.trimmed(values).pipe(Schema.decodeTo(accepted))

/** Makes the schema of a field with a type that Palomma enabled for the merchant, and that this version does not know. */
export const otherType = <K extends string>(
  types: OpenEnum<K>,
  extra: ReadonlyArray<string>
): Schema.Codec<Unrecognized, string> => {
  const values = [...types.values, ...extraValues(types, extra)]
  const oneOf = rule("one-of", `must be one of: ${values.join(", ")}`, { values })
  const isExtra = Schema.makeFilter((type: Unrecognized) => extra.includes(types.raw(type)), oneOf)
  return FormField.trimmed(
    types.unrecognized.pipe(Schema.decodeTo(Schema.toType(types.unrecognized).annotate(oneOf).check(isExtra)))
  )
}

/** The schema of a field with any text. */
export const anyText: Schema.Codec<string> = FormField.trimmed(Text)

/** The schema of the name of a person or a company. */
export const name: Schema.Codec<string> = convertBy(Text, (text) => trim(text).replace(/\s+/gu, " ").normalize("NFC"))

/** The schema of a field with your own name for a record. */
export const reference: Schema.Codec<string> = convertBy(Reference, (text) => trim(text).normalize("NFC"))

/** The schema of a `datetime-local` field. A browser leaves out seconds that are zero. */
export const localDateTime: Schema.Codec<LocalDateTime, string> = convertBy(LocalDateTime, (text) =>
  trim(text).replace(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, "$&:00")
)

/** The schema of a box that is ticked or not. */
export const flag: Schema.Codec<boolean> = Schema.Boolean.annotate(rule("boolean", "must be true or false"))

// A form sends an empty text for a field that the person left empty, and a library of forms may send `null`.
const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && trim(value) === "")

// No request is nested more deeply. A field that is not part of the request may hold anything, even itself.
const deepest = 3

const withoutBlankFields = (value: unknown, depth = 0): unknown => {
  if (depth > deepest) return value
  if (Array.isArray(value)) return value.map((member: unknown) => withoutBlankFields(member, depth + 1))
  if (!Predicate.isObject(value)) return value
  const fields = Object.entries(value).filter(([, field]) => !isBlank(field))
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutBlankFields(field, depth + 1)]))
}

const isObject = Schema.makeFilter(Predicate.isObject, rule("object", "must be an object"))

/**
 * Makes a schema whose checks depend on the value: `choose` returns the schema for one value.
 *
 * The result of each of these schemas is checked with `schema` too.
 */
export const chosen = <T>(
  schema: Schema.Codec<T, unknown>,
  choose: (value: Texts) => Schema.Codec<NoInfer<T>, unknown>
): Schema.Codec<T, unknown> => {
  const schemaFor = (value: unknown): Schema.Codec<T, unknown> => choose(Predicate.isObject(value) ? { ...value } : {})
  return Schema.Unknown.check(isObject).pipe(
    Schema.decodeTo(Schema.toType(schema), {
      decode: SchemaGetter.transformEffect((value, options) =>
        SchemaParser.decodeUnknownEffect(schemaFor(value))(value, options)
      ),
      encode: SchemaGetter.transformEffect((value, options) =>
        SchemaParser.encodeUnknownEffect(schemaFor(value))(value, options)
      )
    })
  )
}

const unreadable = rule("unreadable", "must be a plain object; reading one of its fields threw an error")

/** Makes the schema of a whole form: a field that was left empty is an absent field. */
export const form = <T, E>(
  schema: Schema.Codec<T, unknown>,
  choose: (texts: Texts) => Schema.Codec<NoInfer<T>, unknown>
): Schema.Codec<T, E> => {
  const whole = Schema.Unknown.pipe(
    Schema.decodeTo(chosen(schema, choose), {
      // A getter or a proxy may throw. The thrown value is not repeated, because it may hold what was typed.
      decode: SchemaGetter.transformEffect((texts: unknown) =>
        Effect.try({
          try: () => withoutBlankFields(texts),
          catch: () => new SchemaIssue.InvalidValue(unreadable)
        })
      ),
      encode: SchemaGetter.passthrough()
    })
  )
  // For the compiler, the input is the texts of the form. At run time it may be anything.
  return Schema.make<Schema.Codec<T, E>>(whole.ast)
}

/** Returns the schema for the type of a form, or `undefined` for a type that is not listed. */
export const variant = <V extends { readonly [type: string]: unknown }>(
  variants: V,
  type: unknown
): V[keyof V] | undefined => {
  const name = textOf(type)
  return Object.hasOwn(variants, name) ? (variants[name] as V[keyof V]) : undefined
}

const noMethods = rule("payin-link-methods", "must be a list with at least one payment method")

/** Makes the schema of the list of payment methods. */
export const atLeastOne = <T>(method: Schema.Codec<T, string>) =>
  Schema.Array(method).annotate(noMethods).check(Schema.isMinLength(1, noMethods))

/** Makes the schema of a field with digits, which people write in groups. */
const digits = <T>(schema: Schema.Codec<T, string>): Schema.Codec<T, string> =>
  convertBy(schema, (text) => plainHyphens(withoutBlanks(text)).replaceAll("-", ""))

const { cardNumber, cvv, expirationMonth, expirationYear } = Card.fields

/** The schema of a payment card. */
export const card = Schema.Struct({
  cardNumber: digits(cardNumber),
  expirationMonth: FormField.trimmed(expirationMonth),
  expirationYear: FormField.trimmed(expirationYear),
  cvv: FormField.trimmed(cvv)
})

/** Makes the schema of the bank account of a form. The number of a Nequi or Daviplata account is a mobile number. */
export const bankAccount = <B>(
  banks: Schema.Codec<B, string>,
  accepted: Schema.Codec<B>,
  accountTypes: ReadonlyArray<string>
) => {
  const withNumber = (accountNumber: Schema.Codec<string, string>) =>
    Schema.Struct({
      bank: choice(banks, accepted),
      accountType: choice(AccountType, acceptedValue(AccountType, accountTypes)),
      accountNumber
    })
  const account = withNumber(FormField.of(AccountNumber))
  const wallet = withNumber(FormField.of(MobileNumber))
  // In any case: a merchant's additional bank may be the same wallet, written otherwise.
  return chosen(account.pipe(Schema.toType), ({ bank }) =>
    ["nequi", "daviplata"].includes(textOf(bank).toLowerCase()) ? wallet : account
  )
}
