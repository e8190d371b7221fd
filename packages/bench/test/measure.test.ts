import { assert, describe, it } from "@effect/vitest"
import { compare } from "../src/measure.ts"

const effort = { rounds: 3, roundMillis: 0, warmUpMillis: 0 }

/** A subject that reports the durations of the list, one per run. The first one is the warm-up. */
const counting = (name: string, ...micros: ReadonlyArray<number>) => {
  let runs = 0
  return {
    name,
    run: () => {
      const processor = micros[runs++] ?? Number.NaN
      return { processor, clock: 10 * processor }
    }
  }
}

describe("a comparison", () => {
  it("compares with the first subject, round by round, and takes the median", async () => {
    const measured = await compare([counting("peer", 99, 10, 20, 40), counting("own", 99, 20, 80, 40)], effort)
    assert.deepStrictEqual(
      measured.map(({ name, processor }) => ({ name, ...processor })),
      [
        { name: "peer", micros: 20, ratio: 1, quartiles: [1, 1] },
        { name: "own", micros: 40, ratio: 2, quartiles: [1.5, 3] }
      ]
    )
  })

  it("measures processor time and wall-clock time separately", async () => {
    const [measured] = await compare([counting("peer", 99, 10, 20, 40)], effort)
    assert.deepStrictEqual([measured?.processor.micros, measured?.clock.micros], [20, 200])
  })

  it("does not count the warm-up", async () => {
    const [measured] = await compare([counting("peer", 1_000_000, 10, 10, 10)], effort)
    assert.strictEqual(measured?.processor.micros, 10)
  })

  it("reports the time of one piece of work, independent of their number in a round", async () => {
    let done = 0
    const peer = {
      name: "peer",
      run: (times: number) => {
        done += times
        return { processor: 7 * times, clock: 7 * times }
      }
    }
    const [measured] = await compare([peer], { ...effort, roundMillis: 1 })
    assert.strictEqual(measured?.processor.micros, 7)
    assert.isAbove(done, effort.rounds + 1)
  })
})
