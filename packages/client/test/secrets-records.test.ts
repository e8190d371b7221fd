/**
 * Law 7 for the errors of a resource: a status, a reason or an id from a server reaches no message unchanged.
 */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { PayinSourceCancelled, PalommaStillPending, PayoutTargetCancelled, SafeText } from "@palomma-effect/client"
import { StatusMessage } from "@palomma-effect/schema"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { assertClean, observed, printedError } from "./support/observed.ts"
import { call, markedInAnswers, operationNamed } from "./support/operations.ts"

const awaits = [
  ["payoutRequests", "awaitFinal", "PayoutRequests.get"],
  ["payinRequests", "awaitFinal", "PayinRequests.get"],
  ["payinLinks", "awaitFinal", "PayinLinks.get"],
  ["payoutTargets", "awaitActive", "PayoutTargets.get"],
  ["payinSources", "awaitActive", "PayinSources.get"]
] as const

const hostile: ReadonlyArray<readonly [text: string, shown: string]> = [
  ["in review", "in review"],
  ["waits for\r\n2026 ERROR forged line", "waits for 2026 ERROR forged line"],
  ["\u001b[2J\u001b]0;owned\u0007 x", "[2J ]0;owned x"],
  ["\u202egnp.exe", "gnp.exe"],
  ["account 300 765 4321", "account <redacted>"],
  [`of ${markedInAnswers.name.toUpperCase()}`, "of <redacted>"],
  ["of EUFRASIA X.", "of <redacted> X."],
  [`cc ${markedInAnswers.documentNumber}`, "cc <redacted>"],
  [markedInAnswers.email, "<redacted>"],
  ["ana%40mail.co", "<redacted>"],
  [`${markedInAnswers.phoneNumber.toLowerCase()} called`, "<redacted> called"],
  ["x".repeat(5_000), `${"x".repeat(199)}…`]
]

/** Waits for a record that never reaches a final status, or that is cancelled, and returns the error. */
const failing = (group: string, method: string, getName: string, record: object) =>
  Effect.gen(function* () {
    const { success } = operationNamed(getName)
    const awaiting = call(group, method, "01ASKED", { timeout: "10 seconds" })
    const { exit, written, spans } = yield* observed(awaiting, { json: { ...success, ...record } })
    const error: Error = yield* Effect.flip(exit)
    for (const [how, text] of Object.entries(printedError(error))) assertClean(text, `${group}, ${how}`)
    assertClean(written.join("\n"), `${group}, a log`)
    // The record itself, which a span may hold, is as documented: its status is not a marked field.
    for (const { attributes, events, name } of spans) {
      assertClean(inspect([name, [...attributes], events], { depth: 6 }), `${group}, a span`)
    }
    assert.notMatch(error.message, /(?! )[\p{C}\p{Zl}\p{Zp}]/u)
    return error
  })

describe("the error of a wait that times out", () => {
  it.effect.each(awaits)("shows the status of %s as safe text: %s", ([group, method, get]) =>
    Effect.forEach(hostile, ([status, shown]) =>
      Effect.gen(function* () {
        const error = yield* failing(group, method, get, { status })
        assert.instanceOf(error, PalommaStillPending)
        assert.strictEqual<string | undefined>(error.status, shown)
        assert.include(error.message, `after 10s, 01ASKED is still "${shown}". Nothing has failed`)
      })
    )
  )

  it.effect.each(awaits)("shows the requested id of %s, not the one of the answer: %s", ([group, method, get]) =>
    Effect.forEach(["ANOTHER", "3007654321", markedInAnswers.documentNumber, "\u001b[31m", "a\nb"], (id) =>
      Effect.gen(function* () {
        const error = yield* failing(group, method, get, { id, status: "waiting" })
        assert.instanceOf(error, PalommaStillPending)
        assert.strictEqual<string | undefined>(error.recordId, "01ASKED")
        assert.notInclude(inspect(error), id)
      })
    )
  )
})

describe("a cancelled account", () => {
  const cancelled = awaits.filter(([, method]) => method === "awaitActive")

  it.effect.each(cancelled)("is reported with the reason as safe text: %s %s", ([group, method, get]) =>
    Effect.forEach(hostile, ([statusMessage, shown]) =>
      Effect.gen(function* () {
        const error = yield* failing(group, method, get, { status: "cancelled", statusMessage })
        assert.isTrue(error instanceof PayoutTargetCancelled || error instanceof PayinSourceCancelled)
        assert.match(
          error.message,
          /^Pay(out target|in source) 01ASKED was cancelled and will never be active\. Palomma's reason: /
        )
        assert.isTrue(error.message.endsWith(` Palomma's reason: ${shown}. Register the account again.`), error.message)
      })
    )
  )

  it.effect.each(cancelled)("is reported with what to do about a known reason: %s %s", ([group, method, get]) =>
    Effect.forEach(StatusMessage.values, (statusMessage) =>
      Effect.gen(function* () {
        const error = yield* failing(group, method, get, { status: "cancelled", statusMessage })
        assert.isTrue(
          error.message.endsWith(
            `01ASKED was cancelled and will never be active. ${StatusMessage.describe(statusMessage)}`
          )
        )
      })
    )
  )

  it.effect.each(cancelled)("is reported without a reason if there is none: %s %s", ([group, method, get]) =>
    Effect.forEach([{}, { statusMessage: null }, { statusMessage: { text: markedInAnswers.name } }], (record) =>
      Effect.gen(function* () {
        const error = yield* failing(group, method, get, { status: "cancelled", ...record })
        assert.isTrue(
          error.message.endsWith("01ASKED was cancelled and will never be active. Register the account again."),
          error.message
        )
      })
    )
  )

  it("is shown with an id only if that has the form of an id", () => {
    const id = "01T\n\u001b[31mowned"
    assert.notInclude(new PayoutTargetCancelled({ payoutTargetId: SafeText.id(id) }).message, "owned")
    assert.notInclude(new PayinSourceCancelled({ payinSourceId: SafeText.id(id) }).message, "owned")
    const fields = { operation: "PayoutRequests.awaitFinal", waited: Duration.seconds(1), recordId: SafeText.id(id) }
    assert.notInclude(new PalommaStillPending(fields).message, "owned")
  })
})
