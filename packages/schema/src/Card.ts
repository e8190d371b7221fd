/**
 * Payment cards of payin links of type `card`.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { rule } from "./internal/rule.ts"
import * as Sensitive from "./Sensitive.ts"

const digits = (pattern: RegExp, code: string, form: string): Schema.Codec<string> => {
  const annotations = rule(code, `must be ${form}`)
  return Schema.String.annotate(annotations).check(Schema.isPattern(pattern, annotations))
}

// Not `Schema.RedactedFromValue`, whose message is only "Expected a valid value".
const secret = (pattern: RegExp, code: string, form: string): Schema.Codec<Redacted.Redacted<string>, string> => {
  const wrapped = Schema.declare(
    (value): value is Redacted.Redacted<string> => {
      const plain = Redacted.isRedacted(value) ? Redacted.value(value) : undefined
      return typeof plain === "string" && pattern.test(plain)
    },
    { expected: "Redacted", ...rule(code, `must be ${form}, wrapped with Redacted.make`) }
  )
  return Sensitive.mark(
    digits(pattern, code, form).pipe(
      Schema.decodeTo(wrapped, {
        decode: SchemaGetter.transform((text: string) => Redacted.make(text)),
        encode: SchemaGetter.transform(Redacted.value)
      })
    )
  )
}

/**
 * A payment card.
 *
 * The number and the security code are `Redacted`. They are plain text only in the request.
 *
 * **Gotchas**
 *
 * If you handle card numbers, PCI DSS applies to you. With a payin link of type `general`, Palomma's page asks for the
 * card instead.
 *
 * @category models
 * @since 0.1.0
 */
export class Card extends Schema.Opaque<Card>()(
  Schema.Struct({
    cardNumber: secret(/^\d{13,19}$/u, "card-number", "13 to 19 digits"),
    /** Two digits. */
    expirationMonth: digits(/^(0[1-9]|1[0-2])$/u, "card-month", "a month from 01 to 12"),
    /** Four digits. */
    expirationYear: digits(/^\d{4}$/u, "card-year", "a year with four digits"),
    cvv: secret(/^\d{3,4}$/u, "card-cvv", "3 or 4 digits")
  }).annotate({ identifier: "Card" })
) {}
