/**
 * The database of an example: a SQLite file, or PostgreSQL if `DATABASE_URL` is set. Nothing else differs.
 */
import { Durable } from "@palomma-effect/durable"
import { Config, Effect, Layer, Option } from "effect"

/** `Durable` and its `SqlClient`. The variable names the SQLite file. */
export const durable = (variable: string) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const url = yield* Config.option(Config.Redacted("DATABASE_URL"))
      if (Option.isSome(url)) return Durable.layerPostgres({ url: url.value })
      return Durable.layerSqlite({ filename: yield* Config.String(variable) })
    })
  )
