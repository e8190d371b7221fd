/**
 * Every operation of the Palomma API v0: its path, parameters, body and answer.
 *
 * It is the one list of operations. The client is made of it, and so is the contract `PalommaApi`, from which the simulator and the
 * OpenAPI document are derived. It holds what is true for every merchant: bounds and extra values differ per merchant, and are checked
 * by the `forMerchant` of each create body.
 */
import * as Schema from "effect/Schema"
import { CreateCustomer, Customer } from "./Customer.ts"
import {
  CustomerId,
  MerchantAccountId,
  pathSegment,
  PayinLinkId,
  PayinRequestId,
  PayinSettlementId,
  PayinSourceId,
  PayoutRequestId,
  PayoutTargetId
} from "./Id.ts"
import { given } from "./internal/given.ts"
import { Filter } from "./internal/text.ts"
import { MerchantAccount } from "./MerchantAccount.ts"
import { Page, pageQuery } from "./Page.ts"
import { CreatePayinLink, PayinLink } from "./PayinLink.ts"
import { CreatePayinRequest, PayinRequest } from "./PayinRequest.ts"
import { PayinSettlement } from "./PayinSettlement.ts"
import { CreatePayinSource, PayinSource } from "./PayinSource.ts"
import { CreatePayoutRequest, PayoutRequest } from "./PayoutRequest.ts"
import { CreatePayoutTarget, PayoutTarget } from "./PayoutTarget.ts"

// Keeps the records that were made with this reference of the merchant's own.
const reference = given(Filter)
// Keeps the records of this customer.
const customerId = given(Schema.toType(CustomerId))
// Keeps the records whose money was handed over in this settlement.
const payinSettlementId = given(Schema.toType(PayinSettlementId))

/** The people and companies that pay or are paid. */
export const customers = {
  title: "Customers",
  description: "People and companies that pay or are paid.",
  create: {
    method: "POST",
    path: "/customers",
    identifier: "createCustomer",
    summary: "Register a customer",
    payload: CreateCustomer.wire,
    success: Customer
  },
  list: {
    method: "GET",
    path: "/customers",
    identifier: "listCustomers",
    summary: "List customers",
    query: Schema.Struct({ reference, ...pageQuery }),
    success: Page(Customer)
  },
  get: {
    method: "GET",
    path: "/customers/:customerId",
    identifier: "getCustomerById",
    summary: "Fetch one customer",
    params: Schema.Struct({ customerId: pathSegment(CustomerId) }),
    success: Customer
  }
} as const

/** Single payments through a hosted page. */
export const payinLinks = {
  title: "Payin Links",
  description: "Single payments through a hosted page.",
  create: {
    method: "POST",
    path: "/payinLinks",
    identifier: "createPayinLink",
    summary: "Ask for one payment",
    payload: CreatePayinLink.wire,
    success: PayinLink
  },
  list: {
    method: "GET",
    path: "/payinLinks",
    identifier: "listPayinLinks",
    summary: "List payin links",
    query: Schema.Struct({ reference, customerId, payinSettlementId, ...pageQuery }),
    success: Page(PayinLink)
  },
  get: {
    method: "GET",
    path: "/payinLinks/:payinLinkId",
    identifier: "getPayinLinkById",
    summary: "Fetch one payin link",
    params: Schema.Struct({ payinLinkId: pathSegment(PayinLinkId) }),
    success: PayinLink
  }
} as const

/** Accounts whose owners allowed them to be debited. */
export const payinSources = {
  title: "Payin Sources",
  description: "Accounts whose owners allowed them to be debited.",
  create: {
    method: "POST",
    path: "/payinSources",
    identifier: "createPayinSource",
    summary: "Register an account to debit",
    payload: CreatePayinSource.wire,
    success: PayinSource
  },
  list: {
    method: "GET",
    path: "/payinSources",
    identifier: "listPayinSources",
    summary: "List payin sources",
    query: Schema.Struct({ reference, customerId, ...pageQuery }),
    success: Page(PayinSource)
  },
  get: {
    method: "GET",
    path: "/payinSources/:payinSourceId",
    identifier: "getPayinSourceById",
    summary: "Fetch one payin source",
    params: Schema.Struct({ payinSourceId: pathSegment(PayinSourceId) }),
    success: PayinSource
  }
} as const

