import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import { type Answer, get, pay, target, throughBothDoors } from "./support.ts"

describe("lists", () => {
  throughBothDoors(
    "a list has pages of 20 by default, and ends with a null cursor",
    Effect.gen(function* () {
      const id = yield* target
      for (let i = 1; i <= 45; i++) yield* pay(id, `r-${i}`)
      const seen: Array<string> = []
      const sizes: Array<number> = []
      let cursor: string | null = ""
      while (cursor !== null) {
        const page: Answer = yield* get(`/payoutRequests${cursor === "" ? "" : `?cursor=${cursor}`}`)
        for (const item of page.json.items) seen.push(item.reference)
        sizes.push(page.json.count)
        cursor = page.json.cursor
      }
      expect(sizes).toEqual([20, 20, 5])
      expect(seen).toEqual(Array.from({ length: 45 }, (_, i) => `r-${i + 1}`))
      expect((yield* get("/payoutRequests?limit=100")).json.items).toHaveLength(45)
      expect((yield* get("/payoutRequests?limit=45")).json.cursor).toBeNull()
      expect((yield* get("/payoutRequests?limit=44")).json.cursor).toMatch(/^[0-9a-f]+$/)
    })
  )

  throughBothDoors(
    "filters are exact and can be combined, also across pages",
    Effect.gen(function* () {
      const one = yield* target
      const other = yield* target
      for (const reference of ["a", "b", "a", "A", "a.", "aa"]) yield* pay(one, reference)
      yield* pay(other, "a")
      const find = (query: string) => Effect.map(get(`/payoutRequests?${query}`), ({ json }) => json)
      expect((yield* find("reference=a")).items).toHaveLength(3)
      expect((yield* find(`reference=a&payoutTargetId=${one}`)).items).toHaveLength(2)
      expect((yield* find(`payoutTargetId=${other}`)).items).toHaveLength(1)
      expect((yield* find("reference=nobody")).items).toEqual([])
      const first = yield* find("reference=a&limit=2")
      const second = yield* find(`reference=a&limit=2&cursor=${first.cursor}`)
      expect([first.items.length, second.items.length, second.cursor]).toEqual([2, 1, null])
      // The cursor is a position in the list of all records, so the third "a" is after it without the filter too.
      const rest = yield* find(`limit=20&cursor=${first.cursor}`)
      expect(rest.items.map(({ reference }) => reference)).toEqual(["A", "a.", "aa", "a"])
    })
  )

  throughBothDoors(
    "a limit out of bounds and a cursor of another list are refused",
    Effect.gen(function* () {
      const id = yield* target
      for (let i = 0; i < 2; i++) yield* pay(id)
      const { json } = yield* get("/payoutRequests?limit=1")
      for (const query of ["limit=0", "limit=101", "limit=ten", "cursor=zz", "cursor="]) {
        const answer = yield* get(`/payoutRequests?${query}`)
        expect([query, answer.status, typeof answer.json.message]).toEqual([query, 400, "string"])
      }
      expect((yield* get(`/customers?cursor=${json.cursor}`)).status).toBe(400)
    })
  )
})
