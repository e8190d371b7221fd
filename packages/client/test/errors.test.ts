/**
 * The errors of a call: one list, what each states about the money, and what each advises to do.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Client from "@palomma-effect/client"
import { isPalommaError, type Outcome, type PalommaError, SafeText, TransferJournalError } from "@palomma-effect/client"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

const classes = { ...Client }
const operation = "PayoutRequests.create"
const outcomes: ReadonlyArray<Outcome> = ["none", "not-sent", "rejected", "unknown"]

/** Every error, each with one outcome. */
const all = (
  outcome: Outcome
): { readonly [Tag in PalommaError["_tag"]]: Extract<PalommaError, { readonly _tag: Tag }> } => {
  const called = { operation, outcome }
  const answered = { ...called, status: 503, serverMessage: SafeText.make("slow down") }
  const problems = [{ field: "amount", code: "amount", rule: "must be more" }]
  return {
    PalommaInvalidInput: new Client.PalommaInvalidInput({ ...called, problems, more: 0 }),
    PalommaBadRequest: new Client.PalommaBadRequest({ ...answered, status: 400 }),
    PalommaUnauthorized: new Client.PalommaUnauthorized({ ...answered, status: 401 }),
    PalommaNotFound: new Client.PalommaNotFound({ ...answered, status: 404 }),
    PalommaRateLimited: new Client.PalommaRateLimited({ ...answered, status: 429, retryAfter: Duration.seconds(90) }),
    PalommaServerError: new Client.PalommaServerError(answered),
    PalommaUnexpectedStatus: new Client.PalommaUnexpectedStatus({ ...answered, status: 409 }),
    PalommaConnectionError: new Client.PalommaConnectionError({ ...called, reason: "reset", code: "ECONNRESET" }),
    PalommaTimeout: new Client.PalommaTimeout({ ...called, waited: Duration.seconds(60) }),
    PalommaInvalidResponse: new Client.PalommaInvalidResponse({
      ...called,
      status: 200,
      defect: "wrong-shape",
      problems: [{ field: "status", code: "required", rule: "is missing" }],
      recordId: SafeText.id("01H")
    })
  }
}

const known: Record<Outcome, string> = {
  none: "",
  "not-sent": " Nothing was sent.",
  rejected: " The request had no effect.",
  unknown:
    " The request may have taken effect. Look up the record before you send the request again " +
    "(Payouts.send does that)."
}

const retry = (outcome: Outcome): string => (outcome === "unknown" ? "" : " Try again.")

const rejectedStatuses = (status: number) =>
  ` If Palomma confirmed to you that ${status} always means rejection, add it to the option rejectedStatuses of the Palomma layer.`

const messages: { readonly [Tag in PalommaError["_tag"]]: (outcome: Outcome) => string } = {
  PalommaInvalidInput: (outcome) =>
    `${operation}: the input is invalid.${known[outcome]} Correct this: amount: must be more`,
  PalommaBadRequest: (outcome) =>
    `${operation}: Palomma answered 400: "slow down".${known[outcome]} Correct the input. You may use the same reference again.`,
  PalommaUnauthorized: (outcome) =>
    `${operation}: Palomma answered 401: "slow down".${known[outcome]} ` +
    "Check that the API key is valid and belongs to this environment, then try again.",
  PalommaNotFound: (outcome) =>
    `${operation}: Palomma answered 404: "slow down".${known[outcome]} ` +
    "Check that the id is correct and belongs to this environment. Palomma empties the sandbox from time to time.",
  PalommaRateLimited: (outcome) =>
    `${operation}: Palomma answered 429: "slow down".${known[outcome]} Wait 1m 30s before the next request.` +
    (outcome === "unknown" ? rejectedStatuses(429) : ""),
  PalommaServerError: (outcome) =>
    `${operation}: Palomma answered 503: "slow down".${known[outcome]} ` +
    (outcome === "unknown" ? `Report it to Palomma if it happens again.${rejectedStatuses(503)}` : "Try again later."),
  PalommaUnexpectedStatus: (outcome) =>
    `${operation}: Palomma answered 409: "slow down". Palomma does not document this response.${known[outcome]} ` +
    "Check the base URL, and any proxy or gateway between you and Palomma." +
    (outcome === "unknown" ? rejectedStatuses(409) : ""),
  PalommaConnectionError: (outcome) =>
    `${operation}: no response from Palomma (ECONNRESET). The connection was interrupted.${known[outcome]}${retry(outcome)}`,
  PalommaTimeout: (outcome) =>
    `${operation}: no complete response from Palomma within 1m.${known[outcome]}${retry(outcome)}`,
  PalommaInvalidResponse: (outcome) =>
    `${operation}: Palomma answered 200, but a required field of the response is missing or unreadable. status: is missing. ` +
    `The id of the record is 01H.` +
    `${known[outcome]} Report it to Palomma.`
}

