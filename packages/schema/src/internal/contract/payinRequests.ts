import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { PayinRequestId, PayinSettlementId, PayinSourceId, pathSegment } from "../../Id.ts"
import { Page, pageQuery } from "../../Page.ts"
import { CreatePayinRequest, PayinRequest } from "../../PayinRequest.ts"
import { given } from "../given.ts"
import { createErrors, customerId, getErrors, listErrors, PalommaAuth, reference } from "./common.ts"

export const payinRequests = HttpApiGroup.make("payinRequests")
  .add(
    HttpApiEndpoint.post("create", "/payinRequests", {
      payload: CreatePayinRequest.wire,
      success: PayinRequest,
      error: createErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "createPayinRequest", summary: "Debit a payin source" })),
    HttpApiEndpoint.get("list", "/payinRequests", {
      query: {
        reference,
        customerId,
        payinSourceId: given(Schema.toType(PayinSourceId)),
        payinSettlementId: given(Schema.toType(PayinSettlementId)),
        ...pageQuery
      },
      success: Page(PayinRequest),
      error: listErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "listPayinRequests", summary: "List payin requests" })),
    HttpApiEndpoint.get("get", "/payinRequests/:payinRequestId", {
      params: { payinRequestId: pathSegment(PayinRequestId) },
      success: PayinRequest,
      error: getErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "getPayinRequestById", summary: "Fetch one payin request" }))
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Payin Requests", description: "Debits of a payin source." }))
