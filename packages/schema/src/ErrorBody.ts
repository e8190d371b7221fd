/**
 * Bodies of Palomma's error responses: `{ "message": … }` and a status.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

const body = { message: Schema.String }

/**
 * The body of a 400: the input is invalid.
 *
 * @category models
 * @since 0.1.0
 */
export class BadRequestBody extends Schema.Class<BadRequestBody>("BadRequest")(body, { httpApiStatus: 400 }) {}

/**
 * The body of a 401: the API key is missing or invalid.
 *
 * @category models
 * @since 0.1.0
 */
export class UnauthorizedBody extends Schema.Class<UnauthorizedBody>("Unauthorized")(body, { httpApiStatus: 401 }) {}

/**
 * The body of a 404: the record does not exist.
 *
 * @category models
 * @since 0.1.0
 */
export class NotFoundBody extends Schema.Class<NotFoundBody>("NotFound")(body, { httpApiStatus: 404 }) {}

/**
 * The body of a 500: Palomma failed.
 *
 * It does not show whether the request took effect.
 *
 * @category models
 * @since 0.1.0
 */
export class ServerErrorBody extends Schema.Class<ServerErrorBody>("ServerError")(body, { httpApiStatus: 500 }) {}