const errors = (outcome: Outcome): ReadonlyArray<PalommaError> => Object.values(all(outcome))

describe("an error", () => {
  it.each(outcomes)("states what happened, what is known about the money, and what to do: %s", (outcome) => {
    for (const error of errors(outcome)) assert.strictEqual(error.message, messages[error._tag](outcome))
  })

  it.each(outcomes)(
    "is on one line that begins with the operation, and uses no metaphor for an outcome: %s",
    (outcome) => {
      for (const { message } of errors(outcome)) {
        assert.isTrue(message.startsWith(`${operation}: `))
        assert.notMatch(message, /\n|undefined|NaN|\[object/)
      }
    }
  )

  it("is never safe to resend if it may have taken effect", () => {
    for (const error of errors("unknown")) assert.isFalse(error.isSafeToResend, error._tag)
  })

  it.each(["none", "not-sent", "rejected"] as const)(
    "is safe to resend, depending on its kind, if it had no effect: %s",
    (outcome) => {
      const safe = ["PalommaRateLimited", "PalommaServerError", "PalommaConnectionError", "PalommaTimeout"]
      for (const error of errors(outcome))
        assert.strictEqual(error.isSafeToResend, safe.includes(error._tag), error._tag)
    }
  )

  it.each(outcomes)("is decoded from JSON with its message: %s", (outcome) => {
    for (const error of errors(outcome)) {
      const schema: Schema.Codec<PalommaError, unknown> = classes[error._tag]
      const codec = Schema.toCodecJson(schema)
      const json: unknown = JSON.parse(JSON.stringify(Schema.encodeUnknownSync(codec)(error)))
      const back = Schema.decodeUnknownSync(codec)(json)
      assert.strictEqual(back._tag, error._tag)
      assert.isTrue(isPalommaError(back))
      assert.strictEqual(back.message, error.message)
    }
  })

  it("omits what it does not know", () => {
    const { message } = new Client.PalommaServerError({ operation, outcome: "rejected", status: 502 })
    assert.strictEqual(message, `${operation}: Palomma answered 502. The request had no effect. Try again later.`)
    const lost = new Client.PalommaConnectionError({ operation, outcome: "none", reason: "dns" })
    assert.strictEqual(
      lost.message,
      `${operation}: no response from Palomma. The host name could not be resolved. Check the network and the base URL. Try again.`
    )
    const slow = new Client.PalommaRateLimited({ operation, outcome: "none", status: 429 })
    assert.strictEqual(slow.message, `${operation}: Palomma answered 429. Wait before the next request.`)
  })

  it("of a read whose response was cut short advises to try again, and to report it", () => {
    const fields = { operation, outcome: "none" as const, status: 200, problems: [] }
    const short = new Client.PalommaInvalidResponse({ ...fields, defect: "cut-short" })
    assert.strictEqual(
      short.message,
      `${operation}: Palomma answered 200, but the response was cut short. Try again. Report it to Palomma.`
    )
  })

  it("says whether the journal may have written the row, although the call failed", () => {
    const texts = (fields: Partial<TransferJournalError>) =>
      new TransferJournalError({ operation: "insert", reason: "the disk is full", sent: "no", ...fields }).message
    const begin = "The transfer journal failed to"
    const mayBeWritten = "This call sent nothing, but the row may have been written."
    const repair = "Repair the store, then call again with the same reference."
    assert.strictEqual(texts({}), `${begin} insert: the disk is full. ${mayBeWritten} ${repair}`)
    assert.include(texts({ operation: "replace" }), mayBeWritten)
    assert.notInclude(texts({ operation: "find" }), mayBeWritten)
    assert.notInclude(texts({ sent: "yes" }), mayBeWritten)
    const refused = texts({ written: "no", reason: "it was called inside a transaction" })
    const correct = "This call sent nothing. Correct this, then call again with the same reference."
    assert.strictEqual(refused, `${begin} insert: it was called inside a transaction. ${correct}`)
  })

  it("of a wrong certificate advises against a retry", () => {
    const { message } = new Client.PalommaConnectionError({ operation, outcome: "not-sent", reason: "tls" })
    assert.match(message, /Nothing was sent\. Do not retry\. /)
    assert.notInclude(message, "Try again")
  })

  describe("of a transfer that was not sent", () => {
    const operation = "PayoutRequests.list"
    const call = { operation, outcome: "none" } as const
    const answered = { ...call, serverMessage: SafeText.make("for 80.000 pesos") }
    const transfer = { kind: "payout", reference: "refund-4711" } as const
    const invalidResponse = (defect: Client.PalommaInvalidResponse["defect"]) =>
      new Client.PalommaInvalidResponse({ ...call, status: 200, defect, problems: [] })
    const later = /This call sent nothing\. Send the same reference again\.$/

    it.each<readonly [cause: Client.TransferNotSent["cause"], advice: RegExp]>([
      [
        new Client.PalommaUnexpectedStatus({ ...answered, status: 404 }),
        /nothing\. Check the base URL, and any proxy or gateway between you and Palomma, then send the same reference again\.$/
      ],
      [
        new Client.PalommaUnexpectedStatus({ ...answered, status: 403 }),
        /nothing\. Check the base URL, and any proxy or gateway between you and Palomma, then send the same reference again\.$/
      ],
      [
        new Client.PalommaUnauthorized({ ...answered, status: 401 }),
        /nothing\. Check the API key and that it belongs to this environment, then send the same reference again\.$/
      ],
      [
        new Client.PalommaBadRequest({ ...answered, status: 400 }),
        /nothing\. Find out why Palomma rejects this call, then send the same reference again\.$/
      ],
      [
        new Client.PalommaConnectionError({ ...call, reason: "tls" }),
        /Do not retry\. Check certificates.* This call sent nothing\. Correct this, then send the same reference again\.$/
      ],
      [
        new Client.PalommaConnectionError({ ...call, reason: "redirect" }),
        /Check the base URL\. This call sent nothing\. Correct this, then send the same reference again\.$/
      ],
      [
        new Client.PalommaInvalidInput({ ...call, problems: [{ field: "a", code: "b", rule: "must be c" }], more: 0 }),
        /a: must be c\. This call sent nothing\. Correct this, then send the same reference again\.$/
      ],
      [
        invalidResponse("wrong-shape"),
        /required field.* nothing\. Check the base URL, and whether Palomma changed its responses, then send the same reference again\.$/
      ],
      [
        new Client.TransferLookUpIncomplete({ ...transfer, limit: "lookUpPages", pages: 100 }),
        /nothing\. Raise lookUpPages in Payouts\.layer if lists are long, then send the same reference again\.$/
      ]
    ])("says what to correct, and that waiting does not help: row %#", (cause, advice) => {
      const error = new Client.TransferNotSent({ ...transfer, cause })
      assert.match(error.message, advice)
      assert.notInclude(error.message, "80.000")
      assert.isTrue(error.needsCorrection)
    })

    it.each<readonly [cause: Client.TransferNotSent["cause"], advice: RegExp]>([
      [new Client.PalommaUnexpectedStatus({ ...answered, status: 408 }), later],
      [new Client.PalommaRateLimited({ ...answered, status: 429 }), later],
      [new Client.PalommaServerError({ ...answered, status: 503 }), later],
      [new Client.PalommaTimeout({ ...call, waited: Duration.seconds(15) }), later],
      [new Client.PalommaConnectionError({ ...call, reason: "reset" }), later],
      [new Client.PalommaConnectionError({ ...call, reason: "other" }), later],
      [
        new Client.PalommaConnectionError({ ...call, reason: "dns" }),
        /Check the network and the base URL\. Try again\. This call sent nothing\. Send the same reference again\.$/
      ],
      [
        new Client.PalommaConnectionError({ ...call, reason: "connect" }),
        /Check the network and the base URL\. Try again\. This call sent nothing\. Send the same reference again\.$/
      ],
      [invalidResponse("cut-short"), /cut short.*This call sent nothing\. Send the same reference again\.$/],
      [invalidResponse("not-json"), /not JSON.*This call sent nothing\. Send the same reference again\.$/],
      [new Client.TransferClaimEnded(transfer), later],
      [
        new Client.TransferLookUpIncomplete({ ...transfer, limit: "lookUpTimeout", pages: 3 }),
        /nothing\. Raise lookUpTimeout in Payouts\.layer if lists are long, then send the same reference again\.$/
      ]
    ])("says that a later call may succeed: row %#", (cause, advice) => {
      const error = new Client.TransferNotSent({ ...transfer, cause })
      assert.match(error.message, advice)
      assert.isFalse(error.needsCorrection)
    })
  })

  it.each([
    ["unknown", /Sending the same reference again only looks it up\. .*ask Palomma/],
    ["needsReview", /Sending the same reference again only looks it up\. .*with Payouts\.resolve\.$/],
    [
      "sending",
      /Another call may be sending it\. Sending the same reference again first waits for that call to end\.$/
    ],
    ["intended", /The journal now allows to send it again: find out why/],
    ["rejected", /The journal now allows to send it again: find out why/],
    ["withdrawn", /was withdrawn meanwhile and is not sent again\./]
  ] as const)("of a transfer in doubt says what the next call does in the state %s", (state, advice) => {
    const evidence = new Client.TransferEvidence({ records: [], laterTransferShown: false })
    const fields = { kind: "payout", reference: "refund-4711", version: 3, sent: "yes", lastError: "?" } as const
    const { message } = new Client.TransferOutcomeUnknown({ ...fields, state, evidence })
    assert.match(message, /It is not known whether the money moved\. /)
    assert.match(message, advice)
  })

  it("of a record that may be the transfer advises to rule it out only if it is another payment", () => {
    const { message } = new Client.TransferInvalidState({
      kind: "payout",
      reference: "refund-4711",
      operation: "Payouts.resolve",
      reason: "record-shown",
      records: []
    })
    assert.match(message, /name it as recordId in resolve or acknowledge\..* notOurs only if it is another payment\.$/)
  })

  it("of a wrong certificate or of a redirect is not to be sent again", () => {
    for (const reason of ["tls", "redirect"] as const) {
      assert.isFalse(new Client.PalommaConnectionError({ operation, outcome: "not-sent", reason }).isSafeToResend)
    }
  })

  it("of a read whose answer broke off may be sent again", () => {
    const defects = ["cut-short", "not-json", "too-large", "wrong-shape", "repeated-cursor"] as const
    const isSafe = defects.map((defect) => {
      const fields = { operation, outcome: "none" as const, status: 200, defect, problems: [] }
      return new Client.PalommaInvalidResponse(fields).isSafeToResend
    })
    assert.deepStrictEqual(isSafe, [true, true, false, false, false])
  })
})

describe("isPalommaError", () => {
  it("accepts every error of a call, which are all exported errors with such a name", () => {
    const exported: Record<string, unknown> = { ...Client }
    const names = Object.keys(exported).filter((name) => {
      const value = exported[name]
      return typeof value === "function" && value.prototype instanceof Error && name.startsWith("Palomma")
    })
    assert.sameMembers(
      names.filter((name) => name !== "PalommaStillPending"),
      errors("none").map(({ _tag }) => _tag)
    )
    for (const outcome of outcomes)
      for (const error of errors(outcome)) assert.isTrue(isPalommaError(error), error._tag)
  })

  it.each([
    [undefined],
    [null],
    [5],
    ["PalommaTimeout"],
    [{}],
    [{ _tag: "PalommaTimeout" }],
    [{ _tag: "toString" }],
    [new Error("PalommaTimeout")],
    [Object.assign(new Error("no"), { _tag: "toString" })],
    [Object.assign(new Error("no"), { _tag: 5 })],
    [new Client.PalommaStillPending({ operation, waited: Duration.seconds(1) })],
    [new Client.PayoutTargetCancelled({ payoutTargetId: SafeText.id("01T") })],
    [Client.PalommaTimeout]
  ])("accepts nothing else: row %#", (value) => assert.isFalse(isPalommaError(value)))
})

describe("isTransferError", () => {
  const reference = "refund-4711"
  const cause = new Client.PalommaTimeout({ operation, outcome: "not-sent", waited: Duration.seconds(1) })

  it("accepts every error of a send, and no cause of one", () => {
    const exported: Record<string, unknown> = { ...Client }
    const names = Object.keys(exported).filter((name) => {
      const value = exported[name]
      return typeof value === "function" && value.prototype instanceof Error && name.startsWith("Transfer")
    })
    const accepted = names.filter((_tag) => Client.isTransferError(Object.assign(new Error(), { _tag })))
    assert.sameMembers(
      names.filter((name) => !accepted.includes(name)),
      ["TransferClaimEnded", "TransferLookUpIncomplete"]
    )
    assert.isTrue(Client.isTransferError(new Client.TransferNotSent({ kind: "payout", reference, cause })))
  })

  it("shares only PalommaInvalidInput with isPalommaError", () => {
    const invalid = new Client.PalommaInvalidInput({ operation, outcome: "not-sent", problems: [], more: 0 })
    assert.isTrue(Client.isTransferError(invalid))
    assert.isTrue(isPalommaError(invalid))
    const error = new Client.TransferNotSent({ kind: "payout", reference, cause })
    assert.isFalse(isPalommaError(error))
    assert.isTrue(isPalommaError(error.cause))
    assert.deepStrictEqual(
      errors("unknown")
        .filter(Client.isTransferError)
        .map(({ _tag }) => _tag),
      ["PalommaInvalidInput"]
    )
  })

  it.each([
    [undefined],
    [null],
    ["TransferNotSent"],
    [{ _tag: "TransferNotSent" }],
    [Object.assign(new Error("no"), { _tag: "toString" })],
    [Object.assign(new Error("no"), { _tag: 5 })],
    [new Client.TransferClaimEnded({ kind: "payout", reference })],
    [Client.TransferNotSent]
  ])("accepts nothing else: row %#", (value) => assert.isFalse(Client.isTransferError(value)))
})
