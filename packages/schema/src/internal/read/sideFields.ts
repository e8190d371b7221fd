// Kept beside the record, not in it: no printer, spread or comparison finds it there.
const kept = new WeakMap<object, Readonly<Record<string, unknown>>>()

const none: Readonly<Record<string, unknown>> = Object.freeze({})

/** Adds a field to those that are kept, one that is named `__proto__` too. */
export const put = (
  fields: Record<string, unknown> | undefined,
  name: string,
  value: unknown
): Record<string, unknown> => {
  const all = fields ?? {}
  Object.defineProperty(all, name, { value, enumerable: true, configurable: true, writable: true })
  return all
}

/** Keeps fields beside a record. */
export const keep = (record: object, fields: Readonly<Record<string, unknown>>): void => {
  kept.set(record, fields)
}

/** Gives a record what was kept beside another one. */
export const move = (from: object, to: object): void => {
  const fields = kept.get(from)
  if (fields !== undefined) kept.set(to, fields)
}

/** What was kept beside a record. */
export const find = (record: object): Readonly<Record<string, unknown>> => kept.get(record) ?? none
