/**
 * fast-check arbitraries for values of every model and every create body of this package.
 */
import {
  Card,
  CreateCustomer,
  CreatePayinLink,
  CreatePayinRequest,
  CreatePayinSource,
  CreatePayoutRequest,
  CreatePayoutTarget,
  Customer,
  CustomerDetails,
  MerchantAccount,
  PayinLink,
  PayinLinkNotice,
  PayinRequest,
  PayinRequestNotice,
  PayinSettlement,
  PayinSource,
  PayinSourceNotice,
  PayinSourceDetails,
  PayoutRequest,
  PayoutRequestNotice,
  PayoutTarget,
  PayoutTargetNotice,
  PayoutTargetDetails,
  WebhookEvent
} from "@palomma-effect/schema"
import type * as Schema from "effect/Schema"
import type * as fc from "fast-check"
import {
  createCustomer,
  card,
  createPayinLink,
  createPayinSource,
  createPayinRequest,
  createPayoutTarget,
  createPayoutRequest
} from "./arbitraries/bodies.ts"
import {
  customer,
  customerDetails,
  payinLink,
  payinLinkNotice,
  payinSourceDetails,
  payinSource,
  payinSourceNotice,
  payinRequest,
  payinRequestNotice,
  payoutTargetDetails,
  payoutTarget,
  payoutTargetNotice,
  payoutRequest,
  payoutRequestNotice,
  merchantAccount,
  payinSettlement,
  webhookEvent
} from "./arbitraries/models.ts"

export { notOf, open, page, pesos } from "./arbitraries/values.ts"
export * from "./arbitraries/bodies.ts"
export * from "./arbitraries/models.ts"

interface Sample<A> {
  readonly schema: Schema.Codec<A, unknown>
  readonly values: fc.Arbitrary<A>
}

const sample = <A>(schema: Schema.Codec<A, unknown>, values: fc.Arbitrary<A>): Sample<A> => ({ schema, values })

/** Every model of answers. */
export const models = {
  Customer: sample(Customer, customer),
  CustomerDetails: sample(CustomerDetails, customerDetails),
  PayinLink: sample(PayinLink, payinLink),
  PayinLinkNotice: sample(PayinLinkNotice, payinLinkNotice),
  PayinSource: sample(PayinSource, payinSource),
  PayinSourceNotice: sample(PayinSourceNotice, payinSourceNotice),
  PayinSourceDetails: sample(PayinSourceDetails, payinSourceDetails),
  PayinRequest: sample(PayinRequest, payinRequest),
  PayinRequestNotice: sample(PayinRequestNotice, payinRequestNotice),
  PayoutTarget: sample(PayoutTarget, payoutTarget),
  PayoutTargetNotice: sample(PayoutTargetNotice, payoutTargetNotice),
  PayoutTargetDetails: sample(PayoutTargetDetails, payoutTargetDetails),
  PayoutRequest: sample(PayoutRequest, payoutRequest),
  PayoutRequestNotice: sample(PayoutRequestNotice, payoutRequestNotice),
  MerchantAccount: sample(MerchantAccount, merchantAccount),
  PayinSettlement: sample(PayinSettlement, payinSettlement),
  WebhookEvent: sample(WebhookEvent, webhookEvent)
}

/** Every body of requests. */
export const bodies = {
  CreateCustomer: sample(CreateCustomer, createCustomer),
  CreatePayinLink: sample(CreatePayinLink, createPayinLink),
  CreatePayinSource: sample(CreatePayinSource, createPayinSource),
  CreatePayinRequest: sample(CreatePayinRequest, createPayinRequest),
  CreatePayoutTarget: sample(CreatePayoutTarget, createPayoutTarget),
  CreatePayoutRequest: sample(CreatePayoutRequest, createPayoutRequest),
  Card: sample(Card, card)
}
