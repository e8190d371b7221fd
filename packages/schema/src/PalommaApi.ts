/**
 * The contract: every operation of the Palomma API v0 this library speaks, with its paths, parameters, bodies and statuses.
 *
 * Client, simulator and OpenAPI document are all derived from it. It holds what is true for every merchant: lower bounds and known
 * shapes. Upper bounds and extra banks differ per merchant and are checked where they are known.
 */
import * as Schema from "effect/Schema"
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as OpenApi from "effect/http-api/OpenApi"
import { CreateCustomer, Customer } from "./Customer.ts"
import { BadRequestBody, NotFoundBody, ServerErrorBody, UnauthorizedBody } from "./ErrorBody.ts"
import { CustomerId, PayoutRequestId, PayoutTargetId, pathSegment } from "./Id.ts"
import { given } from "./internal/given.ts"
import { Reference } from "./internal/text.ts"
import { Page, pageQuery } from "./Page.ts"
import { CreatePayoutRequest, PayoutRequest } from "./PayoutRequest.ts"
import { CreatePayoutTarget, PayoutTarget } from "./PayoutTarget.ts"

/** The bearer token that every operation asks for. */
export class PalommaAuth extends HttpApiMiddleware.Service<PalommaAuth>()("@palomma-effect/schema/PalommaAuth", {
  security: { bearerAuth: HttpApiSecurity.bearer },
  error: UnauthorizedBody
}) {}

const createErrors = [BadRequestBody, ServerErrorBody] as const
const getErrors = [BadRequestBody, NotFoundBody, ServerErrorBody] as const
const listErrors = ServerErrorBody

const reference = given(Reference)

const customers = HttpApiGroup.make("customers").add(
  HttpApiEndpoint.post("create", "/customers", { payload: CreateCustomer, success: Customer, error: createErrors }),
  HttpApiEndpoint.get("list", "/customers", {
    query: { reference, ...pageQuery },
    success: Page(Customer),
    error: listErrors
  }),
  HttpApiEndpoint.get("get", "/customers/:customerId", {
    params: { customerId: pathSegment(CustomerId) },
    success: Customer,
    error: getErrors
  })
).middleware(PalommaAuth)

const payoutTargets = HttpApiGroup.make("payoutTargets").add(
  HttpApiEndpoint.post("create", "/payoutTargets", {
    payload: CreatePayoutTarget.wire,
    success: PayoutTarget,
    error: createErrors
  }),
  HttpApiEndpoint.get("list", "/payoutTargets", {
    query: { reference, customerId: given(Schema.toType(CustomerId)), ...pageQuery },
    success: Page(PayoutTarget),
    error: listErrors
  }),
  HttpApiEndpoint.get("get", "/payoutTargets/:payoutTargetId", {
    params: { payoutTargetId: pathSegment(PayoutTargetId) },
    success: PayoutTarget,
    error: getErrors
  })
).middleware(PalommaAuth)

const payoutRequests = HttpApiGroup.make("payoutRequests").add(
  HttpApiEndpoint.post("create", "/payoutRequests", {
    payload: CreatePayoutRequest.wire,
    success: PayoutRequest,
    error: createErrors
  }),
  HttpApiEndpoint.get("list", "/payoutRequests", {
    query: {
      reference,
      customerId: given(Schema.toType(CustomerId)),
      payoutTargetId: given(Schema.toType(PayoutTargetId)),
      ...pageQuery
    },
    success: Page(PayoutRequest),
    error: listErrors
  }),
  HttpApiEndpoint.get("get", "/payoutRequests/:payoutRequestId", {
    params: { payoutRequestId: pathSegment(PayoutRequestId) },
    success: PayoutRequest,
    error: getErrors
  })
).middleware(PalommaAuth)

/** The contract of the Palomma API v0. */
export class PalommaApi extends HttpApi.make("PalommaApi").add(customers, payoutTargets, payoutRequests).annotateMerge(
  OpenApi.annotations({ title: "Palomma API v0", version: "0" })
) {}
