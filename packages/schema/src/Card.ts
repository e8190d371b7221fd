/**
 * Payment cards, as a payin link of type `card` takes them.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import { rule } from "./internal/rule.ts"
import * as Sensitive from "./Sensitive.ts"

const digits = (pattern: RegExp, code: string, form: string): Schema.Codec<string> => {
  const said = rule(code, `must be ${form}`)
  return Schema.String.annotate(said).check(Schema.isPattern(pattern, said))
}

// `Schema.RedactedFromValue` would do, but for its message: "Expected a valid value".
const secret = (pattern: RegExp, code: string, form: string): Schema.Codec<Redacted.Redacted<string>, string> => {
  const wrapped = Schema.declare(
    (value): value is Redacted.Redacted<string> => {
      const plain = Redacted.isRedacted(value) ? Redacted.value(value) : undefined
      return typeof plain === "string" && pattern.test(plain)
    },
    { expected: "Redacted", ...rule(code, `must be ${form}, wrapped by Redacted.make`) }
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
 * The number and the security code are `Redacted`: they are plain only on the wire.
 *
 * **Gotchas**
 *
 * Handling card numbers makes you subject to PCI DSS. A payin link of type `general` lets Palomma's page ask for the card instead.
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
    expirationYear: digits(/^\d{4}$/u, "card-year", "a year of four digits"),
    cvv: secret(/^\d{3,4}$/u, "card-cvv", "3 or 4 digits")
  }).annotate({ identifier: "Card" })
) {}
