/**
 * The servers of the Palomma API.
 *
 * @since 0.1.0
 */

/**
 * The base URLs of the Palomma API: sandbox and production.
 *
 * Older copies of Palomma's documentation name `prod.api.palomma.com` for production.
 *
 * @category constants
 * @since 0.1.0
 */
export const palommaServers = {
  sandbox: "https://sandbox.api.palomma.com/v0",
  production: "https://api.palomma.com/v0"
} as const
