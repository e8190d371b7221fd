/** One interface for payouts and debits, so that each rule is tested for both. */
import {
  type AdoptError,
  type IntendError,
  type AdoptOptions,
  type Palomma,
  type PalommaInvalidInput,
  Payins,
  Payouts,
  type Transfer,
  type TransferAllOptions,
  type TransferError,
  type TransferJournal,
  type TransferKind,
  type TransferOperations,
  type TransferOptions,
  type TransferResult
} from "@palomma-effect/client"
import {
  MerchantAccountId,
  type PayinRequest,
  PayinSourceId,
  PayinStatus,
  type PayoutRequest,
  PayoutStatus,
  PayoutTargetId
} from "@palomma-effect/schema"
import type { Operation, PalommaSimulator } from "@palomma-effect/testing"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** A payout or a debit to send. */
export interface Intent {
  readonly reference: string
  readonly accountId: string
  /** Whole pesos. */
  readonly amount: number
  readonly merchantAccountId?: string | undefined
  /** Other fields, as an untyped program may pass them. */
  readonly unchecked?: object | undefined
}

/** A result of a run over many transfers, of either kind. */
export type Result = TransferResult<{ readonly reference: string }>

/** The common interface of `Payouts` and `Payins`. */
export interface Transfers extends TransferOperations {
  /** `Payouts.send` or `Payins.charge`. */
  readonly send: (intent: Intent) => Effect.Effect<Transfer, TransferError>
  /** `Payouts.adopt` or `Payins.adopt`. */
  readonly adopt: (intent: Intent, options?: AdoptOptions) => Effect.Effect<Transfer, AdoptError>
  /** `Payouts.intend` or `Payins.intend`. */
  readonly intend: (intent: Intent) => Effect.Effect<Transfer, IntendError>
  /** `Payouts.sendAll` or `Payins.chargeAll`. */
  readonly sendAll: <E>(
    intents: Stream.Stream<Intent, E>,
    options?: TransferAllOptions
  ) => Stream.Stream<Result, E | PalommaInvalidInput>
}

/** A record that a simulated Palomma has. */
export interface HeldRecord {
  readonly id: string
  readonly status: string
  readonly reference?: string | undefined
  readonly amount?: number | undefined
}

type Simulator = PalommaSimulator["Service"]

/** One of the two kinds of transfers. */
export interface Kind {
  readonly name: TransferKind
  readonly service: "Payouts" | "Payins"
  readonly verb: "send" | "charge"
  /** The field of a record and of a request that contains the account. */
  readonly accountField: "payoutTargetId" | "payinSourceId"
  /** Palomma's operations. */
  readonly create: Operation
  readonly list: Operation
  readonly get: Operation
  readonly make: (
    options: TransferOptions
  ) => Effect.Effect<Transfers, PalommaInvalidInput, Palomma.Services | TransferJournal | Scope.Scope>
  /** Adds an account that can be paid or debited. */
  readonly addAccount: (simulator: Simulator) => Effect.Effect<string>
  /** Makes a record in Palomma's dashboard, not through the API. */
  readonly addRecord: (
    simulator: Simulator,
    fields: Partial<Intent> & { readonly status?: "approved" | "cancelled" | undefined }
  ) => Effect.Effect<HeldRecord>
  /** Gives a record its final status. */
  readonly setStatus: (simulator: Simulator, id: string, status: "approved" | "cancelled") => Effect.Effect<void>
  /** All records that Palomma has. */
  readonly all: (simulator: Simulator) => Effect.Effect<ReadonlyArray<HeldRecord>>
  /** The records whose requests had a reference, in any form that it is stored in. */
  readonly byReference: (simulator: Simulator, reference: string) => Effect.Effect<ReadonlyArray<HeldRecord>>
}

const merchantAccount = (id: string | undefined): MerchantAccountId | undefined =>
  id === undefined ? undefined : MerchantAccountId.make(id)

