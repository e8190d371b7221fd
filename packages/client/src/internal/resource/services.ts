/**
 * Makes the services of the API, one for each group of the contract.
 */
import {
  CreateCustomer,
  CreatePayinLink,
  CreatePayinRequest,
  CreatePayinSource,
  CreatePayoutRequest,
  CreatePayoutTarget,
  type CustomerId,
  type MerchantAccountId,
  Operations,
  type PageQuery,
  type PayinLinkId,
  PayinLink,
  PayinLinkStatus,
  PayinLinkType,
  type PayinRequestId,
  type PayinSourceId,
  PayinRequest,
  PayinSource,
  PayinSourceStatus,
  PayinSourceType,
  PayinStatus,
  type PayoutRequestId,
  PayoutRequest,
  PayoutStatus,
  type PayoutTargetId,
  PayoutTarget,
  PayoutTargetStatus,
  PayoutTargetType,
  Sensitive,
  StatusMessage
} from "@palomma-effect/schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Customers } from "../../Customers.ts"
import { MerchantAccounts } from "../../MerchantAccounts.ts"
import { type PayinLinkQuery, PayinLinks } from "../../PayinLinks.ts"
import { type PayinRequestQuery, PayinRequests } from "../../PayinRequests.ts"
import { PayinSettlements } from "../../PayinSettlements.ts"
import { PayinSourceCancelled, PayinSources } from "../../PayinSources.ts"
import { PayoutRequests } from "../../PayoutRequests.ts"
import { PayoutTargetCancelled, PayoutTargets } from "../../PayoutTargets.ts"
import * as SafeText from "../../SafeText.ts"
import type { Connection } from "../http/connection.ts"
import { invalidInput } from "../options/checks.ts"
import { awaitRecord } from "./awaiting.ts"
import type { None, Uncovered } from "./contract.ts"
import * as Operation from "./operation.ts"
import * as Pages from "./pages.ts"
import { creatable, readable } from "./resource.ts"

const customers = (connection: Connection): Customers["Service"] =>
  creatable({
    connection,
    service: "Customers",
    operations: Operations.customers,
    params: (customerId: CustomerId) => ({ customerId }),
    query: (query) => query,
    body: CreateCustomer.forMerchant(connection.rules)
  })

const merchantAccounts = (connection: Connection): MerchantAccounts["Service"] =>
  readable({
    connection,
    service: "MerchantAccounts",
    operations: Operations.merchantAccounts,
    params: (merchantAccountId: MerchantAccountId) => ({ merchantAccountId }),
    query: (query) => query
  })

const payinLinks = (connection: Connection): PayinLinks["Service"] => {
  const resource = creatable({
    connection,
    service: "PayinLinks",
    operations: Operations.payinLinks,
    params: (payinLinkId: PayinLinkId) => ({ payinLinkId }),
    query: (query) => query,
    body: CreatePayinLink.forMerchant(connection.rules),
    isOfOtherType: ({ type }) => PayinLinkType.guards.Unrecognized(type)
  })
  return {
    ...resource,
    awaitFinal: (id, options) =>
      awaitRecord(
        "PayinLinks.awaitFinal",
        { id, read: resource.get(id), model: PayinLink, status: PayinLinkStatus },
        options
      )
  }
}

const payinRequests = (connection: Connection): PayinRequests["Service"] => {
  const resource = creatable({
    connection,
    service: "PayinRequests",
    operations: Operations.payinRequests,
    params: (payinRequestId: PayinRequestId) => ({ payinRequestId }),
    query: (query) => query,
    body: CreatePayinRequest.forMerchant(connection.rules)
  })
  return {
    ...resource,
    awaitFinal: (id, options) =>
      awaitRecord(
        "PayinRequests.awaitFinal",
        { id, read: resource.get(id), model: PayinRequest, status: PayinStatus },
        options
      )
  }
}

const missingSettlementId = { field: "payinSettlementId", code: "text", rule: "must be text" }

