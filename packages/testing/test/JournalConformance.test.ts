import { assert, describe, it } from "@effect/vitest"
import type { Transfer, TransferKey } from "@palomma-effect/client/Transfer"
import { TransferJournal } from "@palomma-effect/client/TransferJournal"
import * as JournalConformance from "@palomma-effect/testing/JournalConformance"
import { PayoutIntent } from "@palomma-effect/schema/PayoutIntent"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { references } from "../src/internal/journal/samples.ts"
import { finding } from "./journals/brokenFinding.ts"
import { listing } from "./journals/brokenListing.ts"
import { timing } from "./journals/brokenTimes.ts"
import { writing } from "./journals/brokenWriting.ts"
import { ClassJournal } from "./journals/ClassJournal.ts"

const broken = [...writing, ...finding, ...timing, ...listing]

describe("TransferJournal.layerMemory", () => {
  for (const law of JournalConformance.laws) {
    it.live(law.name, () => law.run.pipe(Effect.provide(TransferJournal.layerMemory)))
    it.effect(`${law.name}, with a clock that stops`, () => law.run.pipe(Effect.provide(TransferJournal.layerMemory)))
  }
})

describe("a journal that is a class instance", () => {
  for (const law of JournalConformance.laws) {
    it.live(law.name, () => Effect.provideService(law.run, TransferJournal, new ClassJournal()))
  }
})

describe("a journal that contains the rows of earlier runs", () => {
  it.live("passes every law twice", () =>
    Effect.gen(function* () {
      for (const law of [...JournalConformance.laws, ...JournalConformance.laws]) yield* law.run
    }).pipe(Effect.provide(TransferJournal.layerMemory))
  )
})

describe("a journal is detected that", () => {
  for (const [fault, name, make] of broken) {
    it.live(`${fault}: a journal ${name}`, () =>
      Effect.gen(function* () {
        const law = JournalConformance.laws.find((each) => each.name === name)
        assert.isDefined(law)
        const error = yield* Effect.flip(Effect.provideService(law.run, TransferJournal, make()))
        assert.instanceOf(error, JournalConformance.JournalConformanceError)
        assert.strictEqual(error.law, name)
        assert.include(error.message, name)
        assert.notStrictEqual(error.expected, error.found)
      })
    )
  }

  it.live("returns a value that only looks like a Transfer", () =>
    Effect.gen(function* () {
      const journal = new (class extends ClassJournal {
        override find(key: TransferKey) {
          return Effect.map(
            super.find(key),
            Option.map((row): Transfer => Object.assign(Object.create(null), row))
          )
        }
      })()
      const law = JournalConformance.laws.find(({ name }) => name === "inserts a row once, and keeps the first")
      assert.isDefined(law)
      const error = yield* Effect.flip(Effect.provideService(law.run, TransferJournal, journal))
      assert.include(error.message, "expected a Transfer")
    })
  )
})

describe("JournalConformance.laws", () => {
  it("use no reference that a transfer cannot have", () => {
    const intent = Schema.is(PayoutIntent)
    const isReference = (reference: string) => intent({ reference, payoutTargetId: "target", amount: 50_000 })
    assert.deepStrictEqual(
      references.filter((reference) => !isReference(reference)),
      []
    )
    assert.strictEqual(new Set(references).size, references.length)
  })

  it("each fail for a broken journal", () => {
    const names = JournalConformance.laws.map(({ name }) => name)
    assert.deepStrictEqual([...new Set(broken.map(([, name]) => name))].sort(), [...names].sort())
    assert.strictEqual(new Set(names).size, names.length)
  })
})
