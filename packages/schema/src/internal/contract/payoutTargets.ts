import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { PayoutTargetId, pathSegment } from "../../Id.ts"
import { Page, pageQuery } from "../../Page.ts"
import { CreatePayoutTarget, PayoutTarget } from "../../PayoutTarget.ts"
import { createErrors, customerId, getErrors, listErrors, PalommaAuth, reference } from "./common.ts"

export const payoutTargets = HttpApiGroup.make("payoutTargets")
  .add(
    HttpApiEndpoint.post("create", "/payoutTargets", {
      payload: CreatePayoutTarget.wire,
      success: PayoutTarget,
      error: createErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "createPayoutTarget", summary: "Register an account to pay" })),
    HttpApiEndpoint.get("list", "/payoutTargets", {
      query: { reference, customerId, ...pageQuery },
      success: Page(PayoutTarget),
      error: listErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "listPayoutTargets", summary: "List payout targets" })),
    HttpApiEndpoint.get("get", "/payoutTargets/:payoutTargetId", {
      params: { payoutTargetId: pathSegment(PayoutTargetId) },
      success: PayoutTarget,
      error: getErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "getPayoutTargetById", summary: "Fetch one payout target" }))
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Payout Targets", description: "Accounts that money can be sent to." }))
