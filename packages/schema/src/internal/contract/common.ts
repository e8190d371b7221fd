import * as Schema from "effect/Schema"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import { BadRequestBody, NotFoundBody, ServerErrorBody, UnauthorizedBody } from "../../ErrorBody.ts"
import { CustomerId } from "../../Id.ts"
import { given } from "../given.ts"
import { Filter } from "../text.ts"

/** The bearer token that every operation asks for. */
export class PalommaAuth extends HttpApiMiddleware.Service<PalommaAuth>()("@palomma-effect/schema/PalommaAuth", {
  security: { bearerAuth: HttpApiSecurity.bearer },
  error: UnauthorizedBody
}) {}

export const createErrors = [BadRequestBody, ServerErrorBody] as const
export const getErrors = [BadRequestBody, NotFoundBody, ServerErrorBody] as const
export const listErrors = ServerErrorBody

/** Keeps the records that were made with this reference of the merchant's own. */
export const reference = given(Filter)
/** Keeps the records of this customer. */
export const customerId = given(Schema.toType(CustomerId))
