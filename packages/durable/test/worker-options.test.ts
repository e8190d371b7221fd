/** Options of the layers and of workers: an invalid one is an error that lists every problem. */
import { assert, describe, it } from "@effect/vitest"
import type { PalommaInvalidInput } from "@palomma-effect/client"
import {
  Durable,
  type DurableOptions,
  SqliteTransferJournal,
  SqlTransferJournal,
  type WorkOptions
} from "@palomma-effect/durable"
import { PalommaSimulator } from "@palomma-effect/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { TestClock } from "effect/testing"
import { namespace } from "./support/worker.ts"

const simulator = PalommaSimulator.layer({ seed: 1 })

const problemsOf = (error: { readonly _tag: string }) => {
  assert.strictEqual(error._tag, "PalommaInvalidInput")
  return (error as PalommaInvalidInput).problems.map(({ code, field }) => `${field} ${code}`)
}

const layerError = (options: unknown) =>
  Effect.scoped(Layer.build(Durable.layerMemory(options as DurableOptions).pipe(Layer.provide(simulator)))).pipe(
    Effect.flip
  )

const durable = Durable.layerMemory({ namespace }).pipe(Layer.provide(simulator))

const throwing = (name: string) =>
  Object.defineProperty({}, name, {
    enumerable: true,
    get: () => {
      throw new Error("secret")
    }
  })

const badDurations = [
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "",
  "soon",
  "0 seconds",
  {},
  [],
  null,
  true,
  "2 days"
]

describe("the options of a layer", () => {
  for (const name of ["timeout", "pollInterval", "lockExpiration"] as const) {
    it.effect(`${name} must be a duration within its bounds`, () =>
      Effect.gen(function* () {
        for (const value of badDurations) {
          assert.deepStrictEqual(problemsOf(yield* layerError({ [name]: value })), [`${name} duration`])
        }
      })
    )
  }

  it.effect("lockExpiration must be at least one second", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(problemsOf(yield* layerError({ lockExpiration: 999 })), ["lockExpiration duration"])
      yield* Effect.scoped(Layer.build(Durable.layerMemory({ lockExpiration: 1_000 }).pipe(Layer.provide(simulator))))
    })
  )

  it.effect("retention may be years", () =>
    Effect.gen(function* () {
      yield* Effect.scoped(Layer.build(Durable.layerMemory({ retention: "700 days" }).pipe(Layer.provide(simulator))))
      assert.deepStrictEqual(problemsOf(yield* layerError({ retention: 0 })), ["retention duration"])
    })
  )

  it.effect("prefix must be the beginning of a name of a table", () =>
    Effect.gen(function* () {
      for (const prefix of ["", "A", "1a", "a-b", "a".repeat(41), 7, null]) {
        assert.deepStrictEqual(problemsOf(yield* layerError({ prefix })), ["prefix table-prefix"])
      }
    })
  )

  it.effect("are refused with all problems together, and an option that does not exist is one", () =>
    Effect.gen(function* () {
      const error = yield* layerError({ pollIntervall: 1, timeout: -1, prefix: "A", "a-b": 1 })
      assert.deepStrictEqual(problemsOf(error), [
        "pollIntervall unknown-field",
        "? unknown-field",
        "prefix table-prefix",
        "timeout duration"
      ])
      assert.include(error.message, "sendTimeout")
      assert.include(error.message, "pollInterval")
    })
  )

  it.effect("must be an object whose fields can be read", () =>
    Effect.gen(function* () {
      for (const options of [null, "a", 7]) assert.deepStrictEqual(problemsOf(yield* layerError(options)), [" object"])
      const error = yield* layerError(throwing("timeout"))
      assert.deepStrictEqual(problemsOf(error), ["timeout unreadable"])
      assert.notInclude(error.message, "secret")
    })
  )

  for (const [operation, layer, own] of [
    ["Durable.layerSqlite", Durable.layerSqlite, "filename, wait"],
    [
      "Durable.layerPostgres",
      Durable.layerPostgres,
      "url, maxConnections, ca, connectTimeout, prepare, idleTransactionTimeout"
    ]
  ] as const) {
    it.effect(`${operation} refuses them before it opens the database, and names its own`, () =>
      Effect.gen(function* () {
        const refused = (options: unknown) =>
          Effect.suspend(() => Effect.scoped(Layer.build(Layer.provide(layer(options as never), simulator)))).pipe(
            Effect.flip
          )
        // Neither a file nor a server of these names exists.
        const error = yield* refused({ filename: "/no/file", url: "postgres://nowhere.invalid/db", timeout: -1 })
        assert.strictEqual(error._tag === "PalommaInvalidInput" ? error.operation : error.message, operation)
        assert.include(problemsOf(error), "timeout duration")
        assert.include(error.message, `the options are: ${own}, sendTimeout`)
        for (const options of [undefined, null, "a"])
          assert.deepStrictEqual(problemsOf(yield* refused(options)), [" object"])
      })
    )
  }

  it.effect("of layerSqlite name a file", () =>
    Effect.gen(function* () {
      const layer = Durable.layerSqlite({ filename: 7 as never }).pipe(Layer.provide(simulator))
      const error = yield* Effect.flip(Effect.scoped(Layer.build(layer)))
      assert.include(error.message, "the option filename must be the path of a file")
    })
  )

  it.effect("of transfers are checked too", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(problemsOf(yield* layerError({ sendTimeout: "11 minutes" })), ["sendTimeout duration"])
    })
  )
})

