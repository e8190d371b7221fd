/**
 * The life of a transfer, cell by cell, for the rows and events that the checked model leaves out.
 */
import { describe, it } from "@effect/vitest"
import { check, read } from "./support/cells.ts"

const ends = `
| event                               | partial #1       | withdrawn           | withdrawn not 2     | withdrawn #1     |
| claimed, version as looked at       | refused state    | refused state       | refused state       | refused state    |
| claimed, other version              | refused state    | refused state       | refused state       | refused state    |
| notSent, claim's owner              | =                | =                   | =                   | =                |
| notSent, other claim                | =                | =                   | =                   | =                |
| rejected, owner                     | =                | =                   | =                   | =                |
| rejected, other claim               | =                | =                   | =                   | =                |
| answered 1 same, owner              | =                | = #1 changed-final! | = #1 changed-final! | =                |
| answered 1 same, owner, approved    | = changed-final! | = #1 changed-final! | = #1 changed-final! | =                |
| answered 1 differs, owner           | = differs!       | = #1 changed-final! | = #1 changed-final! | =                |
| answered 2 same, other claim        | = duplicate!     | = #2 changed-final! | =                   | = duplicate!     |
| answered 2 differs, other claim     | = duplicate!     | = #2 changed-final! | =                   | = duplicate!     |
| answerLost, owner                   | =                | =                   | =                   | =                |
| answerLost, other claim             | =                | =                   | =                   | =                |
| answerLost id 1, owner              | =                | = #1 changed-final! | = #1 changed-final! | =                |
| answerLost id 1, other claim        | =                | = #1 changed-final! | = #1 changed-final! | =                |
| answerLost id 2, owner              | = duplicate!     | = #2 changed-final! | =                   | = duplicate!     |
| expired, that claim                 | =                | =                   | =                   | =                |
| seen 1 same, processing             | =                | = #1 changed-final! | = #1 changed-final! | =                |
| seen 1 same, approved               | = changed-final! | = #1 changed-final! | = #1 changed-final! | =                |
| seen 1 same, partial                | =                | = #1 changed-final! | = #1 changed-final! | =                |
| seen 1 same, cancelled              | = changed-final! | = #1 changed-final! | = #1 changed-final! | =                |
| seen 2 same, processing             | = duplicate!     | = #2 changed-final! | =                   | = duplicate!     |
| seen 1 differs                      | = differs!       | = #1 changed-final! | = #1 changed-final! | =                |
| seen 2 differs                      | = duplicate!     | = #2 changed-final! | =                   | = duplicate!     |
| seen 2 similar                      | =                | =                   | =                   | =                |
| seen 2 unreadable                   | =                | =                   | =                   | =                |
| looked                              | =                | =                   | =                   | =                |
| absent, version as looked at        | =                | =                   | =                   | =                |
| gaveUp, version as looked at        | =                | =                   | =                   | =                |
| resolved not paid, version as asked | refused state    | refused state       | refused state       | refused state    |
| resolved paid 1 same                | refused state    | refused state       | refused state       | refused state    |
| withdrawn, no version               | refused state    | refused state       | refused state       | refused state    |
| withdrawn, version as asked         | refused state    | refused state       | refused state       | refused state    |
| acknowledged, as it was             | refused no-alarm | refused no-alarm    | refused no-alarm    | refused no-alarm |
`

