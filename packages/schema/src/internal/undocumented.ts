// Kept beside the record, not in it: no printer, spread or comparison finds it there.
const kept = new WeakMap<object, Readonly<Record<string, unknown>>>()

const none: Readonly<Record<string, unknown>> = Object.freeze({})

/** Sets a field, one that is named `__proto__` too. */
export const put = (fields: Record<string, unknown>, name: string, value: unknown): void => {
  if (name === "__proto__") {
    Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
  } else {
    fields[name] = value
  }
}

export const keep = (record: object, fields: Readonly<Record<string, unknown>>): void => {
  kept.set(record, fields)
}

export const find = (record: object): Readonly<Record<string, unknown>> => kept.get(record) ?? none

/** Gives a record what was kept beside another one. */
export const move = (from: object, to: object): void => {
  const fields = kept.get(from)
  if (fields !== undefined) kept.set(to, fields)
}
