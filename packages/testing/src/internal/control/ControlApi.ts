import { BadRequestBody, NotFoundBody } from "@palomma-effect/schema/ErrorBody"
import { PayinLink, PayinLinkStatus } from "@palomma-effect/schema/PayinLink"
import { PayinRequest, PayinStatus } from "@palomma-effect/schema/PayinRequest"
import { PayinSettlement } from "@palomma-effect/schema/PayinSettlement"
import { PayinSource, PayinSourceStatus } from "@palomma-effect/schema/PayinSource"
import { PayoutRequest, PayoutStatus } from "@palomma-effect/schema/PayoutRequest"
import { PayoutTarget, PayoutTargetStatus } from "@palomma-effect/schema/PayoutTarget"
import { StatusMessage } from "@palomma-effect/schema/StatusMessage"
import { WebhookEvent } from "@palomma-effect/schema/WebhookEvent"
import * as Schema from "effect/Schema"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import { ArmedFaultBody, ArmedWebhookFaultBody, FaultBody, WebhookFaultBody } from "./faultBodies.ts"

const params = { id: Schema.String }
const error = NotFoundBody

const setStatus = <
  const Name extends string,
  const Path extends string,
  Status extends Schema.Top,
  Record extends Schema.Top,
  F extends Schema.Struct.Fields
>(
  name: Name,
  path: Path,
  status: Status,
  success: Record,
  more: F
) =>
  HttpApiEndpoint.post(name, `/_simulator/${path}/:id/status`, {
    params,
    payload: Schema.Struct({ status, statusMessage: Schema.optionalKey(StatusMessage), ...more }),
    success,
    error
  })

const addedFields = {
  amount: Schema.optionalKey(Schema.Finite),
  reference: Schema.optionalKey(Schema.String),
  statusMessage: Schema.optionalKey(StatusMessage)
}

/** The ledger over HTTP. */
export const LedgerBody = Schema.Struct({
  requests: Schema.Array(
    Schema.Struct({
      number: Schema.Int,
      at: Schema.Finite,
      operation: Schema.optionalKey(Schema.String),
      method: Schema.String,
      url: Schema.String,
      body: Schema.String
    })
  ),
  payouts: Schema.Array(PayoutRequest),
  payins: Schema.Array(PayinRequest),
  movements: Schema.Array(
    Schema.Struct({
      at: Schema.Finite,
      from: Schema.String,
      to: Schema.String,
      amount: Schema.Finite,
      reason: Schema.String
    })
  ),
  totalPaid: Schema.Finite
})

const simulator = HttpApiGroup.make("simulator").add(
  HttpApiEndpoint.get("ledger", "/_simulator/ledger", { success: LedgerBody }),
  HttpApiEndpoint.post("fault", "/_simulator/faults", {
    payload: FaultBody,
    success: HttpApiSchema.NoContent,
    error: BadRequestBody
  }),
  HttpApiEndpoint.get("armedFaults", "/_simulator/faults", { success: Schema.Array(ArmedFaultBody) }),
  HttpApiEndpoint.delete("clearFaults", "/_simulator/faults", { success: HttpApiSchema.NoContent }),
  HttpApiEndpoint.post("addPayoutRequest", "/_simulator/payoutRequests", {
    payload: Schema.Struct({
      payoutTargetId: Schema.optionalKey(Schema.NonEmptyString),
      sourceMerchantAccountId: Schema.optionalKey(Schema.NonEmptyString),
      status: Schema.optionalKey(PayoutStatus),
      ...addedFields
    }),
    success: PayoutRequest
  }),
  HttpApiEndpoint.post("addPayinRequest", "/_simulator/payinRequests", {
    payload: Schema.Struct({
      payinSourceId: Schema.optionalKey(Schema.NonEmptyString),
      targetMerchantAccountId: Schema.optionalKey(Schema.NonEmptyString),
      status: Schema.optionalKey(PayinStatus),
      amountCollected: Schema.optionalKey(Schema.Finite),
      ...addedFields
    }),
    success: PayinRequest
  }),
  HttpApiEndpoint.post("returnPayout", "/_simulator/payoutRequests/:id/return", {
    params,
    payload: Schema.Struct({
      status: Schema.optionalKey(Schema.Union([Schema.Literal("cancelled"), PayoutStatus.unrecognized])),
      statusMessage: Schema.optionalKey(StatusMessage)
    }),
    success: PayoutRequest,
    error
  }),
  setStatus("setPayoutStatus", "payoutRequests", PayoutStatus, PayoutRequest, {}),
  setStatus("setPayoutTargetStatus", "payoutTargets", PayoutTargetStatus, PayoutTarget, {}),
  setStatus("setPayinLinkStatus", "payinLinks", PayinLinkStatus, PayinLink, {}),
  setStatus("setPayinSourceStatus", "payinSources", PayinSourceStatus, PayinSource, {}),
  setStatus("setPayinStatus", "payinRequests", PayinStatus, PayinRequest, {
    amountCollected: Schema.optionalKey(Schema.Finite)
  }),
  HttpApiEndpoint.post("settle", "/_simulator/merchantAccounts/:id/settle", {
    params,
    success: PayinSettlement,
    error
  }),
  HttpApiEndpoint.post("setBalance", "/_simulator/merchantAccounts/:id/balance", {
    params,
    payload: Schema.Struct({ amount: Schema.Finite }),
    success: HttpApiSchema.NoContent
  }),
  HttpApiEndpoint.get("events", "/_simulator/webhooks", { success: Schema.Array(WebhookEvent) }),
  HttpApiEndpoint.post("takeWebhooks", "/_simulator/webhooks/take", {
    success: Schema.Array(Schema.Struct({ encodedData: Schema.String, signature: Schema.String, body: Schema.String }))
  }),
  HttpApiEndpoint.get("armedWebhookFaults", "/_simulator/webhooks/faults", {
    success: Schema.Array(ArmedWebhookFaultBody)
  }),
  HttpApiEndpoint.post("webhookFault", "/_simulator/webhooks/faults", {
    payload: WebhookFaultBody,
    success: HttpApiSchema.NoContent,
    error: BadRequestBody
  }),
  HttpApiEndpoint.post("redeliver", "/_simulator/webhooks/:id/redeliver", {
    params,
    success: HttpApiSchema.NoContent,
    error
  })
)

/** The controls of the simulator over HTTP, for programs outside this process. */
export class ControlApi extends HttpApi.make("ControlApi")
  .add(simulator)
  .annotateMerge(OpenApi.annotations({ title: "Controls of the Palomma simulator", version: "0" })) {}