/** Debits of a payin source. */
export const payinRequests = {
  title: "Payin Requests",
  description: "Debits of a payin source.",
  create: {
    method: "POST",
    path: "/payinRequests",
    identifier: "createPayinRequest",
    summary: "Debit a payin source",
    payload: CreatePayinRequest.wire,
    success: PayinRequest
  },
  list: {
    method: "GET",
    path: "/payinRequests",
    identifier: "listPayinRequests",
    summary: "List payin requests",
    query: Schema.Struct({
      reference,
      customerId,
      payinSourceId: given(Schema.toType(PayinSourceId)),
      payinSettlementId,
      ...pageQuery
    }),
    success: Page(PayinRequest)
  },
  get: {
    method: "GET",
    path: "/payinRequests/:payinRequestId",
    identifier: "getPayinRequestById",
    summary: "Fetch one payin request",
    params: Schema.Struct({ payinRequestId: pathSegment(PayinRequestId) }),
    success: PayinRequest
  }
} as const

/** Accounts that money can be sent to. */
export const payoutTargets = {
  title: "Payout Targets",
  description: "Accounts that money can be sent to.",
  create: {
    method: "POST",
    path: "/payoutTargets",
    identifier: "createPayoutTarget",
    summary: "Register an account to pay",
    payload: CreatePayoutTarget.wire,
    success: PayoutTarget
  },
  list: {
    method: "GET",
    path: "/payoutTargets",
    identifier: "listPayoutTargets",
    summary: "List payout targets",
    query: Schema.Struct({ reference, customerId, ...pageQuery }),
    success: Page(PayoutTarget)
  },
  get: {
    method: "GET",
    path: "/payoutTargets/:payoutTargetId",
    identifier: "getPayoutTargetById",
    summary: "Fetch one payout target",
    params: Schema.Struct({ payoutTargetId: pathSegment(PayoutTargetId) }),
    success: PayoutTarget
  }
} as const

/** Transfers to a payout target. */
export const payoutRequests = {
  title: "Payout Requests",
  description: "Transfers to a payout target.",
  create: {
    method: "POST",
    path: "/payoutRequests",
    identifier: "createPayoutRequest",
    summary: "Send money to a payout target",
    payload: CreatePayoutRequest.wire,
    success: PayoutRequest
  },
  list: {
    method: "GET",
    path: "/payoutRequests",
    identifier: "listPayoutRequests",
    summary: "List payout requests",
    query: Schema.Struct({
      reference,
      customerId,
      payoutTargetId: given(Schema.toType(PayoutTargetId)),
      ...pageQuery
    }),
    success: Page(PayoutRequest)
  },
  get: {
    method: "GET",
    path: "/payoutRequests/:payoutRequestId",
    identifier: "getPayoutRequestById",
    summary: "Fetch one payout request",
    params: Schema.Struct({ payoutRequestId: pathSegment(PayoutRequestId) }),
    success: PayoutRequest
  }
} as const

/** The merchant's balances. */
export const merchantAccounts = {
  title: "Merchant Accounts",
  description: "The merchant's balances.",
  list: {
    method: "GET",
    path: "/merchantAccounts",
    identifier: "listMerchantAccounts",
    summary: "List merchant accounts",
    query: Schema.Struct({ ...pageQuery }),
    success: Page(MerchantAccount)
  },
  get: {
    method: "GET",
    path: "/merchantAccounts/:merchantAccountId",
    identifier: "getMerchantAccountById",
    summary: "Fetch one merchant account",
    params: Schema.Struct({ merchantAccountId: pathSegment(MerchantAccountId) }),
    success: MerchantAccount
  }
} as const

/** The payins of one cycle of a merchant account, handed over together. */
export const payinSettlements = {
  title: "Payin Settlements",
  description: "The payins of one cycle of a merchant account, handed over together.",
  list: {
    method: "GET",
    path: "/merchantAccounts/:merchantAccountId/settlements",
    identifier: "listPayinSettlements",
    summary: "List the payin settlements of a merchant account",
    params: Schema.Struct({ merchantAccountId: pathSegment(MerchantAccountId) }),
    query: Schema.Struct({ ...pageQuery }),
    success: Page(PayinSettlement)
  },
  get: {
    method: "GET",
    path: "/merchantAccounts/:merchantAccountId/settlements/:payinSettlementId",
    identifier: "getPayinSettlementById",
    summary: "Fetch one payin settlement",
    params: Schema.Struct({
      merchantAccountId: pathSegment(MerchantAccountId),
      payinSettlementId: pathSegment(PayinSettlementId)
    }),
    success: PayinSettlement
  }
} as const
