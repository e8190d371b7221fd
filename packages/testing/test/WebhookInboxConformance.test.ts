import { assert, describe, it } from "@effect/vitest"
import { WebhookInbox } from "@palomma-effect/client/WebhookInbox"
import * as WebhookInboxConformance from "@palomma-effect/testing/WebhookInboxConformance"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { broken, correct } from "./inboxes/broken.ts"

describe("WebhookInbox.layerMemory", () => {
  for (const law of WebhookInboxConformance.laws) {
    it.live(law.name, () => law.run.pipe(Effect.provide(WebhookInbox.layerMemory)))
  }

  it.live("passes every law twice", () =>
    Effect.gen(function* () {
      for (const law of [...WebhookInboxConformance.laws, ...WebhookInboxConformance.laws]) yield* law.run
    }).pipe(Effect.provide(WebhookInbox.layerMemory))
  )
})

describe("an inbox without a defect", () => {
  for (const law of WebhookInboxConformance.laws) {
    it.live(law.name, () => Effect.provideService(law.run, WebhookInbox, correct()))
  }
})

describe("an inbox is detected that", () => {
  for (const [fault, name, make] of broken) {
    it.effect(`${fault}: it violates "${name}"`, () =>
      Effect.gen(function* () {
        const law = WebhookInboxConformance.laws.find((each) => each.name === name)
        assert.isDefined(law)
        const run = yield* Effect.forkChild(Effect.flip(Effect.provideService(law.run, WebhookInbox, make())))
        // Some of these inboxes never answer, so the time limit of the law has to pass.
        for (let tries = 0; tries < 10_000 && run.pollUnsafe() === undefined; tries++) yield* Effect.yieldNow
        yield* TestClock.adjust("1 minute")
        const error = yield* Fiber.join(run)
        assert.instanceOf(error, WebhookInboxConformance.WebhookInboxConformanceError)
        assert.strictEqual(error.law, name)
        assert.include(error.message, name)
        assert.notStrictEqual(error.expected, error.found)
      })
    )
  }
})

describe("WebhookInboxConformance.laws", () => {
  it("each fail for a broken inbox", () => {
    const names = WebhookInboxConformance.laws.map(({ name }) => name)
    assert.deepStrictEqual([...new Set(broken.map(([, name]) => name))].sort(), [...names].sort())
    assert.strictEqual(new Set(names).size, names.length)
  })
})
