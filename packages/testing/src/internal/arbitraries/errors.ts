/**
 * Arbitraries of failed answers and of errors of `fetch`.
 */
import * as fc from "fast-check"
import { type Arbitrary, from } from "./arbitrary.ts"
import * as Error from "@palomma-effect/client/PalommaError"
import * as SafeText from "@palomma-effect/client/SafeText"
import * as Duration from "effect/Duration"
import { fields } from "./models.ts"
import * as Ids from "./ids.ts"
import * as Value from "./values.ts"

/**
 * An HTTP response that is not a success.
 *
 * @category models
 * @since 0.1.0
 */
export interface ErrorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const message = fc.oneof({ withCrossShrink: true }, fc.constant("Invalid input"), Value.text)

const documentedBody = message.map((text) => JSON.stringify({ message: text }))

const json = { "content-type": "application/json" }

/**
 * Documented error responses of Palomma: 400, 401, 404 or 500 with a message.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const documentedErrorAnswer: Arbitrary<ErrorAnswer> = from(
  fc.record({
    status: fc.constantFrom(400, 401, 404, 500),
    headers: fc.constant(json),
    body: documentedBody
  })
)

/**
 * Values of `Retry-After`: seconds, dates, and invalid values.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const retryAfter: Arbitrary<string> = from(
  fc.oneof(
    fc.constantFrom(
      "0",
      "1",
      "120",
      "-1",
      "1e308",
      "NaN",
      "",
      "soon",
      "Wed, 21 Oct 2026 07:28:00 GMT",
      "99999999999999999999"
    ),
    fc.nat(3600).map(String)
  )
)

/**
 * Error responses that Palomma does not document, such as those of gateways and firewalls.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const undocumentedErrorAnswer: Arbitrary<ErrorAnswer> = from(
  fc.record({
    status: fc.oneof(fc.constantFrom(403, 408, 409, 413, 422, 429, 502, 503, 504), fc.integer({ min: 300, max: 599 })),
    headers: fc.oneof(
      fc.constant({}),
      fc.constant({ "content-type": "text/html" }),
      retryAfter.map((value) => ({ ...json, "retry-after": value }))
    ),
    body: fc.oneof(
      fc.constantFrom(
        "",
        "<html><body>502 Bad Gateway</body></html>",
        "{",
        "null",
        "[]",
        '{"error":"no"}',
        '{"message":1}'
      ),
      documentedBody
    )
  })
)

interface NetworkFailure {
  readonly message: string
  readonly code?: string
  readonly syscall?: string
}

const unsent: ReadonlyArray<NetworkFailure> = [
  { message: "getaddrinfo ENOTFOUND sandbox.api.palomma.com", code: "ENOTFOUND", syscall: "getaddrinfo" },
  { message: "getaddrinfo EAI_AGAIN sandbox.api.palomma.com", code: "EAI_AGAIN", syscall: "getaddrinfo" },
  { message: "connect ECONNREFUSED 127.0.0.1:443", code: "ECONNREFUSED", syscall: "connect" },
  { message: "connect EHOSTUNREACH 10.0.0.1:443", code: "EHOSTUNREACH", syscall: "connect" },
  { message: "connect ENETUNREACH 10.0.0.1:443", code: "ENETUNREACH", syscall: "connect" },
  { message: "Connect Timeout Error", code: "UND_ERR_CONNECT_TIMEOUT" },
  { message: "self-signed certificate", code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
  { message: "certificate has expired", code: "CERT_HAS_EXPIRED" }
]

const maybeSent: ReadonlyArray<NetworkFailure> = [
  { message: "read ECONNRESET", code: "ECONNRESET", syscall: "read" },
  { message: "write EPIPE", code: "EPIPE", syscall: "write" },
  { message: "read ETIMEDOUT", code: "ETIMEDOUT", syscall: "read" },
  { message: "other side closed", code: "UND_ERR_SOCKET" },
  { message: "Headers Timeout Error", code: "UND_ERR_HEADERS_TIMEOUT" },
  { message: "Body Timeout Error", code: "UND_ERR_BODY_TIMEOUT" },
  { message: "Response does not match the HTTP/1.1 protocol", code: "HPE_INVALID_CONSTANT" },
  { message: "Parse Error" },
  { message: "Unable to connect", code: "ConnectionRefused" }
]

const failureOf = (all: ReadonlyArray<NetworkFailure>): fc.Arbitrary<TypeError> =>
  fc
    .constantFrom(...all)
    .map(
      ({ message: text, ...rest }) =>
        new TypeError("fetch failed", { cause: Object.assign(new globalThis.Error(text), rest) })
    )

/**
 * Errors of `fetch` that prove that the request was not sent.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const unsentFailure: Arbitrary<TypeError> = from(failureOf(unsent))

/**
 * Errors of `fetch` after which the request may have been sent.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const maybeSentFailure: Arbitrary<TypeError> = from(failureOf(maybeSent))

const operation = fc.constantFrom("PayoutRequests.create", "PayoutTargets.create", "Customers.create")
const problem = fc.record({
  field: fc.constantFrom("amount", "bankAccount.bank", ""),
  code: fc.constantFrom("amount", "bank", "required"),
  rule: Value.text
})
const problems = fc.array(problem, { minLength: 1, maxLength: 3 })
const duration = fc.nat(120_000).map((millis) => Duration.millis(millis))
const detailsOfAnswer = {
  requestId: fc.string({ minLength: 1 }).map((text) => SafeText.id(text)),
  serverMessage: Value.text.map((text) => SafeText.make(text))
}
const rejected = fields({ operation, outcome: fc.constant("rejected" as const), status: fc.nat() }, detailsOfAnswer)
const uncertain = { operation, outcome: fc.constantFrom("unknown" as const, "rejected" as const) }

const callError = fc.oneof<Array<fc.Arbitrary<Error.CallError>>>(
  fc
    .record({ operation, outcome: fc.constant("not-sent" as const), problems, more: fc.nat(3) })
    .map((props) => new Error.PalommaInvalidInput(props)),
  rejected.map((props) => new Error.PalommaBadRequest({ ...props, status: 400 })),
  rejected.map((props) => new Error.PalommaUnauthorized({ ...props, status: 401 })),
  fields({ ...uncertain, status: fc.constant(429) }, { ...detailsOfAnswer, retryAfter: duration }).map(
    (props) => new Error.PalommaRateLimited(props)
  ),
  fields(
    { ...uncertain, status: fc.integer({ min: 500, max: 599 }) },
    { ...detailsOfAnswer, retryAfter: duration }
  ).map((props) => new Error.PalommaServerError(props)),
  fields({ ...uncertain, status: fc.constantFrom(302, 403, 404, 408, 409, 422) }, detailsOfAnswer).map(
    (props) => new Error.PalommaUnexpectedStatus(props)
  ),
  fc
    .record({
      operation,
      outcome: fc.constant("not-sent" as const),
      reason: fc.constantFrom("dns" as const, "connect" as const, "tls" as const)
    })
    .map((props) => new Error.PalommaConnectionError(props)),
  fields(
    {
      operation,
      outcome: fc.constant("unknown" as const),
      reason: fc.constantFrom("reset" as const, "other" as const)
    },
    { code: fc.constantFrom("ECONNRESET", "UND_ERR_SOCKET") }
  ).map((props) => new Error.PalommaConnectionError(props)),
  fc
    .record({ operation, outcome: fc.constantFrom("unknown" as const, "not-sent" as const), waited: duration })
    .map((props) => new Error.PalommaTimeout(props)),
  fields(
    {
      operation,
      outcome: fc.constant("unknown" as const),
      status: fc.constantFrom(200, 201),
      defect: fc.constantFrom("cut-short" as const, "not-json" as const, "wrong-shape" as const, "too-large" as const),
      problems: fc.constant([])
    },
    { recordId: Ids.payoutRequestId.map((id) => SafeText.id(id)) }
  ).map((props) => new Error.PalommaInvalidResponse(props))
)

/**
 * All errors of a create.
 *
 * @category arbitraries
 * @since 0.1.0
 */
export const createError: Arbitrary<Error.CreateError> = from(callError.map(Error.asCreateError))
