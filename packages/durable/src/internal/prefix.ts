/** What the option `prefix` must be: the beginning of the names of tables. */
export const prefixRule = "must be 1 to 40 lower-case letters, digits and underscores, and must not begin with a digit"

/** Whether a value can be the beginning of the names of tables, without quotes in any database. */
export const isPrefix = (value: unknown): boolean => typeof value === "string" && /^[a-z_][a-z0-9_]{0,39}$/.test(value)
