/**
 * Building the request of an operation from its endpoint in the contract.
 */
import * as Option from "effect/Option"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as UrlParams from "effect/http/UrlParams"
import type { Connection } from "./connection.ts"

/** The values of a path or of a query, checked against the contract. */
export interface Values {
  readonly [name: string]: string | number | undefined
}

/** A path with its parameters' names, such as `/payoutRequests/:payoutRequestId`, with values in their place. */
const pathOf = (template: string, params: Values): string =>
  template.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))

const queryOf = (values: Values): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, String(value))
  const text = query.toString()
  return text === "" ? "" : `?${text}`
}

/** The request of an operation. A body is encoded here, once for all attempts. */
export const make = (
  connection: Connection,
  endpoint: { readonly method: string; readonly path: string },
  parts: { readonly params?: Values; readonly query?: Values; readonly body?: object }
): HttpClientRequest.HttpClientRequest => {
  const { body, params = {}, query = {} } = parts
  const url = `${connection.baseUrl}${pathOf(endpoint.path, params)}${queryOf(query)}`
  const json = body === undefined ? HttpBody.empty : HttpBody.jsonUnsafe(body)
  const headers = body === undefined ? connection.headers : connection.bodyHeaders
  return HttpClientRequest.makeWith(endpoint.method, url, UrlParams.empty, Option.none(), headers, json)
}
