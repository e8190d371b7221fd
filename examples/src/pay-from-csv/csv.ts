/**
 * Reads comma-separated values as spreadsheets write them: with or without quotes, with commas or, in Colombia, with
 * semicolons.
 */

/** A record of a file, with the number of its first line. */
export interface CsvRecord {
  readonly line: number
  readonly fields: ReadonlyArray<string>
}

/** Splits a text into records. An unclosed quote ends at the end of the text. */
export const parseCsv = (text: string): ReadonlyArray<CsvRecord> => {
  const source = text.replace(/^\ufeff/, "")
  const [head = ""] = source.split(/\r?\n/, 1)
  const separator = head.split(";").length > head.split(",").length ? ";" : ","
  const records: Array<CsvRecord> = []
  let fields: Array<string> = []
  let field = ""
  let isQuoted = false
  let line = 1
  let startLine = 1
  const endField = () => {
    fields.push(field)
    field = ""
  }
  const endRecord = () => {
    endField()
    // An empty line is not a record.
    if (fields.length > 1 || fields[0] !== "") records.push({ line: startLine, fields })
    fields = []
    startLine = line
  }
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at)
    if (char === "\n") line++
    if (isQuoted) {
      if (char !== '"') field += char
      else if (source[at + 1] === '"') field += source[++at]
      else isQuoted = false
    } else if (char === '"' && field === "") isQuoted = true
    else if (char === separator) endField()
    else if (char === "\n") endRecord()
    else if (char !== "\r") field += char
  }
  endRecord()
  return records
}

/** Formats one line of a file, with quotes if they are needed. */
export const toCsvLine = (fields: ReadonlyArray<string>): string =>
  fields.map((field) => (/[",;\r\n]|^$|^\ufeff/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",")
