/**
 * References of a record that may be ours: a server may drop, trim, normalise or cut them, or change their case.
 */
import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import { isSimilarReference } from "../../src/internal/transfer/samePayment.ts"

const ours = "invoice-2026-0117"

describe("a reference that may be ours", () => {
  it.each([
    ["left out", undefined, ours],
    ["the same", ours, ours],
    ["with blanks around it", `  ${ours}\t\n`, ours],
    ["with a no-break space behind it", `${ours}\u00a0`, ours],
    ["in capitals", "INVOICE-2026-0117", ours],
    ["in small letters", "nómina-2026", "NÓMINA-2026"],
    ["with accents apart", "no\u0301mina", "n\u00f3mina"],
    ["with accents in one", "n\u00f3mina", "no\u0301mina"],
    ["with wide letters made narrow", "invoice", "ｉｎｖｏｉｃｅ"],
    ["with a ligature taken apart", "office", "o\ufb03ce"],
    ["with a sharp s in capitals", "STRASSE-1", "straße-1"],
    ["with a capital sharp s in small letters", "straße-1", "STRA\u1e9eE-1"],
    ["with a capital sharp s for two", "STRA\u1e9eE-1", "strasse-1"],
    ["with a dotted capital I as Java writes it small", "i\u0307zmir", "İzmir"],
    ["with a dotted capital I as Go and PostgreSQL write it small", "izmir", "İzmir"],
    ["in small letters as a Turkish server writes them", "ınvoıce", "INVOICE"],
    ["in capitals as a Turkish server writes them", "İNVOİCE", "invoice"],
    ["with a sigma at the end of a word", "οδος", "ΟΔΟΣ"],
    ["with a sigma at the end that a server writes as any other", "οδοσ", "ΟΔΟΣ"],
    ["cut to 16 characters", ours.slice(0, 16), ours],
    ["cut to 16 and in capitals", "INVOICE-2026-011", ours],
    ["cut behind a blank, and trimmed", "factura de enero", "factura de enero 2026"],
    ["cut between a letter and its accent", "factura-de-enero-nu", "factura-de-enero-nu\u0301mero"],
    ["cut inside of a character", "factura-de-enero-\ud83d", "factura-de-enero-😀-1"],
    ["cut inside of a character of another form", "factura-de-enero-\ud835", "factura-de-enero-\ud835\udc00-1"],
    ["cut inside of the bytes of a character", "factura-de-enero-\ufffd\ufffd", "factura-de-enero-😀-1"],
    ["cut at a sigma", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΣ", "αβγδεζηθικλμνξοστυ"],
    ["cut to 16 characters outside of the first plane", "😀".repeat(16), "😀".repeat(17)]
  ])("is recognised: %s, %j for %j", (_, found, reference) => {
    assert.isTrue(isSimilarReference(found, reference))
  })

  it.each([
    ["another one", "invoice-2026-0118", ours],
    ["empty", "", ours],
    ["blank", " \u00a0", ours],
    ["only half a character", "\ud83d", ours],
    ["cut to 15 characters", ours.slice(0, 15), ours],
    ["cut to 15 characters and a half of one", `${"a".repeat(15)}\ud83d`, `${"a".repeat(15)}😀b`],
    ["cut to 15 characters, with blanks around them", ` ${ours.slice(0, 15)} `, ours],
    ["cut to 15 characters outside of the first plane", "😀".repeat(15), "😀".repeat(17)],
    ["cut to 15 characters with accents apart", "e\u0301".repeat(15), "é".repeat(17)],
    ["its last part", ours.slice(1), `x${ours}`],
    ["longer than ours", `${ours}-1`, ours],
    ["as long, with another last letter", "invoice-2026-011A", ours],
    ["without its accent", "nomina-2026", "nómina-2026"],
    ["with half a character in front", `\ud83d${ours}`, ours]
  ])("is not recognised: %s, %j for %j", (_, found, reference) => {
    assert.isFalse(isSimilarReference(found, reference))
  })

  // Code points that any of these changes: the letters of every script with two cases, and characters with two forms.
  const forms: ReadonlyArray<(text: string) => string> = [
    (text) => text.normalize("NFC"),
    (text) => text.normalize("NFD"),
    (text) => text.normalize("NFKC"),
    (text) => text.normalize("NFKD"),
    (text) => text.toLowerCase(),
    (text) => text.toUpperCase(),
    (text) => text.toUpperCase().toLowerCase().normalize("NFD"),
    // Letter by letter, as many languages do it: no rule for the end of a word, and no letter becomes two.
    (text) =>
      Array.from(text)
        .map((letter) => (letter === "İ" ? "i" : letter.toLowerCase().slice(0, letter.length)))
        .join("")
  ]
  const letters = Array.from({ length: 0x1_f000 - 0x20 }, (_, i) => i + 0x20)
    .filter((point) => point < 0xac00 || point > 0xdfff)
    .map((point) => String.fromCodePoint(point))
    .filter((letter) => forms.some((form) => form(letter) !== letter))

  it("is found after any change of any letter by a server", () => {
    assert.isAbove(letters.length, 5_000)
    for (const letter of letters) {
      const reference = `a${letter}b${letter}`.normalize("NFC")
      for (const form of forms) assert.isTrue(isSimilarReference(form(reference), reference), letter)
    }
  })

  it("is found after a cut at any place of a changed letter", () => {
    for (const letter of letters.filter((one) => one < "\u2c00")) {
      const reference = `abcdefghijklmnop-${letter}b${letter}`.normalize("NFC")
      for (const form of forms) {
        const changed = form(reference)
        for (let length = 17; length < changed.length; length++) {
          assert.isTrue(isSimilarReference(changed.slice(0, length), reference), `${letter} cut at ${length}`)
        }
      }
    }
  })

  it("is the reference itself, or any beginning of at least 16 characters, for any text", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.nat(40), (text, length) => {
        assert.isTrue(isSimilarReference(text, text))
        const cut = Array.from(text).slice(0, length).join("")
        const characters = Array.from(cut.normalize("NFKC").trim()).length
        if (characters >= 16 && !/[\ufffd\ud800-\udbff]/u.test(text)) assert.isTrue(isSimilarReference(cut, text))
      }),
      { numRuns: 500 }
    ))

  it("is never a part shorter than 16 characters", () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{17,40}$/), fc.nat(40), (text, length) => {
        const cut = text.slice(0, length)
        assert.strictEqual(isSimilarReference(cut, text), cut.length >= 16)
      })
    ))
})