const recordTable = `
| event                                    | intended        | sending        | sending +ev     | unknown         | unknown #1      | needsReview | needsReview #1 | rejected        | accepted #1  | approved #1      | partial #1       | cancelled #1     | withdrawn           |
| answered 1 same, owner, approved         | approved #1     | approved #1    | approved #1 -ev | approved #1     | approved        | approved #1 | approved       | approved #1     | approved     | =                | = changed-final! | = changed-final! | = #1 changed-final! |
| answered 1 similar, owner                | accepted #1     | accepted #1    | accepted #1 -ev | accepted #1     | accepted        | accepted #1 | accepted       | accepted #1     | =            | =                | =                | =                | = #1 changed-final! |
| answered 2 same, owner                   | accepted #2     | accepted #2    | accepted #2 -ev | accepted #2     | = duplicate!    | accepted #2 | = duplicate!   | accepted #2     | = duplicate! | = duplicate!     | = duplicate!     | = duplicate!     | = #2 changed-final! |
| answered 2 differs, owner                | needsReview #2  | needsReview #2 | needsReview #2  | needsReview #2  | = duplicate!    | = #2        | = duplicate!   | needsReview #2  | = duplicate! | = duplicate!     | = duplicate!     | = duplicate!     | = #2 changed-final! |
| seen 1 same, partial                     | partial #1      | partial #1     | partial #1 -ev  | partial #1      | partial         | partial #1  | partial        | partial #1      | partial      | = changed-final! | =                | = changed-final! | = #1 changed-final! |
| seen 1 same, unrecognised                | accepted #1     | accepted #1    | accepted #1 -ev | accepted #1     | accepted        | accepted #1 | accepted       | accepted #1     | =            | = changed-final! | = changed-final! | = changed-final! | = #1 changed-final! |
| seen 1 same, reference left out          | needsReview +ev | = +ev          | = +ev           | needsReview +ev | accepted        | = +ev       | accepted       | needsReview +ev | =            | =                | =                | =                | =                   |
| seen 1 differs otherwise                 | needsReview #1  | = +ev differs! | = +ev differs!  | needsReview #1  | needsReview     | = #1        | =              | needsReview #1  | = differs!   | = differs!       | = differs!       | = differs!       | = #1 changed-final! |
| seen 1 unreadable                        | needsReview +ev | = +ev          | = +ev           | needsReview +ev | needsReview +ev | = +ev       | = +ev          | needsReview +ev | =            | =                | =                | =                | =                   |
| seen 2 unreadable                        | needsReview +ev | = +ev          | = +ev           | needsReview +ev | needsReview +ev | = +ev       | = +ev          | needsReview +ev | =            | =                | =                | =                | =                   |
| seen 2 of another                        | =               | =              | =               | =               | =               | =           | =              | =               | =            | =                | =                | =                | =                   |
| seen 2 same, other content looked for    | accepted #2     | = +ev differs! | = +ev differs!  | needsReview #2  | = duplicate!    | = #2        | = duplicate!   | accepted #2     | = duplicate! | = duplicate!     | = duplicate!     | = duplicate!     | = #2 changed-final! |
| seen 2 differs, other content looked for | needsReview #2  | = +ev differs! | = +ev differs!  | needsReview #2  | = duplicate!    | = #2        | = duplicate!   | needsReview #2  | = duplicate! | = duplicate!     | = duplicate!     | = duplicate!     | = #2 changed-final! |
| looked                                   | =               | =              | =               | = written       | = written       | =           | =              | =               | =            | =                | =                | =                | =                   |
| gaveUp, version as looked at             | =               | =              | =               | needsReview     | needsReview     | =           | =              | =               | =            | =                | =                | =                | =                   |
| gaveUp, other version                    | =               | =              | =               | =               | =               | =           | =              | =               | =            | =                | =                | =                | =                   |
`

