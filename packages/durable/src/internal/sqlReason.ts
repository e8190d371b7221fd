import { hasProperty } from "effect/Predicate"
import type { SqlError, SqlErrorReason } from "effect/sql/SqlError"

// The messages of databases may quote rows, so only these texts are reported.
const reasonTexts: Record<SqlErrorReason["_tag"], string> = {
  ConnectionError: "the database cannot be reached",
  AuthenticationError: "the database rejected the credentials",
  AuthorizationError: "the database user does not have the permission",
  SqlSyntaxError: "the tables do not have the expected form",
  UniqueViolation: "a constraint of the database does not allow it",
  ConstraintError: "a constraint of the database does not allow it",
  DeadlockError: "it conflicts with other transactions",
  SerializationError: "it conflicts with other transactions",
  LockTimeoutError: "another connection held a lock for too long",
  StatementTimeoutError: "the database stopped the statement because it took too long",
  UnknownError: "the database reported an error"
}

/** Describes an error of the database without any stored data. */
export const reasonOf = ({ reason }: SqlError): string => {
  const { cause } = reason
  // SQLite's `errstr` is one fixed text per code, such as "database or disk is full".
  if (hasProperty(cause, "errstr") && hasProperty(cause, "errcode")) {
    return `${String(cause.errstr)} (SQLite ${String(cause.errcode)})`
  }
  const text = reasonTexts[reason._tag]
  const code =
    hasProperty(cause, "code") && typeof cause.code === "string" && /^\w{5}$/.test(cause.code) ? cause.code : undefined
  return code === undefined ? text : `${text} (SQLSTATE ${code})`
}
