import * as SafeText from "../SafeText.ts"

/** What a defect says, fit for a log: code that is not this library's may put anything into it. */
export const defectText = (defect: unknown, secrets: ReadonlyArray<string> = []): SafeText.SafeText =>
  SafeText.make(defect instanceof Error ? `${defect.name}: ${defect.message}` : typeof defect, secrets)