const traces = `
| event                           | sending +1      | sending +2       | sending not 2    | unknown not 2  | needsReview unclaimed | accepted #1 alarm | accepted #1 differs | approved #1 differs |
| notSent, claim's owner          | needsReview     | needsReview      | intended         | intended       | =                     | =                 | =                   | =                   |
| rejected, owner                 | needsReview     | needsReview      | rejected         | rejected       | =                     | =                 | =                   | =                   |
| answered 1 same, owner          | accepted #1 -ev | accepted #1 -ev  | accepted #1      | accepted #1    | accepted #1           | =                 | =                   | =                   |
| answered 1 differs, owner       | needsReview #1  | needsReview #1   | needsReview #1   | needsReview #1 | = #1                  | =                 | =                   | =                   |
| answered 2 same, owner          | accepted #2 -ev | accepted #2 -ev  | =                | =              | accepted #2           | = duplicate!      | = duplicate!        | = duplicate!        |
| answered 2 differs, owner       | needsReview #2  | needsReview #2   | =                | =              | = #2                  | = duplicate!      | = duplicate!        | = duplicate!        |
| answered 2 same, other claim    | accepted #2 -ev | accepted #2 -ev  | =                | =              | accepted #2           | = duplicate!      | = duplicate!        | = duplicate!        |
| answered 2 differs, other claim | = +ev differs!  | = differs!       | =                | =              | = #2                  | = duplicate!      | = duplicate!        | = duplicate!        |
| answerLost, owner               | needsReview     | needsReview      | unknown          | =              | =                     | =                 | =                   | =                   |
| answerLost id 1, owner          | needsReview #1  | needsReview #1   | unknown #1       | = #1           | = #1                  | =                 | =                   | =                   |
| answerLost id 1, other claim    | = duplicate!    | = +ev duplicate! | = +ev duplicate! | = #1           | = #1                  | =                 | =                   | =                   |
| answerLost id 2, owner          | needsReview #2  | needsReview #2   | =                | =              | = #2                  | = duplicate!      | = duplicate!        | = duplicate!        |
| expired, that claim             | needsReview     | needsReview      | unknown          | =              | =                     | =                 | =                   | =                   |
| seen 1 same, approved           | approved #1 -ev | approved #1 -ev  | approved #1      | approved #1    | approved #1           | approved          | approved            | =                   |
| seen 2 same, processing         | accepted #2 -ev | accepted #2 -ev  | =                | =              | accepted #2           | = duplicate!      | = duplicate!        | = duplicate!        |
| seen 1 differs                  | = differs!      | = +ev differs!   | = +ev differs!   | needsReview #1 | = #1                  | =                 | =                   | =                   |
| seen 1 differs otherwise        | = differs!      | = +ev differs!   | = +ev differs!   | needsReview #1 | = #1                  | =                 | = differs!          | = differs!          |
| seen 2 differs                  | = +ev differs!  | = differs!       | =                | =              | = #2                  | = duplicate!      | = duplicate!        | = duplicate!        |
| seen 2 similar                  | = +ev           | =                | =                | =              | = +ev                 | =                 | =                   | =                   |
| seen 2 unreadable               | = +ev           | =                | =                | =              | = +ev                 | =                 | =                   | =                   |
| absent, version as looked at    | =               | =                | =                | needsReview    | =                     | =                 | =                   | =                   |
`

const worker = `
| event                                    | intended worker | sending worker | unknown worker | rejected worker |
| claimed, version as looked at            | sending         | refused state  | refused state  | sending         |
| claimed, other version                   | refused version | refused state  | refused state  | refused version |
| claimed, later version                   | refused version | refused state  | refused state  | refused version |
| claimed, other content                   | refused content | refused state  | refused state  | sending         |
| notSent, claim's owner                   | =               | intended       | intended       | =               |
| expired, that claim                      | =               | unknown        | =              | =               |
| seen 2 same, other content looked for    | needsReview #2  | = +ev differs! | needsReview #2 | accepted #2     |
| seen 2 differs, other content looked for | needsReview #2  | = +ev differs! | needsReview #2 | needsReview #2  |
| absent, version as looked at             | =               | =              | needsReview    | =               |
| withdrawn, no version                    | withdrawn       | refused state  | refused state  | withdrawn       |
`