describe.each([
  ["Durable.work", (options: WorkOptions) => Effect.andThen(Effect.service(Durable), ({ work }) => work(options))],
  [
    "Durable.layerWorker",
    (options: WorkOptions) => Effect.scoped(Layer.build(Layer.fresh(Durable.layerWorker(options))))
  ]
] as const)("the options of %s", (operation, start) => {
  const refused = (options: unknown) =>
    Effect.flip(Effect.suspend<unknown, PalommaInvalidInput, Durable>(() => start(options as WorkOptions))).pipe(
      Effect.provide(durable)
    )

  it.effect("concurrency must be a whole number from 1 to 100", () =>
    Effect.gen(function* () {
      for (const concurrency of [0, -1, 1.5, 101, Number.NaN, "8", null]) {
        const error = yield* refused({ concurrency })
        assert.strictEqual(error.operation, operation)
        assert.deepStrictEqual(problemsOf(error), ["concurrency whole-number"])
      }
    })
  )

  it.effect("onEndTimeout must be a duration within its bounds", () =>
    Effect.gen(function* () {
      for (const onEndTimeout of badDurations) {
        assert.deepStrictEqual(problemsOf(yield* refused({ onEndTimeout })), ["onEndTimeout duration"])
      }
    })
  )

  it.effect("onEnd must be a function", () =>
    Effect.gen(function* () {
      for (const onEnd of [Effect.void, "a", null, {}]) {
        assert.deepStrictEqual(problemsOf(yield* refused({ onEnd })), ["onEnd function"])
      }
    })
  )

  it.effect("are refused with all problems together, and an option that does not exist is one", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(problemsOf(yield* refused({ onend: 1, concurrency: 0, onEnd: 1, onEndTimeout: 0 })), [
        "onend unknown-field",
        "concurrency whole-number",
        "onEnd function",
        "onEndTimeout duration"
      ])
    })
  )

  it.effect("must be an object whose fields can be read", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(problemsOf(yield* refused(null)), [" object"])
      const error = yield* refused(throwing("concurrency"))
      assert.deepStrictEqual(problemsOf(error), ["concurrency unreadable"])
      assert.notInclude(error.message, "secret")
    })
  )
})

describe("a layer of a worker", () => {
  it.effect("reads each option once, so that a getter cannot change it after the check", () =>
    Effect.gen(function* () {
      let reads = 0
      const options = {
        get concurrency() {
          reads += 1
          return reads === 1 ? 1 : -1
        }
      }
      yield* Effect.scoped(
        Effect.andThen(
          Layer.build(Durable.layerWorker(options).pipe(Layer.provide(durable))),
          TestClock.adjust("1 minute")
        )
      )
      assert.strictEqual(reads, 1)
    })
  )
})

describe("the options of a journal alone", () => {
  it.effect("are refused if one does not exist, before the file is made", () =>
    Effect.gen(function* () {
      const filename = "/no/file"
      for (const [options, reason] of [
        [
          { filename, prefx: "a_" },
          "the option prefx is not an option; the options are: filename, wait, prefix, timeout"
        ],
        [undefined, "the options must be an object"]
      ] as const) {
        const error = yield* Effect.flip(Effect.scoped(Layer.build(SqliteTransferJournal.layer(options as never))))
        assert.include(error.message, reason)
      }
      const sql = Layer.succeed(SqlClient, {} as SqlClient)
      const layer = Layer.provide(SqlTransferJournal.layer({ prefx: "a_" } as object), sql)
      assert.include(
        (yield* Effect.flip(Effect.scoped(Layer.build(layer)))).message,
        "the options are: prefix, timeout"
      )
    })
  )
})
