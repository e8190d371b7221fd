/** Sets the wall clock of this process ahead by so many milliseconds. Its monotonic clock is not changed. */
export const shiftClock = (millis: number): void => {
  const Real = globalThis.Date
  const now = () => Real.now() + millis
  globalThis.Date = new Proxy(Real, {
    construct: (target, values: Array<unknown>, newTarget): Date => {
      const date: Date = Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget)
      return date
    },
    apply: () => new Real(now()).toString(),
    get: (target, name): unknown => (name === "now" ? now : Reflect.get(target, name))
  })
}
