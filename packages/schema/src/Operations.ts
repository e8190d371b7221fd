/**
 * All operations of the Palomma API v0, with path, parameters, body and answer.
 *
 * The client and the contract `PalommaApi` are built from this list. The simulator and the OpenAPI document are derived
 * from the contract. The list contains only what is true for every merchant. The `forMerchant` schema of each create
 * body checks the bounds and the additional values of one merchant.
 *
 * @since 0.1.0
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
import { optional } from "./internal/check/optional.ts"
import { Filter } from "./internal/check/text.ts"
import { MerchantAccount } from "./MerchantAccount.ts"
import { Page, pageQuery } from "./Page.ts"
import { CreatePayinLink, PayinLink } from "./PayinLink.ts"
import { CreatePayinRequest, PayinRequest } from "./PayinRequest.ts"
import { PayinSettlement } from "./PayinSettlement.ts"
import { CreatePayinSource, PayinSource } from "./PayinSource.ts"
import { CreatePayoutRequest, PayoutRequest } from "./PayoutRequest.ts"
import { CreatePayoutTarget, PayoutTarget } from "./PayoutTarget.ts"

// Selects the records with this reference of the merchant.
const reference = optional(Filter)
// Selects the records of this customer.
const customerId = optional(Schema.toType(CustomerId))
// Selects the records whose money was transferred to the merchant in this settlement.
const payinSettlementId = optional(Schema.toType(PayinSettlementId))

/**
 * Operations on customers: the people and companies that pay or are paid.
 *
 * @category contract
 * @since 0.1.0
 */
export const customers = {
  create: {
    method: "POST",
    path: "/customers",
    payload: CreateCustomer.wire,
    success: Customer
  },
  list: {
    method: "GET",
    path: "/customers",
    query: Schema.Struct({ reference, ...pageQuery }),
    success: Page(Customer)
  },
  get: {
    method: "GET",
    path: "/customers/:customerId",
    params: Schema.Struct({ customerId: pathSegment(CustomerId) }),
    success: Customer
  }
} as const

/**
 * Operations on payin links: single payments through a hosted page.
 *
 * @category contract
 * @since 0.1.0
 */
export const payinLinks = {
  create: {
    method: "POST",
    path: "/payinLinks",
    payload: CreatePayinLink.wire,
    success: PayinLink
  },
  list: {
    method: "GET",
    path: "/payinLinks",
    query: Schema.Struct({ reference, customerId, payinSettlementId, ...pageQuery }),
    success: Page(PayinLink)
  },
  get: {
    method: "GET",
    path: "/payinLinks/:payinLinkId",
    params: Schema.Struct({ payinLinkId: pathSegment(PayinLinkId) }),
    success: PayinLink
  }
} as const

/**
 * Operations on payin sources: accounts whose owners allow you to debit them.
 *
 * @category contract
 * @since 0.1.0
 */
export const payinSources = {
  create: {
    method: "POST",
    path: "/payinSources",
    payload: CreatePayinSource.wire,
    success: PayinSource
  },
  list: {
    method: "GET",
    path: "/payinSources",
    query: Schema.Struct({ reference, customerId, ...pageQuery }),
    success: Page(PayinSource)
  },
  get: {
    method: "GET",
    path: "/payinSources/:payinSourceId",
    params: Schema.Struct({ payinSourceId: pathSegment(PayinSourceId) }),
    success: PayinSource
  }
} as const

/**
 * Operations on payin requests: debits of a payin source.
 *
 * @category contract
 * @since 0.1.0
 */
export const payinRequests = {
  create: {
    method: "POST",
    path: "/payinRequests",
    payload: CreatePayinRequest.wire,
    success: PayinRequest
  },
  list: {
    method: "GET",
    path: "/payinRequests",
    query: Schema.Struct({
      reference,
      customerId,
      payinSourceId: optional(Schema.toType(PayinSourceId)),
      payinSettlementId,
      ...pageQuery
    }),
    success: Page(PayinRequest)
  },
  get: {
    method: "GET",
    path: "/payinRequests/:payinRequestId",
    params: Schema.Struct({ payinRequestId: pathSegment(PayinRequestId) }),
    success: PayinRequest
  }
} as const

/**
 * Operations on payout targets: accounts that can receive money.
 *
 * @category contract
 * @since 0.1.0
 */
export const payoutTargets = {
  create: {
    method: "POST",
    path: "/payoutTargets",
    payload: CreatePayoutTarget.wire,
    success: PayoutTarget
  },
  list: {
    method: "GET",
    path: "/payoutTargets",
    query: Schema.Struct({ reference, customerId, ...pageQuery }),
    success: Page(PayoutTarget)
  },
  get: {
    method: "GET",
    path: "/payoutTargets/:payoutTargetId",
    params: Schema.Struct({ payoutTargetId: pathSegment(PayoutTargetId) }),
    success: PayoutTarget
  }
} as const

/**
 * Operations on payout requests: transfers to a payout target.
 *
 * @category contract
 * @since 0.1.0
 */
export const payoutRequests = {
  create: {
    method: "POST",
    path: "/payoutRequests",
    payload: CreatePayoutRequest.wire,
    success: PayoutRequest
  },
  list: {
    method: "GET",
    path: "/payoutRequests",
    query: Schema.Struct({
      reference,
      customerId,
      payoutTargetId: optional(Schema.toType(PayoutTargetId)),
      ...pageQuery
    }),
    success: Page(PayoutRequest)
  },
  get: {
    method: "GET",
    path: "/payoutRequests/:payoutRequestId",
    params: Schema.Struct({ payoutRequestId: pathSegment(PayoutRequestId) }),
    success: PayoutRequest
  }
} as const

/**
 * Operations on merchant accounts: the balances of the merchant.
 *
 * @category contract
 * @since 0.1.0
 */
export const merchantAccounts = {
  list: {
    method: "GET",
    path: "/merchantAccounts",
    query: Schema.Struct({ ...pageQuery }),
    success: Page(MerchantAccount)
  },
  get: {
    method: "GET",
    path: "/merchantAccounts/:merchantAccountId",
    params: Schema.Struct({ merchantAccountId: pathSegment(MerchantAccountId) }),
    success: MerchantAccount
  }
} as const

/**
 * Operations on payin settlements: the payins of one cycle of a merchant account, transferred to the merchant together.
 *
 * @category contract
 * @since 0.1.0
 */
export const payinSettlements = {
  list: {
    method: "GET",
    path: "/merchantAccounts/:merchantAccountId/settlements",
    params: Schema.Struct({ merchantAccountId: pathSegment(MerchantAccountId) }),
    query: Schema.Struct({ ...pageQuery }),
    success: Page(PayinSettlement)
  },
  get: {
    method: "GET",
    path: "/merchantAccounts/:merchantAccountId/settlements/:payinSettlementId",
    params: Schema.Struct({
      merchantAccountId: pathSegment(MerchantAccountId),
      payinSettlementId: pathSegment(PayinSettlementId)
    }),
    success: PayinSettlement
  }
} as const
