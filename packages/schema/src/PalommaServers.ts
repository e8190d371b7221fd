/**
 * Where Palomma answers.
 *
 * @since 0.1.0
 */

/**
 * Where Palomma answers.
 *
 * Older copies of its documentation say `prod.api.palomma.com` for production.
 *
 * @category constants
 * @since 0.1.0
 */
export const palommaServers = {
  sandbox: "https://sandbox.api.palomma.com/v0",
  production: "https://api.palomma.com/v0"
} as const
