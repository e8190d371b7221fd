/**
 * The options of the simulator on a port, and their checks.
 */
import type { Effect } from "effect/Effect"
import { dieIfAny, isHttpUrl, isText, isTexts, isWhole, problemsOf, problemUnless, type Rules } from "../checks.ts"
import { simulatorProblems } from "../options.ts"
import type { SimulatorOptions } from "../service/SimulatorOptions.ts"

/**
 * Options of the port.
 *
 * @category options
 * @since 0.1.0
 */
export interface ListenOptions {
  /** The port. Default: any free port. */
  readonly port?: number | undefined
  /** The address to listen on. Default: `127.0.0.1`. */
  readonly host?: string | undefined
  /**
   * The host names, in addition to `localhost`, `host` and any IP address, under which the controls can be reached.
   * Default: none.
   *
   * The controls answer 403 to a request under any other host name or from a web page of another origin. So a web page
   * cannot use them through a browser on this machine.
   */
  readonly allowedHosts?: ReadonlyArray<string> | undefined
  /** The URL that due webhooks are sent to. Default: they are not sent, and `webhooks.take` returns them. */
  readonly webhookUrl?: string | undefined
}

/**
 * Options of the simulator on a port.
 *
 * @category options
 * @since 0.1.0
 */
export interface ServerOptions extends SimulatorOptions, ListenOptions {}

const rules: Rules<ListenOptions> = {
  port: (value) => problemUnless(isWhole(value, 0, 65_535), "port must be a number from 0 to 65535"),
  host: (value) => problemUnless(isText(value), "host must be an IP address or a host name"),
  allowedHosts: (value) => problemUnless(isTexts(value), "allowedHosts must be a list of host names"),
  webhookUrl: (value) =>
    problemUnless(isHttpUrl(value), "webhookUrl must be a URL that begins with http:// or https://")
}

/** Dies with a `TypeError` that lists all invalid options. */
export const checkServer = (options: ServerOptions): Effect<void> =>
  dieIfAny("options", [...simulatorProblems(options), ...problemsOf<ListenOptions>(options, rules)])
