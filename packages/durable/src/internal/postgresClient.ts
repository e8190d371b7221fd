/**
 * A `SqlClient` for PostgreSQL whose sessions all use the time zone UTC.
 *
 * It loads the optional peer dependency `@effect/sql-pg` only when the layer is built, so that a program with another
 * database does not need it.
 */
import type * as PgClientModule from "@effect/sql-pg/PgClient"
import { TransferJournalError } from "@palomma-effect/client/TransferError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { hasProperty } from "effect/Predicate"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { AuthenticationError, ConnectionError, SqlError, UnknownError } from "effect/sql/SqlError"
import { reasonOf } from "./sqlReason.ts"

/** Options of the client: the address of the database and its connections. */
export interface Options {
  /**
   * The address, such as `postgres://user:password@host:5432/database?sslmode=require`. It is a secret: no error, log
   * or span contains it.
   */
  readonly url: string | Redacted.Redacted
  /**
   * The most connections that are open at the same time. The default is 10. A transaction holds one connection, and
   * every job may be in a transaction, so a worker needs its concurrency plus 2: one for the queue, one for calls of
   * the program. With fewer, turns wait for each other. If your own code takes a second connection inside a
   * transaction, all of them can wait forever.
   */
  readonly maxConnections?: number | undefined
  /**
   * The certificate of the authority that signed the certificate of the database, in PEM. Needed if Node does not know
   * the authority. It turns on TLS.
   */
  readonly ca?: string | undefined
  /** The time limit to connect. The default is 5 seconds. */
  readonly connectTimeout?: Duration.Input | undefined
  /**
   * Whether statements are prepared by name, which is the default. Use `false` with a connection pooler that does not
   * keep them, such as PgBouncer before 1.21 in its mode `transaction`.
   */
  readonly prepare?: boolean | undefined
  /**
   * How long a transaction may wait for its program. The default is 1 minute. Then PostgreSQL ends it: otherwise a
   * process that is frozen, or whose machine is lost, would hold the rows that it has written for hours. It must be
   * longer than what your program does between two statements, such as the requests of `onEnd`.
   */
  readonly idleTransactionTimeout?: Duration.Input | undefined
}

// The type asks for each option that is added.
const known: Record<keyof Options, true> = {
  url: true,
  maxConnections: true,
  ca: true,
  connectTimeout: true,
  prepare: true,
  idleTransactionTimeout: true
}

/** The names of the options. */
export const names: ReadonlyArray<string> = Object.keys(known)

const failed = (reason: string) => new TransferJournalError({ operation: "open", sent: "no", reason })

const packageName = "@effect/sql-pg"

/** The versions of the package that work. */
export const version = "^4.0.5"

const isMissing = (cause: unknown): boolean =>
  hasProperty(cause, "code") &&
  cause.code === "ERR_MODULE_NOT_FOUND" &&
  cause instanceof Error &&
  cause.message.includes(packageName)

// A bundler replaces a package that is not installed by an error at this place, since the promise handles it.
const load = Effect.callback<typeof PgClientModule, TransferJournalError>((resume) => {
  import("@effect/sql-pg/PgClient").then(
    (module) => resume(Effect.succeed(module)),
    (cause: unknown) =>
      resume(
        Effect.fail(
          failed(
            isMissing(cause)
              ? `the package ${packageName} is not installed: install ${packageName}@${version}`
              : `the package ${packageName} could not be loaded: install ${packageName}@${version}, a version for the ` +
                  "installed effect"
          )
        )
      )
  )
})

const isEncoded = (part: string): boolean => {
  try {
    return decodeURIComponent(part) !== undefined
  } catch {
    return false
  }
}

const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]

/** Says why an address cannot be read, without any part of it. */
const urlProblem = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // A `#` or `/` of a password that is not encoded ends the host too early.
  if (
    url === undefined ||
    !["postgres:", "postgresql:"].includes(url.protocol) ||
    url.hash !== "" ||
    url.pathname.includes("@")
  ) {
    return (
      "the option url must be a URL such as postgres://user:password@host:5432/database, with special characters of " +
      "the password encoded, such as %23 for #"
    )
  }
  if (![url.username, url.password, url.hostname, url.pathname].every(isEncoded)) {
    return "the option url has a % that encodes no character: write %25 for a %"
  }
  const sslMode = url.searchParams.get("sslmode")
  if (sslMode !== null && !sslModes.includes(sslMode)) {
    return `the sslmode of the option url is unknown: use one of ${sslModes.join(", ")}`
  }
  return undefined
}

const isCertificateCode = /CERT|^UNABLE_TO_/

const codeOf = ({ reason: { cause } }: SqlError): string =>
  hasProperty(cause, "code") && typeof cause.code === "string" ? cause.code : ""

// A pooler answers with it if it does not pass a parameter on.
const rejectedParameter = "08P01"

/** Describes an error of a connection without the address, the user and the password. */
const connectReasonOf = (error: SqlError): string => {
  const code = codeOf(error)
  if (code === rejectedParameter) {
    return (
      "a connection pooler rejected a setting of the session, such as its time zone: connect to PostgreSQL directly, " +
      "or to a pooler that passes TimeZone on, such as PgBouncer (SQLSTATE 08P01)"
    )
  }
  return isCertificateCode.test(code)
    ? `the certificate of the database is not valid here (${code}): check the host name, or set the option ca`
    : reasonOf(error)
}