const carriedRows = `
| event                    | intended        | rejected        | intended worker | rejected worker | sending         | unknown         | unknown #1      | needsReview     | needsReview +ev | accepted #1     | accepted #1 alarm | approved #1     | partial #1      | cancelled #1    | sending worker  | unknown worker  | needsReview worker | accepted worker | approved worker | withdrawn       | withdrawn #1 alarm | withdrawn worker |
| carried, version as read | = written       | intended        | =               | intended        | = written       | = written       | = written       | = written       | = written       | = written       | = written         | = written       | = written       | = written       | =               | =               | =                  | =               | =               | refused state   | refused state      | refused state    |
| carried, other version   | refused version | refused version | refused version | refused version | refused version | refused version | refused version | refused version | refused version | refused version | refused version   | refused version | refused version | refused version | refused version | refused version | refused version    | refused version | refused version | refused state   | refused state      | refused state    |
| carried, other content   | refused content | refused content | refused content | refused content | refused content | refused content | refused content | refused content | refused content | refused content | refused content   | refused content | refused content | refused content | refused content | refused content | refused content    | refused content | refused content | refused state   | refused state      | refused state    |
| told, version as read    | = written       | = written       | = written       | = written       | = written       | = written       | = written       | = written       | = written       | = written       | = written         | = written       | = written       | = written       | = written       | = written       | = written          | = written       | = written       | = written       | = written          | = written        |
| told, other version      | refused version | refused version | refused version | refused version | refused version | refused version | refused version | refused version | refused version | refused version | refused version   | refused version | refused version | refused version | refused version | refused version | refused version    | refused version | refused version | refused version | refused version    | refused version  |
`

const persons = `
| event                               | intended         | sending          | unknown          | unknown #1             | unknown not 2    | needsReview      | needsReview #1         | needsReview +ev  | needsReview unclaimed | rejected         | accepted #1      | withdrawn        |
| claimed, other content              | sending          | refused state    | refused state    | refused state          | refused state    | refused state    | refused state          | refused state    | refused state         | sending          | refused state    | refused state    |
| claimed, later version              | refused version  | refused state    | refused state    | refused state          | refused state    | refused state    | refused state          | refused state    | refused state         | refused version  | refused state    | refused state    |
| resolved not paid, version as asked | refused state    | refused state    | intended         | refused record         | intended         | intended         | refused record         | intended -ev     | intended              | refused state    | refused state    | refused state    |
| resolved not paid, other version    | refused state    | refused state    | refused version  | refused version        | refused version  | refused version  | refused version        | refused version  | refused version       | refused state    | refused state    | refused state    |
| resolved paid 1 approved            | refused state    | refused state    | approved #1      | approved               | approved #1      | approved #1      | approved               | approved #1 -ev  | approved #1           | refused state    | refused state    | refused state    |
| resolved paid 1 unrecognised        | refused state    | refused state    | accepted #1      | accepted               | accepted #1      | accepted #1      | accepted               | accepted #1 -ev  | accepted #1           | refused state    | refused state    | refused state    |
| resolved paid 2 same                | refused state    | refused state    | accepted #2      | accepted #2 duplicate! | accepted #2      | accepted #2      | accepted #2 duplicate! | accepted #2 -ev  | accepted #2           | refused state    | refused state    | refused state    |
| resolved paid 2 same, not ours: 1   | refused state    | refused state    | accepted #2      | accepted #2            | accepted #2      | accepted #2      | accepted #2            | accepted #2 -ev  | accepted #2           | refused state    | refused state    | refused state    |
| resolved paid, other version        | refused state    | refused state    | refused version  | refused version        | refused version  | refused version  | refused version        | refused version  | refused version       | refused state    | refused state    | refused state    |
| withdrawn, no version               | withdrawn        | refused state    | refused state    | refused state          | refused state    | refused version  | refused version        | refused version  | refused version       | withdrawn        | refused state    | refused state    |
| withdrawn, version as asked         | withdrawn        | refused state    | refused state    | refused state          | refused state    | withdrawn        | refused record         | withdrawn -ev    | withdrawn             | withdrawn        | refused state    | refused state    |
| withdrawn, not ours: 1              | withdrawn        | refused state    | refused state    | refused state          | refused state    | withdrawn        | withdrawn #-           | withdrawn -ev    | withdrawn             | withdrawn        | refused state    | refused state    |
| withdrawn, other version            | refused version  | refused state    | refused state    | refused state          | refused state    | refused version  | refused version        | refused version  | refused version       | refused version  | refused state    | refused state    |
| acknowledged, as it was             | refused no-alarm | refused no-alarm | refused no-alarm | refused no-alarm       | refused no-alarm | refused no-alarm | refused no-alarm       | refused no-alarm | refused no-alarm      | refused no-alarm | refused no-alarm | refused no-alarm |
`

