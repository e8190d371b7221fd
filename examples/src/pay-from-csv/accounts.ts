/**
 * The accounts that were registered at Palomma already, so that each is registered once and a line keeps its payout target.
 *
 * They are remembered beside the CSV file, by a digest: the account itself is not written down.
 */
import { Customers, PalommaTarget, PayoutTargets } from "@palomma-effect/client"
import { PayoutTargetId } from "@palomma-effect/schema"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs"
import type { Payment } from "./payments.ts"

const digest = (...parts: ReadonlyArray<string>): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url")

/** Opens the memory of a file; gives what registers the account of a payment, or finds that it was. */
export const openAccounts = Effect.fnUntraced(function* (memory: string) {
  const { baseUrl } = yield* PalommaTarget
  const customers = yield* Customers
  const payoutTargets = yield* PayoutTargets
  const known = new Map<string, PayoutTargetId>()
  for (const line of existsSync(memory) ? readFileSync(memory, "utf8").split("\n") : []) {
    const [account = "", id = "", end] = line.split(" ")
    // A line may be cut short where the disk was full.
    if (end === ".") known.set(account, PayoutTargetId.make(id))
  }
  // "as": a line is on the disk before the first payout to it.
  const file = yield* Effect.acquireRelease(
    Effect.sync(() => openSync(memory, "as")),
    (file) => Effect.sync(() => closeSync(file))
  )
  return Effect.fnUntraced(function* ({ bankAccount, customer }: Pick<Payment, "bankAccount" | "customer">) {
    const { accountNumber, accountType, bank } = bankAccount
    const account = digest(baseUrl, customer.documentType, customer.documentNumber, bank, accountType, accountNumber)
    const found = known.get(account)
    if (found !== undefined) return found
    const { id: customerId } = yield* customers.create(customer)
    const redirectUrl = "https://example.com/thanks"
    const { id } = yield* payoutTargets.create({ customerId, redirectUrl, type: "bankAccount", bankAccount })
    known.set(account, id)
    writeSync(file, `${account} ${id} .\n`)
    return id
  })
})
