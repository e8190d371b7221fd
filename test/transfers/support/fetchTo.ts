/**
 * A `fetch` to a simulated Palomma: it asks for the body of a request once the connection is open, as a real one does.
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpMethod from "effect/http/HttpMethod"

/** Makes the `fetch`. The promise is that of the connection. */
export const fetchTo =
  (
    door: HttpClient.HttpClient,
    context: Context.Context<never>,
    connecting: (method: string) => Promise<void>
  ): typeof globalThis.fetch =>
  async (input, init = {}) => {
    const { body, headers, method = "GET" } = init
    if (!HttpMethod.isHttpMethod(method)) throw new TypeError(`no method: ${method}`)
    await connecting(method)
    const text = body === undefined || body === null ? "" : await new Response(body).text()
    const empty = HttpClientRequest.make(method)(String(input instanceof Request ? input.url : input)).pipe(
      HttpClientRequest.setHeaders(new Headers(headers))
    )
    const request = text === "" ? empty : HttpClientRequest.bodyText(empty, text, "application/json")
    const answered = Effect.flatMap(door.execute(request), (response) =>
      Effect.map(response.text, (answer) => ({ answer, status: response.status, headers: { ...response.headers } }))
    )
    const response = await Effect.runPromiseWith(context)(
      // `fetch` throws the error of the connection.
      Effect.catch(answered, ({ reason }) => Effect.die("cause" in reason ? reason.cause : reason))
    )
    return new Response(response.answer, { status: response.status, headers: response.headers })
  }
