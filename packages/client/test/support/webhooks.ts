/**
 * Shared helpers of the webhook tests: layers with the keys of the fixtures, and a clock set by the age of a fixture.
 */
import { type WebhookDelivery, type WebhookRejected, Webhooks, type WebhooksOptions } from "@palomma-effect/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { vi } from "vitest"
import { integrityKey, writtenAt } from "./webhookFixtures.ts"

export const keys = (...texts: ReadonlyArray<string>) => texts.map((text) => Redacted.make(text))

/** A layer with the key of the fixtures. */
export const withKeys = (options: Partial<WebhooksOptions> = {}) =>
  Webhooks.layer({ integrityKeys: keys(integrityKey), ...options }).pipe(Layer.orDie)

export const verify = (delivery: WebhookDelivery, options?: Partial<WebhooksOptions>) =>
  Webhooks.verify(delivery).pipe(Effect.provide(withKeys(options)))

export const errorOf = (
  delivery: WebhookDelivery,
  options?: Partial<WebhooksOptions>
): Effect.Effect<WebhookRejected, unknown> => Effect.flip(verify(delivery, options))

export const reasonOf = (delivery: WebhookDelivery, options?: Partial<WebhooksOptions>) =>
  Effect.map(errorOf(delivery, options), ({ reason }) => reason)

/** Sets the clock so that a fixture has an age. */
export const ago = (age: Duration.Input) =>
  TestClock.setTime(writtenAt + Duration.toMillis(Duration.fromInputUnsafe(age)))

/** Counts the calls of WebCrypto, until the test's scope ends. */
export const watchCrypto = Effect.acquireRelease(
  Effect.sync(() => {
    const { subtle } = globalThis.crypto
    return {
      verify: vi.spyOn(subtle, "verify"),
      sign: vi.spyOn(subtle, "sign"),
      digest: vi.spyOn(subtle, "digest"),
      importKey: vi.spyOn(subtle, "importKey")
    }
  }),
  (spies) => Effect.sync(() => Object.values(spies).forEach((spy) => spy.mockRestore()))
)
