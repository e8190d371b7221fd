/**
 * Reads a response into memory, up to a size limit.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as HttpClientResponse from "effect/http/HttpClientResponse"

/** The largest body that is read. A page of 100 records has about 100 KiB. */
const maxBytes = 1_048_576

/** The body of a response. */
export interface Body {
  /** The complete text. Empty if the body was cut short or is too large. */
  readonly text: string
  /** What is wrong with the body if its text is not JSON: `not-json` if all of it arrived. */
  readonly defect: "not-json" | "cut-short" | "too-large"
}

const cutShort: Body = { text: "", defect: "cut-short" }
const tooLarge: Body = { text: "", defect: "too-large" }
const empty: Body = { text: "", defect: "not-json" }

const decoder = new TextDecoder()

const concat = (chunks: ReadonlyArray<Uint8Array>, size: number): Body => {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return { text: decoder.decode(bytes), defect: "not-json" }
}

// Neither `fetch` nor Effect's client limits the size of a response, and a small compressed body can expand to
// gigabytes.
const readWeb = (response: Response): Effect.Effect<Body> =>
  Effect.callback((resume) => {
    const end = (body: Body): void => resume(Effect.succeed(body))
    const opened = Result.try(() => response.body?.getReader())
    // A `fetch` of the program may have read the body already, or may return a body that is not the platform's.
    if (Result.isFailure(opened)) return end(cutShort)
    const reader = opened.success
    if (reader === undefined) return end(empty)
    // The cancellation is not awaited, because a hanging server can block it. A reader that is not the platform's may
    // lack `cancel`.
    const cancel = (): void => void Result.try(() => reader.cancel().catch(() => {}))
    const stop = (body: Body): void => {
      cancel()
      end(body)
    }
    const chunks: Array<Uint8Array> = []
    let size = 0
    const next = (): void =>
      void reader.read().then(
        ({ done, value }) => {
          if (done) return end(concat(chunks, size))
          if (!ArrayBuffer.isView(value)) return stop(cutShort)
          size += value.byteLength
          if (size > maxBytes) return stop(tooLarge)
          chunks.push(value)
          return next()
        },
        () => end(cutShort)
      )
    next()
    return Effect.sync(cancel)
  })

const readStream = (response: HttpClientResponse.HttpClientResponse): Effect.Effect<Body> =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    return response.stream.pipe(
      Stream.runForEach((chunk) => {
        size += chunk.byteLength
        if (size > maxBytes) return Effect.fail(tooLarge)
        chunks.push(chunk)
        return Effect.void
      }),
      Effect.map(() => concat(chunks, size)),
      Effect.catch((error) => Effect.succeed(error === tooLarge ? tooLarge : isEmptyBody(error) ? empty : cutShort))
    )
  })

const isEmptyBody = (error: unknown): boolean =>
  Predicate.hasProperty(error, "reason") && Predicate.isTagged(error.reason, "EmptyBodyError")

/** A response whose body is in memory. */
export interface BufferedResponse {
  readonly status: number
  readonly header: (name: string) => string | undefined
  readonly body: Body
}

/**
 * Reads a response. A response of `fetch` is read without Effect's streams, because they cost more than the rest of a
 * call.
 */
export const read = (
  response: HttpClientResponse.HttpClientResponse,
  isFetch: boolean
): Effect.Effect<BufferedResponse> => {
  const web = isFetch ? Option.getOrUndefined(HttpClientResponse.toWeb(response)) : undefined
  return web === undefined
    ? Effect.map(readStream(response), (body) => ({
        status: response.status,
        header: (name) => response.headers[name],
        body
      }))
    : Effect.map(readWeb(web), (body) => ({
        status: web.status,
        header: (name) => web.headers.get(name) ?? undefined,
        body
      }))
}
