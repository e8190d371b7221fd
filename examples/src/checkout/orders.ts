/**
 * The table of orders. It stands for a table of your database: the comments have the SQL of each method.
 */
import type { CustomerId, PayinLinkId } from "@palomma-effect/schema"
import { Context, Effect, Layer, Option, Ref } from "effect"

/** A row of the table. */
export interface Order {
  readonly id: string
  readonly customerId: CustomerId
  readonly pesos: number
  /** The link that the customer got. */
  readonly linkId?: PayinLinkId | undefined
  /** The link that paid the order. */
  readonly paidBy?: PayinLinkId | undefined
}

interface Methods {
  readonly insert: (order: Order) => Effect.Effect<void>
  readonly find: (id: string) => Effect.Effect<Option.Option<Order>>
  /** Replaces the link that `order` has. Returns whether it did: if not, another process has set a link since. */
  readonly setLink: (order: Order, linkId: PayinLinkId) => Effect.Effect<boolean>
  /** Marks an order as paid, once. `paid-twice`: another link has paid it before. */
  readonly markPaid: (order: Order, linkId: PayinLinkId) => Effect.Effect<"paid" | "paid-before" | "paid-twice">
}

/** The table of orders. */
export class Orders extends Context.Service<Orders, Methods>()("Orders") {
  static readonly layerMemory = Layer.effect(
    Orders,
    Effect.gen(function* () {
      const rows = yield* Ref.make<ReadonlyMap<string, Order>>(new Map())
      const update = <A>(id: string, change: (row: Order | undefined) => readonly [A, Order | undefined]) =>
        Ref.modify(rows, (all) => {
          const [result, row] = change(all.get(id))
          return [result, row === undefined ? all : new Map(all).set(id, row)] as const
        })
      return {
        insert: (order) => update(order.id, () => [undefined, order]),
        find: (id) => Effect.map(Ref.get(rows), (all) => Option.fromUndefinedOr(all.get(id))),
        // UPDATE orders SET link_id = $2 WHERE id = $1 AND link_id IS NOT DISTINCT FROM $3
        setLink: (order, linkId) =>
          update(order.id, (row) =>
            row !== undefined && row.linkId === order.linkId ? [true, { ...row, linkId }] : [false, undefined]
          ),
        // UPDATE orders SET paid_by = $2 WHERE id = $1 AND paid_by IS NULL, then SELECT paid_by, in one transaction.
        // What must happen once, such as the job that ships the order, is written in the same transaction.
        markPaid: (order, linkId) =>
          update(order.id, (row) => {
            if (row === undefined || row.paidBy === linkId) return ["paid-before", undefined]
            return row.paidBy === undefined ? ["paid", { ...row, paidBy: linkId }] : ["paid-twice", undefined]
          })
      } satisfies Methods
    })
  )
}
