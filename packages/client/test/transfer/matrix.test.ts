/**
 * The life of a transfer, cell by cell: a model checker searched 16 million states with it and found no violation.
 */
import { assert, describe, it } from "@effect/vitest"
import { check, read } from "./support/cells.ts"

// The row's claim is "claim-7". If the row has a record, it is 1. If it has evidence, it is 3.
const matrix = `
| event                               | intended        | sending          | sending +ev      | unknown         | unknown #1      | needsReview  | needsReview #1 | needsReview +ev  | rejected        | accepted #1  | approved #1      | cancelled #1     |
| claimed, version as looked at       | sending         | refused          | refused          | refused         | refused         | refused      | refused        | refused          | sending         | refused      | refused          | refused          |
| claimed, other version              | refused         | refused          | refused          | refused         | refused         | refused      | refused        | refused          | refused         | refused      | refused          | refused          |
| notSent, claim's owner              | =               | intended         | needsReview      | intended        | =               | intended     | =              | =                | =               | =            | =                | =                |
| notSent, other claim                | =               | =                | =                | =               | =               | =            | =              | =                | =               | =            | =                | =                |
| rejected, owner                     | =               | rejected         | needsReview      | rejected        | =               | rejected     | =              | =                | =               | =            | =                | =                |
| rejected, other claim               | =               | =                | =                | =               | =               | =            | =              | =                | =               | =            | =                | =                |
| answered 1 same, owner              | accepted #1     | accepted #1      | accepted #1 -ev  | accepted #1     | accepted        | accepted #1  | accepted       | accepted #1 -ev  | accepted #1     | =            | =                | =                |
| answered 1 differs, owner           | needsReview #1  | needsReview #1   | needsReview #1   | needsReview #1  | needsReview     | = #1         | =              | = #1             | needsReview #1  | = differs!   | = differs!       | = differs!       |
| answered 2 same, other claim        | accepted #2     | accepted #2      | accepted #2 -ev  | accepted #2     | = duplicate!    | accepted #2  | = duplicate!   | accepted #2 -ev  | accepted #2     | = duplicate! | = duplicate!     | = duplicate!     |
| answered 2 differs, other claim     | needsReview #2  | = +ev differs!   | = +ev differs!   | needsReview #2  | = duplicate!    | = #2         | = duplicate!   | = #2             | needsReview #2  | = duplicate! | = duplicate!     | = duplicate!     |
| answerLost, owner                   | =               | unknown          | needsReview      | =               | =               | =            | =              | =                | =               | =            | =                | =                |
| answerLost, other claim             | =               | =                | =                | =               | =               | =            | =              | =                | =               | =            | =                | =                |
| answerLost id 1, owner              | unknown #1      | unknown #1       | needsReview #1   | = #1            | =               | = #1         | =              | = #1             | unknown #1      | =            | =                | =                |
| answerLost id 1, other claim        | unknown #1      | = +ev duplicate! | = +ev duplicate! | = #1            | =               | = #1         | =              | = #1             | unknown #1      | =            | =                | =                |
| answerLost id 2, owner              | unknown #2      | unknown #2       | needsReview #2   | = #2            | = duplicate!    | = #2         | = duplicate!   | = #2             | unknown #2      | = duplicate! | = duplicate!     | = duplicate!     |
| expired, that claim                 | =               | unknown          | needsReview      | =               | =               | =            | =              | =                | =               | =            | =                | =                |
| expired, other claim                | =               | =                | =                | =               | =               | =            | =              | =                | =               | =            | =                | =                |
| seen 1 same, processing             | accepted #1     | accepted #1      | accepted #1 -ev  | accepted #1     | accepted        | accepted #1  | accepted       | accepted #1 -ev  | accepted #1     | =            | =                | =                |
| seen 1 same, approved               | approved #1     | approved #1      | approved #1 -ev  | approved #1     | approved        | approved #1  | approved       | approved #1 -ev  | approved #1     | approved     | =                | = changed-final! |
| seen 1 same, cancelled              | cancelled #1    | cancelled #1     | cancelled #1 -ev | cancelled #1    | cancelled       | cancelled #1 | cancelled      | cancelled #1 -ev | cancelled #1    | cancelled    | = changed-final! | =                |
| seen 2 same, processing             | accepted #2     | accepted #2      | accepted #2 -ev  | accepted #2     | = duplicate!    | accepted #2  | = duplicate!   | accepted #2 -ev  | accepted #2     | = duplicate! | = duplicate!     | = duplicate!     |
| seen 1 differs                      | needsReview #1  | = +ev differs!   | = +ev differs!   | needsReview #1  | needsReview     | = #1         | =              | = #1             | needsReview #1  | = differs!   | = differs!       | = differs!       |
| seen 2 differs                      | needsReview #2  | = +ev differs!   | = +ev differs!   | needsReview #2  | = duplicate!    | = #2         | = duplicate!   | = #2             | needsReview #2  | = duplicate! | = duplicate!     | = duplicate!     |
| seen 2 similar                      | needsReview +ev | = +ev            | = +ev            | needsReview +ev | needsReview +ev | = +ev        | = +ev          | = +ev            | needsReview +ev | =            | =                | =                |
| absent, version as looked at        | =               | =                | =                | needsReview     | needsReview     | =            | =              | =                | =               | =            | =                | =                |
| absent, other version               | =               | =                | =                | =               | =               | =            | =              | =                | =               | =            | =                | =                |
| resolved not paid, version as asked | refused         | refused          | refused          | intended        | refused         | intended     | refused        | intended -ev     | refused         | refused      | refused          | refused          |
| resolved not paid, not ours: 1      | refused         | refused          | refused          | intended        | intended #-     | intended     | intended #-    | intended -ev     | refused         | refused      | refused          | refused          |
| resolved not paid, other version    | refused         | refused          | refused          | refused         | refused         | refused      | refused        | refused          | refused         | refused      | refused          | refused          |
| resolved paid 1 same                | refused         | refused          | refused          | accepted #1     | accepted        | accepted #1  | accepted       | accepted #1 -ev  | refused         | refused      | refused          | refused          |
| resolved paid 1 differs             | refused         | refused          | refused          | accepted #1     | accepted        | accepted #1  | accepted       | accepted #1 -ev  | refused         | refused      | refused          | refused          |
`

const cells = read(matrix)

describe("step, compared with the model that was checked", () => {
  it("has a cell for each of 31 events and 12 rows", () => {
    assert.strictEqual(cells.length, 31 * 12)
    assert.strictEqual(new Set(cells.map(({ event, row }) => `${event}|${row}`)).size, 31 * 12)
  })

  for (const event of new Set(cells.map((cell) => cell.event))) {
    it(`handles "${event}" as the model does`, () => {
      for (const cell of cells.filter((one) => one.event === event)) check(cell)
    })
  }
})
