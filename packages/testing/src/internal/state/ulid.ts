import type * as Random from "effect/Random"

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** An id as Palomma's examples show them: 26 characters, ten of them the time. */
export const ulid = (now: number, random: Random.Random): string => {
  let time = ""
  for (let left = Math.max(0, Math.floor(now)), i = 0; i < 10; i++, left = Math.floor(left / 32)) {
    time = alphabet.charAt(left % 32) + time
  }
  let chance = ""
  for (let i = 0; i < 16; i++) chance += alphabet.charAt(Math.floor(random.nextDoubleUnsafe() * 32))
  return time + chance
}
