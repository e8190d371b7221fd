/**
 * The accounts that were registered at Palomma already, so that each is registered once and a line keeps its payout target.
 *
 * They are remembered beside the CSV file, by a digest: the account itself is not written down.
 */
import { type CreateError, Customers, PalommaEndpoint, PayoutTargets } from "@palomma-effect/client"
import { PayoutTargetId } from "@palomma-effect/schema"
import { Effect } from "effect"
import { createHash } from "node:crypto"
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs"
import type { Payment } from "./payments.ts"

type Account = Pick<Payment, "bankAccount" | "customer">

const redirectUrl = "https://example.com/thanks"

/** Opens the memory of a file; gives what registers the account of a payment, or finds that it was. */
export const openAccounts = Effect.fnUntraced(function* (memory: string) {
  const { baseUrl } = yield* PalommaEndpoint
  const customers = yield* Customers
  const payoutTargets = yield* PayoutTargets
  const targets = new Map<string, Effect.Effect<PayoutTargetId, CreateError>>()
  for (const line of existsSync(memory) ? readFileSync(memory, "utf8").split("\n") : []) {
    const [key = "", id = "", end] = line.split(" ")
    // A line may be cut short where the disk was full; of two of one account the first one counts.
    if (end === "." && !targets.has(key)) targets.set(key, Effect.succeed(PayoutTargetId.make(id)))
  }
  // "as": a line is on the disk before the first payout to it.
  const file = yield* Effect.acquireRelease(
    Effect.sync(() => openSync(memory, "as")),
    (file) => Effect.sync(() => closeSync(file))
  )

  const keyOf = ({ bankAccount, customer }: Account): string => {
    const { accountNumber, accountType, bank } = bankAccount
    const parts = [baseUrl, customer.documentType, customer.documentNumber, bank, accountType, accountNumber]
    return createHash("sha256").update(JSON.stringify(parts)).digest("base64url")
  }

  const register = Effect.fnUntraced(function* (key: string, { bankAccount, customer }: Account) {
    const { id: customerId } = yield* customers.create(customer)
    const { id } = yield* payoutTargets.create({ customerId, redirectUrl, type: "bankAccount", bankAccount })
    writeSync(file, `${key} ${id} .\n`)
    return id
  })

  return Effect.fnUntraced(function* (account: Account) {
    const key = keyOf(account)
    const own = yield* Effect.cached(register(key, account))
    // Lines of one account that come at the same moment register it once.
    const target = targets.get(key) ?? own
    targets.set(key, target)
    return yield* target
  })
})
