import { hasProperty } from "effect/Predicate"
import type { SqlError, SqlErrorReason } from "effect/sql/SqlError"

// The messages of databases may quote rows, so only these texts are reported.
const reasonTexts: Record<SqlErrorReason["_tag"], string> = {
  ConnectionError: "the database cannot be reached: check its address, and that it is running",
  AuthenticationError: "the database rejected the credentials: check the user and the password",
  AuthorizationError:
    "the database user lacks a permission: it must create the tables, and read, insert and update rows",
  SqlSyntaxError: "the tables do not have the expected form",
  UniqueViolation: "a constraint of the database does not allow it",
  ConstraintError: "a constraint of the database does not allow it",
  DeadlockError: "it conflicts with other transactions",
  SerializationError: "it conflicts with other transactions",
  LockTimeoutError: "another connection held a lock for too long",
  StatementTimeoutError: "the database stopped the statement because it took too long",
  UnknownError: "the database reported an error"
}

const texts: Readonly<Record<string, string>> = {
  "3D000": "the database does not exist: check its name",
  "25P02": "an earlier statement of the transaction failed: wrap that statement in sql.withTransaction"
}

/**
 * Whether the statement was refused because its transaction had been rolled back. PostgreSQL runs no statement of a
 * transaction after an error, and answers a COMMIT with a rollback without error. For SQLite see `rolledBack`.
 */
export const isAborted = ({ reason: { cause } }: SqlError): boolean =>
  (hasProperty(cause, "code") && cause.code === "25P02") || (hasProperty(cause, "errcode") && cause.errcode === 516)

/**
 * Whether the database refused a commit for what the transaction wrote: a constraint that is checked at the commit, or
 * a trigger that raises an error then (SQLSTATE class P0).
 */
export const isRefused = ({ reason }: SqlError): boolean =>
  reason._tag === "ConstraintError" ||
  reason._tag === "UniqueViolation" ||
  (hasProperty(reason.cause, "code") && String(reason.cause.code).startsWith("P0"))

/** Describes an error of the database without any stored data. */
export const reasonOf = ({ reason }: SqlError): string => {
  const { cause } = reason
  // SQLite's `errstr` is one fixed text per code, such as "database or disk is full".
  if (hasProperty(cause, "errstr") && hasProperty(cause, "errcode")) {
    return `${String(cause.errstr)} (SQLite ${String(cause.errcode)})`
  }
  const code =
    hasProperty(cause, "code") && typeof cause.code === "string" && /^\w{5}$/.test(cause.code) ? cause.code : undefined
  const text = (code === undefined ? undefined : texts[code]) ?? reasonTexts[reason._tag]
  return code === undefined ? text : `${text} (SQLSTATE ${code})`
}

/** Why an operation of the journal failed, and whether it may have written something all the same. */
export interface Failure {
  readonly reason: string
  readonly written: "no" | "unknown"
}

/** Describes an error of the database, and whether the statement may have been executed. */
export const failureOf = (error: SqlError): Failure => ({
  reason: reasonOf(error),
  written: isAborted(error) ? "no" : "unknown"
})

// By SQLite's primary result code.
const fileAdvice: Readonly<Record<number, string>> = {
  8: "allow this user to write the file and its directory",
  10: "check the disk",
  11: "restore a backup",
  13: "free space on the disk",
  14: "check that the directory exists, and that this user may read and write the file",
  26: "choose a file that does not exist yet, which the journal creates"
}

/** Describes why a SQLite file could not be opened: the file, the error of the database, and what to do. */
export const openReasonOf = (filename: string, error: SqlError): string => {
  const { cause } = error.reason
  const code = hasProperty(cause, "errcode") ? Number(cause.errcode) & 0xff : Number.NaN
  const advice = fileAdvice[code]
  return `${filename}: ${reasonOf(error)}${advice === undefined ? "" : `: ${advice}`}`
}
