/**
 * Options of the layers of `Durable`.
 *
 * @since 0.1.0
 */
import type { TransferOptions } from "@palomma-effect/client/TransferOptions"
import type * as Duration from "effect/Duration"
import type { Options as PostgresClientOptions } from "./internal/postgresClient.ts"

/**
 * Options of every layer: the options of transfers, and those of the tables and the queue.
 *
 * @category options
 * @since 0.1.0
 */
export interface DurableOptions extends TransferOptions {
  /**
   * The beginning of the names of the tables. The default is `palomma_`. At most 40 lower-case letters, digits and
   * underscores.
   */
  readonly prefix?: string | undefined
  /** The time limit of one statement. The default is 10 seconds. */
  readonly timeout?: Duration.Input | undefined
  /** How often a worker looks for new jobs of other processes. The default is 500 milliseconds. */
  readonly pollInterval?: Duration.Input | undefined
  /**
   * After which time another worker takes the jobs of a worker that was killed, is frozen or has lost the database. The
   * default is 30 seconds. A running worker renews its jobs three times in this time.
   */
  readonly lockExpiration?: Duration.Input | undefined
  /** How long a job that is done is kept. The default is 1 day. */
  readonly retention?: Duration.Input | undefined
}

/**
 * Options of the SQLite layer.
 *
 * @category options
 * @since 0.1.0
 */
export interface DurableSqliteOptions extends DurableOptions {
  /** The path of the file. The layer creates the file, but not its directory. */
  readonly filename: string
  /** The time to wait for another process that still uses the file. The default is 5 seconds. */
  readonly wait?: Duration.Input | undefined
}

/**
 * Options of the PostgreSQL layer.
 *
 * @category options
 * @since 0.1.0
 */
export interface DurablePostgresOptions extends DurableOptions, PostgresClientOptions {}
