import * as Schema from "effect/Schema"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { PayinLinkId, PayinSettlementId, pathSegment } from "../../Id.ts"
import { Page, pageQuery } from "../../Page.ts"
import { CreatePayinLink, PayinLink } from "../../PayinLink.ts"
import { given } from "../given.ts"
import { createErrors, customerId, getErrors, listErrors, PalommaAuth, reference } from "./common.ts"

export const payinLinks = HttpApiGroup.make("payinLinks")
  .add(
    HttpApiEndpoint.post("create", "/payinLinks", {
      payload: CreatePayinLink.wire,
      success: PayinLink,
      error: createErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "createPayinLink", summary: "Ask for one payment" })),
    HttpApiEndpoint.get("list", "/payinLinks", {
      query: {
        reference,
        customerId,
        payinSettlementId: given(Schema.toType(PayinSettlementId)),
        ...pageQuery
      },
      success: Page(PayinLink),
      error: listErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "listPayinLinks", summary: "List payin links" })),
    HttpApiEndpoint.get("get", "/payinLinks/:payinLinkId", {
      params: { payinLinkId: pathSegment(PayinLinkId) },
      success: PayinLink,
      error: getErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "getPayinLinkById", summary: "Fetch one payin link" }))
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Payin Links", description: "Single payments through a hosted page." }))
