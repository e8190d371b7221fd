import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { PayoutRequestId, PayoutTargetId, pathSegment } from "../../Id.ts"
import { Page, pageQuery } from "../../Page.ts"
import { CreatePayoutRequest, PayoutRequest } from "../../PayoutRequest.ts"
import { given } from "../given.ts"
import { createErrors, customerId, getErrors, listErrors, PalommaAuth, reference } from "./common.ts"

export const payoutRequests = HttpApiGroup.make("payoutRequests")
  .add(
    HttpApiEndpoint.post("create", "/payoutRequests", {
      payload: CreatePayoutRequest.wire,
      success: PayoutRequest,
      error: createErrors
    }).annotateMerge(
      OpenApi.annotations({ identifier: "createPayoutRequest", summary: "Send money to a payout target" })
    ),
    HttpApiEndpoint.get("list", "/payoutRequests", {
      query: { reference, customerId, payoutTargetId: given(Schema.toType(PayoutTargetId)), ...pageQuery },
      success: Page(PayoutRequest),
      error: listErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "listPayoutRequests", summary: "List payout requests" })),
    HttpApiEndpoint.get("get", "/payoutRequests/:payoutRequestId", {
      params: { payoutRequestId: pathSegment(PayoutRequestId) },
      success: PayoutRequest,
      error: getErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "getPayoutRequestById", summary: "Fetch one payout request" }))
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Payout Requests", description: "Transfers to a payout target." }))
