/**
 * One request and its response, with the faults of both.
 */
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
import type { Faults, FaultInjection } from "../faults/armed.ts"
import { layer as handlers } from "../handlers/all.ts"
import { RequestNumber } from "../handlers/common.ts"
import { basePath, type Operation, operationOf } from "../operations.ts"
import { makeRing } from "./ring.ts"
import { visit } from "../state/visits.ts"
import type { World } from "../state/world.ts"

/**
 * A request that was received in full.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReceivedRequest extends Incoming {
  /** Its number in the order of arrival, counted from 1. */
  readonly number: number
  /** When it arrived, in milliseconds since the epoch. */
  readonly at: number
  /** The operation, if the contract has one for the method and the path. */
  readonly operation: Operation | undefined
}

/** What the transport (in process or server) does with the connection. */
export type Outcome =
  | { readonly _tag: "Answer"; readonly answer: Answer }
  | { readonly _tag: "Refuse" }
  /** The client did not hand over the body of its request. */
  | { readonly _tag: "NotHandedOver" }
  | { readonly _tag: "Drop"; readonly by: "reset" | "close" }
  /** A part of the response. Then the connection ends, or stays open without a further byte (`stall`). */
  | { readonly _tag: "Cut"; readonly answer: Answer; readonly keep: number; readonly by: "reset" | "close" | "stall" }

/** Handles requests, in process and from the server. */
export interface Exchange {
  /**
   * Handles a request. `handOver` asks the client for the body after the connection is established, and returns whether
   * the client handed it over. By default the request has already arrived in full.
   */
  readonly exchange: (incoming: Incoming, handOver?: Effect.Effect<boolean>) => Effect.Effect<Outcome>
  readonly received: () => ReadonlyArray<ReceivedRequest>
}

// The maximum total length of the URLs and bodies of the kept requests. It limits the use of memory.
const maxCharactersKept = 64 * 1024 * 1024

/**
 * Combines the handlers of the contract, the faults, the pages that people visit, and the list of received requests.
 */
export const makeExchange = Effect.fnUntraced(function* (
  world: World,
  faults: Faults<Fault, FaultInjection>,
  maxRequestsKept: number
) {
  const scope = yield* Scope.Scope
  const app = yield* HttpRouter.toHttpEffect(handlers(world).pipe(Layer.provide(HttpServer.layerServices))).pipe(
    // The contract decides how long an id may be, not the router.
    Effect.provideService(HttpRouter.RouterConfig, { maxParamLength: Number.MAX_SAFE_INTEGER })
  )
  const received = makeRing<ReceivedRequest>({
    count: maxRequestsKept,
    size: maxCharactersKept,
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

  const handle = (incoming: Incoming): Effect.Effect<Answer> =>
    Effect.andThen(
      advance,
      answerFrom(app, {
        ...incoming,
        url: incoming.url.startsWith(`${basePath}/`) ? incoming.url.slice(basePath.length) : "/"
      })
    )

  const answerWith = (answer: Answer): Outcome => ({ _tag: "Answer", answer })

  const applyConnectionFault = (
    fault: Exclude<ConnectionFault, Refuse>,
    handled: Effect.Effect<Answer>,
    recorded: Effect.Effect<unknown>
  ): Effect.Effect<Outcome> => {
    const handledIf = (takesEffect: boolean): Effect.Effect<unknown> => (takesEffect ? handled : recorded)
    switch (fault._tag) {
      case "Respond":
        return Effect.as(handledIf(fault.takesEffect), answerWith(fault))
      case "Drop":
        return Effect.as(handledIf(fault.takesEffect), { _tag: "Drop", by: fault.by })
      case "Cut":
        // A body that arrives in full is a complete response, even if the connection is lost afterwards.
        return Effect.map(handled, (answer) =>
          fault.keep < 1 ? { _tag: "Cut", answer, keep: fault.keep, by: fault.by } : answerWith(answer)
        )
      case "Hang":
        return fault.at === "body"
          ? Effect.map(handled, (answer) => ({ _tag: "Cut", answer, keep: 0.5, by: "stall" }))
          : Effect.andThen(handledIf(fault.at === "after"), Effect.never)
      case "Slow":
        return fault.takesEffect === "before"
          ? Effect.map(Effect.tap(handled, Effect.sleep(fault.by)), answerWith)
          : // It takes effect in another fiber, because the client may have disconnected by then.
            Effect.gen(function* () {
              const late = yield* Deferred.make<Answer>()
              yield* Effect.sleep(fault.by).pipe(
                Effect.andThen(handled),
                Effect.flatMap((answer) => Deferred.succeed(late, answer)),
                Effect.forkIn(scope)
              )
              return answerWith(yield* Deferred.await(late))
            })
    }
  }

  const visitPage = (incoming: Incoming): Effect.Effect<Outcome | undefined> =>
    Effect.map(advance, (now) => {
      const url =
        incoming.method === "GET" && URL.canParse(incoming.url, world.origin)
          ? new URL(incoming.url, world.origin)
          : undefined
      const location = url === undefined ? undefined : visit(world, url, now)
      return location === undefined ? undefined : answerWith({ status: 302, headers: { location }, body: "" })
    })

  const callOperation = (incoming: Incoming, handOver: Effect.Effect<boolean>): Effect.Effect<Outcome> => {
    const path = incoming.url.split("?", 1)[0] ?? ""
    const operation = path.startsWith(basePath) ? operationOf(incoming.method, path.slice(basePath.length)) : undefined
    const drawn = faults.draw(
      ({ containing, operation: operations = operation }) =>
        [operations].flat().includes(operation) &&
        (containing === undefined || incoming.url.includes(containing) || incoming.body.includes(containing))
    )
    const fault = connectionFaultOf(drawn)
    const recorded = record(incoming, operation)
    const handled = withAnswerFaults(
      answerFaultsOf(drawn),
      Effect.flatMap(recorded, (number) => Effect.provideService(handle(incoming), RequestNumber, number))
    )
    // The client never hands over a body if there is no connection.
    if (fault?._tag === "Refuse") return Effect.succeed({ _tag: "Refuse" })
    if (fault?._tag === "Hang" && fault.at === "connect") return Effect.never
    return Effect.flatMap(handOver, (isHandedOver): Effect.Effect<Outcome> => {
      if (!isHandedOver) return Effect.succeed({ _tag: "NotHandedOver" })
      return fault === undefined ? Effect.map(handled, answerWith) : applyConnectionFault(fault, handled, recorded)
    })
  }

  const self: Exchange = {
    exchange: (incoming, handOver = Effect.succeed(true)) =>
      Effect.flatMap(visitPage(incoming), (outcome) =>
        outcome === undefined ? callOperation(incoming, handOver) : Effect.succeed(outcome)
      ),
    received: received.kept
  }
  return self
})
