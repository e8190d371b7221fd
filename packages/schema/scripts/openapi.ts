/**
 * Prints the OpenAPI document that is derived from the contract, as JSON.
 */
import { PalommaApi } from "@palomma-effect/schema"
import * as OpenApi from "effect/http-api/OpenApi"

process.stdout.write(`${JSON.stringify(OpenApi.fromApi(PalommaApi), null, 2)}\n`)
