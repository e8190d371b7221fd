/** A database whose journal writes a row of any version: claims no longer exclude each other. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"

const without = (text: string): string =>
  text.replace(/ AND version = (\$\d+) RETURNING/, " AND CAST($1 AS BIGINT) IS NOT NULL RETURNING")

const blind = (sql: SqlClient): SqlClient =>
  new Proxy(sql, {
    get: (target, name): unknown => {
      if (name === "unsafe") {
        return (text: string, values?: ReadonlyArray<unknown>) => target.unsafe(without(text), values)
      }
      return name === "withoutTransforms" ? () => blind(target.withoutTransforms()) : Reflect.get(target, name)
    }
  })

/** Makes the client of a database blind for versions. */
export const withoutVersions = <E>(client: Layer.Layer<SqlClient, E>): Layer.Layer<SqlClient, E> =>
  Layer.provide(Layer.effect(SqlClient, Effect.map(SqlClient, blind)), client)
