import { hasProperty } from "effect/Predicate"
import type { SqlError, SqlErrorReason } from "effect/sql/SqlError"

// What databases say in their own words quotes rows, so only what is said here is passed on.
const said: Record<SqlErrorReason["_tag"], string> = {
  ConnectionError: "the database cannot be reached",
  AuthenticationError: "the database refuses the credentials",
  AuthorizationError: "the database does not permit it",
  SqlSyntaxError: "the tables are not as they should be",
  UniqueViolation: "a constraint of the database forbids it",
  ConstraintError: "a constraint of the database forbids it",
  DeadlockError: "it conflicts with other transactions",
  SerializationError: "it conflicts with other transactions",
  LockTimeoutError: "another connection holds a lock for too long",
  StatementTimeoutError: "the database gave up on it",
  UnknownError: "the database reports an error"
}

/** What went wrong, in words that hold nothing of what is stored. */
export const reasonOf = ({ reason }: SqlError): string => {
  const { cause } = reason
  // SQLite's `errstr` is one fixed text per code, such as "database or disk is full".
  if (hasProperty(cause, "errstr") && hasProperty(cause, "errcode")) {
    return `${String(cause.errstr)} (SQLite ${String(cause.errcode)})`
  }
  const text = said[reason._tag]
  const code =
    hasProperty(cause, "code") && typeof cause.code === "string" && /^\w{5}$/.test(cause.code) ? cause.code : undefined
  return code === undefined ? text : `${text} (SQLSTATE ${code})`
}
