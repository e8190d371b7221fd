/**
 * Texts as people type, paste and dictate them.
 */

// The lookbehind lets a match begin only where a run of blanks begins. Without it, the time grows with the square of
// the length of a run.
const outer = /^[\s\p{Cf}]+|(?<![\s\p{Cf}])[\s\p{Cf}]+$/gu

/** Removes white space and invisible characters at both ends. */
export const trim = (text: string): string => text.replace(outer, "")

// These show digits or groups of digits in another order than the text has them.
const rightToLeft = /[\u061c\u200f\u202b\u202e\u2067]/

/** Removes what surrounds a number. A text that may be shown in another order is no number: it becomes empty. */
export const trimNumber = (text: string): string => (rightToLeft.test(text) ? "" : trim(text))

/**
 * Removes the spaces of a number and its invisible characters, which come with text that is copied from a chat or a
 * contact. Tabs and line breaks stay: they separate the cells of a table, and two numbers are not one.
 */
export const withoutBlanks = (text: string): string => trimNumber(text).replace(/[\p{Zs}\p{Cf}]/gu, "")

/** Every character that people use as a hyphen. */
const hyphens = /[\u2010-\u2015\u2212]/g

/** Replaces every character that people use as a hyphen by a hyphen. */
export const plainHyphens = (text: string): string => text.replace(hyphens, "-")

// A comma beside another mark is a decimal comma: 123.456,000 is 123456.
const groups = /^\d{1,3}(?:(?:[.'\u2019]\d{3})+|(?:,\d{3})+)$/

/** Removes the marks between groups of three digits: `1.020.304` becomes `1020304`. Other text stays unchanged. */
export const ungrouped = (text: string): string => (groups.test(text) ? text.replace(/\D/g, "") : text)
