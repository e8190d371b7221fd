// Words that make a text hard to read, or that have one meaning here and are used for another.
import type { Piece } from "./prose.ts"

export interface Avoided {
  /** The name of the rule, which an exception repeats. */
  readonly phrase: string
  /** A space matches any white space, so that a phrase is found across lines. */
  readonly pattern: RegExp
  readonly instead: string
  readonly why: string
  /** Matches a sentence in which the word is correct. */
  readonly unless?: RegExp
  readonly kinds?: ReadonlyArray<Piece["kind"]>
}

const riddle = "a reader has to guess what it stands for"
const old = "few people say it today"
const vague = "it does not say who or what"
const oneMeaning = "it has one meaning here"

const archaic = [
  ["lest", "so that ... not"],
  ["thereby", "so"],
  ["hence", "so, therefore"],
  ["upon", "on"],
  ["shall", "must, will"],
  ["aught", "anything"],
  ["naught", "nothing"],
  ["whence", "from where"],
  ["thence", "from there"],
  ["whither", "where"],
  ["thither", "there"],
  ["hitherto", "until now"],
  ["whereby", "by which"],
  ["wherein", "in which"],
  ["whereof", "of which"],
  ["whereupon", "then"],
  ["thereof", "of it"],
  ["therein", "in it"],
  ["thereupon", "then"],
  ["henceforth", "from now on"],
  ["albeit", "although"],
  ["whilst", "while"],
  ["amongst", "among"],
  ["ere", "before"]
] as const

export const avoided: ReadonlyArray<Avoided> = [
  { phrase: "unless said", pattern: /unless (it is )?(said|told)( otherwise)?/i, instead: "by default", why: riddle },
  { phrase: "whoever", pattern: /who(so)?ever/i, instead: "the caller, the reader, anyone who", why: vague },
  { phrase: "somebody", pattern: /somebody/i, instead: "a person, a process, another caller", why: vague },
  { phrase: "nobody", pattern: /nobody/i, instead: "no process, no person, nothing", why: vague },
  { phrase: "whatever", pattern: /what(so)?ever/i, instead: "any, each, all that", why: vague },
  { phrase: "mend", pattern: /mend(s|ed|ing)?/i, instead: "repair, correct, fix", why: riddle },
  {
    phrase: "told",
    pattern: /(what|all|as|until|when) (it|they|one) (is|are|was|were) told|(when|until|as|than) told/i,
    instead: "configured with, receives, by the option",
    why: riddle
  },
  {
    phrase: "what became of",
    pattern: /(what|whatever) (has |had )?(becomes?|became) of/i,
    instead: "the result of, the status of, what happened to",
    why: riddle
  },
  {
    phrase: "takes its turn",
    pattern: /tak(e|es|ing) (its|their|a) turns?/i,
    instead: "waits in a queue, runs next",
    why: riddle
  },
  { phrase: "lets it be", pattern: /lets? (it|them) be(?! \w)/i, instead: "does not change it", why: riddle },
  {
    phrase: "where it",
    pattern:
      /where (there (is|are|was|were)|(it|they|one) (has(?! to)|have(?! to)|cannot|can|may|must|does|do|refused?|is (not|known|needed|possible|given|left out)))/i,
    instead: "if",
    why: "a condition is not a place"
  },
  {
    phrase: "settle",
    pattern: /(re)?settl(e|es|ed|ing)/i,
    instead: "end, finish, resolve; the promise is fulfilled or rejected",
    why: `${oneMeaning}: collected money is handed to the merchant`,
    unless: /payin|collect|merchant account|gateway|cycle|hand(s|ed|ing)? over|paid out|Palomma settles|one meaning/i
  },
  {
    phrase: "target",
    pattern: /targets?/i,
    instead: "payout target; destination, platform, goal of anything else",
    why: `${oneMeaning}: an account that money can be sent to`,
    unless: /payout|source|customer|account|recipient|bank|person|MerchantAccountId|one meaning/i
  },
  {
    phrase: "environment",
    pattern:
      /(test|runtime|process|browser|execution|whole|own|its|their) environments?|(from|in) the environment(?!')|environment of (a|an|the) \w+/i,
    instead: "environment variables, runtime, namespace, context",
    why: `${oneMeaning}: sandbox or production`,
    unless: /environment variables?|sandbox|production|base URL|one meaning/i
  },
  {
    phrase: "attempt",
    pattern: /attempted|attempting|attempts? (to(?! (attempt|its|the))|at|of (a|the) (transfer|look-up|write|step))/i,
    instead: "try, run, call",
    why: `${oneMeaning}: one HTTP request`,
    unless: /one meaning/i
  },
  {
    phrase: "given (noun)",
    pattern: /(the|a|its|their|this) givens?(?=\s*[.,;:)]|\s+(is|are|was|were|and|or)\b)/i,
    instead: "the argument, the input, the option",
    why: riddle
  },
  {
    phrase: "given (name)",
    pattern: /(?<=\b(const|let)\s+(\{[^}]*|\[[^\]]*)?|[(,]\s*)given(?=\s*[,:=)}\]])/,
    instead: "a name that says what it is: input, options, expected",
    why: riddle,
    kinds: ["code"]
  },
  ...archaic.map(([phrase, instead]) => ({ phrase, pattern: new RegExp(phrase, "i"), instead, why: old }))
]

export interface Exception {
  readonly file: string
  readonly phrase: string
  readonly reason: string
}

/** Correct uses of a word that its rule does not recognize. An unused exception fails. */
export const exceptions: ReadonlyArray<Exception> = []
