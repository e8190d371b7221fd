/**
 * Certificates, valid and invalid, that are made in every run: no private key is in the repository and nothing expires.
 *
 * Node reads X.509 and cannot write it. These tests need only a small part of the format: a name, a validity, a key and
 * three extensions.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto"

/** What a server presents: its certificate (and those above it), and its key. */
export interface Identity {
  readonly cert: string
  readonly key: string
}

const tlv = (tag: number, ...parts: ReadonlyArray<Uint8Array>): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const octets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...octets]), content])
}

const sequence = (...parts: ReadonlyArray<Uint8Array>) => tlv(0x30, ...parts)
const octets = (content: Uint8Array) => tlv(0x04, content)
const bits = (content: Uint8Array) => tlv(0x03, Buffer.of(0), content)
const yes = tlv(0x01, Buffer.of(0xff))
const time = (year: number) => tlv(0x18, Buffer.from(`${year}0101000000Z`))

const oid = (dotted: string) => {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const septets = [part & 0x7f]
    for (let left = part >> 7; left > 0; left >>= 7) septets.unshift((left & 0x7f) | 0x80)
    bytes.push(...septets)
  }
  return tlv(0x06, Buffer.from(bytes))
}

const name = (text: string) => sequence(tlv(0x31, sequence(oid("2.5.4.3"), tlv(0x0c, Buffer.from(text)))))
const extension = (id: string, content: Uint8Array) => sequence(oid(id), octets(content))

const ecdsaWithSha256 = sequence(oid("1.2.840.10045.4.3.2"))

interface Authority extends Identity {
  readonly name: string
}

interface Wish {
  readonly name: string
  /** The authority that signs it. Undefined for a self-signed one. */
  readonly by?: Authority
  readonly isAuthority?: boolean
  /** Valid from the first day of one year to the first day of the other. */
  readonly valid?: readonly [from: number, until: number]
  readonly hosts?: ReadonlyArray<string>
  readonly addresses?: ReadonlyArray<string>
  /** The allowed use of the key; undefined allows any use. */
  readonly purpose?: "server" | "client"
  /** Signed with another key than the authority's. */
  readonly isForged?: boolean
}

const pem = (der: Uint8Array) => {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n")
}

const newKey = (): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } =>
  generateKeyPairSync("ec", { namedCurve: "P-256" })

const make = (wish: Wish): Authority => {
  const { privateKey, publicKey } = newKey()
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
  const signer = wish.isForged === true ? newKey().privateKey : createPrivateKey(wish.by?.key ?? key)
  const extensions = [extension("2.5.29.19", wish.isAuthority === true ? sequence(yes) : sequence())]
  const hosts = (wish.hosts ?? []).map((host) => tlv(0x82, Buffer.from(host)))
  const addresses = (wish.addresses ?? []).map((address) => tlv(0x87, Buffer.from(address.split(".").map(Number))))
  if (hosts.length + addresses.length > 0) extensions.push(extension("2.5.29.17", sequence(...hosts, ...addresses)))
  if (wish.purpose !== undefined) {
    extensions.push(extension("2.5.29.37", sequence(oid(`1.3.6.1.5.5.7.3.${wish.purpose === "server" ? 1 : 2}`))))
  }
  const [from, until] = wish.valid ?? [2000, 9000]
  const content = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    // Positive, and without a leading zero.
    tlv(0x02, Buffer.of(0x40), randomBytes(8)),
    ecdsaWithSha256,
    name(wish.by?.name ?? wish.name),
    sequence(time(from), time(until)),
    name(wish.name),
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(...extensions))
  )
  const cert = pem(sequence(content, ecdsaWithSha256, bits(sign("sha256", content, signer))))
  return { name: wish.name, cert, key }
}

const trusted = make({ name: "an authority that the client trusts", isAuthority: true })
const unknown = make({ name: "an unknown authority", isAuthority: true })

const here = { name: "the fault server", addresses: ["127.0.0.1"], by: trusted }
const good = make(here)

const below = (by: Authority, wish: Omit<Wish, "by">): Identity => {
  const leaf = make({ ...wish, by })
  return { key: leaf.key, cert: leaf.cert + by.cert }
}

/** The authority that a client is configured to trust. */
export const authority = trusted.cert

/** The identities of servers. A client must reject all but `good`. */
export const identities = {
  good,
  expired: make({ ...here, valid: [2000, 2001] }),
  notYetValid: make({ ...here, valid: [8000, 9000] }),
  otherHost: make({ name: "the fault server", hosts: ["api.palomma.example"], by: trusted }),
  noHost: make({ name: "127.0.0.1", by: trusted }),
  unknownAuthority: make({ ...here, by: unknown }),
  unknownAuthorityShown: below(unknown, here),
  selfSigned: make({ name: "the fault server", addresses: ["127.0.0.1"] }),
  signedByNoAuthority: below(good, { ...here, name: "signed by a certificate that is no authority" }),
  forged: make({ ...here, isForged: true }),
  forAnotherPurpose: make({ ...here, purpose: "client" })
} satisfies Record<string, Identity>
