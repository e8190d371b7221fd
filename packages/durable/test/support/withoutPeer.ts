/**
 * A process in which `@effect/sql-pg` is not installed. It prints why PostgreSQL could not be opened, after it has used
 * a journal in memory.
 */
import { TransferJournal } from "@palomma-effect/client/TransferJournal"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { registerHooks } from "node:module"

registerHooks({
  resolve: (specifier, context, next) =>
    // Node then looks for a package that does not exist, and fails as it does for every such package.
    next(specifier.startsWith("@effect/sql-pg") ? specifier.replace("sql-pg", "sql-pg-missing") : specifier, context)
})

const { layer } = await import("../../src/internal/postgresClient.ts")

const used = TransferJournal.use((journal) => journal.now).pipe(Effect.provide(TransferJournal.layerMemory))

const failure = Effect.flip(Effect.scoped(Layer.build(layer({ url: "postgres://user:password@host/database" }))))

const { operation, reason, sent } = await Effect.runPromise(Effect.andThen(used, failure))
console.log(JSON.stringify({ operation, sent, reason }))