const payinSettlements = (
  connection: Connection,
  links: PayinLinks["Service"],
  requests: PayinRequests["Service"]
): PayinSettlements["Service"] => {
  const operations = Operations.payinSettlements
  const get = Operation.get(connection, "PayinSettlements.get", operations.get)
  const list = Operation.list(connection, "PayinSettlements.list", operations.list)
  return {
    get: (merchantAccountId, payinSettlementId) => get({ merchantAccountId, payinSettlementId }),
    list: (merchantAccountId, query = {}) => list({ merchantAccountId }, query),
    stream: (merchantAccountId, query = {}) =>
      Pages.stream("PayinSettlements.stream", (query: PageQuery) => list({ merchantAccountId }, query), query),
    payins: (payinSettlementId) =>
      // Without an id, the lists would have no filter, and all payins would seem to be in the settlement.
      typeof payinSettlementId === "string"
        ? Pages.stream<PayinLink | PayinRequest, PayinLinkQuery & PayinRequestQuery>(
            "PayinSettlements.payins",
            links.list,
            { payinSettlementId },
            [requests.list]
          )
        : Stream.fail(invalidInput("PayinSettlements.payins", "none", [missingSettlementId]))
  }
}

const statusMessageOf = (model: Schema.Top, record: { readonly statusMessage?: StatusMessage }) =>
  record.statusMessage === undefined
    ? {}
    : { statusMessage: SafeText.make(StatusMessage.raw(record.statusMessage), Sensitive.values(model, record)) }

const payinSources = (connection: Connection): PayinSources["Service"] => {
  const resource = creatable({
    connection,
    service: "PayinSources",
    operations: Operations.payinSources,
    params: (payinSourceId: PayinSourceId) => ({ payinSourceId }),
    query: (query) => query,
    body: CreatePayinSource.forMerchant(connection.rules),
    isOfOtherType: ({ type }) => PayinSourceType.guards.Unrecognized(type)
  })
  return {
    ...resource,
    awaitActive: (id, options) =>
      awaitRecord(
        "PayinSources.awaitActive",
        { id, read: resource.get(id), model: PayinSource, status: PayinSourceStatus },
        options
      ).pipe(
        Effect.filterOrFail(
          ({ status }) => PayinSourceStatus.guards.active(status),
          (source) =>
            new PayinSourceCancelled({ payinSourceId: SafeText.id(id), ...statusMessageOf(PayinSource, source) })
        )
      )
  }
}

const payoutRequests = (connection: Connection): PayoutRequests["Service"] => {
  const resource = creatable({
    connection,
    service: "PayoutRequests",
    operations: Operations.payoutRequests,
    params: (payoutRequestId: PayoutRequestId) => ({ payoutRequestId }),
    query: (query) => query,
    body: CreatePayoutRequest.forMerchant(connection.rules)
  })
  return {
    ...resource,
    awaitFinal: (id, options) =>
      awaitRecord(
        "PayoutRequests.awaitFinal",
        { id, read: resource.get(id), model: PayoutRequest, status: PayoutStatus },
        options
      )
  }
}

const payoutTargets = (connection: Connection): PayoutTargets["Service"] => {
  const resource = creatable({
    connection,
    service: "PayoutTargets",
    operations: Operations.payoutTargets,
    params: (payoutTargetId: PayoutTargetId) => ({ payoutTargetId }),
    query: (query) => query,
    body: CreatePayoutTarget.forMerchant(connection.rules),
    isOfOtherType: ({ type }) => PayoutTargetType.guards.Unrecognized(type)
  })
  return {
    ...resource,
    awaitActive: (id, options) =>
      awaitRecord(
        "PayoutTargets.awaitActive",
        { id, read: resource.get(id), model: PayoutTarget, status: PayoutTargetStatus },
        options
      ).pipe(
        Effect.filterOrFail(
          ({ status }) => PayoutTargetStatus.guards.active(status),
          (target) =>
            new PayoutTargetCancelled({ payoutTargetId: SafeText.id(id), ...statusMessageOf(PayoutTarget, target) })
        )
      )
  }
}

/** The services, one for each group of the contract. */
export type Services =
  | Customers
  | MerchantAccounts
  | PayinLinks
  | PayinRequests
  | PayinSettlements
  | PayinSources
  | PayoutRequests
  | PayoutTargets

/** Compiles only if each operation of the contract has a method in its service. */
export type Covered = None<Uncovered<Services>>

/** Makes every service of the API over a connection. */
export const make = (connection: Connection): Context.Context<Services> => {
  const links = payinLinks(connection)
  const requests = payinRequests(connection)
  return Context.make(Customers, customers(connection)).pipe(
    Context.add(MerchantAccounts, merchantAccounts(connection)),
    Context.add(PayinLinks, links),
    Context.add(PayinRequests, requests),
    Context.add(PayinSettlements, payinSettlements(connection, links, requests)),
    Context.add(PayinSources, payinSources(connection)),
    Context.add(PayoutRequests, payoutRequests(connection)),
    Context.add(PayoutTargets, payoutTargets(connection))
  )
}
