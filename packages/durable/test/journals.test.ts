import { assert, describe, it } from "@effect/vitest"
import { journalLaws } from "./journalLaws.ts"
import * as Postgres from "./support/postgres.ts"
import * as Stores from "./support/stores.ts"

journalLaws("PayoutJournal.layerMemory", Stores.memory)
journalLaws("SqlitePayoutJournal", Stores.sqlite)
if (Postgres.isThere) {
  journalLaws("SqlPayoutJournal on PostgreSQL", Stores.postgres)
  journalLaws("SqlPayoutJournal on a PostgreSQL where transactions are serializable", Stores.strictPostgres, {
    runs: 10
  })
}

describe("PostgreSQL", () => {
  it("is there where tests must not be skipped", () =>
    assert.isTrue(Postgres.isThere || !Postgres.isRequired, "there is none"))
})
