import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import type { Fault, Refuse } from "../../Fault.ts"
import { type Answer, answerFrom, type Incoming } from "./answer.ts"
import { answerFaultsOf, type ConnectionFault, connectionFaultOf, withAnswerFaults } from "./answerFaults.ts"
import type { Faults, Injection } from "../faults/armed.ts"
import { layer as handlers } from "../handlers/all.ts"
import { RequestNumber } from "../handlers/common.ts"
import { basePath, type Operation, operationOf } from "../operations.ts"
import { makeRing } from "./ring.ts"
import { visit } from "../state/visits.ts"
import type { World } from "../state/world.ts"

/**
 * A request that was received whole.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReceivedRequest extends Incoming {
  /** How many had been received with it, counted from 1. */
  readonly number: number
  /** When, in milliseconds since the epoch. */
  readonly at: number
  /** The operation it asks for, if it is one of the contract. */
  readonly operation: Operation | undefined
}

/** What a door has to do to its connection. */
export type Outcome =
  | { readonly _tag: "Answer"; readonly answer: Answer }
  | { readonly _tag: "Refuse" }
  /** The client kept the body of its request, so none was received. */
  | { readonly _tag: "Kept" }
  | { readonly _tag: "Drop"; readonly by: "reset" | "close" }
  /** The answer up to some byte of its body, and then the end, or nothing more ever. */
  | { readonly _tag: "Cut"; readonly answer: Answer; readonly keep: number; readonly by: "reset" | "close" | "stall" }

/** Answers requests, through whichever door they come. */
export interface Exchange {
  /**
   * Answers a request. `handOver` asks the client for its body once the connection stands, and tells whether it was given; by default the
   * request has arrived whole.
   */
  readonly exchange: (incoming: Incoming, handOver?: Effect.Effect<boolean>) => Effect.Effect<Outcome>
  readonly received: () => ReadonlyArray<ReceivedRequest>
}

// What the URLs and bodies of all requests that are kept may hold, so that long ones do not fill the memory.
const keptCharacters = 64 * 1024 * 1024

/** Puts the contract's handlers, the faults, the pages people visit and the record of what was received in one place. */
export const makeExchange = Effect.fnUntraced(function* (
  world: World,
  faults: Faults<Fault, Injection>,
  keptRequests: number
) {
  const scope = yield* Scope.Scope
  const app = yield* HttpRouter.toHttpEffect(handlers(world).pipe(Layer.provide(HttpServer.layerServices))).pipe(
    // How long an id may be is the contract's to say.
    Effect.provideService(HttpRouter.RouterConfig, { maxParamLength: Number.MAX_SAFE_INTEGER })
  )
  const received = makeRing<ReceivedRequest>({
    count: keptRequests,
    size: keptCharacters,
    sizeOf: ({ body, url }) => url.length + body.length
  })

  const record = (incoming: Incoming, operation: Operation | undefined): Effect.Effect<number> =>
    Effect.map(Clock.currentTimeMillis, (at) => {
      const number = received.next()
      received.push({ number, at, operation, ...incoming })
      return number
    })

  const advance = Effect.map(Clock.currentTimeMillis, (now) => {
    world.advance(now)
    return now
  })

  const take = (incoming: Incoming): Effect.Effect<Answer> =>
    Effect.andThen(
      advance,
      answerFrom(app, {
        ...incoming,
        url: incoming.url.startsWith(`${basePath}/`) ? incoming.url.slice(basePath.length) : "/"
      })
    )

  const answered = (answer: Answer): Outcome => ({ _tag: "Answer", answer })

  const struck = (
    fault: Exclude<ConnectionFault, Refuse>,
    taken: Effect.Effect<Answer>,
    recorded: Effect.Effect<unknown>
  ): Effect.Effect<Outcome> => {
    const effectIf = (effect: boolean): Effect.Effect<unknown> => (effect ? taken : recorded)
    switch (fault._tag) {
      case "Respond":
        return Effect.as(effectIf(fault.effect), answered(fault))
      case "Drop":
        return Effect.as(effectIf(fault.effect), { _tag: "Drop", by: fault.by })
      case "Cut":
        // A body that arrives whole is an answer, whatever happens to the connection afterwards.
        return Effect.map(taken, (answer) =>
          fault.keep < 1 ? { _tag: "Cut", answer, keep: fault.keep, by: fault.by } : answered(answer)
        )
      case "Hang":
        return fault.at === "body"
          ? Effect.map(taken, (answer) => ({ _tag: "Cut", answer, keep: 0.5, by: "stall" }))
          : Effect.andThen(effectIf(fault.at === "after"), Effect.never)
      case "Slow":
        return fault.effect === "first"
          ? Effect.map(Effect.tap(taken, Effect.sleep(fault.by)), answered)
          : // The caller may have gone by the time it takes effect.
            Effect.gen(function* () {
              const late = yield* Deferred.make<Answer>()
              yield* Effect.sleep(fault.by).pipe(
                Effect.andThen(taken),
                Effect.flatMap((answer) => Deferred.succeed(late, answer)),
                Effect.forkIn(scope)
              )
              return answered(yield* Deferred.await(late))
            })
    }
  }

  const visited = (incoming: Incoming): Effect.Effect<Outcome | undefined> =>
    Effect.map(advance, (now) => {
      const url =
        incoming.method === "GET" && URL.canParse(incoming.url, world.origin)
          ? new URL(incoming.url, world.origin)
          : undefined
      const back = url === undefined ? undefined : visit(world, url, now)
      return back === undefined ? undefined : answered({ status: 302, headers: { location: back }, body: "" })
    })

  const asked = (incoming: Incoming, handOver: Effect.Effect<boolean>): Effect.Effect<Outcome> => {
    const path = incoming.url.split("?", 1)[0] ?? ""
    const operation = path.startsWith(basePath) ? operationOf(incoming.method, path.slice(basePath.length)) : undefined
    const struckBy = faults.strike(
      ({ containing, operation: struckOnes = operation }) =>
        [struckOnes].flat().includes(operation) &&
        (containing === undefined || incoming.url.includes(containing) || incoming.body.includes(containing))
    )
    const fault = connectionFaultOf(struckBy)
    const recorded = record(incoming, operation)
    const taken = withAnswerFaults(
      answerFaultsOf(struckBy),
      Effect.flatMap(recorded, (number) => Effect.provideService(take(incoming), RequestNumber, number))
    )
    // Without a connection nobody asks for a body.
    if (fault?._tag === "Refuse") return Effect.succeed({ _tag: "Refuse" })
    if (fault?._tag === "Hang" && fault.at === "connect") return Effect.never
    return Effect.flatMap(handOver, (isGiven): Effect.Effect<Outcome> => {
      if (!isGiven) return Effect.succeed({ _tag: "Kept" })
      return fault === undefined ? Effect.map(taken, answered) : struck(fault, taken, recorded)
    })
  }

  const self: Exchange = {
    exchange: (incoming, handOver = Effect.succeed(true)) =>
      Effect.flatMap(visited(incoming), (outcome) =>
        outcome === undefined ? asked(incoming, handOver) : Effect.succeed(outcome)
      ),
    received: received.kept
  }
  return self
})
