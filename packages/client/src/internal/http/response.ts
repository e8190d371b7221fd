/**
 * Reading an answer to its end, within limits.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as HttpClientResponse from "effect/http/HttpClientResponse"

/** The largest answer that is read. A page of 100 records is about 100 KiB. */
const maxBytes = 1_048_576

/** The body of an answer, as far as it came. */
export type Body = { readonly _tag: "Whole"; readonly text: string } | { readonly _tag: "CutShort" | "TooLarge" }

const cutShort: Body = { _tag: "CutShort" }
const tooLarge: Body = { _tag: "TooLarge" }
const empty: Body = { _tag: "Whole", text: "" }

const decoder = new TextDecoder()

const whole = (chunks: ReadonlyArray<Uint8Array>, size: number): Body => {
  const [only] = chunks
  if (only === undefined) return empty
  if (chunks.length === 1) return { _tag: "Whole", text: decoder.decode(only) }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return { _tag: "Whole", text: decoder.decode(bytes) }
}

// Neither `fetch` nor Effect's client has a limit for answers, and a small compressed one can unpack to gigabytes: both readers count.
const readWeb = (response: Response): Effect.Effect<Body> =>
  Effect.callback((resume) => {
    const end = (body: Body): void => resume(Effect.succeed(body))
    const opened = Result.try(() => response.body?.getReader())
    // A `fetch` of the program's own may have read the body already, or give one that is not the platform's.
    if (Result.isFailure(opened)) return end(cutShort)
    const reader = opened.success
    if (reader === undefined) return end(empty)
    // Nobody waits for it, since a server that hangs can hang here too, and a reader that is not the platform's may not have it.
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
          if (done) return end(whole(chunks, size))
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
      Effect.map(() => whole(chunks, size)),
      Effect.catch((error) => Effect.succeed(error === tooLarge ? tooLarge : isEmptyBody(error) ? empty : cutShort))
    )
  })

const isEmptyBody = (error: unknown): boolean =>
  Predicate.hasProperty(error, "reason") && Predicate.isTagged(error.reason, "EmptyBodyError")

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number
  readonly header: (name: string) => string | undefined
  readonly body: Body
}

/** Reads an answer. One of the library's own `fetch` is read without Effect's streams, which cost more than the rest of a call. */
export const read = (response: HttpClientResponse.HttpClientResponse, isFetch: boolean): Effect.Effect<Answer> => {
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