const alarmed = `
| event                               | needsReview #1 alarm   | accepted #1 alarm | approved #1 alarm | withdrawn #1 alarm |
| acknowledged, no record             | = -alarm               | = -alarm          | = -alarm          | = -alarm           |
| acknowledged, as it was             | = -alarm               | = -alarm          | accepted -alarm   | accepted -alarm    |
| acknowledged, approved now          | = -alarm               | approved -alarm   | = -alarm          | approved -alarm    |
| acknowledged, cancelled now         | = -alarm               | cancelled -alarm  | cancelled -alarm  | cancelled -alarm   |
| acknowledged, other record          | = -alarm               | = -alarm          | = -alarm          | = -alarm           |
| acknowledged, not ours: 1           | = #- -alarm            | refused record    | refused record    | = #- -alarm        |
| acknowledged, other version         | refused version        | refused version   | refused version   | refused version    |
| seen 1 differs                      | =                      | =                 | =                 | =                  |
| seen 1 same, cancelled              | cancelled              | cancelled         | =                 | =                  |
| seen 2 same, processing             | = duplicate!           | = duplicate!      | = duplicate!      | = duplicate!       |
| answerLost id 2, owner              | = duplicate!           | = duplicate!      | = duplicate!      | = duplicate!       |
| resolved not paid, version as asked | refused record         | refused state     | refused state     | refused state      |
| resolved not paid, not ours: 1      | intended #-            | refused state     | refused state     | refused state      |
| resolved paid 2 same                | accepted #2 duplicate! | refused state     | refused state     | refused state      |
`

const adoptions = `
| event                        | intended   | intended worker | rejected   | sending          | sending +ev      | sending adopted | unknown   | unknown #1 | unknown adopted | unknown unclaimed | needsReview | needsReview #1 | needsReview +ev | accepted #1 | approved #1 | partial #1 | cancelled #1 | withdrawn           |
| adopted                      | sending    | sending         | sending    | =                | =                | =               | = written | = written  | =               | =                 | = written   | = written      | = written       | =           | =           | =          | =            | =                   |
| answerLost id 1, other claim | unknown #1 | unknown #1      | unknown #1 | = +ev duplicate! | = +ev duplicate! | unknown #1      | = #1      | =          | = #1            | = #1              | = #1        | =              | = #1            | =           | =           | =          | =            | = #1 changed-final! |
| answerLost, other claim      | =          | =               | =          | =                | =                | =               | =         | =          | =               | =                 | =           | =              | =               | =           | =           | =          | =            | =                   |
`

describe.each([
  ["a debit collected in part, and a withdrawn transfer", ends],
  ["records and look-ups beyond the model", recordTable],
  ["a row with evidence, ids that were ruled out, an alarm, or a difference that was accepted", traces],
  ["a row that a worker processes", worker],
  ["a row that is given to a worker, and whose end is told", carriedRows],
  ["a transfer that another program sent, or may have sent", adoptions],
  ["decisions of a person", persons],
  ["a row with an alarm", alarmed]
])("step of %s", (_, table) => {
  const cells = read(table)
  for (const event of new Set(cells.map((cell) => cell.event))) {
    it(`handles "${event}" as its row says`, () => {
      for (const cell of cells.filter((one) => one.event === event)) check(cell)
    })
  }
})