const toPayout = ({ accountId, amount, merchantAccountId, reference, unchecked }: Intent) => ({
  ...unchecked,
  reference,
  payoutTargetId: PayoutTargetId.make(accountId),
  amount,
  sourceMerchantAccountId: merchantAccount(merchantAccountId)
})

const toPayin = ({ accountId, amount, merchantAccountId, reference, unchecked }: Intent) => ({
  ...unchecked,
  reference,
  payinSourceId: PayinSourceId.make(accountId),
  amount,
  targetMerchantAccountId: merchantAccount(merchantAccountId)
})

const heldPayout = ({ amount, id, reference, status }: PayoutRequest): HeldRecord => ({
  id,
  status: PayoutStatus.raw(status),
  reference,
  amount
})

const heldPayin = ({ amount, id, reference, status }: PayinRequest): HeldRecord => ({
  id,
  status: PayinStatus.raw(status),
  reference,
  amount
})

const payout: Kind = {
  name: "payout",
  service: "Payouts",
  verb: "send",
  accountField: "payoutTargetId",
  create: "payoutRequests.create",
  list: "payoutRequests.list",
  get: "payoutRequests.get",
  make: (options) =>
    Effect.map(Layer.build(Payouts.layer(options)), (context) => {
      const payouts = Context.get(context, Payouts)
      return {
        ...payouts,
        send: (intent) => payouts.send(toPayout(intent)),
        adopt: (intent, options) => payouts.adopt(toPayout(intent), options),
        intend: (intent) => payouts.intend(toPayout(intent)),
        sendAll: (intents, options) => payouts.sendAll(Stream.map(intents, toPayout), options)
      }
    }),
  addAccount: (simulator) => Effect.map(simulator.addPayoutTarget(), ({ id }) => id),
  addRecord: (simulator, { accountId, merchantAccountId, ...fields }) =>
    Effect.map(
      simulator.addPayoutRequest({ ...fields, payoutTargetId: accountId, sourceMerchantAccountId: merchantAccountId }),
      heldPayout
    ),
  setStatus: (simulator, id, status) => Effect.orDie(simulator.setPayoutStatus(id, { status })),
  all: (simulator) => Effect.map(simulator.ledger.payouts, (records) => records.map(heldPayout)),
  byReference: (simulator, reference) =>
    Effect.map(simulator.ledger.payoutsByReference(reference), (records) => records.map(heldPayout))
}

const payin: Kind = {
  name: "payin",
  service: "Payins",
  verb: "charge",
  accountField: "payinSourceId",
  create: "payinRequests.create",
  list: "payinRequests.list",
  get: "payinRequests.get",
  make: (options) =>
    Effect.map(Layer.build(Payins.layer(options)), (context) => {
      const payins = Context.get(context, Payins)
      return {
        ...payins,
        send: (intent) => payins.charge(toPayin(intent)),
        adopt: (intent, options) => payins.adopt(toPayin(intent), options),
        intend: (intent) => payins.intend(toPayin(intent)),
        sendAll: (intents, options) => payins.chargeAll(Stream.map(intents, toPayin), options)
      }
    }),
  addAccount: (simulator) => Effect.map(simulator.addPayinSource(), ({ id }) => id),
  addRecord: (simulator, { accountId, merchantAccountId, ...fields }) =>
    Effect.map(
      simulator.addPayinRequest({ ...fields, payinSourceId: accountId, targetMerchantAccountId: merchantAccountId }),
      heldPayin
    ),
  setStatus: (simulator, id, status) => Effect.orDie(simulator.setPayinStatus(id, { status })),
  all: (simulator) => Effect.map(simulator.ledger.payins, (records) => records.map(heldPayin)),
  byReference: (simulator, reference) =>
    Effect.map(simulator.ledger.payinsByReference(reference), (records) => records.map(heldPayin))
}

/** Both kinds, by the name of their operation: `describe.each(kinds)`. */
export const kinds: ReadonlyArray<readonly [string, Kind]> = [
  ["Payouts.send", payout],
  ["Payins.charge", payin]
]
