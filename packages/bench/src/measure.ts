/**
 * Measuring what the library costs beside its peers.
 *
 * Machines differ and are never quiet, so what counts is a ratio: in every round each subject runs right after the others, and the
 * ratio is the median of the rounds' own ratios. It is that of processor time, which other programs change least; where a program
 * waits, the time on the clock tells more.
 */

/** What something took, in microseconds: of the processor, all threads of the process together, and by the clock. */
export interface Spent {
  readonly processor: number
  readonly clock: number
}

/** Something to measure. */
export interface Subject {
  readonly name: string
  /** Does its work as often as it is told. What it returns is what it took, if it knows better. */
  readonly run: (times: number) => Promise<void> | void | Spent
}

/** How something compares by one kind of time. */
export interface Comparison {
  /** How long one piece of work took, in microseconds. */
  readonly micros: number
  /** How many times as long as the first subject. */
  readonly ratio: number
  /** The middle half of the rounds' ratios. */
  readonly quartiles: readonly [number, number]
}

/** What a subject takes. */
export interface Measured {
  readonly name: string
  readonly processor: Comparison
  readonly clock: Comparison
}

/** What was measured of one thing. */
export interface Table {
  readonly title: string
  /** How many times as much of the processor as the first subject one of the others may take. */
  readonly goal?: { readonly subject: string; readonly most: number }
  readonly rows: ReadonlyArray<Measured>
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number
  /** How long one subject runs in one round, in milliseconds of the processor. */
  readonly roundMillis: number
  /** How long each subject runs before anything counts, counted the same way: V8 optimizes what has run some thousand times. */
  readonly warmUpMillis: number
}

/** What gives steady medians on two busy cores. */
export const defaultEffort: Effort = { rounds: 11, roundMillis: 150, warmUpMillis: 2_000 }

const sorted = (values: ReadonlyArray<number>): ReadonlyArray<number> => [...values].sort((a, b) => a - b)

const quantile = (ascending: ReadonlyArray<number>, part: number): number => {
  const at = (ascending.length - 1) * part
  const low = ascending[Math.floor(at)] ?? Number.NaN
  const high = ascending[Math.ceil(at)] ?? Number.NaN
  return low + (high - low) * (at - Math.floor(at))
}

const timed = async (subject: Subject, times: number): Promise<Spent> => {
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  // Awaiting what is no promise would cost more than some of the subjects do.
  const done = subject.run(times)
  if (done !== undefined && "clock" in done) return done
  if (done !== undefined) await done
  const clock = Number(process.hrtime.bigint() - start) / 1_000
  const { system, user } = process.cpuUsage(cpu)
  return { processor: user + system, clock }
}

// How often a subject can do its work in the time of a round, once it is warm. It is warm by what the processor did: a machine that is
// busy with something else warms nothing.
const warmedUp = async (subject: Subject, { roundMillis, warmUpMillis }: Effort): Promise<number> => {
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

/** Measures subjects beside each other; the first one is what the others are compared with. */
export const compare = async (
  subjects: readonly [Subject, ...ReadonlyArray<Subject>],
  effort: Effort
): Promise<ReadonlyArray<Measured>> => {
  const counted: Array<{ readonly subject: Subject; readonly times: number; readonly spent: Array<Spent> }> = []
  for (const subject of subjects) counted.push({ subject, times: await warmedUp(subject, effort), spent: [] })
  for (let round = 0; round < effort.rounds; round++) {
    // Each round begins with another subject, since the first one of a round pays for the collection of the others' garbage.
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
