/**
 * Builds the request of an operation from its endpoint in the contract.
 */
import * as Option from "effect/Option"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as UrlParams from "effect/http/UrlParams"
import type { Connection } from "./connection.ts"

/** The parameters of a path or a query, already checked against the contract. */
export interface Parameters {
  readonly [name: string]: string | number | undefined
}

const pathOf = (template: string, params: Parameters): string =>
  template.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))

const queryOf = (params: Parameters): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) if (value !== undefined) query.set(name, String(value))
  const text = query.toString()
  return text === "" ? "" : `?${text}`
}

/** Builds the request of an operation. The body is encoded once, for all attempts. */
export const make = (
  connection: Connection,
  endpoint: { readonly method: "GET" | "POST"; readonly path: string },
  parts: { readonly params?: Parameters; readonly query?: Parameters; readonly body?: object }
): HttpClientRequest.HttpClientRequest => {
  const { body, params = {}, query = {} } = parts
  const url = `${connection.baseUrl}${pathOf(endpoint.path, params)}${queryOf(query)}`
  const json = body === undefined ? HttpBody.empty : HttpBody.jsonUnsafe(body)
  const headers = body === undefined ? connection.headers : connection.bodyHeaders
  return HttpClientRequest.makeWith(endpoint.method, url, UrlParams.empty, Option.none(), headers, json)
}
