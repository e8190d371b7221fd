/**
 * Law 7 as a property: no marked value of a request is in its error, for any text that the server repeats, anywhere.
 */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as fc from "fast-check"
import { call, creates, marked, operationNamed } from "./support/operations.ts"
import { type Answer, runTest, runToEnd, stub } from "./support/stub.ts"
import { recognised, writings } from "./support/writings.ts"

const letters = Array.from("bcdfghjklmnpqrtvwxyzáéíóúñüÁÑ")
const wordArbitrary = fc.string({ unit: fc.constantFrom(...letters), minLength: 5, maxLength: 10 })
const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from("0123456789")), minLength, maxLength })

/** A value for each marked field. Shorter values occur in the texts of the library itself. */
const values: { readonly [K in keyof typeof marked]: fc.Arbitrary<string> } = {
  name: fc.array(wordArbitrary, { minLength: 1, maxLength: 3 }).map((words) => words.join(" ")),
  documentNumber: fc.oneof(
    digits(6, 12),
    fc.tuple(wordArbitrary, digits(3, 6)).map(([a, b]) => `${a}-${b}`)
  ),
  email: fc
    .tuple(wordArbitrary, wordArbitrary)
    .map(([user, host]) => `${user.normalize("NFD").replaceAll(/\P{ASCII}/gu, "")}x1@${host}.example`),
  phoneNumber: digits(7, 10),
  accountNumber: digits(6, 16),
  cardNumber: digits(13, 19),
  cvv: digits(4, 4).filter((cvv) => !/^[1-5]|20/.test(cvv))
}

/** A body in which the values replace the sentinels. */
const filled = (part: unknown, own: Record<keyof typeof marked, string>): unknown => {
  if (Redacted.isRedacted(part)) return Redacted.make(String(filled(Redacted.value(part), own)))
  if (Array.isArray(part) || typeof part !== "object" || part === null) {
    const field = (Object.keys(marked) as Array<keyof typeof marked>).find((name) => marked[name] === part)
    return field === undefined ? part : own[field]
  }
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, filled(inner, own)]))
}

/** The places where a server can put text. */
const places: Record<string, (text: string) => Answer> = {
  message: (message) => ({ json: { message } }),
  Message: (Message) => ({ json: { Message } }),
  error: (error) => ({ json: { error } }),
  "error.message": (message) => ({ json: { error: { message } } }),
  errors: (text) => ({ json: { errors: ["wrong", text, { message: text }] } }),
  list: (text) => ({ json: [text] }),
  text: (text) => ({ text }),
  "text in JSON": (text) => ({ text: JSON.stringify(text) }),
  "id in a record": (id) => ({ json: { id, data: { id } } }),
  headers: (text) => {
    const value = text.replaceAll(/[^\x20-\x7e]/g, "?")
    return {
      json: {},
      headers: { "x-request-id": value, "request-id": value, "cf-ray": value, location: value, "retry-after": value }
    }
  }
}

describe("no marked value of a request is in its error", () => {
  it("for any text that the server repeats, in any place and encoding", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...creates.map(({ name }) => name)),
        fc.record(values),
        fc.constantFrom(...Object.keys(writings)),
        fc.constantFrom(...Object.keys(places)),
        fc.constantFrom(200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503),
        fc.lorem({ maxCount: 5 }),
        async (name, own, writing, place, status, words) => {
          const { body, group, secrets } = operationNamed(name)
          const sent = secrets.map((secret) => filled(secret, own) as string)
          const write = writings[writing] ?? String
          const text = `${words} ${sent.map(write).join(` ${words}, `)}`
          const answer: Answer = { status, ...places[place]?.(text) }
          const exit = await runTest(runToEnd(call(group, "create", filled(body, own)), stub(answer)))
          // A record whose id is the text is as documented.
          if (Exit.isSuccess(exit)) return
          const error = await runTest(Effect.flip(exit))
          assert.notStrictEqual(error._tag, "PalommaInvalidInput", error.message)
          for (const printed of [error.message, JSON.stringify(error), inspect(error, { depth: 9 })]) {
            const pieces = printed.split("<redacted>").map(recognised)
            for (const secret of sent) {
              for (const piece of pieces)
                assert.notInclude(piece, recognised(secret), `${writing}, ${place}: ${printed}`)
            }
          }
        }
      ),
      { numRuns: 400 }
    ))
})
