/**
 * Arbitraries for two property testers: fast-check, and the one of Effect.
 */
import * as EffectArbitrary from "effect/Arbitrary"
import { pipeArguments } from "effect/Pipeable"
import * as Schema from "effect/Schema"
import * as SchemaGetter from "effect/SchemaGetter"
import type { Covariant } from "effect/Types"
import * as fc from "fast-check"

/**
 * An arbitrary of fast-check that is an arbitrary of Effect too.
 *
 * `fc.assert` accepts it, and so do `it.prop` and `it.effect.prop` of `@effect/vitest`.
 *
 * @category models
 * @since 0.1.0
 */
export interface Arbitrary<A> extends fc.Arbitrary<A>, EffectArbitrary.Arbitrary<A> {
  filter<B extends A>(refinement: (value: A) => value is B): Arbitrary<B>
  filter(predicate: (value: A) => boolean): Arbitrary<A>
  map<B>(mapper: (value: A) => B, unmapper?: (value: unknown) => A): Arbitrary<B>
  chain<B>(chainer: (value: A) => fc.Arbitrary<B>): Arbitrary<B>
}

/** A value of fast-check with the context that it is shrunk by. */
class Generated<A> {
  readonly of: fc.Value<A>
  constructor(of: fc.Value<A>) {
    this.of = of
  }
}

/** Generates values with their contexts, for `fc.sample`, which returns only values. */
class WithContext<A> extends fc.Arbitrary<Generated<A>> {
  readonly #arbitrary: fc.Arbitrary<A>
  constructor(arbitrary: fc.Arbitrary<A>) {
    super()
    this.#arbitrary = arbitrary
  }
  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<Generated<A>> {
    return new fc.Value(new Generated(this.#arbitrary.generate(random, biasFactor)), undefined)
  }
  override canShrinkWithoutContext(_value: unknown): _value is Generated<A> {
    return false
  }
  override shrink(): fc.Stream<fc.Value<Generated<A>>> {
    return fc.Stream.nil()
  }
}

// Effect often generates small integers. Two of them make a seed that is rarely the same twice.
const Seed = Schema.Tuple([Schema.Int.check(Schema.isInt32()), Schema.Int.check(Schema.isInt32())])

/** How many simpler forms of one value are tried. */
const maxSimpler = 1_000

const toEffect = <A>(arbitrary: fc.Arbitrary<A>): EffectArbitrary.Arbitrary<A> => {
  const generate = ([high, low]: readonly [number, number]): Generated<A> => {
    const seed = (Math.imul(high, 31) + low) | 0
    const [generated] = fc.sample(new WithContext(arbitrary), { seed, numRuns: 1 })
    if (generated === undefined) throw new Error("fast-check generated no value")
    return generated
  }
  const isGenerated = (u: unknown): u is Generated<A> => u instanceof Generated
  const schema = Schema.declare(isGenerated, {
    toCodecArbitrary: () =>
      Schema.link<Generated<A>>()(Seed, {
        decode: SchemaGetter.transform(generate),
        encode: SchemaGetter.forbidden(() => "A generated value has no seed.")
      })
  })
  const shrink = ({ of }: Generated<A>) =>
    Array.from(arbitrary.shrink(of.value, of.context).take(maxSimpler), (simpler) => new Generated(simpler))
  return EffectArbitrary.map(EffectArbitrary.schema(schema, { shrink }), ({ of }) => of.value)
}

class Both<A> extends fc.Arbitrary<A> implements Arbitrary<A> {
  declare readonly "~A": Covariant<A>
  readonly [EffectArbitrary.TypeId] = EffectArbitrary.TypeId
  readonly #arbitrary: fc.Arbitrary<A>
  #effect: EffectArbitrary.Arbitrary<A> | undefined

  constructor(arbitrary: fc.Arbitrary<A>) {
    super()
    this.#arbitrary = arbitrary
  }
  /** The arbitrary of Effect, made when Effect first asks for it. */
  static effectOf<A>(both: Both<A>): EffectArbitrary.Arbitrary<A> {
    return (both.#effect ??= toEffect(both.#arbitrary))
  }
  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<A> {
    return this.#arbitrary.generate(random, biasFactor)
  }
  override canShrinkWithoutContext(value: unknown): value is A {
    return this.#arbitrary.canShrinkWithoutContext(value)
  }
  override shrink(value: A, context: unknown): fc.Stream<fc.Value<A>> {
    return this.#arbitrary.shrink(value, context)
  }
  override filter<B extends A>(refinement: (value: A) => value is B): Arbitrary<B>
  override filter(predicate: (value: A) => boolean): Arbitrary<A>
  override filter(predicate: (value: A) => boolean): Arbitrary<A> {
    return from(super.filter(predicate))
  }
  override map<B>(mapper: (value: A) => B, unmapper?: (value: unknown) => A): Arbitrary<B> {
    return from(super.map(mapper, unmapper))
  }
  override chain<B>(chainer: (value: A) => fc.Arbitrary<B>): Arbitrary<B> {
    return from(super.chain(chainer))
  }
  pipe() {
    return pipeArguments(this, arguments)
  }
}

// Effect keeps what it generates with in fields of its arbitraries. Here each field is that of the converted one.
for (const field of Reflect.ownKeys(EffectArbitrary.Constant(undefined))) {
  Object.defineProperty(Both.prototype, field, {
    get(this: Both<unknown>): unknown {
      return Reflect.get(Both.effectOf(this), field)
    }
  })
}

/**
 * Returns an arbitrary of fast-check as one that is an arbitrary of Effect too.
 *
 * All arbitraries of this module are, and so are those made from them by `map`, `filter` and `chain`. Use `from` for
 * one that you made with fast-check, for example with `fc.record`.
 *
 * **Example** (A property of `@effect/vitest`)
 *
 * ```ts
 * import { assert, it } from "@effect/vitest"
 * import * as Arbitraries from "@palomma-effect/testing/Arbitraries"
 * import { Effect } from "effect"
 * import * as fc from "fast-check"
 *
 * const line = Arbitraries.from(fc.record({ reference: Arbitraries.reference, pesos: Arbitraries.payoutAmount() }))
 *
 * it.effect.prop("an amount has no cents", { line, status: Arbitraries.payoutStatus }, ({ line }) =>
 *   Effect.sync(() => assert.isTrue(Number.isInteger(line.pesos)))
 * )
 * ```
 *
 * @category conversions
 * @since 0.1.0
 */
export const from = <A>(arbitrary: fc.Arbitrary<A>): Arbitrary<A> =>
  arbitrary instanceof Both ? arbitrary : new Both(arbitrary)
