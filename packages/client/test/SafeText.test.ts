/**
 * Text from a server, made safe for a log: one short line without personal data or secrets, in any encoding.
 */
import { assert, describe, it } from "@effect/vitest"
import { SafeText } from "@palomma-effect/client"
import * as fc from "fast-check"
import { recognised, writings } from "./support/writings.ts"

const mask = "<redacted>"

/** The text between the masks. */
const shownParts = (text: string): ReadonlyArray<string> => text.split(mask)

const assertHidden = (text: string, secret: string): void => {
  for (const piece of shownParts(text)) assert.notInclude(recognised(piece), recognised(secret), text)
}

// Characters that terminals, logs or human eyes treat specially, and any other character.
const odd = fc.constantFrom(
  ..."\u0000\u0007\u001b\r\n\t\u0085\u00a0\u00ad\u034f\u061c\u115f\u180e\u200b\u200d".split("")
)
const odder = fc.constantFrom(
  ..."\u200e\u202e\u2028\u2029\u2066\u2069\u2800\u3000\u3164\ufe0f\ufeff\uffa0\ue000\ud800\udc00".split("")
)
const anyText = fc
  .array(fc.oneof(fc.string({ unit: "binary", maxLength: 30 }), fc.string({ maxLength: 30 }), odd, odder), {
    maxLength: 40
  })
  .map((parts) => parts.join(""))

describe("a safe text", () => {
  it("is one line of at most 200 well-formed characters, without control, invisible or direction characters", () => {
    fc.assert(
      fc.property(anyText, fc.array(anyText, { maxLength: 3 }), (text, secrets) => {
        const safe = SafeText.make(text, secrets)
        assert.isAtMost(safe.length, 200)
        assert.isTrue(safe.isWellFormed())
        assert.notMatch(safe, /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u)
        assert.strictEqual(safe, safe.trim())
      }),
      { numRuns: 500 }
    )
  })

  it.each([
    ["plain words are unchanged", "plain words are unchanged"],
    ["La cuenta está inactiva: señor, ¿llamó al 123-45?", "La cuenta está inactiva: señor, ¿llamó al 123-45?"],
    ["code E-1234 at noon (99% sure) 😀", "code E-1234 at noon (99% sure) 😀"],
    ["two\r\n lines\tand\u2028more", "two lines and more"],
    ["\u001b[31mred\u001b[0m\u0007", "[31mred [0m"],
    ["a\u202eevil\u2066\u200f\u061c", "aevil"],
    ["\u0000", ""],
    ["  ", ""],
    ["", ""],
    ["Z\u0351\u036b\u0343\u036a\u0302\u036balgo", "Z\u0351\u036balgo"],
    ["[ERROR] 2 fields &lt;missing&gt;", "[ERROR] 2 fields <missing>"]
  ])("%j becomes %j", (text, expected) => assert.strictEqual(SafeText.make(text), expected))

  it("is cut at 200 characters, never within a character", () => {
    assert.strictEqual(SafeText.make("y".repeat(200)), "y".repeat(200))
    assert.strictEqual(SafeText.make("y".repeat(201)), `${"y".repeat(199)}…`)
    assert.strictEqual(SafeText.make(`${"y".repeat(198)}😀😀`), `${"y".repeat(198)}…`)
    assert.strictEqual(SafeText.make(`${"y".repeat(197)}😀😀`), `${"y".repeat(197)}😀…`)
  })

  it("does not change if it is made safe again, except for the mark where it was cut", () => {
    fc.assert(
      fc.property(anyText, fc.array(secret, { maxLength: 2 }), (text, secrets) => {
        const safe = SafeText.make(text)
        const ending = /[….]+$/u
        assert.strictEqual(SafeText.make(safe).replace(ending, ""), safe.replace(ending, ""))
        for (const secret of secrets) assertHidden(SafeText.make(SafeText.make(text, secrets), secrets), secret)
      })
    )
  })
})

