/**
 * Measuring what the library costs beside its peers.
 *
 * Machines differ and are never quiet, so what counts is a ratio: in every round each subject runs right after the others, and the
 * ratio is the median of the rounds' own ratios.
 */

/** Something to measure. */
export interface Subject {
  readonly name: string
  /** Does its work as often as it is told. A number is how many microseconds it took, where it knows better. */
  readonly run: (times: number) => Promise<void> | void | number
}

/** What a subject takes, in microseconds per piece of work, and how it compares. */
export interface Measured {
  readonly name: string
  readonly micros: number
  /** How many times as long as the first subject, as the median over the rounds, and the middle half of them. */
  readonly ratio: number
  readonly quartiles: readonly [number, number]
}

/** What was measured of one thing. */
export interface Table {
  readonly title: string
  /** How many times as long as the first subject one of the others may take. */
  readonly goal?: { readonly subject: string; readonly most: number }
  readonly rows: ReadonlyArray<Measured>
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number
  /** How long one subject runs in one round, in milliseconds. */
  readonly roundMillis: number
  /** How long each subject runs before anything counts: V8 optimizes what has run some thousand times. */
  readonly warmUpMillis: number
}

/** What gives steady medians on two busy cores. */
export const defaultEffort: Effort = { rounds: 11, roundMillis: 150, warmUpMillis: 2_000 }

const quantile = (sorted: ReadonlyArray<number>, part: number): number => {
  const at = (sorted.length - 1) * part
  const low = sorted[Math.floor(at)] ?? Number.NaN
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

const median = (values: ReadonlyArray<number>): number =>
  quantile(
    [...values].sort((a, b) => a - b),
    0.5
  )

const timed = async (subject: Subject, times: number): Promise<number> => {
  const start = process.hrtime.bigint()
  // Awaiting what is no promise would cost more than some of the subjects do.
  const done = subject.run(times)
  if (typeof done === "number") return done
  if (done !== undefined) await done
  return Number(process.hrtime.bigint() - start) / 1_000
}

// How often a subject can do its work in the time of a round, once it is warm.
const warmedUp = async (subject: Subject, { roundMillis, warmUpMillis }: Effort): Promise<number> => {
  const start = process.hrtime.bigint()
  let times = 1
  let micros = 0
  do {
    micros = await timed(subject, times)
    times = Math.min(times * 2, Math.max(1, Math.round((times * roundMillis * 1_000) / micros)))
  } while (Number(process.hrtime.bigint() - start) / 1e6 < warmUpMillis)
  return times
}

/** Measures subjects beside each other; the first one is what the others are compared with. */
export const compare = async (
  subjects: readonly [Subject, ...ReadonlyArray<Subject>],
  effort: Effort
): Promise<ReadonlyArray<Measured>> => {
  const counted: Array<{ readonly subject: Subject; readonly times: number; readonly micros: Array<number> }> = []
  for (const subject of subjects) {
    counted.push({ subject, times: await warmedUp(subject, effort), micros: [] })
  }
  for (let round = 0; round < effort.rounds; round++) {
    // Each round begins with another subject, since the first one of a round pays for the collection of the others' garbage.
    for (let i = 0; i < counted.length; i++) {
      const one = counted[(round + i) % counted.length]
      if (one !== undefined) one.micros.push((await timed(one.subject, one.times)) / one.times)
    }
  }
  const peer = counted[0]?.micros ?? []
  return counted.map(({ micros, subject }) => {
    const ratios = micros.map((one, round) => one / (peer[round] ?? Number.NaN)).sort((a, b) => a - b)
    return {
      name: subject.name,
      micros: median(micros),
      ratio: quantile(ratios, 0.5),
      quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)]
    }
  })
}
