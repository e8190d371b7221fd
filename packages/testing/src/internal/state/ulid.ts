import type * as Random from "effect/Random"

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** Makes an id in the form of Palomma's examples: 26 characters, of which the first ten are the time. */
export const ulid = (now: number, random: Random.Random): string => {
  let time = ""
  for (let left = Math.max(0, Math.floor(now)), i = 0; i < 10; i++, left = Math.floor(left / 32)) {
    time = alphabet.charAt(left % 32) + time
  }
  let suffix = ""
  for (let i = 0; i < 16; i++) suffix += alphabet.charAt(Math.floor(random.nextDoubleUnsafe() * 32))
  return time + suffix
}
