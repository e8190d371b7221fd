/**
 * Undocumented fields of a record, stored beside the record.
 */

// The fields are stored beside the record, not in it, so that printing, spreading and comparing the record ignore them.
const byRecord = new WeakMap<object, Readonly<Record<string, unknown>>>()

const none: Readonly<Record<string, unknown>> = Object.freeze({})

/** Adds a field to the fields of a record. The field may have any name, also `__proto__`. */
export const setField = (
  fields: Record<string, unknown> | undefined,
  name: string,
  value: unknown
): Record<string, unknown> => {
  const all = fields ?? {}
  Object.defineProperty(all, name, { value, enumerable: true, configurable: true, writable: true })
  return all
}

/** Stores the fields of a record. */
export const attach = (record: object, fields: Readonly<Record<string, unknown>>): void => {
  byRecord.set(record, fields)
}

/** Copies the fields of one record to another. */
export const copy = (from: object, to: object): void => {
  const fields = byRecord.get(from)
  if (fields !== undefined) byRecord.set(to, fields)
}

/** Returns the stored fields of a record. */
export const fieldsOf = (record: object): Readonly<Record<string, unknown>> => byRecord.get(record) ?? none
