/** The memory cost of a small response that decompresses to a large one. */
import * as Effect from "effect/Effect"
import { observe, type Seen } from "./matrix.ts"
import { bomb, bombRow } from "./rows/body.ts"
import { answer, start } from "./fault-server.ts"

const used = () => {
  const { arrayBuffers, external, heapUsed } = process.memoryUsage()
  return arrayBuffers + external + heapUsed
}

/** The maximum increase of this process's memory. */
export const measureBomb: Effect.Effect<{ readonly seen: Seen; readonly risen: number }> = Effect.gen(function* () {
  const packed = yield* Effect.promise(bomb)
  const server = () =>
    start({
      received: ({ carryOut, wire }) => {
        carryOut()
        wire.write(answer(200, packed, { "content-encoding": "gzip" }))
      }
    })
  const before = used()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, used())
  }, 1)
  const seen = yield* observe({ ...bombRow, server })
  clearInterval(timer)
  return { seen, risen: Math.max(most, used()) - before }
})
