import type { Survivor } from "./judge.ts"

/** The mutants that survive since no input can tell them from the code. */
export const survivors: ReadonlyArray<Survivor> = []
