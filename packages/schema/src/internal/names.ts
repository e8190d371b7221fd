const plainName = /^[a-z][A-Za-z]{0,39}$/

/**
 * The name of a field of an answer that the documentation does not have, if it can only be a name.
 *
 * A name that the other side made up may be data: a map that is keyed by document number has such names.
 */
export const safeName = (name: string): string => (plainName.test(name) ? name : "other")

const identifier = /^[A-Za-z_$][\w$-]{0,39}$/
const longDigits = /\d{5,}/

/** A path into an input, dotted. A step that may be data, such as a key of a map by phone number, is masked. */
export const safePath = (path: ReadonlyArray<PropertyKey>): string =>
  path
    .map((step) => {
      if (typeof step === "number") return String(step)
      const name = String(step)
      return identifier.test(name) && !longDigits.test(name) ? name : "<redacted>"
    })
    .join(".")
