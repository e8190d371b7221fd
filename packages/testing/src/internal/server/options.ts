import type { Effect } from "effect/Effect"
import { dieOf, isText, isTexts, isWhole, problemsOf, type Rules, unless } from "../checks.ts"
import { simulatorProblems } from "../options.ts"
import type { SimulatorOptions } from "../service.ts"

/**
 * Where the server listens.
 *
 * @category options
 * @since 0.1.0
 */
export interface ListenOptions {
  /** The port. Default: any free one. */
  readonly port?: number | undefined
  /** The address. Default: `127.0.0.1`. */
  readonly host?: string | undefined
  /**
   * The names, beside `localhost` and `host`, under which the controls can be reached. Addresses are names enough. A request under any other
   * name, and one from a page of another origin, is refused, so that no web page can use the controls through a browser on this machine.
   */
  readonly allowedHosts?: ReadonlyArray<string> | undefined
  /** Where webhooks are sent as they become due. Default: they wait to be taken. */
  readonly webhookUrl?: string | undefined
}

/**
 * Where the server listens, besides what every simulated Palomma can be told.
 *
 * @category options
 * @since 0.1.0
 */
export interface ServerOptions extends SimulatorOptions, ListenOptions {}

const rules: Rules<ListenOptions> = {
  port: (value) => unless(isWhole(value, 0, 65_535), "port must be a number from 0 to 65535"),
  host: (value) => unless(isText(value), "host must be an address or a name"),
  allowedHosts: (value) => unless(isTexts(value), "allowedHosts must be a list of names"),
  webhookUrl: (value) => unless(URL.canParse(value), "webhookUrl must be a URL")
}

/** Dies with a `TypeError` that names every option that is wrong. */
export const checkServer = (options: ServerOptions): Effect<void> =>
  dieOf([...simulatorProblems(options), ...problemsOf<ListenOptions>(options, rules)])