const connectErrors = { ConnectionError, AuthenticationError }

/** Replaces an error of a connection by one without the texts that quote the host, the user or the database. */
const withoutAddress = (error: SqlError): SqlError => {
  const { _tag } = error.reason
  const message = connectReasonOf(error)
  const Reason = _tag === "ConnectionError" || _tag === "AuthenticationError" ? connectErrors[_tag] : UnknownError
  const cause = Object.assign(new Error(message), { code: codeOf(error) })
  return new SqlError({ reason: new Reason({ cause, message, operation: "connect" }) })
}

// PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK, which is no error for the protocol.
const commit = (connection: Connection): Effect.Effect<void, SqlError> =>
  Effect.flatMap(connection.executeRaw("COMMIT", []), (result) => {
    if (hasProperty(result, "command") && result.command === "COMMIT") return Effect.void
    const message = "the database rolled the transaction back instead of committing it"
    return Effect.fail(
      new SqlError({ reason: new UnknownError({ cause: new Error(message), message, operation: "commit" }) })
    )
  })

// PgBouncer passes this one on, but rejects `options` and other parameters.
const utc = { TimeZone: "UTC" }

const idleParameter = "idle_in_transaction_session_timeout"

const poolerRejects =
  `The connection pooler rejects ${idleParameter}, so a process that is frozen in a transaction could hold its rows for ` +
  `hours: set it for the user of the database, with ALTER ROLE ... SET ${idleParameter} = '1min'.`

// PostgreSQL stores it in milliseconds, in 32 bits.
const mostIdle = Duration.millis(2 ** 31 - 1)

/** Opens a client whose sessions have these parameters, after a first statement has succeeded. */
const open = Effect.fnUntraced(function* (
  PgClient: typeof PgClientModule,
  options: Omit<PgClientModule.PgPoolConfig, "startupParameters">,
  startupParameters: Readonly<Record<string, string>>
) {
  // The parameters are in the first message of every connection, so new connections have them too, and they win over
  // the settings of the role, of the database and of the parameter `options` of the URL.
  const pool = yield* PgClient.make({ ...options, startupParameters })
  // The spans of statements hold their errors, and the pool's errors of connections quote the address. So this client
  // takes the connections of the pool and replaces these errors.
  const acquirer = Effect.mapError(pool.reserve, withoutAddress)
  const client = yield* SqlClient.make({
    acquirer,
    compiler: PgClient.makeCompiler(),
    commit,
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    prepareTransactionControls: true,
    driver: pool.driver,
    spanAttributes: [["db.system.name", "postgresql"]]
  })
  // Without a statement the pool would connect later, and a wrong address would be an error of the first transfer.
  yield* client.unsafe("SELECT 1")
  return client
})

const make = Effect.fnUntraced(function* (options: Options) {
  const url = Redacted.isRedacted(options.url) ? options.url : Redacted.make(options.url)
  const text = Redacted.value(url)
  const problem = urlProblem(text)
  if (problem !== undefined) return yield* failed(problem)
  const maxConnections = options.maxConnections ?? 10
  if (!Number.isSafeInteger(maxConnections) || maxConnections < 1) {
    return yield* failed("the option maxConnections must be a whole number, at least 1")
  }
  const connectTimeout = Option.getOrUndefined(Duration.fromInput(options.connectTimeout ?? "5 seconds"))
  if (connectTimeout === undefined) {
    return yield* failed("the option connectTimeout must be a duration, such as 5 seconds")
  }
  const idle = Option.getOrUndefined(Duration.fromInput(options.idleTransactionTimeout ?? "1 minute"))
  if (idle === undefined || !Duration.between(idle, { minimum: Duration.seconds(1), maximum: mostIdle })) {
    return yield* failed("the option idleTransactionTimeout must be a duration from 1 second to 24 days")
  }
  const PgClient = yield* load
  const applicationName = new URL(text).searchParams.get("application_name") ?? "palomma-effect"
  const pool = {
    url,
    maxConnections,
    connectTimeout,
    applicationName,
    prepare: options.prepare ?? true,
    // A connection that a firewall has forgotten is noticed after minutes, instead of hours.
    keepAlive: "10 seconds",
    ...(options.ca === undefined ? {} : { ssl: { ca: options.ca } })
  } as const
  const scope = yield* Effect.scope
  const first = yield* Scope.fork(scope)
  return yield* open(PgClient, pool, { ...utc, [idleParameter]: String(Math.ceil(Duration.toMillis(idle))) }).pipe(
    Scope.provide(first),
    Effect.catchIf(
      (error) => codeOf(error) === rejectedParameter,
      () =>
        Effect.andThen(
          Scope.close(first, Exit.void),
          Effect.tap(open(PgClient, pool, utc), () => Effect.logWarning(poolerRejects))
        )
    ),
    Effect.mapError((error) => failed(connectReasonOf(error)))
  )
})

/**
 * Provides the `SqlClient` of a PostgreSQL database, after a first statement has succeeded.
 *
 * Every session uses the time zone UTC, also one that replaces a lost connection. Its `application_name` is
 * `palomma-effect` if the URL has none.
 */
export const layer = (options: Options): Layer.Layer<SqlClient.SqlClient, TransferJournalError> =>
  Layer.effect(SqlClient.SqlClient, make(options)).pipe(Layer.provide(Reactivity.layer))
