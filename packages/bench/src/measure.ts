/**
 * Measures the cost of the library in comparison with its peers.
 *
 * Machines differ and run other programs too, so the result is a ratio. In each round every subject runs once, directly
 * after the others, and the ratio is the median of the ratios of the rounds. It compares processor time, which other
 * programs affect least. For a program that waits, the wall clock is more useful.
 */

/** A duration in microseconds: processor time of all threads of the process, and wall-clock time. */
export interface Spent {
  readonly processor: number
  readonly clock: number
}

/** A piece of work to measure. */
export interface Subject {
  readonly name: string
  /** Does its work `times` times. It may return the duration itself, if it can measure it better. */
  readonly run: (times: number) => Promise<void> | void | Spent
}

/** A comparison by one kind of time. */
export interface Comparison {
  /** The time of one piece of work, in microseconds. */
  readonly micros: number
  /** The time divided by the time of the first subject. */
  readonly ratio: number
  /** The first and the third quartile of the ratios of the rounds. */
  readonly quartiles: readonly [number, number]
}

/** The results of one subject. */
export interface Measured {
  readonly name: string
  readonly processor: Comparison
  readonly clock: Comparison
}

/** The results of all subjects of one comparison. */
export interface Table {
  readonly title: string
  /** The maximum ratio of processor time of one subject to the first one. */
  readonly goal?: { readonly subject: string; readonly most: number }
  readonly rows: ReadonlyArray<Measured>
}

/** The duration of a measurement. */
export interface Effort {
  readonly rounds: number
  /** The processor time of one subject in one round, in milliseconds. */
  readonly roundMillis: number
  /** The processor time of the warm-up of each subject, in milliseconds: V8 optimizes code after some thousand runs. */
  readonly warmUpMillis: number
}

/** The default duration, which gives stable medians on two busy cores. */
export const defaultEffort: Effort = { rounds: 11, roundMillis: 150, warmUpMillis: 2_000 }

const sorted = (values: ReadonlyArray<number>): ReadonlyArray<number> => [...values].sort((a, b) => a - b)

const quantile = (ascending: ReadonlyArray<number>, part: number): number => {
  const at = (ascending.length - 1) * part
  const low = ascending[Math.floor(at)] ?? Number.NaN
  const high = ascending[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

/** Returns the value below which this part of the values lies. */
export const quantileOf = (values: ReadonlyArray<number>, part: number): number => quantile(sorted(values), part)

/** Returns the median. */
export const median = (values: ReadonlyArray<number>): number => quantileOf(values, 0.5)

const timed = async (subject: Subject, times: number): Promise<Spent> => {
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  // Awaiting a value that is not a promise would cost more than some of the subjects.
  const done = subject.run(times)
  if (done !== undefined && "clock" in done) return done
  if (done !== undefined) await done
  const clock = Number(process.hrtime.bigint() - start) / 1_000
  const { system, user } = process.cpuUsage(cpu)
  return { processor: user + system, clock }
}

// Returns how many times a subject can do its work in one round after the warm-up. The warm-up counts processor time,
// since on a busy machine the subject may not run at all.
const warmUp = async (subject: Subject, { roundMillis, warmUpMillis }: Effort): Promise<number> => {
  let times = 1
  let warmed = 0
  do {
    const { processor } = await timed(subject, times)
    warmed += processor
    times = Math.min(times * 2, Math.max(1, Math.round((times * roundMillis * 1_000) / processor)))
  } while (warmed < warmUpMillis * 1_000)
  return times
}

const compared = (own: ReadonlyArray<number>, peer: ReadonlyArray<number>): Comparison => {
  const ratios = sorted(own.map((micros, round) => micros / (peer[round] ?? Number.NaN)))
  return {
    micros: quantile(sorted(own), 0.5),
    ratio: quantile(ratios, 0.5),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)]
  }
}

/** Measures subjects and compares each with the first one. */
export const compare = async (
  subjects: readonly [Subject, ...ReadonlyArray<Subject>],
  effort: Effort
): Promise<ReadonlyArray<Measured>> => {
  const counted: Array<{ readonly subject: Subject; readonly times: number; readonly spent: Array<Spent> }> = []
  for (const subject of subjects) counted.push({ subject, times: await warmUp(subject, effort), spent: [] })
  for (let round = 0; round < effort.rounds; round++) {
    // Each round begins with another subject, since the garbage of the others is collected during the first one.
    for (let i = 0; i < counted.length; i++) {
      const one = counted[(round + i) % counted.length]
      if (one === undefined) continue
      const { clock, processor } = await timed(one.subject, one.times)
      one.spent.push({ processor: processor / one.times, clock: clock / one.times })
    }
  }
  const peer = counted[0]?.spent ?? []
  return counted.map(({ spent, subject }) => {
    const by = (kind: keyof Spent) =>
      compared(
        spent.map((one) => one[kind]),
        peer.map((one) => one[kind])
      )
    return { name: subject.name, processor: by("processor"), clock: by("clock") }
  })
}
