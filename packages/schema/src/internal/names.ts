/**
 * Names of fields and paths, made safe to print.
 */

const plainName = /^[a-z][A-Za-z]{0,39}$/

/**
 * Returns the name of an undocumented field of an answer, or `other` if the name may be personal data.
 *
 * A map with document numbers as keys, for example, has such names.
 */
export const safeName = (name: string): string => (plainName.test(name) ? name : "other")

const identifier = /^[A-Za-z_$][\w$-]{0,39}$/
const longDigits = /\d{5,}/

/**
 * Formats a path into an input, with dots. It masks a step that may be personal data, such as a phone number that is a
 * key of a map.
 */
export const safePath = (path: ReadonlyArray<PropertyKey>): string =>
  path
    .map((step) => {
      if (typeof step === "number") return String(step)
      const name = String(step)
      return identifier.test(name) && !longDigits.test(name) ? name : "<redacted>"
    })
    .join(".")