const letters = Array.from("abcdefghijklmnopqrstuvwxyzABCXYZáéíóúñüÑÁßçøŁ")
const wordArbitrary = fc.string({ unit: fc.constantFrom(...letters), minLength: 3, maxLength: 12 })
const name = fc.array(wordArbitrary, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "))
const token = fc.string({
  unit: fc.constantFrom(...letters.slice(0, 26), ...Array.from("0123456789_-.")),
  minLength: 6,
  maxLength: 40
})
const quoted = fc.string({ unit: fc.constantFrom(...Array.from("abc\"\\/'<>&%+")), minLength: 4, maxLength: 20 })
const secret = fc
  .oneof(name, token, quoted)
  .filter((text) => recognised(text).length > 3 && !recognised(mask).includes(recognised(text)))

describe("a secret", () => {
  it.each(Object.entries(writings))("is removed if it is written %s", (_, write) => {
    fc.assert(
      fc.property(secret, fc.lorem({ maxCount: 4 }), (text, words) => {
        for (const safe of [
          SafeText.make(write(text), [text]),
          SafeText.make(`${words} "${write(text)}", ${words}`, ["other", text])
        ]) {
          assertHidden(safe, text)
        }
      })
    )
  })

  const bytes = (text: string) => new TextEncoder().encode(text)
  const misreadings: ReadonlyArray<readonly [string, (text: string) => string]> = [
    ["Latin-1", (text) => String.fromCharCode(...bytes(text))],
    ["Windows-1252", (text) => new TextDecoder("windows-1252").decode(bytes(text))]
  ]
  it.each(misreadings)("is removed completely if its UTF-8 was decoded as %s", (_, misread) => {
    fc.assert(
      fc.property(name, (text) => {
        assert.strictEqual(SafeText.make(`of ${misread(text)}.`, [text]), SafeText.make(`of ${text}.`, [text]))
      })
    )
  })

  it.each([
    "MUÑOZ",
    "muñoz",
    "Munoz",
    "MU?OZ",
    "MU\ufffdOZ",
    "MU¥OZ",
    "Mu#oz",
    "Mu\\u00f1oz",
    "Mu&ntilde;oz",
    "mu%c3%b1oz",
    "mu%F1oz",
    "Mu\\xf1oz",
    "Mu=C3=B1oz",
    "MuÃ±oz",
    "MUÃ\u0091OZ",
    "MUÃ‘OZ",
    "MuÃ\u0083Â±oz",
    "Mu%C3%83%C2%B1oz",
    "Mu\\u00c3\\u00b1oz",
    "M-U-Ñ-O-Z"
  ])("with an accent is removed if it is written %s", (text) => {
    if (!text.includes("-")) assert.strictEqual(SafeText.make(`of ${text} here`, ["Ana Muñoz"]), `of ${mask} here`)
    assert.strictEqual(SafeText.make(`of ${text} here`, ["Muñoz"]), `of ${mask} here`)
  })

  it.each([
    ["PEREZ, ANA: not found", ["Ana Pérez"], `${mask}, ${mask}: not found`],
    ["Sr. Pérez", ["Ana María Pérez-Gómez"], `Sr. ${mask}`],
    ["Sra. GOMEZ", ["Ana María Pérez-Gómez"], `Sra. ${mask}`],
    ["user ana.perez is unknown", ["ana.perez@mail.co"], `user ${mask} is unknown`],
    ["token eyJhbGciOi*** is expired", ["eyJhbGciOiJIUzI1NiJ9"], `token ${mask}*** is expired`],
    ["straße STRASSE", ["Straße"], `${mask} ${mask}`],
    ["Cliente JosÃ© PÃ©rez ya existe", ["José Pérez"], `Cliente ${mask} ya existe`],
    ["GarcÃ\u00ada y LÃ³pez, PÃ‰REZ", ["García López Pérez"], `${mask} y ${mask}`],
    ["«JOSÉ» y “JOSÉ”", ["José"], `«${mask}» y “${mask}”`],
    ["Jose\u0301 y Jose\u0301\u0308", ["José"], `${mask} y ${mask}`],
    ["code=404.error, x=C3", [], "code=404.error, x=C3"],
    ["Ana and Anabel", ["Ana"], `${mask} and ${mask}bel`],
    ["12.345 and 12-345 and 1 2 3 4 5 but 12.346", ["12345"], `${mask} and ${mask} and ${mask} but 12.346`],
    ["0173 or 173", ["0173"], `${mask} or 173`],
    ["KEY-123456-abc", ["KEY-123456-abc"], mask],
    ["ABCDEFGHIJ", ["ABCDEFG", "EFGHIJ"], mask],
    ["!!! and ???", ["???"], `!!! and ${mask}`],
    ["AB\u200bCD, ABCD", ["AB\u200bCD"], `${mask}, ${mask}`],
    ["Li", ["Li Wu"], "Li"],
    ["nothing here", ["", " ", "\u200b"], "nothing here"]
  ] as const)("%j without %j is %j", (text, secrets, expected) =>
    assert.strictEqual<string>(SafeText.make(text, secrets), expected)
  )
})

describe("an e-mail", () => {
  it.each([
    "ana@mail.co",
    "ANA.PEREZ+x@MAIL.com.co",
    "ana%40mail.co",
    "ana%2540mail.co",
    "ana&#64;mail.co",
    "ana&#x40;mail.co",
    "ana&#0064mail.co",
    "ana&commat;mail.co",
    "ana\\u0040mail.co",
    "ana=40mail.co",
    "ana\\x40mail.co",
    "ana＠mail.co",
    "ana﹫mail.co",
    "ａｎａ＠ｍａｉｌ．ｃｏ",
    "ana\u200b@\u200bmail.co",
    "josé@correo.co",
    "mailto:ana@mail.co?subject=x"
  ])("is removed if it is written %s", (mail) => {
    assert.strictEqual(SafeText.make(`write to ${mail} now`), `write to ${mask} now`)
    assert.strictEqual(SafeText.make(`"${mail}"`), `"${mask}"`)
    assert.strictEqual(SafeText.make(`(${mail}), <${mail}>`), `(${mask}), <${mask}>`)
  })

  it.each(["@", "a @ b", "@handle", "at@ noon"])("is not found in %j", (text) =>
    assert.strictEqual(SafeText.make(text), text)
  )
})

describe("a number", () => {
  it.each([
    "3007654321",
    "300 765 4321",
    "300 - 765 - 4321",
    "1.098 // 765 // 432",
    "(300) -- 765 -- 4321",
    "(300) 765-4321",
    "+57 300.765.4321",
    "1,098,765,432",
    "1.098.765.432",
    "1'098'765'432",
    "1_098_765",
    "3\u200b0\u200b0\u200b7\u200b6\u200b5",
    "300\u00a0765\u00a04321",
    "３００７６５４３２１",
    "٣٠٠٧٦٥٤٣٢١",
    "३००७६५४",
    "③⓪⓪⑦⑥⑤",
    "3️⃣0️⃣0️⃣7️⃣6️⃣5️⃣",
    "3 0 0 7 6 5",
    "%33%30%30%37%36%35",
    "&#51;&#48;&#48;&#55;&#54;&#53;",
    "300\n765\n4321",
    "300%20765%204321",
    "³⁰⁰⁷⁶⁵"
  ])("of six digits or more is removed if it is written %s", (number) => {
    const safe = SafeText.make(`account ${number} is closed`)
    assert.notMatch(safe, /\p{N}/u)
    assert.match(safe, /^account \W*<redacted>\W* is closed$/)
  })

  it.each(["12345", "error 500 of 3 in 2.1", "10:30"])("of fewer digits is kept: %s", (text) =>
    assert.strictEqual(SafeText.make(text), text)
  )
})

describe("a long text", () => {
  it("shows nothing of a secret that is cut in two at the end of the searched part", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("Ana María Pérez", "sk_live_abcdefghij", "ana@mail.co", "3007654321", "Li Wu"),
        fc.integer({ min: 3_960, max: 4_010 }),
        fc.constantFrom("x", " ", "\u0301", "é"),
        (text, at, tail) => {
          // A number without separators is replaced by one mask, which would leave room to show all of the rest.
          const safe = SafeText.make(`${"1".repeat(at)} ${text}${tail.repeat(500)}`, [text])
          for (const piece of shownParts(safe)) assert.notMatch(recognised(piece), /ana|sk|mail|300|li/u, safe)
        }
      ),
      { numRuns: 300 }
    )
  })

  it("is not read after its first part", () => {
    const start = `${"1".repeat(3_990)}${" ".repeat(10)}`
    for (const rest of ["x", "SECRET".repeat(100_000), "\u001b".repeat(10), "a@".repeat(500_000)]) {
      assert.strictEqual(SafeText.make(start + rest, ["SECRET"]), mask)
    }
  })

  it("takes the space of one character if a character is written as several", () => {
    assert.isAtMost(SafeText.make("\ufdfa".repeat(1_000_000)).length, 200)
    assert.isAtMost(SafeText.make(`a${"\u0301".repeat(1_000_000)}`).length, 4)
  })

  it("is masked completely if it is encoded repeatedly", () => {
    assert.strictEqual(SafeText.make(`%${"25".repeat(100)}41`), mask)
    assert.strictEqual(SafeText.make(`&${"amp;".repeat(100)}#64;`), mask)
  })

  it("is masked completely if the secrets are longer than the search allows", () => {
    const long = "Ana ".repeat(4_000)
    assert.strictEqual(SafeText.make("Ana is not here", [long]), `${mask} is not here`)
    assert.strictEqual(SafeText.make("not here", [long, long]), mask)
    assert.strictEqual(SafeText.make("not here", ["x".repeat(1_000_000)]), mask)
  })

  it("is searched for secrets of any length and form, which are not used as patterns", () => {
    const name = "(a+)+$".repeat(3_000)
    assert.strictEqual(SafeText.make(`${"a".repeat(3_000)}!`, [name]), `${mask}!`)
    assert.strictEqual(SafeText.make("b.*[c]", [".*", "[c]"]), `b${mask}`)
    assert.strictEqual(SafeText.make("bxc", [".*", "b.c"]), "bxc")
  })
})

describe("an id", () => {
  it.each(["01HPR57X6QR5ZRKEEKBSDBW4RA", "default", "a", "req-1.2:3=4+5/6~7_8", "a".repeat(128), "0000"])(
    "is shown in full if it has the form of an id: %s",
    (id) => assert.strictEqual(SafeText.id(id), id)
  )

  it.each([
    "",
    " ",
    "a b",
    "Ana Pérez",
    "a\n",
    "\u001b[31m",
    "a@b.co",
    "ñ",
    "a\u200b",
    "<b>",
    "a".repeat(129),
    "😀",
    "%41",
    "a,b"
  ])("is masked if it has not: %j", (id) => assert.strictEqual(SafeText.id(id), mask))

  it("is masked if it holds a secret, in any encoding", () => {
    for (const id of ["SECRET", "x-secret-y", "S.E.C.R.E.T", "req=se-cret"]) {
      assert.strictEqual(SafeText.id(id, ["other", "Secret"]), mask)
    }
    assert.strictEqual(SafeText.id("req-1", ["", "Secret"]), "req-1")
    assert.strictEqual(SafeText.id("a--b", ["--"]), mask)
  })
})
