/**
 * HMAC-SHA-256 in one synchronous step, which no runtime but Node has: WebCrypto's is asynchronous, and the simulator is not.
 */

const blockSize = 64

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
// Words are signed: engines are faster with them, and their bits are the same.
const roundConstants = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
])

// The same of the square roots of the first eight.
const initialState = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
] as const

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

// The message, a single bit, zeros up to the end of a block, and in its last eight bytes the length in bits.
const padded = (message: Uint8Array): DataView => {
  const blocks = Math.ceil((message.length + 9) / blockSize)
  const bytes = new Uint8Array(blocks * blockSize)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setBigUint64(bytes.length - 8, BigInt(message.length) * 8n)
  return view
}

/** The SHA-256 of some bytes. */
export const sha256 = (message: Uint8Array): Uint8Array => {
  const view = padded(message)
  const words = new Int32Array(64)
  const word = (index: number): number => words[index] ?? 0
  const state = new Int32Array(initialState)
  const before = (index: number): number => state[index] ?? 0
  for (let block = 0; block < view.byteLength; block += blockSize) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(block + i * 4)
    for (let i = 16; i < 64; i++) {
      const old = word(i - 15)
      const late = word(i - 2)
      const first = rotate(old, 7) ^ rotate(old, 18) ^ (old >>> 3)
      const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
      words[i] = (word(i - 16) + first + word(i - 7) + second) | 0
    }
    let a = before(0)
    let b = before(1)
    let c = before(2)
    let d = before(3)
    let e = before(4)
    let f = before(5)
    let g = before(6)
    let h = before(7)
    for (let i = 0; i < 64; i++) {
      const choice = (e & f) ^ (~e & g)
      const mixed = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const one = (h + mixed + choice + (roundConstants[i] ?? 0) + word(i)) | 0
      const majority = (a & b) ^ (a & c) ^ (b & c)
      const two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority
      h = g
      g = f
      f = e
      e = (d + one) | 0
      d = c
      c = b
      b = a
      a = (one + two) | 0
    }
    state[0] = before(0) + a
    state[1] = before(1) + b
    state[2] = before(2) + c
    state[3] = before(3) + d
    state[4] = before(4) + e
    state[5] = before(5) + f
    state[6] = before(6) + g
    state[7] = before(7) + h
  }
  const digest = new DataView(new ArrayBuffer(32))
  for (const [i, value] of state.entries()) digest.setInt32(i * 4, value)
  return new Uint8Array(digest.buffer)
}

const joined = (...parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

const encoder = new TextEncoder()

/** The HMAC-SHA-256 of a text under a key. */
export const hmacSha256 = (text: string, key: string): Uint8Array => {
  const bytes = encoder.encode(key)
  const short = bytes.length > blockSize ? sha256(bytes) : bytes
  const under = (mask: number) => Uint8Array.from({ length: blockSize }, (_, i) => (short[i] ?? 0) ^ mask)
  return sha256(joined(under(0x5c), sha256(joined(under(0x36), encoder.encode(text)))))
}
