import * as SafeText from "../SafeText.ts"

/** Returns the text of a defect, made safe for a log. A defect of other code may contain any text. */
export const defectText = (defect: unknown, secrets: ReadonlyArray<string> = []): SafeText.SafeText =>
  SafeText.make(defect instanceof Error ? `${defect.name}: ${defect.message}` : typeof defect, secrets)
