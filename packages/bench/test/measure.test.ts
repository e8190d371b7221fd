import { describe, expect, it } from "vitest"
import { compare } from "../src/measure.ts"

const effort = { rounds: 3, roundMillis: 0, warmUpMillis: 0 }

/** A subject that takes, by its own count, what the list says, one after the other; the first is the warm-up. */
const counting = (name: string, ...micros: ReadonlyArray<number>) => {
  let runs = 0
  return { name, run: () => micros[runs++] ?? Number.NaN }
}

describe("a comparison", () => {
  it("compares with the first subject, round by round, and takes the median", async () => {
    const measured = await compare([counting("peer", 99, 10, 20, 40), counting("own", 99, 20, 80, 40)], effort)
    expect(measured).toEqual([
      { name: "peer", micros: 20, ratio: 1, quartiles: [1, 1] },
      { name: "own", micros: 40, ratio: 2, quartiles: [1.5, 3] }
    ])
  })

  it("does not count the warm-up", async () => {
    const [measured] = await compare([counting("peer", 1_000_000, 10, 10, 10)], effort)
    expect(measured?.micros).toBe(10)
  })

  it("tells what one piece of work takes, not how many are done in a round", async () => {
    let done = 0
    const [measured] = await compare([{ name: "peer", run: (times) => ((done += times), 7 * times) }], {
      ...effort,
      roundMillis: 1
    })
    expect(measured?.micros).toBe(7)
    expect(done).toBeGreaterThan(effort.rounds + 1)
  })
})
